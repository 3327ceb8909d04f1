import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { hours, instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { type Dataset, defineDataset, type Row } from '../datasets/dataset.ts';
import { Coverage, type Expected } from './coverage.ts';
import { Facts, type Run, streamId } from './facts.ts';

const START = instant('2026-03-02T00:00:00Z');
const FRESH = 3;
const at = (hour: number) => START + hours(hour);
type Thing = {
  readonly id: string;
  readonly at: number;
};
const shape = { title: 'Things', row: z.custom<Thing>(), freshness: hours(FRESH), key: ({ id }: Thing) => id, label: ({ id }: Thing) => id };
const states = defineDataset<Thing>({ ...shape, id: 'test.states' }) as unknown as Dataset;
const events = defineDataset<Thing>({ ...shape, id: 'test.events', happened: (row) => row.at }) as unknown as Dataset;
const SOURCES = ['one', 'two'] as const;
const HOURS = Array.from({ length: 30 }, (_, hour) => hour - 3);

/** A look of a source: complete or not. */
interface Told {
  readonly source: string;
  readonly hour: number;
  readonly complete: boolean;
}

const runOf = (dataset: Dataset, { source, hour, complete }: Told, record: number, more: Partial<Run> = {}): Run => ({
  ...{
    dataset: dataset.id,
    source,
    partition: 'main',
    at: at(hour),
    complete,
    reason: complete ? null : 'it did not answer',
    rows: [] as readonly Row[],
    record,
  },
  ...more,
});
const expectedOf = (dataset: Dataset, source: string, from = 0, to = Infinity): Expected => ({
  ...{ dataset: dataset.id, source, partition: 'main' },
  ...{ from: at(from), to: to === Infinity ? NEVER : at(to) },
});
function coverageOf(runs: readonly Run[], expected: readonly Expected[]) {
  const facts = new Facts([states, events]);
  for (const run of runs) facts.add(run);
  return new Coverage(facts, [states, events], expected);
}
const covers = (periods: readonly Period[], hour: number) => periods.some((period) => holds(period, at(hour)));

const told = fc.array(fc.record({ source: fc.constantFrom(...SOURCES), hour: fc.nat(20), complete: fc.boolean() }), { maxLength: 12 });
const expecting = fc.array(
  fc.record({
    source: fc.constantFrom(...SOURCES),
    from: fc.integer({ min: -2, max: 12 }),
    lasts: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(Infinity)),
  }),
  { minLength: 1, maxLength: 2 },
);

it('covers what every source that is expected then told of within its freshness, and knows whether all were looked at since', () => {
  fc.assert(
    fc.property(told, expecting, fc.nat(20), (looks, wanted, since) => {
      const ordered = looks
        .toSorted((a, b) => a.hour - b.hour)
        .filter((its, place, all) => all.findIndex((o) => o.source === its.source && o.hour === its.hour) === place);
      const expected = wanted.map(({ source, from, lasts }) => expectedOf(states, source, from, from + lasts));
      const coverage = coverageOf(
        ordered.map((its, record) => runOf(states, its, record)),
        expected,
      );
      const lookedAt = (source: string, from: number, to: number) =>
        ordered.some((its) => its.source === source && its.complete && from <= its.hour && its.hour <= to);
      const then = (hour: number) => expected.filter((its) => holds(its, at(hour))).map(({ source }) => source);
      // Asked twice, for it is remembered.
      for (const hour of [...HOURS, ...HOURS]) {
        const all = then(hour);
        const isCovered = all.length > 0 && all.every((source) => lookedAt(source, hour - FRESH + 1, hour));
        expect(covers(coverage.dataset(states.id), hour), `hour ${hour}`).toBe(isCovered);
        expect(covers(coverage.population(states), hour)).toBe(isCovered);
        expect(covers(coverage.expected(states.id), hour)).toBe(all.length > 0);
        expect(covers(coverage.lookedSince(states.id, at(since)), hour), `since ${since}, hour ${hour}`).toBe(
          hour >= since && all.every((source) => lookedAt(source, since, hour)),
        );
        expect(coverage.newestLooks(states.id, at(hour))).toEqual(
          expected.flatMap(({ source }) => {
            const newest = ordered.findLastIndex((its) => its.source === source && its.complete && its.hour <= hour);
            return newest < 0 ? [] : [newest];
          }),
        );
        if (!isCovered)
          expect(coverage.explain(states.id, at(hour)).length).toBe(Math.max(1, all.filter((source) => !lookedAt(source, hour - FRESH + 1, hour)).length));
        else expect(coverage.explain(states.id, at(hour))).toEqual([]);
        const hourly = { from: at(hour), to: at(hour + 1) };
        expect(coverage.asked(states.id, hourly).map(({ source }) => source)).toEqual(all);
      }
      const edges = new Set(coverage.edges());
      for (const { from, to } of coverage.dataset(states.id)) expect([edges.has(from), edges.has(to)]).toEqual([true, true]);
      for (const its of ordered) if (its.complete) expect(edges.has(at(its.hour))).toBe(true);
    }),
    { numRuns: 150 },
  );
});

