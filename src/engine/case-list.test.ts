import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conforms, defineCheck } from '../checks/check.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import type { Case } from './case.ts';
import { caseColumns, type CaseStands } from './case-columns.ts';
import { spelledId } from './case-id.ts';
import { caseList } from './case-list.ts';
import { CASE_STATES } from './findings.ts';
import { cases } from './testing/cases.ts';
import { accounts } from './testing/checks/datasets.ts';

const kind = (id: string, severity: Severity, controls: readonly string[]) => ({
  check: defineCheck({ id, title: `Title of ${id}`, version: 1, asserts: 'A.', population: accounts, examine: () => conforms() }) as never,
  severity,
  controls: controls.map((its) => ({ id: its })),
});
const KINDS = [kind('keys', 'low', ['B', 'A']), kind('people', 'critical', ['A']), kind('tokens', 'high', []), kind('logins', 'critical', ['C', 'A'])];
const IDS = ['keys', 'people', 'tokens', 'logins'] as const;

interface Plain extends CaseStands {
  readonly of: number;
  readonly number: number;
  readonly place: number;
}
const idOf = ({ number }: Pick<Plain, 'number'>) => spelledId(number);

/** A list of cases, each made of no more than what tells it apart, and what was said of them. */
function listed(all: readonly Plain[]) {
  const columns = caseColumns(KINDS);
  const entries: Plain[] = [];
  for (const [of] of KINDS.entries()) {
    columns.begin(of);
    for (const its of all.filter((one) => one.of === of).toSorted((a, b) => a.place - b.place)) {
      columns.stand(columns.add(its.place, its.number), its);
      entries.push(its);
    }
  }
  const made: number[] = [];
  const make = (entry: number): Case => {
    made.push(entry);
    const its = entries[entry] as Plain;
    return { id: idOf(its), controls: KINDS[its.of]?.controls.map(({ id }) => id) ?? [] } as Partial<Case> as Case;
  };
  return { list: caseList(columns, make), made, entries };
}
const idsOf = (its: Iterable<Pick<Case, 'id'>>) => Array.from(its, ({ id }) => id);

const few = fc.integer({ min: 0, max: 3 });
const some = fc
  .uniqueArray(
    fc.record({
      of: fc.nat(KINDS.length - 1),
      place: fc.nat(40),
      state: fc.constantFrom(...CASE_STATES),
      overdue: fc.boolean(),
      ...{ due: few, opened: few, began: few, timeToFix: fc.option(few) },
    }),
    { maxLength: 14, selector: ({ of, place }) => `${of} ${place}` },
  )
  // Numbers of cases follow neither checks nor places.
  .map((all) => all.map((its): Plain => ({ ...its, number: ((its.of + 4 * its.place) * 7919) % 10_007 })));

/** Sorted by the first of their keys in which two are not the same. */
const sortedBy = (all: readonly Plain[], keysOf: (its: Plain) => readonly number[]) =>
  all.toSorted((a, b) => {
    const [ours, theirs] = [keysOf(a), keysOf(b)];
    const at = ours.findIndex((key, place) => key !== theirs[place]);
    return (ours[at] ?? 0) - (theirs[at] ?? 0);
  });
const severityOf = ({ of }: Plain) => SEVERITIES.indexOf(KINDS[of]?.severity ?? 'medium');
const isSettled = ({ state }: Plain) => state === 'fixed' || state === 'closed';
const isOpen = ({ state }: Plain) => state === 'open' || state === 'in remediation';
const holdsOf = (its: readonly Plain[]) => its.map(idOf).sort();
const property = (holds: (all: readonly Plain[], its: ReturnType<typeof listed>) => void) =>
  fc.assert(
    fc.property(some, (all) => holds(all, listed(all))),
    { numRuns: cases(100) },
  );

