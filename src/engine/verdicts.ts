import type { Instant } from '../core/instant.ts';
import type { Drawn } from './drawn.ts';
import type { Lists } from './lists.ts';
import { instants, numbered, type PackedSteps } from './packed.ts';
import { BLOCK, blockOf, type Places } from './places.ts';
import { type Said, type Says, says } from './says.ts';
import type { Step } from './steps.ts';

/** Verdicts as they lie in memory. Those of the item at place `i` are the steps from `starts[i]` on, `counts[i]` of them, in order of time. */
export interface StepColumns {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Places in `says`. */
  readonly said: Int32Array;
  readonly says: readonly Said[];
}

/**
 * What one check says of every item, in columns: a step costs 20 bytes, and what is said is kept once. As a map it gives
 * steps as objects, made when they are asked for.
 */
export class Verdicts implements ReadonlyMap<string, readonly Step[]> {
  readonly places: Places;
  /** Id of the dataset whose places these are. */
  readonly of: string;
  readonly says: Says;
  #starts = new Int32Array(BLOCK);
  #counts = new Int32Array(BLOCK);
  #from = new Float64Array(BLOCK);
  #to = new Float64Array(BLOCK);
  #said = new Int32Array(BLOCK);
  /** Steps in the columns, and those of them that nothing refers to any more. */
  #used = 0;
  #left = 0;
  #items = 0;
  readonly #waiting = new Map<number, () => PackedSteps>();
  /** Blocks that are to be kept anew. */
  readonly changed = new Set<number>();

  constructor(of: string, places: Places, shared: Lists | Says) {
    this.of = of;
    this.places = places;
    this.says = 'number' in shared ? shared : says(shared);
  }

