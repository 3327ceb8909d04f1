import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Drawn } from './drawn.ts';
import type { Lists } from './lists.ts';
import type { Memory } from './memory.ts';
import type { PackedSteps } from './packed.ts';
import { BLOCK, blockOf, type Places } from './places.ts';
import { isEqual, type Said, type Says, says } from './says.ts';
import { type Form, Shelf } from './shelf.ts';
import { bytesOf, copyBlock, emptyBlock, isSameAt, packSteps, type StepBlock, setSteps, unpackSteps } from './step-block.ts';
import type { Step } from './steps.ts';
import { finished } from './steps-of-work.ts';

/**
 * What one check says of every item, in columns, block by block: a step costs 20 bytes, and what is said is kept once for
 * each block. As a map it gives steps as objects, made when they are asked for.
 */
export class Verdicts implements ReadonlyMap<string, readonly Step[]> {
  readonly places: Places;
  /** Id of the dataset whose places these are. */
  readonly of: string;
  readonly says: Says;
  readonly #memory: Memory;
  readonly #shelf: Shelf<StepBlock, PackedSteps>;
  /** Of blocks that were asked: a time within which nothing changes by itself. */
  readonly #calm = new Map<number, Period>();

  constructor(of: string, places: Places, shared: Lists | Says, memory: Memory, from?: Verdicts) {
    this.of = of;
    this.places = places;
    this.says = 'of' in shared ? shared : says(shared);
    this.#memory = memory;
    const form: Form<StepBlock, PackedSteps> = {
      // The check examined other items then: what it said of them is gone.
      unpack: (packed) => (packed.of === of ? unpackSteps(packed, this.says) : null),
      pack: (block) => packSteps(block, of),
      bytes: bytesOf,
      copy: copyBlock,
      isEmpty: ({ items }) => items === 0,
    };
    this.#shelf = new Shelf(memory, form, from ? from.#shelf : undefined);
  }

  /** Blocks that are to be kept anew. */
  get changed(): Set<number> {
    return this.#shelf.changed;
  }

  /** Of the items of one block; to be read at once, and not to be changed. */
  block(block: number): StepBlock | undefined {
    return this.#shelf.get(block);
  }

  /** The same, for whoever goes through all of them once: what is not at hand is let go of again. */
  glance(block: number): StepBlock | undefined {
    return this.#shelf.glance(block);
  }

  /** Puts the steps of an item up to an instant at the beginning of what is drawn. */
  begin(place: number, since: Instant, drawn: Drawn): void {
    drawn.size = 0;
    if (since === -Infinity) return;
    const block = this.#shelf.get(blockOf(place));
    if (!block) return;
    const start = block.starts[place % BLOCK] ?? 0;
    for (let step = start; step < start + (block.counts[place % BLOCK] ?? 0); step++) {
      const from = block.from[step] ?? 0;
      if (from >= since) break;
      drawn.step(from, Math.min(block.to[step] ?? 0, since), block.says[block.said[step] ?? -1] as Said);
    }
  }