it('claims of events what was polled, and beyond it for as long as the newest poll is fresh', () => {
  const polled = (from: number, to: number, record: number) =>
    runOf(events, { source: 'one', hour: to, complete: true }, record, { polled: { from: at(from), to: at(to) } });
  const coverage = coverageOf([polled(0, 4, 0), polled(9, 10, 1)], [expectedOf(events, 'one')]);
  expect(HOURS.filter((hour) => covers(coverage.dataset(events.id), hour))).toEqual([0, 1, 2, 3, 9, 10, 11, 12]);
});

it('says of each source why it does not cover an instant', () => {
  const coverage = coverageOf(
    [
      runOf(states, { source: 'one', hour: 0, complete: true }, 0),
      runOf(states, { source: 'one', hour: 4, complete: false }, 1, { reason: 'the token had expired.' }),
      runOf(states, { source: 'one', hour: 6, complete: false }, 2, { reason: null }),
      runOf(states, { source: 'three/main', hour: 2, complete: false }, 3),
    ],
    [expectedOf(states, 'one'), expectedOf(states, 'two', 2), expectedOf(states, 'three/main', 0, 8)],
  );
  const said = (hour: number) => coverage.explain(states.id, at(hour));
  expect(said(-1)).toEqual(['No source is connected that tells of test.states.']);
  expect(said(1)).toEqual(['three/main has not been asked for test.states yet.']);
  expect(said(4)).toEqual([
    'one (main) has given no complete evidence of test.states since 2026-03-02T00:00:00Z: the token had expired.',
    'two (main) has not been asked for test.states yet.',
    'three/main has given no complete evidence of test.states so far: it did not answer.',
  ]);
  expect(said(6)[0]).toBe('one (main) has given no complete evidence of test.states since 2026-03-02T00:00:00Z.');
  expect(coverage.explainPopulation(states, at(4))).toBe(said(4).join(' '));
  expect(coverage.explain('test.unheard', at(4))).toEqual(['No source is connected that tells of test.unheard.']);
});

it('knows nothing of a dataset that it was not given, though a source is expected to tell of it', () => {
  const unheard = { ...expectedOf(states, 'one'), dataset: 'test.unheard' };
  const coverage = coverageOf([runOf(states, { source: 'one', hour: 0, complete: true }, 0)], [expectedOf(states, 'one'), unheard]);
  const whole = { from: at(0), to: at(9) };
  expect([
    coverage.dataset('test.unheard'),
    coverage.lookedSince('test.unheard', at(0)),
    coverage.newestLooks('test.unheard', at(9)),
    coverage.asked('test.unheard', whole),
  ]).toEqual([[], [], [], []]);
  expect(coverage.explain('test.unheard', at(1))).toEqual(['No source is connected that tells of test.unheard.']);
  expect(coverage.expected('test.unheard')).toEqual([{ from: at(0), to: NEVER }]);
});

it('tells the runs and looks of whoever was expected at some time in a period, and of nobody who ended as it began or began as it ended', () => {
  const runs = [runOf(states, { source: 'one', hour: 1, complete: true }, 0), runOf(states, { source: 'one', hour: 2, complete: false }, 1)];
  const coverage = coverageOf(runs, [expectedOf(states, 'one', 0, 5), expectedOf(states, 'two', 5, 9)]);
  const sources = (from: number, to: number) => coverage.asked(states.id, { from: at(from), to: at(to) }).map(({ source }) => source);
  expect([sources(0, 5), sources(5, 6), sources(4, 6), sources(9, 12)]).toEqual([['one'], ['two'], ['one', 'two'], []]);
  const [one] = coverage.asked(states.id, { from: at(0), to: at(5) });
  expect([one?.runs.map(({ record, complete }) => [record, complete]), one?.looks.map(({ from }) => from)]).toEqual([
    [
      [0, true],
      [1, false],
    ],
    [at(1)],
  ]);
  expect(one).not.toHaveProperty('id');
});

it('covers nothing while nobody can tell what was to be expected, and says so', () => {
  const configured: Expected = { dataset: 'test.configured', source: 'configuration/acme', partition: 'main', from: at(0), to: NEVER };
  const kept = runOf(states, { source: 'one', hour: 0, complete: true }, 0);
  const configuration = (hour: number, record: number, more: Partial<Run>): Run => ({
    ...runOf(states, { source: configured.source, hour, complete: true }, record, more),
    dataset: configured.dataset,
  });
  const configurations = defineDataset<Thing>({ ...shape, id: configured.dataset }) as unknown as Dataset;
  const of = (more: Partial<Run>) => {
    const facts = new Facts([states, configurations]);
    for (const run of [configuration(0, 1, {}), configuration(1, 2, more), configuration(2, 3, {}), kept]) facts.add(run);
    return new Coverage(facts, [states, configurations], [configured, expectedOf(states, 'one')]);
  };
  expect(HOURS.filter((hour) => covers(of({}).dataset(states.id), hour))).toEqual([0, 1, 2]);
  const lost = of({ complete: false, reason: 'disposed of' });
  expect(streamId(configured.source, configured.partition)).toBe('configuration%2Facme/main');
  expect(HOURS.filter((hour) => covers(lost.dataset(states.id), hour))).toEqual([0, 2]);
  expect(lost.explain(states.id, at(1))).toEqual([
    'Nobody can tell any more what tickmark.yaml said then, and so which sources were to speak: the record of it was disposed of.',
  ]);
});
