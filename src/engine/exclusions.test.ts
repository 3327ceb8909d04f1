import { describe, expect, it } from 'vitest';
import { registerEntry, worker } from '../../test/rows.ts';
import { canonical, type Json } from '../core/canonical.ts';
import { days, instant, NEVER } from '../core/instant.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { workers } from '../datasets/hr/workers.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { Coverage } from './coverage.ts';
import { Engine } from './engine.ts';
import { exclusionsOf, refusedAt } from './exclusions.ts';
import { runsFrom } from './testing/runs.ts';

const START = instant('2026-02-01T00:00:00Z');
const day = (count: number) => START + days(count);
const ALL = [workers, aliases, registerEntries] as unknown as readonly Dataset[];
const PEOPLE = [
  worker({ workerId: 'W-1', fullName: 'Ann Lee', emails: ['ann@acme.example'] }),
  worker({ workerId: 'W-2', fullName: 'Bob Roy', emails: ['bob@acme.example'] }),
];
const SAYS = { control: 'XX-01', reason: 'we write no code' };
const entry = (says: Readonly<Record<string, Json>> = SAYS, more: Partial<RegisterEntry> = {}): RegisterEntry =>
  registerEntry({
    ...{ register: 'exclusions', entryId: 'X-1', body: canonical({ id: 'X-1', ...says }), file: 'registers/exclusions.yaml', line: 4, until: null },
    ...{ author: 'Ann', authorEmail: 'ann@acme.example', approval: 'merge', approverEmails: ['bob@acme.example'] },
    ...more,
  });

/** The register as it was read on some days. */
function ground(read: Readonly<Record<number, readonly RegisterEntry[]>>) {
  const made = runsFrom(0);
  const runs = [made(workers, 'hr', day(-1), PEOPLE), ...Object.entries(read).map(([at, rows]) => made(registerEntries, 'registers', day(Number(at)), rows))];
  const engine = Engine.from([], runs, ALL);
  return { engine, coverage: new Coverage(engine.facts, ALL, []) };
}
const told = (read: Parameters<typeof ground>[0]) =>
  exclusionsOf(ground(read)).map(({ from, to, control, mark: { id, because, by } }) => [
    [(from - START) / days(1), to === NEVER ? null : (to - START) / days(1)],
    control,
    `${id}: ${because}, ${by}`,
  ]);
const MARK = 'X-1: we write no code, Bob Roy';

describe('a control is left out', () => {
  it('from when its approved entry was learned to when it went, or to its end, or to when nobody had read the register for long', () => {
    expect(told({ 0: [], 2: [entry()], 5: [entry()], 9: [] })).toEqual([[[2, 9], 'XX-01', MARK]]);
    expect(told({ 2: [entry()], 5: [entry()] })).toEqual([[[2, 16], 'XX-01', MARK]]);
    expect(told({ 2: [entry(SAYS, { until: day(7) })], 5: [entry(SAYS, { until: day(7) })] })).toEqual([[[2, 7], 'XX-01', MARK]]);
    expect(told({ 2: [entry(SAYS, { until: day(1) })] })).toEqual([]);
    // It was not read for eleven days, and then again.
    expect(told({ 2: [entry()], 20: [entry()] })).toEqual([
      [[2, 13], 'XX-01', MARK],
      [[20, 31], 'XX-01', MARK],
    ]);
  });

  it('by the record that told it', () => expect(exclusionsOf(ground({ 0: [], 2: [entry()] })).map(({ mark }) => mark.records)).toEqual([[2]]));

  it('by one exclusion while only its place in the file changes, and by another where it says something else', () => {
    expect(told({ 2: [entry()], 4: [entry(SAYS, { line: 9 })], 6: [entry(SAYS, { line: 11 })], 8: [] })).toEqual([[[2, 8], 'XX-01', MARK]]);
    const other = (more: RegisterEntry) => told({ 2: [entry()], 4: [more], 8: [] });
    expect(other(entry({ ...SAYS, control: 'XX-02' }))).toEqual([
      [[2, 4], 'XX-01', MARK],
      [[4, 8], 'XX-02', MARK],
    ]);
    expect(other(entry({ ...SAYS, reason: 'nobody codes' }))).toEqual([
      [[2, 4], 'XX-01', MARK],
      [[4, 8], 'XX-01', 'X-1: nobody codes, Bob Roy'],
    ]);
    expect(other(entry(SAYS, { authorEmail: 'bob@acme.example', approverEmails: ['ann@acme.example'] }))).toEqual([
      [[2, 4], 'XX-01', MARK],
      [[4, 8], 'XX-01', 'X-1: we write no code, Ann Lee'],
    ]);
    expect(told({ 2: [entry()], 4: [entry(SAYS, { entryId: 'X-2' })], 8: [] })).toEqual([
      [[2, 4], 'XX-01', MARK],
      [[4, 8], 'XX-01', 'X-2: we write no code, Bob Roy'],
    ]);
    expect(told({ 2: [entry()], 4: [], 6: [entry()], 8: [] }).map(([span]) => span)).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  it('by no entry of another register, none that names no control or gives no reason, and none that nobody else approved', () => {
    const none = [
      entry(SAYS, { register: 'waivers' }),
      entry({ reason: 'so' }),
      entry({ control: 'XX-01' }),
      entry(SAYS, { approval: 'none' }),
      entry(SAYS, { approverEmails: ['ann@acme.example'] }),
    ];
    for (const its of none) expect(told({ 2: [its] })).toEqual([]);
  });
});

describe('what stands in the way of leaving a control out', () => {
  const refused = (read: Parameters<typeof ground>[0], at: number) => [...refusedAt(ground(read), day(at))];
  const at = (control: string, why: string) => [[control, `registers/exclusions.yaml:4: ${why}`]];

  it('is told with its place, by the control that was meant', () => {
    expect(refused({ 2: [entry()] }, 3)).toEqual([]);
    expect(refused({ 2: [entry({ reason: 'so' })] }, 3)).toEqual(at('', 'it names no control. Write "control:" and the id of the control that is left out'));
    expect(refused({ 2: [entry({ control: 'XX-01' })] }, 3)).toEqual(at('XX-01', 'it gives no reason. Write "reason:" and why the control is left out'));
    expect(refused({ 2: [entry(SAYS, { approval: 'none', commit: '0123456789abcdef' })] }, 3)).toEqual(
      at('XX-01', 'commit 0123456789ab by Ann was approved by nobody else'),
    );
  });

  it('is its end from that instant on, and a register that nobody has read for long', () => {
    const ends = { 2: [entry(SAYS, { until: day(4) })], 5: [entry(SAYS, { until: day(4) })] };
    expect([refused(ends, 3.9), refused(ends, 4), refused(ends, 6)]).toEqual([[], at('XX-01', 'it has ended'), at('XX-01', 'it has ended')]);
    const long = 'nobody has read the register for long: it is not known whether it stands';
    expect([refused({ 2: [entry()] }, 12.9), refused({ 2: [entry()] }, 13)]).toEqual([[], at('XX-01', long)]);
  });

  it('is nothing before the entry was learned, and nothing once it has gone', () => {
    const bad = { 0: [], 2: [entry({ control: 'XX-01' })], 5: [] };
    expect([refused(bad, 1), refused(bad, 3).length, refused(bad, 6)]).toEqual([[], 1, []]);
  });
});
