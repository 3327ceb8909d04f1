import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findingsOver } from './assemble.ts';
import { Assessor } from './assess.ts';
import { caseId } from './case-id.ts';
import { type CaseGrounds, casesAt } from './cases.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { findingList, keysOf } from './finding-list.ts';
import { type Spell, spellsOf } from './findings.ts';
import type { Finding } from './posture.ts';
import { CHECKS, EXPECTED, histories } from './testing/histories.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const control = { title: '', statement: '', criteria: [], owner: 'it', severity: 'high' as const, occurs: [] };
const [FIRST = '', ...OTHERS] = CHECKS.map(({ id }) => id);
const catalog = {
  criteria: [],
  controls: [
    { ...control, id: 'B', checks: [FIRST, ...OTHERS] },
    { ...control, id: 'A', checks: [FIRST] },
  ],
};
const DEADLINES = [{ at: -Infinity, days: { critical: 1, high: 2, medium: 3, low: 4 } }];

const grounded = fc.record({ history: histories, limit: fc.integer({ min: 1, max: 7 }) }).map(({ history: { runs, waivers, from, to }, limit }) => {
  const engine = Engine.from(CHECKS, runs);
  const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
  const grounds = { engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks: CHECKS, catalog, waivers, deadlines: DEADLINES };
  return { grounds, limit, from, to };
});
const RUNS = { numRuns: Number(process.env.CASES ?? 15), endOnFailure: true };

/** Page by page, each made from nothing but the keys that the one before ended with. */
function* paged(make: () => ReturnType<typeof findingList>, limit: number): Iterable<Finding> {
  for (let page = make().page(null, limit); page.length > 0; ) {
    yield* page;
    page = make().page(keysOf(page.at(-1) as Finding), limit);
  }
}

const spelled = (finding: Finding) => JSON.stringify([...keysOf(finding), finding]);

it('pages through every finding once, in the order of check, item, beginning, verdict and control', () => {
  fc.assert(
    fc.property(grounded, ({ grounds, limit, from, to }) => {
      const now = to - 1;
      const period = { from, to };
      const list = () => findingList(grounds, (check) => grounds.assessor.over(check, period, now), now, {});
      const given = [...paged(list, limit)];
      const all = [...findingsOver(grounds, period, now)];
      expect(given.map(spelled).sort()).toEqual(all.map(spelled).sort());
      const keys = given.map((finding) => keysOf(finding).map((key) => (typeof key === 'number' ? String(key).padStart(20) : (key ?? ''))));
      expect(keys).toEqual(keys.toSorted((a, b) => (a.join('\u0000') < b.join('\u0000') ? -1 : 1)));
      const deviating = findingList(grounds, (check) => grounds.assessor.over(check, period, now), now, { checks: [FIRST], verdict: 'deviates' });
      expect(deviating.page(null, 1e6).map(spelled)).toEqual(given.filter(({ check, verdict }) => check === FIRST && verdict === 'deviates').map(spelled));
    }),
    RUNS,
  );
});

/** Ids of all that ever deviated, by what is claimed of each item. */
function everyCase({ engine, assessor, checks }: CaseGrounds, now: number, within: { readonly from: number; readonly to: number } | null): readonly string[] {
  const counts = ({ from, to }: Spell) => from <= now && (within === null || (from < within.to && within.from < (to <= now ? to : Infinity)));
  return checks
    .flatMap((check) =>
      [...engine.verdicts(check).keys()].flatMap((item) => (spellsOf(assessor.claims(check, item)).some(counts) ? [caseId(check.id, item)] : [])),
    )
    .sort();
}

it('lists cases by what it holds of them as they are when they are made', () => {
  let seen = 0;
  fc.assert(
    fc.property(grounded, fc.boolean(), ({ grounds, limit, from, to }, isOfPeriod) => {
      const within = isOfPeriod ? { from, to: Math.floor((from + to) / 2) } : null;
      const { cases } = casesAt(grounds, to - 1, within);
      const all = [...cases];
      seen += all.length;
      expect(all.map(({ id }) => id).sort()).toEqual(everyCase(grounds, to - 1, within));
      const begun = all.flatMap(({ state, spells }) => (state === 'fixed' || state === 'closed' ? [] : [to - (spells.at(-1)?.from ?? 0)]));
      for (const age of begun) {
        const aged = cases.where({ ages: { at: to, from: age, to: age + 1 } });
        expect([aged.count, aged.count > 0]).toEqual([begun.filter((its) => its === age).length, true]);
      }
      expect([cases.count, new Set(all.map(({ id }) => id)).size]).toEqual([all.length, all.length]);
      const standings = all.map(({ severity, state, overdue, timeToFix }) => JSON.stringify([severity, state, overdue, timeToFix]));
      expect([...cases.standings()].map(({ severity, state, overdue, timeToFix }) => JSON.stringify([severity, state, overdue, timeToFix])).sort()).toEqual(
        standings.sort(),
      );
      for (const state of ['open', 'fixed', 'waived', 'overdue'] as const)
        expect([...cases.where({ state })]).toEqual(all.filter((one) => (state === 'overdue' ? one.overdue : one.state === state)));
      expect([...cases.where({ controls: ['A'], named: ['A'] })]).toEqual(
        all.filter(({ controls }) => controls.includes('A')).map((one) => ({ ...one, controls: ['A'] })),
      );
      const some = all.slice(0, limit);
      expect([...cases.where({ ids: [...some.map(({ id }) => id), 'F-nothing'] })]).toEqual(some);
      expect(some.map(({ id }) => cases.byId(id))).toEqual(some);

      const { count, keysAt, window } = cases.paged();
      const inPages = window(0, count);
      expect(inPages.map(({ state, due, id }) => [Number(state === 'fixed' || state === 'closed'), 1, due, id])).toEqual(
        Array.from({ length: count }, (_, place) => keysAt(place)),
      );
      expect(window(1, 1 + limit)).toEqual(inPages.slice(1, 1 + limit));
      const open = all.filter(({ state, due }) => (state === 'open' || state === 'in remediation') && due > 0);
      expect(cases.dueAfter(0).reduce((sum, { count: its }) => sum + its, 0)).toBe(open.length);
    }),
    RUNS,
  );
  expect(seen).toBeGreaterThan(0);
});
