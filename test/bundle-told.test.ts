import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Period } from '../src/core/interval.ts';
import { verifierKey } from '../src/log/note.ts';
import type { Statement } from '../src/log/statement.ts';
import { type BundleVerdict, verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
import { verifyLog } from '../src/verify/log.ts';
import { bundleOf, type Forged, forgeLog, FROM, HOUR, runHead, temporary } from './bundles.ts';

/** What both verifiers say of logs that are signed by all keys, and do not tell what they seem to. */

const root = temporary();
afterAll(() => rmSync(root, { recursive: true, force: true }));

const upTo = (hours: number, from = 0): Period => ({ from: FROM + from * HOUR, to: FROM + hours * HOUR });
const hours = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, place) => from + place);
const runs = (its: readonly number[], more: Forged['head'] | object = {}): Forged[] =>
  its.map((hour) => ({ head: runHead(hour, more as Record<string, string>), sealedAt: FROM + hour * HOUR }));

/** @param destroyed of so many of the first records the keys are gone */
async function told(records: readonly Forged[], period: Period = upTo(records.length), destroyed = 0) {
  const log = await forgeLog(records);
  for (const digest of [...log.secrets.keys()].slice(0, destroyed)) log.secrets.delete(digest);
  const path = join(root, 'told.tar');
  await bundleOf(log, path, { note: log.note, period });
  const files = openBundle(path);
  const bundle = await verifyBundle({ files, key: verifierKey(log.verifier), pin: null, authorities: null });
  files.close();
  const { problems } = await verifyLog(log.files);
  return { bundle, log: problems.filter(({ code }) => !NOT_FORGED.has(code)) };
}

/** A log that is forged has neither tiles nor checkpoints but the last. */
const NOT_FORGED = new Set(['MISSING', 'CHECKPOINT_MISSING']);

const faults = ({ items }: BundleVerdict) =>
  items.flatMap(({ item, word, reasons }) => (word === 'MISSING' || word === 'ALTERED' ? [[item, word, reasons.join('; ')]] : []));

describe('a slot of the period that no record speaks of', () => {
  const line = 'line "github/organization a a"';

  it.each([
    ['at its end, where the source was asked again after it', [...hours(0, 10), ...hours(90, 95)], upTo(80), 'T09:00:00Z to 2026-03-04T18:00:00Z'],
    ['as all others of it', [...hours(0, 10), ...hours(90, 95)], upTo(80, 20), 'T09:00:00Z to 2026-03-04T18:00:00Z'],
    ['at its beginning, where the source had been asked before it', [...hours(0, 10), ...hours(30, 40)], upTo(40, 20), 'T09:00:00Z to 2026-03-02T06:00:00Z'],
    ['in its middle', [...hours(0, 10), ...hours(12, 20)], upTo(20), 'T09:00:00Z to 2026-03-01T12:00:00Z'],
  ])('is missing: %s', async (_, asked, period, says) => {
    const { bundle } = await told(runs(asked), period);
    expect(faults(bundle)).toEqual([[line, 'MISSING', expect.stringContaining(says)]]);
  });

  it('is none where it was told of late, and none where only slots before the period, or after it, were missed', async () => {
    const late = [...runs(hours(0, 4)), ...runs([5]), { head: runHead(4, { outcome: 'skip' }), sealedAt: FROM + 5 * HOUR }, ...runs([6, 7])];
    const { bundle, log } = await told(late, upTo(8));
    expect([faults(bundle), log]).toEqual([[], []]);
    const asked = runs([...hours(0, 5), ...hours(10, 20), ...hours(30, 40)]);
    expect(faults((await told(asked, upTo(20, 10))).bundle)).toEqual([]);
    expect(faults((await told(asked, upTo(20, 9))).bundle)).toHaveLength(1);
    expect(faults((await told(asked, upTo(21, 10))).bundle)).toHaveLength(1);
  });

  it('is not known of where the log ends before the period, and that is said', async () => {
    const { bundle } = await told(runs(hours(0, 10)), upTo(8760));
    expect(faults(bundle)).toEqual([]);
    expect(bundle.remarks).toContainEqual(expect.stringMatching(/^The newest record was sealed on 2026-03-01T09:00:00Z, and the period goes on to 2027-03-01/));
    expect((await told(runs(hours(0, 10)), upTo(8))).bundle.remarks).not.toContainEqual(expect.stringContaining('newest record'));
  });
});

