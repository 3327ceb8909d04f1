import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holds } from '../core/interval.ts';
import { days, hours } from '../core/instant.ts';
import { Assessor } from './assess.ts';
import { Coverage } from './coverage.ts';
import { nextChange } from './deadlines.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, EXPECTED, histories, START, TICKS } from './testing/histories.ts';

const numRuns = cases(20);
const endOnFailure = !!process.env.QUICK;
const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));

it('no claim and no status changes before the next change, and every change is one', () => {
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to }) => {
      const engine = Engine.from(CHECKS, runs);
      const coverage = new Coverage(engine.facts, DATASETS, EXPECTED);
      const assessor = new Assessor(engine, coverage, waivers);
      const changing = { engine, coverage, checks: CHECKS, also: [...waivers, { from, to }] };
      const told = CHECKS.map((check) => [...engine.verdicts(check).keys()].map((item) => assessor.claims(check, item)));
      const said = (at: number) =>
        JSON.stringify([
          told.map((check) => check.map((claims) => claims.findIndex((claim) => holds(claim, at)))),
          CHECKS.map((check) => {
            const { status, alert } = assessor.at(check, at, { from, to });
            return [status, alert];
          }),
        ]);
      const ahead: number[] = [];
      for (const [place, at] of TICKS.entries()) {
        const next = nextChange(changing, at);
        ahead.unshift(next);
        expect(next).toBeGreaterThan(at);
        for (const later of TICKS.slice(place + 1)) if (later < next) expect(said(later)).toBe(said(at));
        if (next < Infinity) expect(said(next - 1)).toBe(said(at));
      }
      // Whatever was asked before, and remembered.
      const again = { ...changing, engine: Engine.from(CHECKS, runs) };
      expect(TICKS.toReversed().map((at) => nextChange(again, at))).toEqual(ahead);
    }),
    { numRuns, endOnFailure },
  );
}, 0);

it('is when a key turns 90 days old, to the millisecond, on a Sunday at three', () => {
  const createdAt = Date.parse('2026-03-01T03:00:00Z') - days(90);
  const row = { id: 'k', state: 'active', createdAt };
  const look = (at: number) => ({
    dataset: 'access-keys',
    source: 'acme',
    partition: 'main',
    at,
    complete: true,
    reason: null,
    record: 0,
    rows: [row],
  });
  const engine = Engine.from([accessKeysRotated], [look(START - hours(4))]);
  const coverage = new Coverage(engine.facts, DATASETS, [{ dataset: 'access-keys', source: 'acme', partition: 'main', from: -Infinity, to: Infinity }]);
  const changing = { engine, coverage, checks: [accessKeysRotated] };
  expect(nextChange(changing, START)).toBe(createdAt + days(90));
  expect(nextChange(changing, createdAt + days(90))).toBe(START - hours(4) + hours(36)); // then its evidence grows too old
  expect(nextChange(changing, START + days(9))).toBe(Infinity);
});

it('is whatever comes first of other periods that claims depend on, their beginnings and their ends, and never what is now', () => {
  const engine = new Engine([]);
  const changing = { engine, coverage: new Coverage(engine.facts, [], []), checks: [] };
  const also = [
    { from: START + days(5), to: START + days(9) },
    { from: START + days(2), to: START + days(7) },
  ];
  const ahead = [0, 2, 5, 7, 9].map((day) => nextChange({ ...changing, also }, START + days(day)));
  expect(ahead).toEqual([START + days(2), START + days(5), START + days(7), START + days(9), Infinity]);
  expect(nextChange({ ...changing, also }, START + days(2) - 1)).toBe(START + days(2));
  expect(nextChange(changing, START)).toBe(Infinity);
});