  set(place: number, drawn: Drawn): void {
    const number = blockOf(place);
    const block = this.#shelf.get(number);
    if (block ? isSameAt(block, place % BLOCK, drawn) : drawn.size === 0) return;
    setSteps(this.#shelf.edit(number, emptyBlock), place % BLOCK, drawn);
    this.#shelf.edited(number);
    this.#calm.delete(number);
  }

  /** Numbers of the blocks in which there may be verdicts. */
  blocks(): readonly number[] {
    return this.#shelf.blocks();
  }

  /** What is to be kept of a block; `null` where nothing is. */
  pack(block: number): PackedSteps | null {
    return this.#shelf.pack(block);
  }

  /** Puts back what {@link pack} gave. */
  wait(block: number, read: () => PackedSteps): void {
    this.#shelf.wait(block, read);
  }

  kept(block: number, read: () => PackedSteps): void {
    this.#shelf.kept(block, read);
  }

  /** The same verdicts, to go on from apart from these. */
  fork(): Verdicts {
    return new Verdicts(this.of, this.places, this.says, this.#memory, this);
  }

  /** Whether two hold the very same verdicts on an item. */
  sameAt(place: number, other: Verdicts): boolean {
    const [ours, theirs] = [this.#shelf.get(blockOf(place)), other.#shelf.get(blockOf(place))];
    const item = place % BLOCK;
    const count = ours?.counts[item] ?? 0;
    if (count !== (theirs?.counts[item] ?? 0)) return false;
    if (!ours || !theirs) return true;
    const [start, there] = [ours.starts[item] ?? 0, theirs.starts[item] ?? 0];
    for (let step = 0; step < count; step++) {
      if (ours.from[start + step] !== theirs.from[there + step] || ours.to[start + step] !== theirs.to[there + step]) return false;
      const [a, b] = [ours.says[ours.said[start + step] ?? -1], theirs.says[theirs.said[there + step] ?? -1]];
      if (!a || !b || !isEqual(a, b)) return false;
    }
    return true;
  }

  /** The next instant after this one at which a verdict begins or ends, found block by block, whose numbers are told, and remembered. `NEVER` where none does. */
  *changingAfter(after: Instant): Generator<number, Instant> {
    let next = NEVER;
    for (const number of this.blocks()) {
      const known = this.#calm.get(number);
      const calm = known && known.from <= after && after < known.to ? known : calmAround(this.#shelf.glance(number), after);
      this.#calm.set(number, calm);
      if (calm.to < next) next = calm.to;
      yield number;
    }
    return next;
  }

  /** The same at once. */
  changeAfter(after: Instant): Instant {
    return finished(this.changingAfter(after));
  }

  /** Whether nothing is said of any item. */
  get isEmpty(): boolean {
    for (const _ of this.held()) return false;
    return true;
  }

  get size(): number {
    return this.blocks().reduce((sum, block) => sum + (this.#shelf.get(block)?.items ?? 0), 0);
  }

  has(item: string): boolean {
    return this.get(item) !== undefined;
  }

  get(item: string): readonly Step[] | undefined {
    const place = this.places.find(item);
    if (place === undefined) return undefined;
    const steps = this.at(place);
    return steps.length > 0 ? steps : undefined;
  }

  at(place: number): readonly Step[] {
    const block = this.#shelf.get(blockOf(place));
    const start = block?.starts[place % BLOCK] ?? 0;
    return Array.from({ length: block?.counts[place % BLOCK] ?? 0 }, (_, offset) => {
      const step = start + offset;
      return { from: block?.from[step] ?? 0, to: block?.to[step] ?? 0, ...(block?.says[block.said[step] ?? -1] as Said) };
    });
  }

  /** Places of the items of which something is said. */
  *held(): Iterable<number> {
    for (const number of this.blocks()) {
      const counts = this.#shelf.get(number)?.counts ?? [];
      for (let item = 0; item < counts.length; item++) if (counts[item] !== 0) yield number * BLOCK + item;
    }
  }

  /** Places of the items of which this was said at any time, ascending. */
  *saying(kind: Said['kind']): Iterable<number> {
    for (const number of this.blocks()) {
      const block = this.#shelf.get(number);
      if (!block?.says.some((said) => said.kind === kind)) continue;
      for (let item = 0; item < BLOCK; item++) if (saysAt(block, item, kind)) yield number * BLOCK + item;
    }
  }

  *keys(): MapIterator<string> {
    for (const place of this.held()) yield this.places.name(place);
  }

  *values(): MapIterator<readonly Step[]> {
    for (const place of this.held()) yield this.at(place);
  }

  *entries(): MapIterator<[string, readonly Step[]]> {
    for (const place of this.held()) yield [this.places.name(place), this.at(place)];
  }

  [Symbol.iterator](): MapIterator<[string, readonly Step[]]> {
    return this.entries();
  }

  forEach(call: (steps: readonly Step[], item: string, map: ReadonlyMap<string, readonly Step[]>) => void): void {
    for (const [item, steps] of this) call(steps, item, this);
  }
}

function saysAt(block: StepBlock, item: number, kind: Said['kind']): boolean {
  const start = block.starts[item] ?? 0;
  for (let step = start; step < start + (block.counts[item] ?? 0); step++) if (block.says[block.said[step] ?? -1]?.kind === kind) return true;
  return false;
}

/** From the last instant up to this one at which a verdict begins or ends, up to the next. */
function calmAround(block: StepBlock | undefined, at: Instant): Period {
  let [since, next] = [-NEVER, NEVER];
  for (let item = 0; block && item < BLOCK; item++) {
    const first = block.starts[item] ?? 0;
    for (let step = first + (block.counts[item] ?? 0) - 1; step >= first; step--) {
      const [from, to] = [block.from[step] ?? NEVER, block.to[step] ?? NEVER];
      if (to <= at) {
        if (to > since) since = to;
        break; // what lies before has ended already
      }
      if (to < next) next = to;
      if (from > at) next = Math.min(next, from);
      else if (from > since) since = from;
    }
  }
  return { from: since, to: next };
}
