import fc from 'fast-check';
import { expect, expectTypeOf, it } from 'vitest';
import { conforms, defineCheck, deviates } from '../checks/check.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { accessKeys, accounts, workers, type Account, type Worker } from './testing/checks/datasets.ts';
import { days } from '../core/instant.ts';
import { holds, moment } from '../core/interval.ts';
import type { Row } from '../datasets/dataset.ts';
import { Assessor } from './assess.ts';
import { Engine } from './engine.ts';
import { ReplayNeeded } from './facts.ts';
import { Coverage } from './coverage.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, EXPECTED, histories, START, TICK, TICKS } from './testing/histories.ts';
import { inOrder } from './derive.ts';
import { forgottenUntil } from './laws.ts';
import { keptBy } from './testing/told.ts';
import { Oracle } from './testing/oracle.ts';
import { retold } from './testing/retold.ts';
import { someMemory } from './testing/small.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const numRuns = cases(60);
/** In so many histories all that can be said has been: in sixty of them a waiver changes no status one time in six. */
const SEEN = 300;
const endOnFailure = !!process.env.QUICK;

it('says at every tick what the definition says', () => {
  const said: Record<string, number> = {};
  const count = (what: string) => {
    said[what] = (said[what] ?? 0) + 1;
  };
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const assessor = new Assessor(engine, new Coverage(engine.facts, DATASETS, EXPECTED), waivers);
      const oracle = new Oracle(runs, EXPECTED, waivers, TICKS);

      for (const check of CHECKS) {
        const expected = oracle.claims(check);
        for (const item of new Set([...expected.keys(), ...engine.verdicts(check).keys()])) {
          const claims = assessor.claims(check, item);
          const actual = TICKS.map((at) => claims.find((claim) => holds(claim, at)));
          expect(actual.map((claim) => claim && `${claim.kind} ${claim.because}`)).toEqual(
            TICKS.map((_, tick) => {
              const claim = expected.get(item)?.[tick];
              return claim ? `${claim.kind} ${claim.because}` : undefined;
            }),
          );
          for (const claim of actual) count(`${check.id} ${claim?.kind}`);
        }
        const observed = { from, to };
        const live = check.population.dataset.happened ? { from, to: now + 1 } : moment(now);
        for (const [reading, period] of [
          [assessor.over(check, observed, now), observed],
          [assessor.at(check, now, observed), live],
        ] as const) {
          expect([reading.status, reading.alert]).toEqual([false, true].map((skip) => oracle.status(check, expected, period, now, skip)));
          count(`${reading.status}, alert ${reading.alert}`);
        }
      }
    }),
    { numRuns: Math.max(numRuns, SEEN), endOnFailure },
  );
  const kinds = CHECKS.flatMap(({ id }) => ['conforms', 'deviates', 'unknown'].map((kind) => `${id} ${kind}`));
  expect(Object.keys(said)).toEqual(expect.arrayContaining([...kinds, 'fail, alert fail', 'pass, alert pass', 'empty, alert empty']));
  expect(said).toSatisfy(() => 'fail, alert unknown' in said || 'fail, alert pass' in said);
  if (process.env.SHOW) console.log(said);
}, 0);

it('learns run by run, in any order, what it would know from scratch', () => {
  fc.assert(
    fc.property(histories, ({ runs }) => {
      const engine = new Engine(CHECKS, [], someMemory(runs));

      for (const run of runs) engine.learn(run);

      for (const scratch of [
        Engine.from(CHECKS, runs),
        Engine.from(
          CHECKS,
          runs.toSorted((a, b) => a.at - b.at),
        ),
      ]) {
        for (const check of CHECKS) expect(sorted(engine.verdicts(check))).toEqual(sorted(scratch.verdicts(check)));
      }
    }),
    { numRuns, endOnFailure },
  );
}, 0);

it('catches a check that forgot its "until"', () => {
  const forgetful = defineCheck({
    id: 'access-keys-rotated',
    title: '',
    version: 1,
    asserts: accessKeysRotated.asserts,
    population: accessKeys,
    examine: ({ createdAt }, { at }) => (at < createdAt + days(90) ? conforms() : deviates('is too old')),
  });
  const key: Row = { id: 'k', state: 'active', createdAt: START };
  const within = Array.from({ length: 40 }, (_, doubled) => START + 2 ** doubled);

  expect(forgottenUntil(forgetful, key, {}, START, within)).toBeGreaterThanOrEqual(START + days(90));
  expect(forgottenUntil(accessKeysRotated, key, {}, START, within)).toBeUndefined();
});

