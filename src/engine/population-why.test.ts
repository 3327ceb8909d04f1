import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { days, instant, type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { uncoveredBecause } from './assemble.ts';
import { Assessor, UNCOVERED, type Waiver } from './assess.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import { type Run, streamId } from './facts.ts';
import { periodReader } from './period.ts';
import { memberKey } from './population.ts';
import { populationList } from './population-list.ts';
import { OUTCOMES } from './series.ts';
import { cases } from './testing/cases.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { accessKeys } from './testing/checks/datasets.ts';
import { CHECKS, EXPECTED, histories } from './testing/histories.ts';

const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));

function grounded(checks: readonly Check[], runs: readonly Run[], waivers: readonly Waiver[], expected = EXPECTED) {
  const engine = Engine.from(checks, runs);
  const coverage = new Coverage(engine.facts, DATASETS, expected);
  const grounds = { engine, coverage, assessor: new Assessor(engine, coverage, waivers), checks, catalog: { criteria: [], controls: [] } };
  return { ...grounds, reader: periodReader(grounds) };
}
const ALL = { outcome: undefined, text: undefined };

it('says why an item came out as it did, by what was said last, and what that rests on', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(histories, ({ runs, waivers, from, to, now }) => {
      const { engine, coverage, assessor, reader } = grounded(CHECKS, runs, waivers);
      const until = Math.max(from, Math.min(to, now + 1));
      for (const check of CHECKS) {
        const isEvent = check.population.dataset.happened !== undefined;
        const [begin, end] = isEvent ? [now, now + 1] : [from, until];
        const ids = new Map([...engine.verdicts(check).keys()].map((item) => [memberKey(item), item]));
        for (const { key, outcome, because, records } of populationList(reader, check, { from, to }, now, ALL).each()) {
          const claims = assessor.claims(check, ids.get(key) ?? '').filter((claim) => claim.from < end && begin < claim.to);
          const isWaived = (claim: Period) =>
            waivers.some(
              (it) => it.check === check.id && it.item === ids.get(key) && it.from < claim.to && claim.from < it.to && it.from < end && begin < it.to,
            );
          const kinds = new Set(claims.map((claim) => claim.kind));
          const worst = OUTCOMES.find((one) => kinds.has(one === 'waived' ? 'deviates' : one));
          if (outcome === 'waived') expect(claims.some((claim) => claim.kind === 'deviates' && isWaived(claim))).toBe(true);
          else if (outcome !== worst)
            expect([worst, outcome, claims.every((claim) => claim.kind !== 'deviates' || isWaived(claim))]).toEqual(['deviates', outcome, true]);
          const last = claims.findLast((claim) => claim.kind === (outcome === 'waived' ? 'deviates' : outcome));
          const said = last?.because === UNCOVERED ? uncoveredBecause(coverage, last.uncovered, Math.min(last.to - 1, now)) : (last?.because ?? null);
          expect([because, records]).toEqual([outcome === 'conforms' ? null : said, last?.records]);
          seen.set(`${outcome} ${last?.because === UNCOVERED}`, (seen.get(`${outcome} ${last?.because === UNCOVERED}`) ?? 0) + 1);
        }
      }
    }),
    { numRuns: cases(15) },
  );
  for (const what of ['conforms false', 'deviates false', 'unknown true']) expect(seen.get(what) ?? 0, what).toBeGreaterThan(10);
});

const NOW = instant('2026-06-01T12:00:00Z');
const [SOURCE, PARTITION] = ['made-up', 'acme'];
const keys = (...ages: readonly number[]) => ages.map((age, place) => ({ id: `Key ${place}`, state: 'active', createdAt: NOW - days(age) }));
const run = (at: Instant, record: number, rows: ReturnType<typeof keys>): Run => ({
  ...{ dataset: accessKeys.id, source: SOURCE, partition: PARTITION, complete: true, reason: null },
  ...{ at, rows, record },
});
const always = { from: -NEVER, to: NEVER };
const expected = [{ dataset: accessKeys.id, source: SOURCE, partition: PARTITION, ...always }];
const period = { from: NOW - days(2), to: NOW + days(9) };
const waiver = { id: 'W', because: 'it goes', by: 'ann', until: NOW + days(9), records: [9], from: NOW - days(9), to: NOW + days(9) };

it('counts a waived deviation as waived, and one of which nothing was known any more as unknown', () => {
  const item = `${streamId(SOURCE, PARTITION)}/Key 1`;
  const on = grounded([accessKeysRotated], [run(NOW - days(2), 3, keys(9, 200, 201))], [{ ...waiver, check: accessKeysRotated.id, item }], expected);
  const told = (now: Instant) =>
    [...populationList(on.reader, accessKeysRotated, period, now, ALL).each()].map(({ label, outcome, because, records }) => [
      JSON.parse(label).id,
      outcome,
      because,
      records,
    ]);
  const since = (age: number) => `was to be rotated by ${new Date(NOW - days(age - 90)).toISOString().slice(0, 19)}Z`;
  expect(told(NOW - days(1))).toEqual([
    ['Key 0', 'conforms', null, [3]],
    ['Key 1', 'waived', since(200), [3]],
    ['Key 2', 'deviates', since(201), [3]],
  ]);
  const later = told(NOW + days(1));
  expect(later.map(([id, outcome]) => [id, outcome])).toEqual([
    ['Key 0', 'unknown'],
    ['Key 1', 'waived'],
    ['Key 2', 'deviates'],
  ]);
  expect(later[0]?.[2]).toMatch(/made-up/);
});

it('holds as many as there are, finds them by their words, and knows how many stand before a key', () => {
  const on = grounded(
    [accessKeysRotated],
    [run(NOW - days(2), 3, keys(...Array.from({ length: 150 }, (_, place) => (place % 3 === 0 ? 200 : 9))))],
    [],
    expected,
  );
  const list = (over: Partial<Parameters<typeof populationList>[4]>) =>
    populationList(on.reader, accessKeysRotated, period, NOW - days(1), { ...ALL, ...over });
  const all = [...list({}).each()];
  expect([all.length, list({}).count, list({ outcome: 'deviates' }).count, list({ outcome: 'conforms' }).count, list({ outcome: 'waived' }).count]).toEqual([
    150, 150, 50, 100, 0,
  ]);
  const sorted = all.map(({ key }) => key).toSorted();
  expect(all.map(({ key }) => key)).toEqual(sorted);
  expect([...list({ text: 'KEY 14' }).each()].map(({ label }) => JSON.parse(label).id)).toEqual([
    'Key 14',
    ...Array.from({ length: 10 }, (_, place) => `Key 14${place}`),
  ]);
  expect([list({ text: 'made-up' }).count, list({ text: 'nobody' }).count, list({ text: '' }).count]).toEqual([150, 0, 150]);
  expect([list({}).behind(''), list({}).behind('\uffff'), list({}).behind(sorted[7] ?? ''), list({}).behind(`${sorted[7]}!`)]).toEqual([0, 150, 8, 8]);
  expect([list({}).window(148, 5).length, list({}).window(150, 5).length, list({}).window(200, 5).length, list({}).window(0, 0).length]).toEqual([2, 0, 0, 0]);
});
