import fc from 'fast-check';
import { expect, it } from 'vitest';
import { days, type Instant } from '../core/instant.ts';
import { holds } from '../core/interval.ts';
import { Assessor, type Claim } from './assess.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { type CaseState, type Course, type Note, spellsOf, standingAt } from './findings.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, EXPECTED, histories, START, TICK, TICKS } from './testing/histories.ts';
import { Oracle } from './testing/oracle.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const numRuns = cases(25);
const DUE = 3 * TICK;

const tick = (min: number, max: number) => fc.integer({ min, max }).map((count) => START + count * TICK);
const notes: fc.Arbitrary<readonly Note[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom<Note['kind']>('assigned', 'in remediation', 'done', 'closed'),
      from: tick(0, 20),
      length: fc.integer({ min: 1, max: 20 }),
      before: fc.integer({ min: 0, max: 4 }),
    })
    .map(({ kind, from, length, before }) => ({ kind, from, to: from + length * TICK, written: from - before * TICK })),
  { minLength: 2, maxLength: 5 },
);
const waived = fc.array(
  fc.record({ from: tick(0, 20), length: fc.integer({ min: 1, max: 12 }) }).map(({ from, length }) => ({ from, to: from + length * TICK })),
  { maxLength: 2 },
);

/** The definition, walked tick by tick: nothing but what is said at each. */
function walked(kinds: readonly (string | null)[], waived: (at: Instant) => boolean, course: Pick<Course, 'notes' | 'event'>, now: number) {
  let opened: Instant | null = null;
  let since = 0;
  let ended: Instant | null = null;
  let spells = 0;
  let open = false;
  kinds.slice(0, now + 1).forEach((kind, place) => {
    const at = TICKS[place] ?? 0;
    if (kind === 'deviates' && !open) {
      opened ??= at;
      since = at;
      spells++;
      open = true;
    } else if (open && (kind === null || kind === 'conforms')) {
      open = false;
      ended = at;
    }
  });
  if (opened === null) return null;
  const at = TICKS[now] ?? 0;
  const said = course.notes.filter((note) => note.from <= at && at < note.to && since <= note.written);
  const says = (kind: Note['kind']) => said.some((note) => note.kind === kind);
  let newest: Note | null = null;
  for (const note of said) if ((note.kind === 'in remediation' || note.kind === 'done') && (newest === null || newest.written <= note.written)) newest = note;
  let state: CaseState = 'open';
  if (!open) state = 'fixed';
  else if (course.event && says('closed')) state = 'closed';
  else if (waived(at)) state = 'waived';
  else if (newest !== null) state = 'in remediation';
  return {
    state,
    opened,
    due: since + DUE,
    overdue: ['open', 'in remediation'].includes(state) && at >= since + DUE,
    awaitsProof: state === 'in remediation' && newest?.kind === 'done',
    reopened: spells - 1,
    fixedAt: open ? null : ended,
    timeToFix: open ? null : (ended ?? 0) - opened,
    spells,
  };
}

it('stands at every tick as the definition, walked tick by tick, has it', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(histories, notes, waived, ({ runs }, said, its) => {
      const engine = Engine.from(CHECKS, runs);
      const assessor = new Assessor(engine, new Coverage(engine.facts, DATASETS, EXPECTED));
      const oracle = new Oracle(runs, EXPECTED, [], TICKS);
      for (const check of CHECKS) {
        const event = check.population.dataset.happened !== undefined;
        const expected = oracle.claims(check);
        for (const item of engine.verdicts(check).keys()) {
          const course = { spells: spellsOf(assessor.claims(check, item)), waivers: its, notes: said, event, due: ({ from }: { from: number }) => from + DUE };
          const kinds = TICKS.map((_, place) => expected.get(item)?.[place]?.kind ?? null);
          const standings = TICKS.map((at) => standingAt(course, at));
          expect(standings.map((standing) => standing && { ...standing, spells: standing.spells.length })).toEqual(
            TICKS.map((_, place) => walked(kinds, (then) => its.some((waiver) => holds(waiver, then)), course, place)),
          );
          for (const standing of standings) {
            if (standing) met.add(`${standing.state}${standing.overdue ? ' overdue' : ''}`);
            if (standing && standing.reopened > 0) met.add('reopened');
          }
        }
      }
    }),
    { numRuns },
  );
  expect([...met]).toEqual(
    expect.arrayContaining(['open', 'open overdue', 'in remediation', 'in remediation overdue', 'waived', 'closed', 'fixed', 'reopened']),
  );
}, 0);

const claim = (kind: Claim['kind'], from: number, to: number, records: readonly number[], because: string | null = null): Claim => ({
  kind,
  from: START + days(from),
  to: to === Infinity ? Infinity : START + days(to),
  because,
  records,
  uncovered: [],
});

it('ends a spell by the record that taught otherwise, and never by missing evidence', () => {
  const spells = spellsOf([
    claim('deviates', 0, 2, [3], 'is old'),
    claim('deviates', 2, 3, [4], 'is older'),
    claim('unknown', 3, 5, [4]),
    claim('conforms', 5, 7, [4, 9]),
    claim('deviates', 7, 8, [11], 'is old'),
  ]);
  expect(spells).toEqual([
    { from: START, to: START + days(5), because: 'is older', records: [3, 4], end: { how: 'conforms', records: [9] } },
    { from: START + days(7), to: START + days(8), because: 'is old', records: [11], end: { how: 'ended', records: [] } },
  ]);
});

it('is not fixed because nobody can tell any more', () => {
  const course: Course = {
    spells: spellsOf([claim('deviates', 0, 2, [3], 'is old'), claim('unknown', 2, Infinity, [3])]),
    waivers: [],
    notes: [],
    event: false,
    due: ({ from }) => from + days(30),
  };
  expect(standingAt(course, START + days(20))).toMatchObject({ state: 'open', overdue: false, fixedAt: null, timeToFix: null, reopened: 0 });
  expect(standingAt(course, START + days(30))).toMatchObject({ state: 'open', overdue: true });
  expect(standingAt(course, START - 1)).toBe(null);
});

it('takes word of remediation for the spell in which it was written only', () => {
  const course: Course = {
    spells: spellsOf([claim('deviates', 0, 2, [3], 'a'), claim('conforms', 2, 4, [5]), claim('deviates', 4, Infinity, [8], 'a')]),
    waivers: [],
    notes: [{ kind: 'in remediation', from: START, to: Infinity, written: START + days(1) }],
    event: false,
    due: ({ from }) => from + days(30),
  };
  expect([1, 3, 5].map((day) => standingAt(course, START + days(day))?.state)).toEqual(['in remediation', 'fixed', 'open']);
  expect(standingAt(course, START + days(5))).toMatchObject({ reopened: 1, opened: START, due: START + days(34) });
});
