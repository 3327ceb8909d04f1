import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Drawn } from './drawn.ts';
import { BLOCK } from './places.ts';
import { isSame, type Said, says } from './says.ts';
import { copyBlock, emptyBlock, isSameAt, packSteps, setSteps, type StepBlock, unpackSteps } from './step-block.ts';

interface Step {
  readonly from: number;
  readonly to: number;
  readonly said: Said;
}

const SAID: readonly Said[] = (
  [
    ['conforms', null, ['d'], [1]],
    ['conforms', null, ['d'], [2]],
    ['deviates', 'no owner', ['d'], [1]],
    ['deviates', 'no owner', ['d', 'e'], [1, 2]],
    ['unknown', 'no answer', [], [3]],
  ] as const
).map(([kind, because, needs, records]) => ({ kind, because, needs, lacks: [], settled: false, records }));

const drawnOf = (steps: readonly Step[]): Drawn => {
  const drawn = new Drawn();
  for (const { from, to, said } of steps) drawn.step(from, to, said);
  return drawn;
};
const stepsIn = (block: StepBlock, item: number): readonly Step[] =>
  Array.from({ length: block.counts[item] ?? 0 }, (_, step) => {
    const at = (block.starts[item] ?? 0) + step;
    return { from: block.from[at] ?? Number.NaN, to: block.to[at] ?? Number.NaN, said: block.says[block.said[at] ?? -1] as Said };
  });

/** Steps in the order of time, of which no two neighbours that touch say the same. */
const steps = fc
  .array(
    fc.record({
      said: fc.constantFrom(...SAID),
      gap: fc.constantFrom(0, 0, 1),
      lasts: fc.integer({ min: 1, max: 3 }),
      isOpen: fc.constantFrom(false, false, true),
    }),
    {
      maxLength: 5,
    },
  )
  .map((all) => {
    let at = 0;
    const made: Step[] = [];
    for (const { said, gap, lasts, isOpen } of all) {
      const last = made.at(-1);
      if (last?.to === Infinity) break;
      const from = at + gap;
      at = isOpen ? Infinity : from + lasts;
      if (last && last.to === from && isSame(last.said, said)) made[made.length - 1] = { ...last, to: at };
      else made.push({ from, to: at, said });
    }
    return made;
  });
const ITEMS = [0, 1, 2, 100, BLOCK - 1];
const changes = fc.array(fc.tuple(fc.constantFrom(...ITEMS), steps), { maxLength: 12 });

it('holds the steps of each item as they were set last, and forgets what they were before', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const [block, model] = [emptyBlock(), new Map<number, readonly Step[]>()];
      for (const [item, its] of all) {
        const drawn = drawnOf(its);
        expect(isSameAt(block, item, drawn)).toBe(JSON.stringify(model.get(item) ?? []) === JSON.stringify(its));
        setSteps(block, item, drawn);
        model.set(item, its);
        expect(isSameAt(block, item, drawn)).toBe(true);
        for (const one of ITEMS) expect(stepsIn(block, one)).toEqual(model.get(one) ?? []);
        expect(block.items).toBe([...model.values()].filter(({ length }) => length > 0).length);
        expect(block.used - block.left).toBe([...model.values()].reduce((sum, { length }) => sum + length, 0));
      }
    }),
  );
});

it('is kept as the same whatever it was before, and read as what it was', () => {
  fc.assert(
    fc.property(changes, (all) => {
      const [block, fresh] = [emptyBlock(), emptyBlock()];
      for (const [item, its] of all) setSteps(block, item, drawnOf(its));
      const last = new Map(all);
      for (const item of ITEMS) setSteps(fresh, item, drawnOf(last.get(item) ?? []));
      const packed = packSteps(block, 'dataset');
      expect(packed).toEqual(packSteps(fresh, 'dataset'));
      const isEmpty = [...last.values()].every(({ length }) => length === 0);
      expect(packed === null).toBe(isEmpty);
      if (!packed) return;
      expect(packed.says.length).toBe(new Set([...last.values()].flat().map(({ said }) => JSON.stringify(said))).size);
      expect(packed.counts.length).toBe(Math.max(...[...last].map(([item, { length }]) => (length > 0 ? item + 1 : 0))));
      const read = unpackSteps(JSON.parse(JSON.stringify(packed)) as typeof packed, says());
      for (const item of ITEMS) expect(stepsIn(read, item)).toEqual(last.get(item) ?? []);
      expect([read.items, read.used, read.left]).toEqual([fresh.items, fresh.used - fresh.left, 0]);
      // What was read is changed like any other.
      for (const [item, its] of all) setSteps(read, item, drawnOf(its.slice(1)));
      for (const item of ITEMS) expect(stepsIn(read, item)).toEqual(drawnSteps(last.get(item) ?? []));
    }),
  );
});
const drawnSteps = (its: readonly Step[]) => its.slice(1);

it('is laid out again where most of its columns are of steps that are no more', () => {
  const block = emptyBlock();
  const [a, , c, , e] = SAID as [Said, Said, Said, Said, Said];
  const stepsOf = (count: number, shift: number) =>
    Array.from({ length: count }, (_, step): Step => ({ from: step + shift, to: step + shift + 1, said: [a, c, e][step % 3] as Said }));
  let most = 0;
  for (let round = 1; round < 90; round++) {
    for (const item of ITEMS) setSteps(block, item, drawnOf(stepsOf((round + item) % 7, round)));
    most = Math.max(most, block.said.length);
    for (const item of ITEMS) expect(stepsIn(block, item)).toEqual(stepsOf((round + item) % 7, round));
  }
  expect(most).toBeLessThan(4 * BLOCK);
  expect(block.says.length).toBeLessThanOrEqual(3);
});

it('goes on apart from what it was copied from', () => {
  const block = emptyBlock();
  const one: Step = { from: 1, to: 2, said: SAID[0] as Said };
  const other: Step = { from: 3, to: 4, said: SAID[2] as Said };
  setSteps(block, 7, drawnOf([one]));
  const copy = copyBlock(block);
  setSteps(copy, 7, drawnOf([other]));
  setSteps(copy, 8, drawnOf([other, one]));
  expect([stepsIn(block, 7), stepsIn(block, 8), block.says]).toEqual([[one], [], [one.said]]);
  setSteps(block, 9, drawnOf([one]));
  expect([stepsIn(copy, 7), stepsIn(copy, 9), copy.items, block.items]).toEqual([[other], [], 2, 2]);
});

it('joins steps that follow each other at once and say the same, and keeps what the first rests on', () => {
  const drawn = new Drawn();
  const [first, again, deviates] = SAID as [Said, Said, Said];
  drawn.step(0, 1, first);
  drawn.step(1, 2, again);
  drawn.step(3, 4, again);
  drawn.step(4, 5, deviates);
  drawn.step(5, 6, first);
  expect([drawn.size, drawn.from, drawn.to, drawn.said]).toEqual([4, [0, 3, 4, 5], [2, 4, 5, 6], [first, again, deviates, first]]);
});
