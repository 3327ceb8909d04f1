import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Drawn } from './drawn.ts';
import { lists } from './lists.ts';
import { Memory } from './memory.ts';
import type { PackedSteps } from './packed.ts';
import { BLOCK, Places } from './places.ts';
import type { Step } from './steps.ts';
import { Verdicts } from './verdicts.ts';

const ITEMS = 3 * BLOCK + 7;
const at = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 60 }) }, fc.constantFrom(-Infinity, Infinity));
const said = fc.record({
  kind: fc.constantFrom('conforms' as const, 'deviates' as const, 'unknown' as const, 'notYet' as const),
  because: fc.option(fc.constantFrom('late', 'gone', '')),
  needs: fc.constantFrom<readonly string[]>([], ['a'], ['a', 'b']),
  lacks: fc.constantFrom<readonly string[]>([], ['b']),
  settled: fc.boolean(),
  records: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
});
/** Steps in order, touching or not. */
const history = fc.tuple(fc.uniqueArray(at, { minLength: 2, maxLength: 6 }), fc.array(said, { minLength: 5, maxLength: 5 })).map(([edges, all]) => {
  const inOrder = edges.sort((a, b) => (a < b ? -1 : 1));
  return inOrder.slice(1).map((to, place): Step => ({ from: inOrder[place] ?? 0, to, ...all[place]! }));
});
const place = fc.oneof(fc.constantFrom(0, 1, BLOCK - 1, BLOCK, 2 * BLOCK, ITEMS - 1), fc.nat(ITEMS - 1));
const acts = fc.array(fc.record({ place, steps: fc.oneof({ weight: 4, arbitrary: history }, fc.constant([])) }), { maxLength: 60 });

const memory = new Memory();
const places = new Places(memory);
for (let item = 0; item < ITEMS; item++) places.add(`s/p/${item}`);
places.changed.clear();
const drawn = new Drawn();

function draw(verdicts: Verdicts, where: number, steps: readonly Step[]): void {
  verdicts.begin(where, -Infinity, drawn);
  for (const { from, to, kind, because, needs, lacks, settled, records } of steps)
    drawn.step(from, to, verdicts.says.of(kind, because, needs, lacks, settled, records));
  verdicts.set(where, drawn);
}

/** Neighbours that say the same as one step, with the records of the first. */
function merged(steps: readonly Step[]): readonly Step[] {
  const meaning = ({ kind, because, needs, lacks, settled }: Step) => JSON.stringify([kind, because, needs, lacks, settled]);
  const all: Step[] = [];
  for (const step of steps) {
    const last = all.at(-1);
    if (last && last.to === step.from && meaning(last) === meaning(step)) all[all.length - 1] = { ...last, to: step.to };
    else all.push(step);
  }
  return all;
}

const held = (verdicts: Verdicts) => new Map([...verdicts].map(([item, steps]) => [item, steps]));
/** As they are after they were written and read. */
function putBack(verdicts: Verdicts): Verdicts {
  const again = new Verdicts('things', places, lists(), memory);
  for (const block of verdicts.blocks()) {
    const content = JSON.stringify(verdicts.pack(block));
    if (content !== 'null') again.wait(block, () => JSON.parse(content) as PackedSteps);
  }
  return again;
}

it('holds of every item what was set last, whatever was swept, kept and put back in between', () => {
  fc.assert(
    fc.property(acts, acts, fc.boolean(), (first, then, kept) => {
      const expected = new Map<string, readonly Step[]>();
      let verdicts = new Verdicts('things', places, lists(), memory);
      const act = (all: typeof first) => {
        for (const { place: where, steps } of all) {
          draw(verdicts, where, steps);
          if (steps.length > 0) expected.set(`s/p/${where}`, merged(steps));
          else expected.delete(`s/p/${where}`);
        }
      };
      act(first);
      const fork = verdicts.fork();
      const before = new Map(expected);
      if (kept) verdicts = putBack(verdicts);
      act(then);
      expect(held(verdicts)).toEqual(expected);
      expect(verdicts.size).toBe(expected.size);
      expect(held(putBack(verdicts))).toEqual(expected);
      expect(held(fork)).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

it('lays its columns out again once most of them is dead', () => {
  const verdicts = new Verdicts('things', places, lists(), memory);
  const steps = (count: number, shift: number): readonly Step[] =>
    Array.from({ length: count }, (_, step) => ({
      from: step,
      to: step + 1,
      kind: 'deviates',
      because: `${step + shift}`,
      needs: [],
      lacks: [],
      settled: true,
      records: [1],
    }));
  for (let length = 1; length <= 40; length++) for (let where = 0; where < 100; where++) draw(verdicts, where, steps(length, where));
  expect(verdicts.block(0)?.said.length).toBeLessThan(3 * 100 * 40);
  for (const where of [0, 57, 99]) expect(verdicts.at(where)).toEqual(steps(40, where));
});

it('says which blocks changed, and none for what is found again as it was', () => {
  const verdicts = new Verdicts('things', places, lists(), memory);
  const step: Step = { from: 0, to: Infinity, kind: 'conforms', because: null, needs: [], lacks: [], settled: true, records: [3] };
  for (const where of [2, BLOCK + 2]) draw(verdicts, where, [step]);
  expect([...verdicts.changed]).toEqual([0, 1]);
  verdicts.changed.clear();
  draw(verdicts, 2, [{ ...step, records: [3] }]);
  expect([...verdicts.changed]).toEqual([]);
  draw(verdicts, BLOCK + 2, []);
  expect([[...verdicts.changed], verdicts.pack(1), verdicts.blocks()]).toEqual([[1], null, [0]]);
});

it('drops what was said of the items of another dataset, and has it taken from the store', () => {
  const [before, after] = [new Verdicts('others', places, lists(), memory), new Verdicts('things', places, lists(), memory)];
  draw(before, 5, [{ from: 0, to: 1, kind: 'unknown', because: 'x', needs: [], lacks: [], settled: false, records: [] }]);
  after.wait(0, () => before.pack(0) as PackedSteps);
  expect([[...after.keys()], [...after.changed], after.pack(0)]).toEqual([[], [0], null]);
});
