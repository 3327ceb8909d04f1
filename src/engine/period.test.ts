import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../core/interval.ts';
import { type ControlStatus, worstOfControls } from '../core/status.ts';
import { Assessor } from './assess.ts';
import type { Catalog } from './catalog.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { periodReader, toldOf } from './period.ts';
import type { Observed } from './period-posture.ts';
import { cases } from './testing/cases.ts';
import { day, ground } from './testing/six-days.ts';
import { CHECKS, EXPECTED, histories, TICKS } from './testing/histories.ts';
import { Oracle } from './testing/oracle.ts';
import { someMemory } from './testing/small.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const numRuns = cases(25);

const control = (id: string, checks: readonly string[], criteria: readonly string[]) => ({
  id,
  title: id,
  statement: '',
  owner: '',
  severity: 'high' as const,
  occurs: [],
  checks,
  criteria,
});
const criterion = (id: string) => ({ id, category: '', series: '', seriesTitle: '', title: id, summary: '', inScope: id !== 'Z', gap: null });
/** One control of all checks, one of a check that there is not, one of none. */
const CATALOG: Catalog = {
  criteria: ['X', 'Y', 'Z'].map(criterion),
  controls: [
    control(
      'ALL',
      CHECKS.map(({ id }) => id),
      ['X'],
    ),
    ...CHECKS.map(({ id }) => control(`ONE ${id}`, [id], ['X', 'Y', 'Z'])),
    control('MISSING', ['there-is-none'], ['Y']),
    control('NONE', [], ['Y']),
  ],
};

const STAMP = { company: 'Acme', demo: true, timezone: 'UTC', checkpoint: { origin: 'acme', size: 1, root: '' }, catalogDigest: 'c', code: '1', units: [] };

it('says of every tick what is said at that instant, and of the period what is said over it', () => {
  const said: Record<string, number> = {};
  fc.assert(
    fc.property(histories, fc.nat(), ({ runs, waivers, from, to, now }, seed) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
      const assessor = new Assessor(engine, coverage, waivers);
      const oracle = new Oracle(runs, EXPECTED, waivers, TICKS);
      const period = { from, to };

      const { checks, controls, criteria, until } = periodReader({ engine, coverage, assessor, checks: CHECKS, catalog: CATALOG }).statuses({
        ...STAMP,
        period,
        asOf: now,
      });

      const ticks = TICKS.filter((at) => from <= at && at < until);
      expect(until).toBe(Math.max(from, Math.min(to, now + 1)));
      for (const check of CHECKS) {
        const its = checks.find(({ id }) => id === check.id);
        const at = (tick: number) => its?.intervals.find((interval) => holds(interval, tick));
        const over = assessor.over(check, period, now);
        expect([its?.status, its?.alert]).toEqual([over.status, over.alert]);
        expect(ticks.map((tick) => [at(tick)?.status, at(tick)?.alert])).toEqual(
          ticks.map((tick) => {
            const { status, alert } = assessor.at(check, tick, period);
            said[`${check.id} ${status} ${alert}`] = (said[`${check.id} ${status} ${alert}`] ?? 0) + 1;
            return [status, alert];
          }),
        );
        const tick = ticks[seed % Math.max(1, ticks.length)];
        if (tick === undefined) continue;
        const live = check.population.dataset.happened ? { from, to: tick + 1 } : { from: tick, to: tick + 1 };
        expect(at(tick)?.status).toBe(oracle.status(check, oracle.claims(check), live, tick, false));
      }
      for (const its of checks) expect(Object.keys(its)).toEqual(['id', 'title', 'status', 'alert', 'intervals']);
      for (const observed of [...checks, ...controls, ...criteria]) {
        expect(observed.intervals[0]?.from).toBe(from < until ? from : undefined);
        expect(observed.intervals.at(-1)?.to).toBe(from < until ? until : undefined);
        for (const [place, { to: end, status, alert }] of observed.intervals.slice(0, -1).entries()) {
          const next = observed.intervals[place + 1];
          expect(next?.from).toBe(end);
          expect(`${next?.status} ${next?.alert}`).not.toBe(`${status} ${alert}`);
        }
      }
      const together = (id: string, named: readonly string[], among: readonly Observed<ControlStatus>[]) => {
        const its = controls.find((one) => one.id === id) ?? criteria.find((one) => one.id === id);
        const parts = named.map((name) => among.find((one) => one.id === name));
        expect([its?.status, its?.alert]).toEqual([
          worstOfControls(parts.map((one) => one?.status ?? 'unknown')),
          worstOfControls(parts.map((one) => one?.alert ?? 'unknown')),
        ]);
        for (const tick of ticks)
          expect(its?.intervals.find((interval) => holds(interval, tick))?.status).toBe(
            worstOfControls(parts.map((one) => one?.intervals.find((interval) => holds(interval, tick))?.status ?? 'unknown')),
          );
      };
      for (const { id, checks: named } of CATALOG.controls) together(id, named, checks);
      for (const name of ['X', 'Y'])
        together(
          name,
          CATALOG.controls.filter((one) => one.criteria.includes(name)).map(({ id }) => id),
          controls,
        );
      expect(criteria.map(({ id }) => id)).toEqual(['X', 'Y']);
    }),
    { numRuns, endOnFailure: true },
  );
  const kinds = Object.keys(said).join('\n');
  // So few histories reach every state of some check, and every state of every check only where there are many.
  expect(kinds).toMatch(/ fail fail[\s\S]* unknown unknown| unknown unknown[\s\S]* fail fail/);
  if (numRuns >= 100) for (const { id } of CHECKS) expect(kinds).toMatch(new RegExp(`${id} fail[^]*${id} unknown|${id} unknown[^]*${id} fail`));
  expect(kinds).toMatch(/ pass pass/);
  expect(kinds).toMatch(/ empty empty/);
  if (numRuns >= 100) expect(kinds).toMatch(/ fail (unknown|pass)/);
}, 0);

it('counts no event that happened after a period that is over', () => {
  const reader = periodReader(ground());
  const statusUpTo = (to: number) => reader.observe('change-approved', toldOf({ from: day(-1), to: day(to) }, day(2)))?.status;
  expect([statusUpTo(0.5), statusUpTo(1.5)]).toEqual(['unknown', 'fail']);
});
