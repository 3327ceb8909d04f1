import type { Scalar } from '../datasets/dataset.ts';

/** Places are below it. */
const PLACES = 2 ** 27;
const HASHES = 2 ** 26;
/** So many are added before they are sorted in among the others. */
const FRESH = 4096;

/** The same for the same value on every machine and in every year: below 2 to the power of 26. FNV-1a over UTF-16, folded. */
export function hashOf(value: Scalar): number {
  const text = typeof value === 'string' ? value : `\u0000${typeof value} ${value}`;
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return ((hash >>> 6) ^ hash) & (HASHES - 1);
}

/**
 * Places by the hash of what they are found by, eight bytes each. Two values may have one hash: whoever asks looks
 * whether it is the value that was meant.
 */
export class Postings {
  /** Hash and place in one number, ascending. */
  #sorted = new Float64Array(0);
  #fresh = new Map<number, Set<number>>();
  #count = 0;

  /** Makes them of all at once. */
  static of(entries: Iterable<readonly [hash: number, place: number]>): Postings {
    const made = new Postings();
    let [all, count] = [new Float64Array(FRESH), 0];
    for (const [hash, place] of entries) {
      if (count === all.length) all = longer(all, 2 * count);
      all[count++] = hash * PLACES + place;
    }
    made.#sorted = all.slice(0, count).sort();
    return made;
  }

  /** In no order. */
  of(hash: number): readonly number[] {
    const first = hash * PLACES;
    const places: number[] = [];
    for (let at = this.#from(first); at < this.#sorted.length; at++) {
      const place = (this.#sorted[at] ?? Infinity) - first;
      if (place >= PLACES) break;
      if (places.at(-1) !== place) places.push(place);
    }
    for (const place of this.#fresh.get(hash) ?? []) places.push(place);
    return places;
  }

  add(hash: number, place: number): void {
    const key = hash * PLACES + place;
    if (this.#sorted[this.#from(key)] === key) return;
    const its = this.#fresh.get(hash) ?? new Set();
    if (its.has(place)) return;
    this.#fresh.set(hash, its.add(place));
    if (++this.#count > FRESH && this.#count > this.#sorted.length / 8) this.#sortIn();
  }

  #sortIn(): void {
    const all = longer(this.#sorted, this.#sorted.length + this.#count);
    let at = this.#sorted.length;
    for (const [hash, its] of this.#fresh) for (const place of its) all[at++] = hash * PLACES + place;
    this.#sorted = all.sort();
    [this.#fresh, this.#count] = [new Map(), 0];
  }

  /** Where the first is that is not below a key. */
  #from(key: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function longer(column: Float64Array, room: number): Float64Array<ArrayBuffer> {
  const made = new Float64Array(room);
  made.set(column);
  return made;
}
