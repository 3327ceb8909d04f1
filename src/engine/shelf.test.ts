import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Memory, type Put } from './memory.ts';
import { type Form, Shelf } from './shelf.ts';

/** A block of numbers; one that begins with -1 was kept, and counts no more. */
const FORM: Form<number[], readonly number[]> = {
  unpack: (packed) => (packed[0] === -1 ? null : [...packed]),
  pack: (its) => (its.length === 0 ? null : [...its]),
  bytes: (its) => 100 * its.length,
  copy: (its) => [...its],
  isEmpty: (its) => its.length === 0,
};
const aside: Put = (content) => {
  const text = JSON.stringify(content);
  return () => JSON.parse(text) as unknown;
};
const BLOCKS = [0, 1, 2, 3, 9];

/** What somebody may do to a shelf; what is kept is what was packed then. */
const act = fc.oneof(
  fc.record({ act: fc.constant('push' as const), block: fc.constantFrom(...BLOCKS), number: fc.integer({ min: 0, max: 9 }) }),
  fc.record({ act: fc.constantFrom('empty' as const, 'keep' as const, 'get' as const, 'glance' as const, 'fork' as const), block: fc.constantFrom(...BLOCKS) }),
);

it('gives of each block what was put there last, whether there is room for it or not', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), fc.constantFrom(1, 250, 1e6), fc.boolean(), (acts, room, canPut) => {
      const memory = new Memory(room, canPut ? aside : null);
      const model = new Map<number, number[]>();
      const olds: { readonly shelf: Shelf<number[], readonly number[]>; readonly was: ReadonlyMap<number, readonly number[]> }[] = [];
      const changed = new Set<number>();
      let shelf = new Shelf(memory, FORM);
      for (const one of acts) {
        if (one.act === 'push' || one.act === 'empty') {
          const its = shelf.edit(one.block, () => []);
          if (one.act === 'push') its.push(one.number);
          else its.length = 0;
          shelf.edited(one.block);
          model.set(one.block, one.act === 'push' ? [...(model.get(one.block) ?? []), one.number] : []);
          changed.add(one.block);
          expect([...shelf.changed].sort()).toEqual([...changed].sort());
        } else if (one.act === 'keep') {
          const packed = JSON.stringify(shelf.pack(one.block));
          expect(packed).toBe(JSON.stringify(model.get(one.block)?.length ? model.get(one.block) : null));
          shelf.changed.delete(one.block);
          changed.delete(one.block);
          if (packed !== 'null') shelf.kept(one.block, () => JSON.parse(packed) as readonly number[]);
        } else if (one.act === 'fork') {
          olds.push({ shelf, was: new Map([...model].map(([block, its]) => [block, [...its]])) });
          shelf = new Shelf(memory, FORM, shelf);
          changed.clear();
        } else expect(shelf[one.act](one.block) ?? []).toEqual(model.get(one.block) ?? []);
        for (const block of BLOCKS) expect(shelf.glance(block) ?? []).toEqual(model.get(block) ?? []);
      }
      for (const { shelf: old, was } of olds) for (const block of BLOCKS) expect(old.get(block) ?? []).toEqual(was.get(block) ?? []);
      for (const block of shelf.blocks()) expect(BLOCKS).toContain(block);
      for (const [block, its] of model) if (its.length > 0) expect(shelf.blocks()).toContain(block);
      if (room === 1e6) expect(shelf.blocks()).toEqual([...model].flatMap(([block, its]) => (its.length > 0 ? [block] : [])).sort((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});

it('is kept anew only where it changed since', () => {
  const shelf = new Shelf(new Memory(), FORM);
  shelf.edit(4, () => []).push(1);
  shelf.edited(4);
  shelf.kept(4, () => [99]); // what was kept is what it was before the change: it is not read from there
  expect(shelf.drop(4)).toBe(false);
  expect(shelf.get(4)).toEqual([1]);
  shelf.changed.delete(4);
  shelf.kept(4, () => [1]);
  expect([shelf.drop(4), [...shelf.held()], shelf.get(4)]).toEqual([true, [], [1]]);
  shelf.kept(7, () => [5]); // of a block that is not there nothing is kept
  expect([shelf.get(7), shelf.drop(7), shelf.blocks()]).toEqual([undefined, true, [4]]);
});

it('decodes a block once for whoever asks for it, and each time for whoever glances at others in between', () => {
  let read = 0;
  const counted = (its: readonly number[]) => () => {
    read++;
    return its;
  };
  const shelf = new Shelf(new Memory(), FORM);
  shelf.wait(0, counted([1, 2]));
  shelf.wait(1, counted([3]));
  expect([shelf.glance(0), shelf.glance(0), read]).toEqual([[1, 2], [1, 2], 1]);
  expect([...shelf.held()]).toEqual([]);
  expect([shelf.glance(1), shelf.glance(0), read]).toEqual([[3], [1, 2], 3]);
  expect([shelf.get(0), shelf.get(0), shelf.glance(0), read]).toEqual([[1, 2], [1, 2], [1, 2], 4]);
  expect([...shelf.held()].map(({ block, bytes }) => [block, bytes])).toEqual([[0, 200]]);
  expect([shelf.glance(5), shelf.get(5)]).toEqual([undefined, undefined]);
});

it('is to be kept anew without what counts no more', () => {
  const shelf = new Shelf(new Memory(), FORM);
  shelf.wait(2, () => [-1]);
  expect(shelf.blocks()).toEqual([2]);
  expect([shelf.glance(2), [...shelf.changed]]).toEqual([undefined, []]);
  expect([shelf.get(2), [...shelf.changed], shelf.blocks(), shelf.pack(2)]).toEqual([undefined, [2], [], null]);
});

it('puts aside what was never kept, where there is a place for it', () => {
  const memory = new Memory(150, aside);
  const shelf = new Shelf(memory, FORM);
  for (const block of [0, 1, 2]) {
    shelf.edit(block, () => []).push(block, block);
    shelf.edited(block);
  }
  expect([...shelf.held()].length).toBeLessThan(3);
  expect([0, 1, 2].map((block) => shelf.get(block)?.join())).toEqual(['0,0', '1,1', '2,2']);
  expect([...shelf.changed]).toEqual([0, 1, 2]);
});
