import { expect, it } from 'vitest';
import { Journal } from './journal.ts';
import { KeptOrder } from './kept-order.ts';
import { lists } from './lists.ts';
import { Memory } from './memory.ts';
import { Places } from './places.ts';
import { finished, sortedInSteps } from './steps-of-work.ts';
import { Table } from './table.ts';

const fact = (item: string, name: string | number | null) => ({ item, row: { name }, from: 1, to: Infinity, first: null, records: [1], cites: null });

/** A table of so many items, and an order of their names that counts the facts it reads. */
function many(count: number) {
  const [places, memory] = [new Places(new Memory()), new Memory()];
  const table = new Table(places, lists(), memory);
  const name = (place: number, over: string | number | null) => table.set(places.add(`a/b/${place}`), [fact(`a/b/${place}`, over) as never]);
  for (let place = 0; place < count; place++) name(place, `n${String((place * 7919) % count).padStart(6, '0')}`);
  let read = 0;
  const nameOf = (place: number) => (table.at(place)[0]?.row.name ?? null) as string | number | null;
  const order = new KeptOrder(table, {
    *entries(asked) {
      for (const place of asked ?? Array.from(table.entries(), ([its]) => its)) {
        read++;
        if (table.at(place).length > 0) yield { place, from: 1, to: Infinity, next: Infinity, first: nameOf(place) };
      }
    },
    firstOf: ({ row }) => row.name as string,
    secondOf: (place) => places.name(place),
  });
  const names = () => Array.from(order.columns().places, nameOf);
  const reads = (act: () => unknown) => {
    const before = read;
    act();
    return read - before;
  };
  return { table, places, name, names, reads, order };
}

it('sorts in what was changed, and reads nothing else again', () => {
  const { table, name, names, reads } = many(3000);
  expect(reads(names)).toBe(3000);
  expect(reads(names)).toBe(0);
  name(5, 'n0');
  name(6, null);
  name(7, 8);
  table.set(8, []);
  name(3000, 'm');
  expect(reads(names)).toBe(5);
  const its = names();
  expect([its.slice(0, 4), its.length]).toEqual([[null, 8, 'm', 'n0'], 3000]);
  expect(its.slice(2)).toEqual(its.slice(2).toSorted());
});

it('sorts all of it anew where much was changed', () => {
  const { name, names, reads } = many(1000);
  names();
  for (let place = 0; place < 200; place++) name(place, `x${place}`);
  expect(reads(names)).toBe(1000);
  expect(names()).toEqual(names().toSorted());
});

it('is sorted ahead step by step, whatever is changed meanwhile', () => {
  const { name, names, order, reads } = many(20_000);
  let steps = 0;
  const read = reads(() => {
    for (const _ of order.ahead()) if (++steps === 40) name(19_999, 'a');
  });
  expect([read, steps > 60]).toEqual([20_000, true]);
  expect(reads(names)).toBe(1);
  name(3, 'b');
  const merging = order.ahead();
  merging.next();
  name(4, 'c');
  for (const _ of merging);
  expect(names().slice(0, 3).concat(names().toSorted().slice(0, 3))).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  expect(names()).toEqual(names().toSorted());
  name(5, 'd');
  expect([reads(() => finished(order.ahead())), reads(names)]).toEqual([1, 0]);
});

it.each([0, 1, 8192, 8193, 50_000])('sorts %s numbers in steps, of which equal ones stay as they were', (count) => {
  const key = (number: number) => (number * 7919) % 1000;
  const expected = Array.from({ length: count }, (_, number) => number).sort((a, b) => key(a) - key(b));
  expect([...finished(sortedInSteps(count, (a, b) => key(a) - key(b)))]).toEqual(expected);
});

it('says which places were changed since, until that is too many', () => {
  const journal = new Journal();
  const begun = journal.now;
  for (const place of [4, 2, 4]) journal.note(place);
  expect([journal.since(begun), journal.since(journal.now)]).toEqual([new Set([4, 2]), new Set()]);
  const then = journal.now;
  for (let place = 0; place < 16_384; place++) journal.note(place);
  expect([journal.since(then), journal.since(journal.now)]).toEqual([null, new Set()]);
  const last = journal.now;
  journal.note(9);
  journal.lose();
  expect([journal.since(last), journal.since(journal.now)]).toEqual([null, new Set()]);
});
