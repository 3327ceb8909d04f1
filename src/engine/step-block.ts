import type { Drawn } from './drawn.ts';
import { instants, numbered, type PackedSteps } from './packed.ts';
import { BLOCK } from './places.ts';
import { isEqual, type Said, type Says } from './says.ts';

/**
 * Verdicts on the items of one block as they lie in memory. Those of its `i`th item are the steps from `starts[i]` on,
 * `counts[i]` of them, in order of time: 20 bytes each.
 */
export interface StepBlock {
  starts: Int32Array;
  counts: Int32Array;
  from: Float64Array;
  to: Float64Array;
  /** Places in `says`. */
  said: Int32Array;
  says: Said[];
  /** The places of what is said, once something is added. */
  numbers: Map<Said, number> | null;
  /** Steps in the columns, and those of them that nothing refers to any more. */
  used: number;
  left: number;
  /** Items of which something is said. */
  items: number;
}

export const emptyBlock = (): StepBlock => ({
  starts: new Int32Array(BLOCK),
  counts: new Int32Array(BLOCK),
  from: new Float64Array(BLOCK),
  to: new Float64Array(BLOCK),
  said: new Int32Array(BLOCK),
  says: [],
  numbers: null,
  used: 0,
  left: 0,
  items: 0,
});

/** About: of what is said only the objects count, for most of it is said in other blocks as well. */
export const bytesOf = ({ from, says }: StepBlock): number => 20 * from.length + 8 * BLOCK + 180 * says.length;

export const copyBlock = ({ starts, counts, from, to, said, says, ...block }: StepBlock): StepBlock => ({
  ...block,
  starts: starts.slice(),
  counts: counts.slice(),
  from: from.slice(),
  to: to.slice(),
  said: said.slice(),
  says: [...says],
  numbers: null,
});

export function isSameAt(block: StepBlock, item: number, drawn: Drawn): boolean {
  const start = block.starts[item] ?? 0;
  if ((block.counts[item] ?? 0) !== drawn.size) return false;
  for (let step = 0; step < drawn.size; step++) {
    if (block.from[start + step] !== drawn.from[step] || block.to[start + step] !== drawn.to[step]) return false;
    const [was, is] = [block.says[block.said[start + step] ?? -1], drawn.said[step]];
    if (!was || !is || !isEqual(was, is)) return false;
  }
  return true;
}

export function setSteps(block: StepBlock, item: number, drawn: Drawn): void {
  const before = block.counts[item] ?? 0;
  const inPlace = drawn.size <= before;
  const start = inPlace ? (block.starts[item] ?? 0) : block.used;
  grow(block, start + drawn.size);
  for (let step = 0; step < drawn.size; step++) {
    block.from[start + step] = drawn.from[step] ?? 0;
    block.to[start + step] = drawn.to[step] ?? 0;
    block.said[start + step] = numberOf(block, drawn.said[step] as Said);
  }
  block.used += inPlace ? 0 : drawn.size;
  block.left += inPlace ? before - drawn.size : before;
  block.items += Number(drawn.size > 0) - Number(before > 0);
  block.starts[item] = start;
  block.counts[item] = drawn.size;
  if (block.left > BLOCK && block.left > block.used / 2) sweep(block);
}

function numberOf(block: StepBlock, said: Said): number {
  block.numbers ??= new Map(block.says.map((its, number) => [its, number]));
  const known = block.numbers.get(said);
  if (known !== undefined) return known;
  const number = block.says.push(said) - 1;
  block.numbers.set(said, number);
  return number;
}

/** Of what is kept: the same steps give the same, however they came about. */
export function packSteps(block: StepBlock, of: string): PackedSteps | null {
  const parts: { readonly from: number; readonly to: number; readonly said: number }[] = [];
  const counts: number[] = [];
  let last = BLOCK;
  while (last > 0 && block.counts[last - 1] === 0) last--;
  for (let item = 0; item < last; item++) {
    const [start, count] = [block.starts[item] ?? 0, block.counts[item] ?? 0];
    counts.push(count);
    for (let step = start; step < start + count; step++) parts.push({ from: block.from[step] ?? 0, to: block.to[step] ?? 0, said: block.said[step] ?? 0 });
  }
  if (parts.length === 0) return null;
  const { at, number } = numbered(parts);
  const says: PackedSteps['says'][number][] = [];
  const [places, spelled] = [new Map<number, number>(), new Map<string, number>()];
  const placeOf = (said: number): number => {
    const known = places.get(said);
    if (known !== undefined) return known;
    const { kind, because, needs, lacks, settled, records } = block.says[said] as Said;
    const packed = [kind, because, needs, lacks, settled, records] as const;
    const spelling = JSON.stringify(packed);
    const place = spelled.get(spelling) ?? says.push(packed) - 1;
    spelled.set(spelling, place);
    places.set(said, place);
    return place;
  };
  const steps = parts.flatMap(({ from, to, said }) => [number(from), number(to), placeOf(said)]);
  return { of, at, says, counts, steps };
}

export function unpackSteps({ at, says: said, counts, steps }: PackedSteps, says: Says): StepBlock {
  const instant = instants(at);
  const count = steps.length / 3;
  const block: StepBlock = {
    starts: new Int32Array(BLOCK),
    counts: new Int32Array(BLOCK),
    from: new Float64Array(count),
    to: new Float64Array(count),
    said: new Int32Array(count),
    says: said.map(([kind, because, needs, lacks, settled, records]) => says.of(kind, because, needs, lacks, settled, records)),
    numbers: null,
    used: count,
    left: 0,
    items: 0,
  };
  let start = 0;
  for (const [item, its] of counts.entries()) {
    [block.starts[item], block.counts[item]] = [start, its];
    block.items += Number(its > 0);
    start += its;
  }
  for (let number = 0, step = 0; step < count; step++) {
    block.from[step] = instant(steps[number++]);
    block.to[step] = instant(steps[number++]);
    block.said[step] = steps[number++] ?? -1;
  }
  return block;
}

function grow(block: StepBlock, steps: number): void {
  if (steps <= block.said.length) return;
  block.from = grown(block.from, steps);
  block.to = grown(block.to, steps);
  block.said = grown(block.said, steps);
}

/** A column with room for at least so many, and for half as many again as it had. */
function grown<Column extends Int32Array | Float64Array>(column: Column, room: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(Math.max(room, column.length + (column.length >> 1)));
  larger.set(column);
  return larger;
}

/** Lays the columns out again without what nothing refers to. */
function sweep(block: StepBlock): void {
  const { from, to, said, says } = block;
  const live = block.used - block.left;
  [block.from, block.to, block.said] = [new Float64Array(live), new Float64Array(live), new Int32Array(live)];
  [block.says, block.numbers, block.used, block.left] = [[], null, 0, 0];
  for (let item = 0; item < BLOCK; item++) {
    const [start, count] = [block.starts[item] ?? 0, block.counts[item] ?? 0];
    if (count === 0) continue;
    block.starts[item] = block.used;
    for (let step = start; step < start + count; step++, block.used++) {
      block.from[block.used] = from[step] ?? 0;
      block.to[block.used] = to[step] ?? 0;
      block.said[block.used] = numberOf(block, says[said[step] ?? -1] as Said);
    }
  }
}