it('puts first what has to be acted on: what is overdue, then by severity and due date; then what is waived, closed and fixed, the newest first', () => {
  property((all, { list }) => {
    const ranks = { open: 0, 'in remediation': 0, waived: 1, closed: 2, fixed: 3 };
    const keysOf = (its: Plain) => [ranks[its.state], its.overdue ? 0 : 1, ...(isOpen(its) ? [severityOf(its), its.due] : [-its.opened]), its.number];
    expect(idsOf(list)).toEqual(sortedBy(all, keysOf).map(idOf));
    expect(list.count).toBe(all.length);
  });
});

it('pages through what is not settled, then through what is, by severity and due date', () => {
  property((all, { list }) => {
    const inOrder = sortedBy(all, (its) => [Number(isSettled(its)), severityOf(its), its.due, its.number]);
    const { count, keysAt, window } = list.paged();
    expect(count).toBe(all.length);
    expect(Array.from({ length: count }, (_, place) => keysAt(place))).toEqual(
      inOrder.map((its) => [Number(isSettled(its)), severityOf(its), its.due, idOf(its)]),
    );
    expect([idsOf(window(0, count)), idsOf(window(1, 3)), idsOf(window(2, 2))]).toEqual([inOrder, inOrder.slice(1, 3), []].map((its) => its.map(idOf)));
  });
});

it('finds those that are asked for, and of these again those that are', () => {
  property((all, { list }) => {
    const found = (filter: Parameters<typeof list.where>[0]) => idsOf(list.where(filter)).sort();
    for (const state of CASE_STATES) expect(found({ state })).toEqual(holdsOf(all.filter((its) => its.state === state)));
    expect(found({ state: 'overdue' })).toEqual(holdsOf(all.filter(({ overdue }) => overdue)));
    const has = (control: string) => (its: Plain) => KINDS[its.of]?.controls.some(({ id }) => id === control);
    for (const control of ['A', 'B', 'C']) expect(found({ controls: [control] })).toEqual(holdsOf(all.filter(has(control))));
    expect([found({ controls: ['B', 'C'] }), found({ controls: [] }), found({})]).toEqual(
      [all.filter((its) => has('B')(its) || has('C')(its)), [], all].map(holdsOf),
    );
    const ids = all.filter((_, place) => place % 2 === 0).map(idOf);
    expect([found({ ids: [...ids, 'nothing'] }), found({ ids: [] })]).toEqual([ids.toSorted(), []]);
    const aged = (from: number, to: number) => all.filter((its) => !isSettled(its) && from <= 5 - its.began && 5 - its.began < to);
    for (const [from, to] of [
      [2, 3],
      [3, 5],
      [0, Infinity],
      [4, 4],
    ] as const)
      expect(found({ ages: { at: 5, from, to } })).toEqual(holdsOf(aged(from, to)));
    expect(idsOf(list.where({ controls: ['A'] }).where({ state: 'open' })).sort()).toEqual(holdsOf(all.filter((its) => has('A')(its) && its.state === 'open')));
  });
});

it('finds one by its id among those that are asked for', () => {
  property((all, { list }) => {
    for (const its of all) {
      expect(list.byId(idOf(its))?.id).toBe(idOf(its));
      expect(list.where({ state: its.state === 'open' ? 'fixed' : 'open' }).byId(idOf(its))).toBeUndefined();
    }
    expect([list.byId(spelledId(10_008)), list.byId('nothing'), list.byId('')]).toEqual([undefined, undefined, undefined]);
  });
});

it('gives the best by a rank, then by id, and those without a rank not at all', () => {
  property((all, { list }) => {
    const rankOf = (its: { readonly place: number }) => (its.place % 5 === 0 ? null : its.place % 3);
    const ranked = sortedBy(
      all.filter((its) => rankOf(its) !== null),
      (its) => [rankOf(its) ?? 0, its.number],
    ).map(idOf);
    const asked: string[] = [];
    const best = list.best(99, (its) => {
      asked.push(`${its.check} ${its.place} ${its.number}`);
      return rankOf(its);
    });
    expect(idsOf(best)).toEqual(ranked);
    expect(asked.sort()).toEqual(all.map((its) => `${IDS[its.of]} ${its.place} ${its.number}`).sort());
    expect([idsOf(list.best(2, rankOf)), idsOf(list.best(0, rankOf))]).toEqual([ranked.slice(0, 2), []]);
  });
});

