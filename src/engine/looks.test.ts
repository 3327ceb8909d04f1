import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { type Dataset, defineDataset } from '../datasets/dataset.ts';
import { Coverage, type Expected } from './coverage.ts';
import { Facts, type Run } from './facts.ts';
import { lookDistances, sourcesAsked } from './looks.ts';
import { owned } from './testing/checks/datasets.ts';

const START = instant('2026-03-02T00:00:00Z');
/** Instants next to each other: between two of them there is no time without a look. */
const at = (tick: number) => (tick === Infinity ? NEVER : START + tick);
type Thing = { readonly id: string; readonly at: number };
const shape = { title: 'Things', row: z.custom<Thing>(), key: ({ id }: Thing) => id, label: ({ id }: Thing) => id };
const states = defineDataset<Thing>({ ...shape, id: 'test.states', freshness: 3 }) as unknown as Dataset;
const events = defineDataset<Thing>({ ...shape, id: 'test.events', freshness: 3, happened: (row) => row.at }) as unknown as Dataset;
const lasting = defineDataset<Thing>({ ...shape, id: 'test.lasting', freshness: NEVER }) as unknown as Dataset;
const ALL = [states, events, lasting];

/** A look of a source at a tick, and for how many ticks back events were asked for. */
interface Told {
  readonly source: string;
  readonly tick: number;
  readonly complete: boolean;
  readonly back: number;
}
const told = fc.uniqueArray(
  fc.record({ source: fc.constantFrom('one', 'two'), tick: fc.nat(20), complete: fc.boolean(), back: fc.integer({ min: 1, max: 4 }) }),
  {
    maxLength: 14,
    selector: ({ source, tick }) => `${source} ${tick}`,
  },
);
const expecting = fc
  .record({ from: fc.integer({ min: -2, max: 12 }), lasts: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.constant(Infinity)) })
  .map(({ from, lasts }) => ({ from, to: from + lasts }));
const period = fc.tuple(fc.integer({ min: -2, max: 22 }), fc.nat(12)).map(([from, lasts]) => ({ from, to: from + lasts }));

/** Of later looks the records are lower: nothing may rest on their order. */
const runOf = ({ id, happened }: Dataset, { source, tick, complete, back }: Told): Run => ({
  ...{ dataset: id, source, partition: 'main', at: at(tick), complete, reason: null, rows: [], record: 100 - tick },
  ...(happened ? { polled: { from: at(tick - back + 1), to: at(tick + 1) } } : {}),
});
function coverageOf(looks: readonly (readonly [Dataset, Told])[], expected: readonly Omit<Expected, 'partition'>[]): Coverage {
  const facts = new Facts(ALL);
  for (const [dataset, look] of looks) facts.add(runOf(dataset, look));
  return new Coverage(
    facts,
    ALL,
    expected.map((its) => ({ ...its, partition: 'main', from: at(its.from), to: at(its.to) })),
  );
}
const spanOf = ({ from, to }: Period): Period => ({ from: at(from), to: at(to) });

/** The longest pair of neighbours among the looks, the first of those that are as long; where nobody looked by the beginning that is one of them, and the end is. */
function longestOf(looked: readonly number[], from: number, to: number): Period | null {
  const before = looked.filter((tick) => tick < to).sort((a, b) => a - b);
  const points = [...((before[0] ?? Infinity) > from ? [from] : []), ...before, to];
  const pairs = points
    .slice(1)
    .map((end, place) => ({ from: points[place] ?? 0, to: end }))
    .filter((its) => its.to > from && its.to - its.from > 1);
  return pairs.reduce<Period | null>((most, its) => (most && most.to - most.from >= its.to - its.from ? most : its), null);
}

