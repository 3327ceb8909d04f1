import { expect, it } from 'vitest';
import { listsOf } from './lists.ts';

const list = (length: number) => ({ entries: Array.from({ length }, (_, place) => place), keys: [], asOf: null, about: null });

it('keeps so many entries in all, the least lately asked list goes first, and one that is too long is never kept', () => {
  const lists = listsOf(10);
  lists.keep('a', list(4));
  lists.keep('b', list(4));
  expect(lists.get('a')?.entries).toHaveLength(4);
  lists.keep('c', list(4));
  expect(['a', 'b', 'c'].map((name) => lists.get(name) !== undefined)).toEqual([true, false, true]);
  lists.keep('c', list(6)); // in its place
  expect([lists.get('a')?.entries.length, lists.get('c')?.entries.length]).toEqual([4, 6]);
  lists.keep('long', list(11));
  expect([lists.get('long'), lists.get('a')?.entries.length]).toEqual([undefined, 4]);
});
