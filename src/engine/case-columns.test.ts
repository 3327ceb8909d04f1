import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caseColumns, type CaseStands } from './case-columns.ts';
import { spelledId } from './case-id.ts';
import { CASE_STATES } from './findings.ts';
import { cases } from './testing/cases.ts';

/** What was said of a case, and nothing in columns. */
interface Plain {
  readonly kind: string;
  readonly place: number;
  readonly number: number;
  readonly stands: CaseStands | null;
}
const KINDS = ['a', 'b', 'c'] as const;
const instant = fc.integer({ min: 0, max: 1e12 });
const stands: fc.Arbitrary<CaseStands> = fc.record({
  state: fc.constantFrom(...CASE_STATES),
  overdue: fc.boolean(),
  due: instant,
  opened: instant,
  began: instant,
  timeToFix: fc.option(instant),
});
/** Of each check some items by place, ascending; numbers of cases are never the same. */
const some = (most: number) =>
  fc
    .tuple(...KINDS.map(() => fc.uniqueArray(fc.tuple(fc.nat(500), fc.option(stands)), { maxLength: most, selector: ([place]) => place })))
    .map((all) =>
      all.flatMap((its, of) =>
        its.toSorted(([a], [b]) => a - b).map(([place, how]): Plain => ({ kind: KINDS[of] ?? '', place, number: 7 + 1000 * place + of, stands: how })),
      ),
    );

function columnsOf(all: readonly Plain[]) {
  const columns = caseColumns<string>(KINDS);
  for (const [number, kind] of KINDS.entries()) {
    columns.begin(number);
    for (const its of all) if (its.kind === kind) columns.stand(columns.add(its.place, its.number), its.stands);
  }
  return columns;
}
const counted = (all: readonly Plain[], counts: (its: Plain) => boolean) => [...all.keys()].filter((entry) => all[entry]?.stands && counts(all[entry]));

function holdsAll(all: readonly Plain[]) {
  const columns = columnsOf(all);
  const entries = [...all.keys()];
  expect([...columns.counting(() => true, null)]).toEqual(counted(all, () => true));
  for (const kind of KINDS) {
    const isOdd = (entry: number) => entry % 2 === 1;
    expect([...columns.counting((its) => its === kind, null)]).toEqual(counted(all, (its) => its.kind === kind));
    expect([...columns.counting((its) => its !== kind, isOdd)]).toEqual(counted(all, (its) => its.kind !== kind).filter(isOdd));
    const places = all.flatMap((its) => (its.kind === kind ? [its.place] : []));
    for (const place of [-1, ...places, ...places.map((its) => its + 1)])
      expect(columns.entryAt((its) => its === kind, place)).toBe(entries.find((entry) => all[entry]?.kind === kind && all[entry]?.place === place));
  }
  expect(columns.entryAt(() => false, all[0]?.place ?? 0)).toBeUndefined();
  for (const [entry, { kind, place, number, stands: how }] of all.entries()) {
    expect([columns.kindOf(entry), columns.placeOf(entry), columns.numberOf(entry), columns.idOf(entry)]).toEqual([kind, place, number, spelledId(number)]);
    if (!how) continue;
    expect(columns.at(entry)).toEqual({ number, ...how });
    expect([CASE_STATES[columns.stateOf(entry)], columns.isOverdue(entry), columns.dueOf(entry), columns.openedOf(entry)]).toEqual([
      how.state,
      how.overdue,
      how.due,
      how.opened,
    ]);
  }
  const wanted = all.flatMap(({ number }, entry) => (entry % 3 === 0 ? [number] : []));
  expect([...columns.entriesOf(new Set([...wanted, null, 1]))]).toEqual(wanted.map((number, place) => [number, 3 * place]));
  expect(columns.entriesOf(new Set()).size).toBe(0);
}

it('holds of each case what was said of it, and finds it by its check, its place and its number', () => {
  fc.assert(fc.property(some(6), holdsAll), { numRuns: cases(100) });
});

it('holds as many as there are', () => {
  fc.assert(fc.property(some(120), holdsAll), { numRuns: cases(10) });
});

it('holds more than it has room for at the beginning, and finds more than a question has', () => {
  const all = Array.from({ length: 300 }, (_, place): Plain => {
    const how = { state: 'open', overdue: place % 2 === 0, due: place, opened: place, began: place, timeToFix: place % 5 === 0 ? 0 : null } as const;
    return { kind: KINDS[Math.floor(place / 100)] ?? '', place, number: 10 * place, stands: how };
  });
  holdsAll(all);
  for (const count of [63, 64, 65, 128, 129]) holdsAll(all.slice(0, count));
});

describe('a case', () => {
  const how: CaseStands = { state: 'fixed', overdue: false, due: 5, opened: 3, began: 4, timeToFix: 2 };
  const of = (...said: readonly (CaseStands | null)[]) => {
    const columns = columnsOf([{ kind: 'b', place: 9, number: 70, stands: said[0] ?? null }]);
    for (const its of said.slice(1)) columns.stand(0, its);
    return columns;
  };

  it('stands as was said of it last', () => {
    const other: CaseStands = { state: 'in remediation', overdue: true, due: 8, opened: 6, began: 7, timeToFix: null };
    expect(of(how, other).at(0)).toEqual({ number: 70, ...other });
    expect([...of(null, how).counting(() => true, null)]).toEqual([0]);
  });

  it('of which nothing is said any more keeps its place, and counts nowhere', () => {
    const columns = of(how, null);
    expect([...columns.counting(() => true, null)]).toEqual([]);
    expect([
      ...columns.counting(
        () => true,
        () => true,
      ),
    ]).toEqual([]);
    expect([columns.entryAt((kind) => kind === 'b', 9), columns.placeOf(0), columns.kindOf(0)]).toEqual([0, 9, 'b']);
    expect([...columns.entriesOf(new Set([70]))]).toEqual([[70, 0]]);
    expect([columns.dueOf(0), columns.openedOf(0), columns.isOverdue(0)]).toEqual([0, 0, false]);
  });

  it('that took no time to fix took none, which is another thing than not to be fixed', () => {
    expect([of({ ...how, timeToFix: 0 }).at(0).timeToFix, of({ ...how, timeToFix: null }).at(0).timeToFix]).toEqual([0, null]);
  });

  it('is not asked about where none of its check is wanted, and none of what does not count', () => {
    const asked: number[] = [];
    const columns = columnsOf([
      { kind: 'a', place: 1, number: 1, stands: how },
      { kind: 'b', place: 1, number: 2, stands: null },
      { kind: 'b', place: 2, number: 3, stands: how },
    ]);
    columns.counting(
      (kind) => kind === 'b',
      (entry) => asked.push(entry) > 0,
    );
    expect(asked).toEqual([2]);
  });
});