it('tells the checks of its cases, and how each stands, for whoever counts them', () => {
  property((all, { list }) => {
    expect(list.checks().map(({ id }) => id)).toEqual(IDS.filter((_, of) => all.some((its) => its.of === of)));
    const told = Array.from(list.standings(), ({ severity, state, overdue, timeToFix }) => JSON.stringify([severity, state, overdue, timeToFix]));
    expect(told.sort()).toEqual(all.map(({ of, state, overdue, timeToFix }) => JSON.stringify([KINDS[of]?.severity, state, overdue, timeToFix])).sort());
  });
});

it('counts what is due after an instant, of each check and by when', () => {
  property((all, { list }) => {
    for (const at of [-1, 0, 2, 3]) {
      const due = all.filter((its) => isOpen(its) && its.due > at);
      const groups = Map.groupBy(due, ({ of, due: by }) => `${of} ${by}`);
      const counted = [...groups.values()].map(([first, ...others]) => {
        const { severity, controls } = KINDS[first?.of ?? -1] ?? {};
        const check = IDS[first?.of ?? -1];
        return { check, title: `Title of ${check}`, controls: controls?.map(({ id }) => id), severity, due: first?.due, count: 1 + others.length };
      });
      const sorted = (its: readonly object[]) => its.map((one) => JSON.stringify(one)).sort();
      expect(sorted(list.dueAfter(at))).toEqual(sorted(counted));
    }
  });
});

describe('a list', () => {
  const one = (number: number, more: Partial<Plain> = {}): Plain => ({
    ...{ of: 0, number, place: number, state: 'open', overdue: false, due: 0, opened: 0, began: 0, timeToFix: null },
    ...more,
  });

  it('begins with what is due first', () => {
    const { list } = listed([one(1, { due: 30 }), one(2, { due: 10 }), one(3, { due: 20 })]);
    const first = [2, 3, 1].map(spelledId);
    expect([idsOf(list), idsOf(list.paged().window(0, 3))]).toEqual([first, first]);
  });

  it('makes a case once somebody reads it, and no other', () => {
    const { list, made } = listed([one(1), one(2), one(3)]);
    expect([list.count, list.where({ state: 'open' }).count, list.checks().length, [...list.standings()].length, list.dueAfter(-1).length]).toEqual([
      3, 3, 1, 3, 1,
    ]);
    expect(made).toEqual([]);
    list.byId(spelledId(2));
    list.paged().window(2, 3);
    list.best(1, ({ place }) => place);
    expect(made).toEqual([1, 2, 0]);
  });

  it('names beside a case the controls that somebody may see, in its order, and all where nothing is said', () => {
    const { list } = listed([one(1), one(2, { of: 3 }), one(3, { of: 2 })]);
    const controls = (its: typeof list) => [its.byId(spelledId(1)), its.byId(spelledId(2)), its.byId(spelledId(3))].map((found) => found?.controls);
    expect(controls(list)).toEqual([['B', 'A'], ['C', 'A'], []]);
    expect(controls(list.where({ named: ['A', 'B'] }))).toEqual([['B', 'A'], ['A'], []]);
    expect(controls(list.where({ named: [] }))).toEqual([[], [], []]);
    expect([...list.where({ named: ['C'] })].map((its) => its.controls)).toEqual([['C'], [], []]);
    expect(list.where({ named: ['A'] }).best(1, ({ place }) => place)[0]?.controls).toEqual(['A']);
  });
});
