import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import type { Row } from '../datasets/dataset.ts';
import type { Fact } from './fact.ts';
import { meets } from './fields.ts';
import { Journal } from './journal.ts';
import { lists } from './lists.ts';
import { Memory } from './memory.ts';
import { BLOCK, Places } from './places.ts';
import { hashOf } from './postings.ts';
import { Table } from './table.ts';
import { small } from './testing/small.ts';

const PLACES = [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK];
const FIELDS = ['name', 'groups'];

const row = fc.record({
  name: fc.option(fc.constantFrom('ann', 'bob', 1, true)),
  groups: fc.subarray(['x', 'y']),
  other: fc.constantFrom('a', 'b'),
}) as fc.Arbitrary<Row>;
const facts = fc.array(fc.record({ row, lasts: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }).chain((all) =>
  fc.boolean().map((isOpen) => {
    let at = 0;
    return all.map(({ row: its, lasts }, place): Omit<Fact, 'item'> => {
      const from = at;
      at = isOpen && place === all.length - 1 ? NEVER : from + lasts;
      return { stream: 's/p', row: its, from, to: at, records: [place], needs: [], lacks: [] };
    });
  }),
);
const changes = fc.array(fc.tuple(fc.constantFrom(...PLACES), facts), { maxLength: 8 });

function placesIn(memory: Memory): Places {
  const places = new Places(memory);
  for (let place = 0; place <= (PLACES.at(-1) ?? 0); place++) places.add(`s/p/${place}`);
  return places;
}
const itemOf = (place: number) => `s/p/${place}`;

/** Looks at a table from every side, against what was set last. */
function agree(table: Table, model: ReadonlyMap<number, readonly Fact[]>): void {
  const there = [...model].filter(([, its]) => its.length > 0).sort(([a], [b]) => a - b);
  for (const place of PLACES) {
    const its = model.get(place) ?? [];
    expect([table.at(place), table.glanceAt(place), table.of(itemOf(place))]).toEqual([its, its, its]);
    expect(table.isOpen(place)).toBe(its.at(-1)?.to === NEVER);
  }
  expect([[...table.entries()], [...table.passing()]]).toEqual([there, there]);
  expect(table.blocks().flatMap((block) => [...table.glance(block)])).toEqual(there);
  expect(table.of('s/p/never told')).toEqual([]);
  for (const field of FIELDS) {
    const index = table.index(field);
    for (const value of ['ann', 'bob', 1, true, 'x', 'y', 'nobody']) {
      const having = there.flatMap(([place, its]) => (its.some(({ row: told }) => meets(told[field]).includes(value)) ? [place] : []));
      expect([...index.of(hashOf(value))].sort((a, b) => a - b)).toEqual(having);
    }
  }
}

it('holds of each item what was set last, and finds it by what it had in a field', () => {
  fc.assert(
    fc.property(changes, changes, fc.boolean(), (all, later, isSmall) => {
      const memory = isSmall ? small() : new Memory();
      const table = new Table(placesIn(memory), lists(), memory, FIELDS);
      const model = new Map<number, readonly Fact[]>();
      const set = (of: Table, into: Map<number, readonly Fact[]>, [place, told]: (typeof all)[number]) => {
        const its = told.map((fact): Fact => ({ item: itemOf(place), ...fact }));
        of.set(place, its);
        into.set(place, its);
      };
      for (const change of all) set(table, model, change);
      agree(table, model);
      expect(new Set(table.changed)).toEqual(new Set(all.map(([place]) => Math.floor(place / BLOCK))));

      // It is kept block by block, and read again where somebody asks.
      const again = new Table(table.places, lists(), memory, FIELDS);
      for (const block of table.blocks()) {
        const [packed, beside] = [JSON.stringify(table.pack(block)), JSON.stringify(table.packFields(block))];
        if (packed !== 'null') again.wait(block, () => JSON.parse(packed) as never);
        if (beside !== 'null') again.waitFields(block, () => JSON.parse(beside) as never);
        table.changed.delete(block);
        if (packed !== 'null') table.kept(block, () => JSON.parse(packed) as never);
        if (beside !== 'null') table.keptFields(block, () => JSON.parse(beside) as never);
      }
      agree(table, model);
      agree(again, model);

      // What goes on from it goes on apart from it.
      const [fork, own] = [again.fork(lists(), memory), new Map(model)];
      for (const change of later) set(fork, own, change);
      for (const change of later.toReversed()) set(again, model, change);
      agree(fork, own);
      agree(again, model);
    }),
    { numRuns: 100 },
  );
});

it('does not believe what is kept beside a block once that has changed', () => {
  const table = new Table(placesIn(new Memory()), lists(), new Memory(), FIELDS);
  const fact = (name: string): Fact => ({ item: itemOf(0), stream: 's/p', row: { name }, from: 0, to: NEVER, records: [0], needs: [], lacks: [] });
  table.set(0, [fact('ann')]);
  const stale = () => ({ name: [hashOf('old') * BLOCK], groups: [] });
  table.keptFields(0, stale);
  expect([...table.index('name').of(hashOf('ann'))], 'it is changed, and was not kept').toEqual([0]);
  table.changed.clear();
  table.keptFields(0, stale);
  expect([...table.index('name').of(hashOf('old'))]).toEqual([0]);
  table.set(0, [fact('bob')]);
  expect([...table.index('name').of(hashOf('bob')), ...table.index('name').of(hashOf('old'))]).toEqual([0]);
});

it('tells which items were changed since somebody looked, as long as it can', () => {
  const table = new Table(placesIn(new Memory()), lists(), new Memory(), FIELDS);
  table.set(0, []);
  const journal = table.journal();
  const then = journal.now;
  expect(journal.since(then)).toEqual(new Set());
  table.set(1, []);
  table.set(BLOCK, []);
  expect(table.journal()).toBe(journal);
  expect([journal.now, journal.since(then), journal.since(then + 1)]).toEqual([then + 2, new Set([1, BLOCK]), new Set([BLOCK])]);
  table.wait(0, () => ({ at: [], rests: [], counts: [], facts: [], rows: [] }));
  expect(journal.since(then + 1), 'a block was put back: anything in it may be another').toBeNull();
  const later = journal.now;
  table.set(1, []);
  expect(journal.since(later)).toEqual(new Set([1]));
});

it('forgets old changes, and never says of those that there were none', () => {
  const journal = new Journal();
  const MANY = 16_384;
  const begin = journal.now;
  for (let place = 0; place < MANY; place++) journal.note(place);
  expect(journal.since(begin)?.size).toBe(MANY);
  const then = journal.now;
  journal.note(MANY);
  expect([journal.since(begin), journal.since(then)]).toEqual([null, null]);
  const now = journal.now;
  expect(journal.since(now)).toEqual(new Set());
  journal.note(5);
  expect(journal.since(now)).toEqual(new Set([5]));
});