describe('what was not made when it says', () => {
  const DAY = 24;
  const at = (hour: number, sealed: number, more: Partial<Statement['head']> = {}): Forged => ({
    head: runHead(hour, more as Record<string, string>),
    sealedAt: FROM + sealed * HOUR,
  });
  const of = async (records: readonly Forged[]) => {
    const { bundle, log } = await told(records, upTo(2000));
    const its = log.filter(({ code }) => code === 'LATE' || code === 'AHEAD' || code === 'BACKWARDS'); // silence is another matter
    const said = bundle.items.flatMap(({ item, word, reasons }) => {
      const own = reasons.filter((reason) => !reason.includes('no configuration')); // nor are changes of the schedule
      return item.startsWith('record ') && own.length > 0 ? [[item, word, own.join('; ')]] : [];
    });
    expect(said).toEqual(its.map(({ index, says }) => [`record ${index}`, 'ALTERED', says]));
    return its.map(({ code, index }) => `${code} ${index}`);
  };

  it.each<readonly [string, readonly Forged[], readonly string[]]>([
    ['runs of a day past, sealed together', [at(0, 0), ...hours(1, 4).map((hour) => at(hour, DAY + 2.5))], ['LATE 1', 'LATE 2']],
    ['the run of a slot long past, asked today', [at(0, 0), at(1, 60, { startedAt: FROM + 60 * HOUR, finishedAt: FROM + 60 * HOUR, every: null })], ['LATE 1']],
    ['the run of a slot that is yet to come', [at(0, 0), at(1, 1, { slot: FROM + 60 * HOUR, every: null })], ['LATE 1']],
    ['a run sealed before it began', [at(0, 0), at(1, 0.5)], ['AHEAD 1']],
    ['a run sealed before it ended', [at(0, 0), at(1, 1, { finishedAt: FROM + 2 * HOUR })], ['AHEAD 1']],
    ['records in an order of their own', [at(0, 0), at(1, 1), at(2, 2), at(3, 3, { outcome: 'skip' }), at(1.5, 1.5, { outcome: 'skip' })], ['BACKWARDS 4']],
  ])('is told: %s', async (_, records, expected) => {
    expect(await of(records)).toEqual(expected);
  });

  it.each<readonly [string, readonly Forged[]]>([
    ['a slot that was skipped', [at(0, 0), ...hours(1, 60).map((hour) => at(hour, 60, { outcome: 'skip' })), at(60, 60)]],
    [
      'a run that was cut short',
      [at(0, 0), at(1, 60, { outcome: 'failure', finishedAt: FROM + 60 * HOUR }), ...hours(2, 60).map((hour) => at(hour, 60, { outcome: 'skip' })), at(60, 60)],
    ],
    ['a run that lasted longer than its step', [at(0, 0), at(1, 1.9)]],
    [
      'a weekly run that waited, of a schedule that is daily by then',
      [at(0, 0, { every: 168 * HOUR }), at(168, 300, { startedAt: FROM + 300 * HOUR, finishedAt: FROM + 300 * HOUR, every: 24 * HOUR })],
    ],
    ['clocks of two servers', [at(0, 0), at(1, 1), { head: { kind: 'act' }, sealedAt: FROM + 0.9 * HOUR }]],
  ])('is not what is told late honestly: %s', async (_, records) => {
    expect(await of(records)).toEqual([]);
  });
});

describe('a disposal', () => {
  const QUARTER_ENDED = FROM + 40 * 24 * HOUR;
  const disposal = (step: 'planned' | 'completed', planned: number | null, more: Partial<Statement['head']> = {}): Forged['head'] => {
    const head = { kind: 'disposal', step, era: 'evidence/2026-Q1', payloads: 'all', early: true, planned };
    return { ...head, ...more } as Forged['head'];
  };
  const hold = (step: 'placed' | 'released', what: object, placed: number | null = null): Forged['head'] =>
    ({ kind: 'hold', step, what, placed }) as Forged['head'];
  /** Three runs, and what came after them; where a disposal is completed the keys of what came before it are gone. */
  const of = async (after: readonly Forged['head'][], sealedAt = FROM + 3 * HOUR) => {
    const records = [...runs(hours(0, 3)), ...after.map((head) => ({ head, sealedAt }))];
    const completes = after.find(({ step }) => step === 'completed');
    const { bundle, log } = await told(records, upTo(3), completes ? Number(completes.planned) : 0);
    const its = log.filter(({ code }) => code === 'UNDER_HOLD' || code === 'EARLY');
    expect(faults(bundle).filter(([, word]) => word === 'ALTERED')).toEqual(its.map(({ index, says }) => [`record ${index}`, 'ALTERED', says]));
    return its.map(({ code, index, says }) => `${code} ${index} ${/hold of record \d+/.exec(says)?.[0] ?? ''}`.trim());
  };

  it.each<readonly [string, readonly Forged['head'][], readonly string[]]>([
    ['of what a hold keeps', [hold('placed', { records: [1] }), disposal('planned', null), disposal('completed', 4)], ['UNDER_HOLD 5 hold of record 3']],
    [
      'of what a hold of the source keeps',
      [hold('placed', { source: 'github/organization/a' }), disposal('planned', null), disposal('completed', 4)],
      ['UNDER_HOLD 5 hold of record 3'],
    ],
    [
      'that did not wait',
      [disposal('planned', null), hold('placed', { era: 'evidence/2026-Q1' }), disposal('completed', 3)],
      ['UNDER_HOLD 5 hold of record 4'],
    ],
    ['that waits for the release', [hold('placed', { records: [1] }), disposal('planned', null)], []],
    ['that waited', [hold('placed', { records: [1] }), disposal('planned', null), hold('released', { records: [1] }, 3), disposal('completed', 4)], []],
    ['of something else', [hold('placed', { era: 'evidence/2025-Q4' }), disposal('planned', null), disposal('completed', 4)], []],
    ['that was completed before', [disposal('planned', null), disposal('completed', 3), hold('placed', { records: [1] })], []],
    ['that says that it was due', [disposal('planned', null, { early: false }), disposal('completed', 3, { early: false })], ['EARLY 3']],
  ])('%s', async (_, after, expected) => {
    expect(await of(after)).toEqual(expected);
  });

  it('that was due is no fault once its quarter has ended', async () => {
    expect(await of([disposal('planned', null, { early: false }), disposal('completed', 3, { early: false })], QUARTER_ENDED)).toEqual([]);
  });
});
