import { expect, it } from 'vitest';
import { days, instant } from '../core/instant.ts';
import type { Row } from '../datasets/dataset.ts';
import { Assessor, type Waiver } from './assess.ts';
import { countsAt } from './counts.ts';
import { Coverage } from './coverage.ts';
import { Engine } from './engine.ts';
import { type Run, streamId } from './facts.ts';
import { deviationSeries, drawnAs, outcomesAt, saidAt } from './series.ts';
import { accessKeysRotated } from './testing/checks/access-keys-rotated.ts';
import { changeApproved } from './testing/checks/change-approved.ts';
import { accessKeys, pullRequests, reviews } from './testing/checks/datasets.ts';

const NOW = instant('2026-06-01T12:00:00Z');
const [SOURCE, PARTITION] = ['made-up', 'acme'];
const always = { from: -Infinity, to: Infinity };
const expected = [accessKeys, pullRequests, reviews].map(({ id }) => ({ dataset: id, source: SOURCE, partition: PARTITION, ...always }));
const runOf = (dataset: string, record: number, rows: readonly Row[], over: Partial<Run> = {}): Run => ({
  ...{ dataset, source: SOURCE, partition: PARTITION, at: NOW - days(1), complete: true, reason: null, rows, record },
  ...over,
});
const waived = (key: string): Waiver => ({
  ...{ check: accessKeysRotated.id, item: `${streamId(SOURCE, PARTITION)}/${key}`, from: NOW - days(9), to: NOW + days(9) },
  ...{ id: 'W-1', because: 'it goes', by: 'ann', until: NOW + days(9), records: [] },
});

function grounds(runs: readonly Run[], waivers: readonly Waiver[] = []) {
  const checks = [accessKeysRotated, changeApproved];
  const engine = Engine.from(checks, runs);
  const coverage = new Coverage(engine.facts, [accessKeys, pullRequests, reviews], expected);
  return { engine, coverage, assessor: new Assessor(engine, coverage, waivers) };
}
const key = (id: string, age: number): Row => ({ id, state: 'active', createdAt: NOW - days(age) });
const KEYS = [key('young', 9), key('old', 200), key('older', 300), key('waived', 200)];

it('draws a failure as waived where nothing but waived deviations is behind it', () => {
  const drawn = (['pass', 'fail', 'unknown', 'empty', 'excluded'] as const).flatMap((status) =>
    (['pass', 'fail', 'unknown', 'empty', 'excluded'] as const).map((alert) => `${status} ${alert}: ${drawnAs({ status, alert })}`),
  );
  const differing = drawn.filter((it) => it.split(': ')[1] !== it.split(' ')[0]);
  expect(differing).toEqual(['fail pass: waived', 'fail empty: waived']);
});

it('counts a waived deviation as waived, and only as that', () => {
  const on = grounds([runOf(accessKeys.id, 0, KEYS)], [waived('waived')]);
  const steps = deviationSeries(on, [accessKeysRotated], { from: NOW - days(1), to: NOW }, NOW, 100);
  expect(countsAt(steps, NOW - 1)?.counts).toEqual({ deviates: 2, unknown: 0, gaps: 0, waived: 1 });
  expect(outcomesAt(on, [accessKeysRotated], NOW, { from: NOW, to: NOW + 1 })).toEqual([
    {
      ...{ check: accessKeysRotated.id, title: accessKeysRotated.title, dataset: accessKeys.id, covered: true },
      ...{ deviates: 2, unknown: 0, waived: 1, conforms: 1 },
    },
  ]);
  expect([...saidAt(on, accessKeysRotated, NOW)].map(([place, said, happened]) => [place, said, happened])).toEqual([
    [0, 'conforms', null],
    [1, 'deviates', null],
    [2, 'deviates', null],
    [3, 'waived', null],
  ]);
});

it('says that a population is not covered once its source was silent for too long: what deviated goes on, what conformed is unknown', () => {
  const on = grounds([runOf(accessKeys.id, 0, KEYS)]);
  const later = NOW + days(30);
  const [told] = outcomesAt(on, [accessKeysRotated], later, { from: NOW, to: later });
  expect(told).toMatchObject({ covered: false, conforms: 0, deviates: 3, unknown: 1 });
  const before = outcomesAt(on, [accessKeysRotated], NOW - days(2), { from: NOW, to: later });
  expect(before).toMatchObject([{ covered: false, unknown: 0, deviates: 0 }]);
});

it('counts events of the period up to the instant, that of the instant too', () => {
  const merged = (id: string, at: number): Row => ({ id, author: 'ann', mergedAt: at });
  const pulls = [merged('before', NOW - days(4) - 1), merged('first', NOW - days(4)), merged('last', NOW - days(2)), merged('after', NOW - days(2) + 1)];
  const polled = { from: NOW - days(20), to: NOW };
  const on = grounds([runOf(pullRequests.id, 0, pulls, { polled }), runOf(reviews.id, 1, [], { polled })]);
  const at = (instantOf: number, to = NOW) => {
    const [its] = outcomesAt(on, [changeApproved], instantOf, { from: NOW - days(4), to });
    return (its?.deviates ?? 0) + (its?.unknown ?? 0) + (its?.conforms ?? 0);
  };
  expect([at(NOW - days(2)), at(NOW - days(2) - 1), at(NOW - days(2) + 1), at(NOW, NOW - days(2)), at(NOW - days(9))]).toEqual([2, 1, 3, 1, 0]);
});