  columns(): StepColumns {
    this.#loadAll();
    return { starts: this.#starts, counts: this.#counts, from: this.#from, to: this.#to, said: this.#said, says: this.says.all };
  }

  /** Puts the steps of an item up to an instant at the beginning of what is drawn. */
  begin(place: number, since: Instant, drawn: Drawn): void {
    drawn.size = 0;
    if (since === -Infinity) return;
    this.#load(blockOf(place));
    const start = this.#starts[place] ?? 0;
    for (let step = start; step < start + (this.#counts[place] ?? 0); step++) {
      const from = this.#from[step] ?? 0;
      if (from >= since) break;
      drawn.step(this.says, from, Math.min(this.#to[step] ?? 0, since), this.#said[step] ?? 0);
    }
  }

  set(place: number, drawn: Drawn): void {
    this.#load(blockOf(place));
    if (this.#isSame(place, drawn)) return;
    this.#grow(place + 1, this.#used + drawn.size);
    const before = this.#counts[place] ?? 0;
    const inPlace = drawn.size <= before;
    const start = inPlace ? (this.#starts[place] ?? 0) : this.#used;
    for (let step = 0; step < drawn.size; step++) {
      this.#from[start + step] = drawn.from[step] ?? 0;
      this.#to[start + step] = drawn.to[step] ?? 0;
      this.#said[start + step] = drawn.said[step] ?? 0;
    }
    this.#used += inPlace ? 0 : drawn.size;
    this.#left += inPlace ? before - drawn.size : before;
    this.#items += Number(drawn.size > 0) - Number(before > 0);
    this.#starts[place] = start;
    this.#counts[place] = drawn.size;
    this.changed.add(blockOf(place));
    if (this.#left > BLOCK && this.#left > this.#used / 2) this.#sweep();
  }

  /** Numbers of the blocks in which there may be verdicts. */
  blocks(): readonly number[] {
    const blocks = new Set(this.#waiting.keys());
    for (let place = 0; place < this.#counts.length; place++) if (this.#counts[place] !== 0) blocks.add(blockOf(place));
    return [...blocks].sort((a, b) => a - b);
  }

  /** What is to be kept of a block; `null` where nothing is. */
  pack(block: number): PackedSteps | null {
    this.#load(block);
    const [first, end] = [block * BLOCK, Math.min((block + 1) * BLOCK, this.#counts.length)];
    const parts: { readonly from: Instant; readonly to: Instant; readonly said: number }[] = [];
    const counts: number[] = [];
    for (let place = first; place < end; place++) {
      const [start, count] = [this.#starts[place] ?? 0, this.#counts[place] ?? 0];
      counts.push(count);
      for (let step = start; step < start + count; step++) parts.push({ from: this.#from[step] ?? 0, to: this.#to[step] ?? 0, said: this.#said[step] ?? 0 });
    }
    if (parts.length === 0) return null;
    const { at, number } = numbered(parts);
    const places = new Map([...new Set(parts.map(({ said }) => said))].map((said, place) => [said, place]));
    const packed = [...places.keys()].map((said) => {
      const { kind, because, needs, lacks, settled, records } = this.says.all[said] as Said;
      return [kind, because, needs, lacks, settled, records] as const;
    });
    const steps = parts.flatMap(({ from, to, said }) => [number(from), number(to), places.get(said) ?? 0]);
    return { of: this.of, at, says: packed, counts, steps };
  }

  /** Puts back what {@link pack} gave. */
  wait(block: number, read: () => PackedSteps): void {
    this.#waiting.set(block, read);
  }

  /** The same verdicts, to go on from apart from these. */
  fork(): Verdicts {
    const fork = new Verdicts(this.of, this.places, this.says);
    fork.#starts = this.#starts.slice();
    fork.#counts = this.#counts.slice();
    fork.#from = this.#from.slice();
    fork.#to = this.#to.slice();
    fork.#said = this.#said.slice();
    [fork.#used, fork.#left, fork.#items] = [this.#used, this.#left, this.#items];
    for (const [block, read] of this.#waiting) fork.#waiting.set(block, read);
    return fork;
  }

  /** Whether two forks of one hold the very same verdicts on an item. */
  sameAt(place: number, other: Verdicts): boolean {
    const [ours, theirs] = [this.columns(), other.columns()];
    const [count, start, there] = [ours.counts[place] ?? 0, ours.starts[place] ?? 0, theirs.starts[place] ?? 0];
    if (this.says !== other.says || count !== (theirs.counts[place] ?? 0)) return false;
    for (let step = 0; step < count; step++)
      if (
        ours.said[start + step] !== theirs.said[there + step] ||
        ours.from[start + step] !== theirs.from[there + step] ||
        ours.to[start + step] !== theirs.to[there + step]
      )
        return false;
    return true;
  }

  get size(): number {
    this.#loadAll();
    return this.#items;
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
    this.#load(blockOf(place));
    const start = this.#starts[place] ?? 0;
    return Array.from({ length: this.#counts[place] ?? 0 }, (_, offset) => {
      const step = start + offset;
      return { from: this.#from[step] ?? 0, to: this.#to[step] ?? 0, ...(this.says.all[this.#said[step] ?? -1] as Said) };
    });
  }

  /** Places of the items of which something is said. */
  *held(): Iterable<number> {
    this.#loadAll();
    for (let place = 0; place < this.#counts.length; place++) if (this.#counts[place] !== 0) yield place;
  }

  /** Items of which this was said at any time. */
  *saying(kind: Said['kind']): Iterable<string> {
    for (const place of this.held()) {
      const start = this.#starts[place] ?? 0;
      for (let step = start; step < start + (this.#counts[place] ?? 0); step++)
        if (this.says.all[this.#said[step] ?? -1]?.kind === kind) {
          yield this.places.items[place] ?? '';
          break;
        }
    }
  }

  *keys(): MapIterator<string> {
    for (const place of this.held()) yield this.places.items[place] ?? '';
  }

  *values(): MapIterator<readonly Step[]> {
    for (const place of this.held()) yield this.at(place);
  }

  *entries(): MapIterator<[string, readonly Step[]]> {
    for (const place of this.held()) yield [this.places.items[place] ?? '', this.at(place)];
  }

  [Symbol.iterator](): MapIterator<[string, readonly Step[]]> {
    return this.entries();
  }

  forEach(call: (steps: readonly Step[], item: string, map: ReadonlyMap<string, readonly Step[]>) => void): void {
    for (const [item, steps] of this) call(steps, item, this);
  }

  #isSame(place: number, drawn: Drawn): boolean {
    const start = this.#starts[place] ?? 0;
    if ((this.#counts[place] ?? 0) !== drawn.size) return false;
    for (let step = 0; step < drawn.size; step++)
      if (this.#said[start + step] !== drawn.said[step] || this.#from[start + step] !== drawn.from[step] || this.#to[start + step] !== drawn.to[step])
        return false;
    return true;
  }

  #loadAll(): void {
    if (this.#waiting.size > 0) for (const block of [...this.#waiting.keys()].sort((a, b) => a - b)) this.#load(block);
  }

  #load(block: number): void {
    const read = this.#waiting.size > 0 ? this.#waiting.get(block) : undefined;
    if (!read) return;
    this.#waiting.delete(block);
    const { of, at, says: said, counts, steps } = read();
    // The check examined other items then: what it said of them is gone.
    if (of !== this.of) return void this.changed.add(block);
    const instant = instants(at);
    const numbers = said.map(([kind, because, needs, lacks, settled, records]) => this.says.number(kind, because, needs, lacks, settled, records));
    const [first, base] = [block * BLOCK, this.#used];
    this.#grow(first + counts.length, base + steps.length / 3);
    for (const [offset, count] of counts.entries()) {
      this.#starts[first + offset] = this.#used;
      this.#counts[first + offset] = count;
      this.#items += Number(count > 0);
      this.#used += count;
    }
    for (let number = 0, step = base; step < this.#used; step++) {
      this.#from[step] = instant(steps[number++]);
      this.#to[step] = instant(steps[number++]);
      this.#said[step] = numbers[steps[number++] ?? -1] ?? -1;
    }
  }

  #grow(places: number, steps: number): void {
    if (places > this.#counts.length) {
      this.#starts = grown(this.#starts, places);
      this.#counts = grown(this.#counts, places);
    }
    if (steps > this.#said.length) {
      this.#from = grown(this.#from, steps);
      this.#to = grown(this.#to, steps);
      this.#said = grown(this.#said, steps);
    }
  }

  /** Lays the columns out again without what nothing refers to. */
  #sweep(): void {
    const [from, to, said] = [this.#from, this.#to, this.#said];
    const live = this.#used - this.#left;
    [this.#from, this.#to, this.#said] = [new Float64Array(live), new Float64Array(live), new Int32Array(live)];
    this.#used = 0;
    this.#left = 0;
    for (let place = 0; place < this.#counts.length; place++) {
      const [start, count] = [this.#starts[place] ?? 0, this.#counts[place] ?? 0];
      if (count === 0) continue;
      this.#starts[place] = this.#used;
      for (let step = start; step < start + count; step++, this.#used++) {
        this.#from[this.#used] = from[step] ?? 0;
        this.#to[this.#used] = to[step] ?? 0;
        this.#said[this.#used] = said[step] ?? 0;
      }
    }
  }
}

/** A column with room for at least so many, and for as many again as it had. */
function grown<Column extends Int32Array | Float64Array>(column: Column, room: number): Column {
  const larger = new (column.constructor as new (length: number) => Column)(Math.max(room, 2 * column.length));
  larger.set(column);
  return larger;
}
