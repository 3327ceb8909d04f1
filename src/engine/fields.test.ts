import { describe, expect, it } from 'vitest';
import type { Value } from '../datasets/dataset.ts';
import type { Fact } from './fact.ts';
import { meets, packFields } from './fields.ts';
import { BLOCK } from './places.ts';
import { hashOf } from './postings.ts';

it('a value meets itself, a list each of its entries, and what is not there nothing', () => {
  expect([meets('a'), meets(''), meets(0), meets(false), meets(['a', 'b']), meets([])]).toEqual([['a'], [''], [0], [false], ['a', 'b'], []]);
  expect([meets(null), meets(undefined)]).toEqual([[], []]);
});

describe('what is kept of the fields of a block', () => {
  const factsOf = (...rows: readonly Readonly<Record<string, Value>>[]): readonly Fact[] =>
    rows.map((row, place) => ({ item: 's/p/x', stream: 's/p', row, from: place, to: place + 1, records: [place], needs: [], lacks: [] }));
  const entry = (value: Parameters<typeof hashOf>[0], place: number) => hashOf(value) * BLOCK + place;
  const ascending = (...entries: readonly number[]) => entries.toSorted((a, b) => a - b);

  it('is of each field which items had which value at some time, each once, ascending', () => {
    const block = [
      factsOf({ owner: 'ann', also: ['x', 'y'] }, { owner: 'bob', also: ['x'] }, { owner: 'ann', also: [] }),
      undefined,
      factsOf({ owner: 'ann' }),
    ];
    expect(packFields(block, ['owner', 'also'])).toEqual({
      owner: ascending(entry('ann', 0), entry('bob', 0), entry('ann', 2)),
      also: ascending(entry('x', 0), entry('y', 0)),
    });
  });

  it('is an empty list of a field in which nobody had anything', () => {
    expect(packFields([factsOf({ owner: null }), factsOf({})], ['owner'])).toEqual({ owner: [] });
  });

  it('is told of many values in the order of numbers', () => {
    const names = Array.from({ length: 40 }, (_, place) => `n${place}`);
    expect(
      packFields(
        names.map((owner) => factsOf({ owner })),
        ['owner'],
      )?.owner,
    ).toEqual(ascending(...names.map(entry)));
  });

  it('is nothing where no item has facts, where there is no item, and where no field is asked for', () => {
    expect([packFields([undefined, undefined], ['owner']), packFields([], ['owner']), packFields([factsOf({ owner: 'ann' })], [])]).toEqual([null, null, null]);
    expect(packFields([undefined, factsOf({ owner: 'ann' })], ['owner'])).toEqual({ owner: [entry('ann', 1)] });
  });
});
