/** So many items of a dataset share a block: what is kept of them is written and read at once. */
export const BLOCK = 256;
export const blockOf = (place: number): number => Math.floor(place / BLOCK);

/** The stream that tells of an item: the first two parts of its id. */
export const streamOf = (item: string): string => item.slice(0, item.indexOf('/', item.indexOf('/') + 1));

/** Whether a stream is the one that tells of an item. */
export const isOf = (item: string, stream: string): boolean => stream !== '' && item.charCodeAt(stream.length) === SLASH && item.startsWith(stream);
const SLASH = 47;

/**
 * A place for every item that a dataset was ever told of: facts and verdicts are kept in columns by it, so that the name
 * of an item is kept once. Places are given in the order of telling, and none is taken back: engines that go on apart
 * from each other share them.
 */
export class Places {
  readonly #items: string[] = [];
  readonly #waiting = new Map<number, () => readonly string[]>();
  #places: Map<string, number> | null = null;
  #streams: Map<string, number[]> | null = null;
  readonly #told: string[] = [];
  /** Blocks to which items were added and that are to be kept anew. */
  readonly changed = new Set<number>();

  /** Each at its place. */
  get items(): readonly string[] {
    if (this.#waiting.size > 0) this.#load();
    return this.#items;
  }

  /** The place of an item; `undefined` where nothing was ever told of it. */
  find(item: string): number | undefined {
    return this.#known().get(item);
  }

  /** The place of an item, given to it now where it has none. */
  add(item: string): number {
    const known = this.#known();
    const there = known.get(item);
    if (there !== undefined) return there;
    const place = this.#items.push(item) - 1;
    known.set(item, place);
    this.changed.add(blockOf(place));
    if (this.#streams) put(this.#streams, streamOf(item), place);
    return place;
  }

  /** The stream that tells of the item at a place: many in a row have the same one. */
  streamAt(place: number): string {
    for (let next = this.#told.length; next <= place; next++) {
      const [item, last] = [this.items[next] ?? '', this.#told.at(-1) ?? ''];
      this.#told.push(isOf(item, last) ? last : streamOf(item));
    }
    return this.#told[place] ?? '';
  }

  /** The places of all items of a stream. */
  of(stream: string): readonly number[] {
    if (!this.#streams) {
      this.#streams = new Map();
      for (const [place, item] of this.items.entries()) put(this.#streams, streamOf(item), place);
    }
    return this.#streams.get(stream) ?? [];
  }

  /** Numbers of all blocks. */
  blocks(): readonly number[] {
    return Array.from({ length: Math.ceil(this.items.length / BLOCK) }, (_, block) => block);
  }

  block(block: number): readonly string[] {
    return this.items.slice(block * BLOCK, (block + 1) * BLOCK);
  }

  /** Puts back what {@link block} gave; it is read once somebody asks. */
  wait(block: number, read: () => readonly string[]): void {
    this.#waiting.set(block, read);
  }

  #known(): Map<string, number> {
    this.#places ??= new Map(this.items.map((item, place) => [item, place]));
    return this.#places;
  }

  #load(): void {
    const waiting = [...this.#waiting].sort(([a], [b]) => a - b);
    this.#waiting.clear();
    for (const [block, read] of waiting) {
      if (this.#items.length !== block * BLOCK) throw new RangeError(`the items before block ${block} are missing`);
      for (const item of read()) this.#items.push(item);
    }
  }
}

function put(streams: Map<string, number[]>, stream: string, place: number): void {
  const its = streams.get(stream);
  if (its) its.push(place);
  else streams.set(stream, [place]);
}
