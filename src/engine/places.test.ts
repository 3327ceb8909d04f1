import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Memory } from './memory.ts';
import { BLOCK, blockOf, isOf, Places, streamOf } from './places.ts';
import { small } from './testing/small.ts';

const NAMES = Array.from({ length: 3 * BLOCK - 40 }, (_, place) => `source%2F${place % 3}/part${place % 2}/key/${place}`);
const added = (memory: Memory, names: readonly string[]) => {
  const places = new Places(memory);
  for (const [place, name] of names.entries()) expect(places.add(name)).toBe(place);
  return places;
};
/** As it is put back from where it was kept: nothing is at hand. */
const putBack = (from: Places, memory: Memory): Places => {
  const places = new Places(memory);
  for (const block of from.blocks()) {
    const kept = JSON.stringify(from.block(block));
    places.wait(block, () => JSON.parse(kept) as readonly string[]);
  }
  return places;
};

it('names the stream of an item by the first two parts of its id', () => {
  expect(streamOf('source/partition/key')).toBe('source/partition');
  expect(streamOf('a/b/c/d/e')).toBe('a/b');
  for (const [item, stream, is] of [
    ['a/b/c', 'a/b', true],
    ['a/b/c/d', 'a/b', true],
    ['a/bc/d', 'a/b', false],
    ['x/a/b/c', 'a/b', false],
    ['a/b', 'a/b', false],
    ['/a/b', '', false],
  ] as const)
    expect(isOf(item, stream), `${item} of ${stream}`).toBe(is);
});

it('gives each item a place of its own in the order of telling, and finds it there', () => {
  for (const memory of [new Memory(), small()])
    for (const places of [added(memory, NAMES), putBack(added(memory, NAMES), memory)]) {
      expect(places.count).toBe(NAMES.length);
      expect(NAMES.map((_, place) => places.name(place))).toEqual(NAMES);
      expect(places.name(NAMES.length)).toBe('');
      // In the order of telling, backwards, and leaping: what was found last is but a guess.
      for (const step of [1, -1, 77])
        for (let count = 0, place = 0; count < NAMES.length; count++, place = (place + step + NAMES.length) % NAMES.length)
          expect(places.find(NAMES[place] ?? '')).toBe(place);
      expect(places.find('source/part/another')).toBeUndefined();
      expect(places.find('')).toBeUndefined();
      for (const place of [0, 5, NAMES.length - 1]) expect(places.add(NAMES[place] ?? '')).toBe(place);
      expect(places.count).toBe(NAMES.length);
    }
});

it('tells the stream of each place, and the places of each stream, of later ones too', () => {
  const places = putBack(added(new Memory(), NAMES), small());
  const ofStream = (stream: string, names: readonly string[]) => names.flatMap((name, place) => (name.startsWith(`${stream}/`) ? [place] : []));
  expect(places.of('source%2F1/part0')).toEqual(ofStream('source%2F1/part0', NAMES));
  for (const place of [NAMES.length - 1, 3, 0]) expect(places.streamAt(place)).toBe(streamOf(NAMES[place] ?? ''));
  expect(places.of('source%2F1/part')).toEqual([]);
  const more = ['source%2F1/part0/new', 'another/stream/key'];
  for (const name of more) places.add(name);
  const all = [...NAMES, ...more];
  for (const stream of ['source%2F1/part0', 'source%2F0/part1', 'another/stream']) expect(places.of(stream)).toEqual(ofStream(stream, all));
});

it('keeps names in blocks, of which those are kept anew that something was added to', () => {
  const places = added(new Memory(), NAMES);
  expect(places.blocks()).toEqual([0, 1, 2]);
  expect(places.blocks().flatMap((block) => places.block(block))).toEqual(NAMES);
  expect([places.block(0).length, places.block(2).length, places.block(3)]).toEqual([BLOCK, BLOCK - 40, []]);
  expect([...places.changed]).toEqual([0, 1, 2]);
  places.changed.clear();
  places.add(NAMES[0] ?? '');
  expect([...places.changed]).toEqual([]);
  places.add('one/more/key');
  expect([...places.changed]).toEqual([2]);
  expect([0, BLOCK - 1, BLOCK, 2 * BLOCK].map(blockOf)).toEqual([0, 0, 1, 2]);
});

it('goes on where it was put back, with a full block as with one that is not', () => {
  for (const count of [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK]) {
    const places = putBack(added(new Memory(), NAMES.slice(0, count)), small());
    expect(places.count).toBe(count);
    expect(places.add('one/more/key')).toBe(count);
    expect([places.count, places.name(count), places.find('one/more/key')]).toEqual([count + 1, 'one/more/key', count]);
    expect(places.blocks().length).toBe(Math.ceil((count + 1) / BLOCK));
  }
});

it('says which block is missing, rather than give a place twice', () => {
  const kept = added(new Memory(), NAMES);
  const without = (missing: number) => {
    const places = new Places(new Memory());
    for (const block of kept.blocks()) if (block !== missing) places.wait(block, () => kept.block(block));
    return () => places.count;
  };
  expect(without(0)).toThrow(new RangeError('the items of block 0 are missing'));
  expect(without(1)).toThrow(new RangeError('the items of block 1 are missing'));
  expect(without(2)()).toBe(2 * BLOCK);
});

it('finds what was added among any names, however alike', () => {
  const name = fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('p', 'q'), fc.string({ unit: fc.constantFrom('a', '/', 'Ä', '\u0000'), maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(name), (parts) => {
      const places = new Places(small());
      const order: string[] = [];
      for (const part of parts) {
        const item = part.join('/');
        if (!order.includes(item)) order.push(item);
        expect(places.add(item)).toBe(order.indexOf(item));
      }
      expect(order.map((item) => places.find(item))).toEqual(order.map((_, place) => place));
      expect([...new Set(order.map(streamOf))].flatMap((stream) => places.of(stream)).sort((a, b) => a - b)).toEqual(order.map((_, place) => place));
    }),
  );
});