describe('the longest time between two looks', () => {
  it.each([
    ['states', states],
    ['events', events],
  ])('is that of the source which was looked at least often, of %s', (_, dataset) => {
    fc.assert(
      fc.property(told, expecting, expecting, period, (looks, one, two, asked) => {
        const expected = [
          { dataset: dataset.id, source: 'one', ...one },
          { dataset: dataset.id, source: 'two', ...two },
        ];
        const coverage = coverageOf(
          looks.map((look) => [dataset, look]),
          expected,
        );
        const [distance] = lookDistances(coverage, spanOf(asked))({ population: dataset, with: {} });
        const its = expected.filter(({ from, to }) => from < asked.to && asked.from < to);
        const complete = looks.filter((look) => look.complete && its.some(({ source }) => source === look.source));
        const longest = its.flatMap(({ source, from, to }) => {
          const looked = complete.flatMap((look) =>
            look.source === source ? Array.from({ length: dataset.happened ? look.back : 1 }, (__, back) => look.tick - back) : [],
          );
          const found = longestOf([...new Set(looked)], Math.max(from, asked.from), Math.min(to, asked.to));
          return found ? [{ ...found, source }] : [];
        });
        const most = longest.reduce<(typeof longest)[number] | null>(
          (known, next) => (known && known.to - known.from >= next.to - next.from ? known : next),
          null,
        );
        expect(distance).toEqual({
          dataset: dataset.id,
          looks: complete.filter(({ tick }) => asked.from <= tick && tick < asked.to).length,
          longest: most && { ...most, from: at(most.from), to: at(most.to), partition: 'main' },
        });
      }),
      { numRuns: 400 },
    );
  });

  it('ends with the look at what is declared once and for all', () => {
    const look = { source: 'one', complete: true, back: 1 };
    const distance = (ticks: readonly number[], from: number) =>
      lookDistances(
        coverageOf(
          ticks.map((tick) => [lasting, { ...look, tick }]),
          [{ dataset: lasting.id, source: 'one', from: 0, to: Infinity }],
        ),
        spanOf({ from, to: 20 }),
      )({ population: lasting, with: {} })[0];
    // It is looked at ever since, in whatever period.
    expect([distance([6, 8], 2)?.longest, distance([6], 8)?.longest, distance([], 2)?.longest]).toEqual([
      { from: at(2), to: at(6), source: 'one', partition: 'main' },
      null,
      { from: at(2), to: at(20), source: 'one', partition: 'main' },
    ]);
  });

  it('is told of each dataset that sources tell of and that a check reads, once, and of one of which no source was to tell', () => {
    const looks: readonly (readonly [Dataset, Told])[] = [3, 5, 9].map((tick) => [states, { source: 'one', tick, complete: tick !== 5, back: 1 }]);
    const distances = lookDistances(coverageOf(looks, [{ dataset: states.id, source: 'one', from: 0, to: Infinity }]), spanOf({ from: 0, to: 20 }));
    const statesOf = { dataset: states.id, looks: 2, longest: { from: at(9), to: at(20), source: 'one', partition: 'main' } };
    const eventsOf = { dataset: events.id, looks: 0, longest: null };
    const joined = { some: { rows: events }, more: { rows: states } } as never;
    expect([distances({ population: states, with: joined }), distances({ population: events, with: {} })]).toEqual([[statesOf, eventsOf], [eventsOf]]);
    expect(
      distances({ population: owned as never, with: {} })
        .map(({ dataset }) => dataset)
        .sort(),
    ).toEqual(['accounts', 'nicknames', 'workers']);
  });
});

it('tells of each source that was asked in a period how often it answered, and the records of its last look before and of its first and last in it', () => {
  fc.assert(
    fc.property(told, expecting, expecting, period, (looks, one, two, asked) => {
      const expected = [
        { dataset: states.id, source: 'one', ...one },
        { dataset: states.id, source: 'two', ...two },
      ];
      const coverage = coverageOf(
        looks.map((look) => [states, look]),
        expected,
      );
      expect(sourcesAsked(coverage, states.id, spanOf(asked))).toEqual(
        expected
          .filter(({ from, to }) => from < asked.to && asked.from < to)
          .map(({ source }) => {
            const its = looks.filter((look) => look.source === source).sort((a, b) => a.tick - b.tick);
            const there = its.filter(({ tick }) => asked.from <= tick && tick < asked.to);
            const whole = there.filter(({ complete }) => complete);
            const told = [its.filter(({ tick, complete }) => complete && tick < asked.from).at(-1), whole.at(0), whole.at(-1)];
            const records = new Set(told.flatMap((look) => (look ? [100 - look.tick] : [])));
            return { source, partition: 'main', complete: whole.length, incomplete: there.length - whole.length, records: [...records].sort((a, b) => a - b) };
          }),
      );
    }),
    { numRuns: 400 },
  );
});

it('tells the records of the looks around a period in the order of the log', () => {
  const looks: readonly (readonly [Dataset, Told])[] = [1, 2, 4, 5, 6, 8].map((tick) => [states, { source: 'one', tick, complete: tick !== 5, back: 1 }]);
  const coverage = coverageOf(looks, [{ dataset: states.id, source: 'one', from: 0, to: Infinity }]);
  const asked = (from: number, to: number) => sourcesAsked(coverage, states.id, spanOf({ from, to })).map(({ source: _, partition: __, ...its }) => its);
  expect([asked(3, 8), asked(5, 6), asked(6, 7), asked(0, 1), asked(4, 5)]).toEqual([
    [{ complete: 2, incomplete: 1, records: [94, 96, 98] }],
    [{ complete: 0, incomplete: 1, records: [96] }],
    [{ complete: 1, incomplete: 0, records: [94, 96] }],
    [{ complete: 0, incomplete: 0, records: [] }],
    [{ complete: 1, incomplete: 0, records: [96, 98] }],
  ]);
});
