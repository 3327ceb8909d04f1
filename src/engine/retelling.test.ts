import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Dataset, defineDataset } from '../datasets/dataset.ts';
import { Facts, type Run } from './facts.ts';
import { Retelling } from './retelling.ts';
import { runsFrom } from './testing/runs.ts';

type Thing = { readonly id: string; readonly says: string };
const shape = { title: 'Things', row: z.custom<Thing>(), freshness: 9, key: ({ id }: Thing) => id, label: ({ id }: Thing) => id };
const states = defineDataset<Thing>({ ...shape, id: 'states' }) as unknown as Dataset;
const events = defineDataset<Thing>({ ...shape, id: 'events', happened: ({ says }) => says.length }) as unknown as Dataset;
const STREAM = 'git/main';

const thing = (id: string, says: string): Thing => ({ id, says });
const runOf = ({ id }: Dataset, at: number, record: number, rows: readonly Thing[], more: Partial<Run> = {}): Run =>
  runsFrom(record)({ id }, 'git', at, rows, more);
const retelling = (dataset: Dataset, facts = new Facts([states, events])) => new Retelling(dataset, STREAM, facts);

/** All that is known of a stream by its facts and looks. */
const knownOf = (facts: Facts, dataset: Dataset) => ({
  facts: [...facts.items(dataset)].sort().map((item) => facts.of(dataset, item)),
  looks: facts.runs(dataset, STREAM).map(({ at, record, complete }) => [at, record, complete]),
  every: [...facts.everyLook(dataset, STREAM)].map(({ at, record }) => `${at} ${record}`).sort(),
});

const told = fc.array(
  fc.record({
    at: fc.nat(6),
    complete: fc.constantFrom(true, true, true, false),
    rows: fc.uniqueArray(fc.record({ id: fc.constantFrom('x', 'y'), says: fc.constantFrom('a', 'bb') }), { maxLength: 2, selector: ({ id }) => id }),
  }),
  { maxLength: 8 },
);

describe('a stream told from its beginning', () => {
  it.each([
    ['states', states],
    ['events', events],
  ])('is what it would be, had its runs been told as they came, of %s', (_, dataset) => {
    fc.assert(
      fc.property(told, (looks) => {
        const runs = looks.map(({ at, complete, rows }, record) => runOf(dataset, at, record, rows, { complete }));
        const [whole, again] = [new Facts([states, events]), new Facts([states, events])];
        for (const run of runs) whole.add(run);
        const its = retelling(dataset, again);
        for (const run of runs.toSorted((a, b) => a.at - b.at || a.record - b.record)) its.take(run);
        for (const change of again.replace(its)) expect(change.dataset).toBe(dataset);
        expect(knownOf(again, dataset)).toEqual(knownOf(whole, dataset));
      }),
      { numRuns: 200 },
    );
  });

  it.each<[string, readonly (readonly string[])[], readonly string[]]>([
    ['takes back what only the second telling for a start takes back', [[], ['x']], ['git/main/y']],
    ['keeps what the second telling for a start takes back no more', [['x'], []], ['git/main/x', 'git/main/y']],
    [
      'takes back what both take back, in whatever order',
      [
        ['y', 'x'],
        ['x', 'y'],
      ],
      [],
    ],
  ])('%s, told as it came and from the beginning', (_, takenBack, items) => {
    const first = runOf(events, 1, 0, [thing('x', 'a'), thing('y', 'a')]);
    const runs = [first, ...takenBack.map((withdrawn, place) => runOf(events, 3, 1 + place, [], { withdrawn }))];
    const [whole, again] = [new Facts([states, events]), new Facts([states, events])];
    const its = retelling(events, again);
    for (const run of runs) whole.add(run);
    for (const run of runs) its.take(run);
    Array.from(again.replace(its));
    const there = (facts: Facts) => [...facts.items(events)].filter((item) => facts.of(events, item).length > 0).sort();
    expect([there(whole), there(again)]).toEqual([items, items]);
  });

  it('rests on the record that told it first, where it was told again for the same start, and on the newer one where something else was told', () => {
    const its = retelling(states);
    its.take(runOf(states, 1, 5, [thing('x', 'a')]));
    its.take(runOf(states, 1, 6, [thing('x', 'a')]));
    its.take(runOf(states, 2, 7, [thing('x', 'b')]));
    its.take(runOf(states, 2, 8, [thing('x', 'c')]));
    its.take(runOf(states, 2, 9, [thing('x', 'c')]));
    const { table, runs, superseded } = its.told();
    expect(table.of(`${STREAM}/x`).map(({ from, row, records }) => [from, row.says, records])).toEqual([
      [1, 'a', [5]],
      [2, 'c', [8]],
    ]);
    expect([runs.map(({ record, taught }) => [record, taught]), superseded.map(({ record }) => record)]).toEqual([
      [
        [6, 5],
        [9, 8],
      ],
      [5, 7, 8],
    ]);
  });

  it('does not take what another start told for what the same start told before', () => {
    const its = retelling(states);
    its.take(runOf(states, 1, 5, [thing('x', 'a')]));
    its.take(runOf(states, 2, 6, [thing('x', 'a')]));
    expect(its.told().runs.map(({ record, taught }) => [record, taught])).toEqual([
      [5, 5],
      [6, 6],
    ]);
  });

  it('knows the newest record that told of it, in whatever order they told, and -1 where none did', () => {
    const newest = (...runs: readonly (readonly [at: number, record: number])[]) => {
      const its = retelling(states);
      for (const [at, record] of runs) its.take(runOf(states, at, record, []));
      return its.told().newest;
    };
    expect([newest(), newest([1, 0]), newest([1, 7], [2, 3]), newest([1, 3], [2, 7], [3, 5])]).toEqual([-1, 0, 7, 7]);
    expect(retelling(states).told()).toMatchObject({ id: STREAM, runs: [], superseded: [] });
  });

  it('takes runs in the order of their starts, those of one start in the order of their records, and refuses any other', () => {
    const its = retelling(states);
    const takes = (at: number, record: number) => its.takes({ at, record });
    expect([takes(-9, 0), takes(9, 0)]).toEqual([true, true]);
    its.take(runOf(states, 5, 4, []));
    expect([takes(6, 1), takes(6, 9), takes(5, 5), takes(5, 4), takes(5, 3), takes(4, 9), takes(4, 3)]).toEqual([true, true, true, true, false, false, false]);
    expect(() => its.take(runOf(states, 4, 9, []))).toThrow(new RangeError('record 9 tells of git/main out of order'));
    expect(() => its.take(runOf(states, 5, 3, []))).toThrow(RangeError);
    expect(its.told().runs.map(({ record }) => record)).toEqual([4]);
  });
});
