import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row } from '../datasets/dataset.ts';
import { Engine } from './engine.ts';
import { type Fact, ReplayNeeded, type Run } from './facts.ts';
import { Memory } from './memory.ts';
import { BLOCK } from './places.ts';
import { hashOf, Postings } from './postings.ts';
import { Shelf } from './shelf.ts';
import { ordered } from './ordered.ts';
import { CHECKS, START, TICK } from './testing/histories.ts';
import { small } from './testing/small.ts';
import { retold } from './testing/retold.ts';
import { told } from './testing/told.ts';

const NUMBERS = {
  unpack: (packed: readonly number[]) => [...packed],
  pack: (its: number[]) => (its.length === 0 ? null : [...its]),
  bytes: (its: number[]) => 100 * its.length,
  copy: (its: number[]) => [...its],
  isEmpty: (its: number[]) => its.length === 0,
};

it('lets go of what was asked for longest ago, and of nothing that changed and was never kept', () => {
  const memory = new Memory(1000);
  const shelf = new Shelf(memory, NUMBERS);
  const read = Array.from({ length: 5 }, () => 0);
  for (let block = 0; block < 5; block++)
    shelf.wait(block, () => {
      read[block] = (read[block] ?? 0) + 1;
      return [block, block, block];
    });
  for (const block of [0, 1, 2, 0, 3]) shelf.get(block);
  expect([[...shelf.held()].map(({ block }) => block), memory.weigh()]).toEqual([[0, 3], 600]);
  shelf.get(1);
  expect(read).toEqual([1, 2, 1, 1, 0]);

  const changed = new Shelf(memory, NUMBERS);
  for (let block = 0; block < 20; block++) {
    changed.edit(block, () => []).push(block);
    changed.edited(block);
  }
  for (const block of [0, 1, 2, 3, 4]) shelf.get(block);
  expect([...changed.held()].length).toBe(20);
  expect(changed.pack(7)).toEqual([7]);
});

it('rests with a quarter of its room, once what was learned is kept', () => {
  const memory = new Memory(1000);
  const shelf = new Shelf(memory, NUMBERS);
  for (let block = 0; block < 9; block++) {
    shelf.edit(block, () => []).push(block);
    shelf.edited(block);
  }
  memory.rest();
  expect([...shelf.held()].length, 'nothing was kept, and nothing may be lost').toBe(9);
  for (const block of shelf.changed) {
    shelf.changed.delete(block);
    shelf.kept(block, () => [block]);
  }
  memory.rest();
  expect([[...shelf.held()].map(({ block }) => block), memory.weigh()]).toEqual([[7, 8], 200]);
  expect(shelf.blocks().map((block) => shelf.pack(block))).toEqual(Array.from({ length: 9 }, (_, block) => [block]));
});

it('puts aside what changed, where there is a place for it, and still says that it is to be kept', () => {
  const aside: unknown[] = [];
  const memory = new Memory(300, (content) => {
    const place = aside.push(content) - 1;
    return () => aside[place];
  });
  const shelf = new Shelf(memory, NUMBERS);
  for (let block = 0; block < 9; block++) {
    shelf.edit(block, () => []).push(block, block);
    shelf.edited(block);
  }
  expect([...shelf.held()].length).toBeLessThan(3);
  expect(aside.length).toBeGreaterThan(5);
  expect([[...shelf.changed], shelf.blocks().map((block) => shelf.pack(block))]).toEqual([
    Array.from({ length: 9 }, (_, block) => block),
    Array.from({ length: 9 }, (_, block) => [block, block]),
  ]);
  const fork = new Shelf(memory, NUMBERS, shelf);
  fork.edit(0, () => []).push(99);
  fork.edited(0);
  expect([fork.pack(0), shelf.pack(0)]).toEqual([
    [0, 0, 99],
    [0, 0],
  ]);
});

it('finds every place by its value, however many were added one by one or at once', () => {
  const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.nat(3 * BLOCK)), { maxLength: 300 });
  fc.assert(
    fc.property(entries, entries, fc.boolean(), (first, then, many) => {
      const all = many ? [...then, ...Array.from({ length: 9000 }, (_, place) => [100 + (place % 7), place] as const)] : then;
      const postings = Postings.of(first.map(([value, place]) => [hashOf(value), place] as const));
      for (const [value, place] of all) postings.add(hashOf(value), place);
      const expected = Map.groupBy([...first, ...all], ([value]) => hashOf(value));
      for (const [hash, its] of expected)
        expect([...postings.of(hash)].sort((a, b) => a - b)).toEqual([...new Set(its.map(([, place]) => place))].sort((a, b) => a - b));
      expect(postings.of(hashOf('no value of these'))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

it('hashes a value as it did when an index was kept: another hash would find nothing', () =>
  expect(['', 'ann@acme.example', 'é', 1, -0, 0, 2 ** 40, true, false, null].map(hashOf)).toEqual([
    51965874, 35567119, 29049333, 7392273, 9224836, 9224836, 53889695, 59442113, 7641108, 28717398,
  ]));

it('gives many values in the order of their keys, a part at a time', () => {
  const count = 100_000;
  const keyOf = (entry: number) => ((entry * 7919) % count) / 3;
  let [atHand, most] = [0, 0];
  const values: number[] = [];
  for (const { key, taken } of ordered(
    Int32Array.from({ length: count }, (_, entry) => entry),
    {
      keyOf,
      compare: (a, b) => a - b,
      make: (entry) => {
        atHand++;
        most = Math.max(most, atHand);
        return { key: keyOf(entry), taken: () => atHand-- };
      },
    },
  )) {
    values.push(key);
    taken();
  }
  expect(values).toEqual(Array.from({ length: count }, (_, place) => place / 3));
  expect(most).toBeLessThan(60_000);
});

it('keeps the rows of few runs, and asks for the records again where a run comes late into the others', () => {
  const row = (number: number, at: number): Row => ({ id: `k${number}`, state: number % (at + 2) === 0 ? 'disabled' : 'active', createdAt: START });
  const run = (at: number): Run => ({
    dataset: 'access-keys',
    source: 'acme',
    partition: 'main',
    at: START + at * TICK,
    complete: true,
    reason: null,
    record: at,
    rows: Array.from({ length: 600 }, (_, number) => row(number, at)),
  });
  const runs = Array.from({ length: 30 }, (_, at) => run(at)).filter((_, at) => at !== 3);
  const engine = new Engine(CHECKS, [], small(2_000_000));
  for (const its of runs) engine.tell(its);
  const late = { ...run(3), record: 99 };
  expect(() => engine.tell(late)).toThrow(ReplayNeeded);

  engine.tellAnew([retold(engine, 'access-keys', 'acme/main', [...runs, late])]);
  engine.examineAll();
  expect(told(engine.state())).toEqual(
    told(
      Engine.from(
        CHECKS,
        [...runs, late].toSorted((a, b) => a.at - b.at),
      ).state(),
    ),
  );
  expect((engine.facts.of(CHECKS[0]!.population, 'acme/main/k8') as readonly Fact[]).length).toBeGreaterThan(3);
});