it('keeps the law of "until" in every check', () => {
  fc.assert(
    fc.property(histories, fc.nat(TICKS.length - 1), ({ runs }, tick) => {
      const { facts } = Engine.from(CHECKS, runs);
      const at = TICKS[tick]!;
      const now = (row: { from: number; to: number }) => holds(row, at);
      for (const check of CHECKS)
        for (const item of facts.items(check.population)) {
          for (const { row } of facts
            .of(check.population, item)
            .filter(now)
            .filter(({ row }) => check.population.admits(row))) {
            const rows = Object.fromEntries(
              Object.entries(check.with).map(([name, join]) => [
                name,
                facts
                  .joined(join, row)
                  .filter(now)
                  .map(({ row }) => row),
              ]),
            );
            expect(
              forgottenUntil(
                check,
                row,
                rows,
                at,
                Array.from({ length: 400 }, (_, ahead) => at + ahead * TICK),
              ),
            ).toBeUndefined();
          }
        }
    }),
    { numRuns, endOnFailure },
  );
}, 0);

it('examines only the items that a run touches', () => {
  const worker = (person: string, leftAt: number | null = null): Row => ({ person, startedAt: START, leftAt });
  const run = (at: number, rows: Row[]) => ({ dataset: 'workers', source: 'acme', partition: 'main', at, complete: true, reason: null, record: at, rows });
  const engine = Engine.from(CHECKS, [
    run(
      START,
      ['ann', 'bob', 'cyd'].map((person) => worker(person)),
    ),
  ]);

  expect(engine.learn(run(START + TICK, [worker('ann'), worker('bob', START), worker('cyd')]))).toBe(3); // bob, in three checks
  expect(engine.learn(run(START + 2 * TICK, [worker('ann'), worker('bob', START), worker('cyd')]))).toBe(0);
});

it('types what it joins', () => {
  defineCheck({
    id: 'typed',
    title: '',
    version: 1,
    asserts: '',
    population: workers,
    with: { accounts: accounts.where(({ state }) => state === 'active').on('person') },
    examine(worker, { at, accounts }) {
      expectTypeOf(worker).toEqualTypeOf<Worker>();
      expectTypeOf(at).toEqualTypeOf<number>();
      expectTypeOf(accounts).toEqualTypeOf<readonly Account[]>();
      return conforms();
    },
  });
  // @ts-expect-error: a worker has no field `system`
  defineCheck({ id: 'untyped', title: '', version: 1, asserts: '', population: workers, with: { accounts: accounts.on('system') }, examine: () => conforms() });
});

const sorted = <Value>(map: ReadonlyMap<string, Value>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

it('is the same after it was kept and put back, and learns on', () => {
  fc.assert(
    fc.property(histories, fc.nat(), ({ runs }, seed) => {
      const inTime = runs.toSorted((a, b) => a.at - b.at);
      const half = seed % (inTime.length + 1);
      const whole = Engine.from(CHECKS, inTime);

      const again = Engine.restore(CHECKS, keptBy(Engine.from(CHECKS, inTime.slice(0, half))), [], someMemory(runs));
      try {
        for (const run of inTime.slice(half)) again.learn(run);
      } catch (error) {
        if (error instanceof ReplayNeeded) return; // two tellings of one start, one of them before it was put back
        throw error;
      }

      for (const check of CHECKS) expect(sorted(again.verdicts(check))).toEqual(sorted(whole.verdicts(check)));
    }),
    { numRuns, endOnFailure },
  );
}, 0);

it('needs to read again what it was told before it was put back, where that may be what a late run says again', () => {
  const run = (at: number, record: number, rows: Row[], complete = true) => {
    return { dataset: 'workers', source: 'acme', partition: 'main', at, complete, reason: complete ? null : 'nobody asked', record, rows };
  };
  const ann: Row = { person: 'ann', startedAt: START, leftAt: null };
  const export1 = run(START, 1, [ann]);
  const skipped = run(START + TICK, 2, [], false);
  const sameExport = run(START, 3, [ann]); // nobody has made a new one, and it is asked again
  const whole = Engine.from(CHECKS, [export1, skipped, sameExport]);
  expect(whole.state().facts.flatMap(({ dataset, records }) => (dataset === 'workers' ? [records] : []))).toEqual([[1]]);

  const again = Engine.restore(CHECKS, keptBy(Engine.from(CHECKS, [export1])));
  again.learn(skipped);
  expect(() => again.learn(sameExport)).toThrow(ReplayNeeded);
  again.renew({ streams: [retold(again, 'workers', 'acme/main', [export1, skipped, sameExport])] });
  expect(again.state()).toEqual(whole.state());
});
