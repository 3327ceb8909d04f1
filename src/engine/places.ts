import type { Memory } from './memory.ts';
import { hashOf, Postings } from './postings.ts';
import { type Form, Shelf } from './shelf.ts';

/** So many items of a dataset share a block: what is kept of them is written and read at once. */
export const BLOCK = 256;
export const blockOf = (place: number): number => Math.floor(place / BLOCK);

/** The stream that tells of an item: the first two parts of its id. */
export const streamOf = (item: string): string => item.slice(0, item.indexOf('/', item.indexOf('/') + 1));

/** Whether a stream is the one that tells of an item. `lastIndexOf` takes half the time of `startsWith`, and items are named by the hundred thousand. */
export const isOf = (item: string, stream: string): boolean => stream !== '' && item.charCodeAt(stream.length) === SLASH && item.lastIndexOf(stream, 0) === 0;
const SLASH = 47;

const NAMES: Form<string[], readonly string[]> = {
  unpack: (names) => [...names],
  pack: (names) => [...names],
  bytes: (names) => names.length * (40 + (names[0]?.length ?? 0)),
  copy: (names) => [...names],
  isEmpty: (names) => names.length === 0,
};

/**
 * A place for every item that a dataset was ever told of: facts and verdicts are kept in columns by it, so that the name
 * of an item is kept once. Places are given in the order of telling, and none is taken back: engines that go on apart
 * from each other share them. Of a name that is not at hand eight bytes are.
 */
export class Places {
  readonly #names: Shelf<string[], readonly string[]>;
  #count: number | null = 0;
  #blocks = 0;
  #found: Postings | null = null;
  #streams: Map<string, number[]> | null = null;
  readonly #told: string[] = [];
  /** Where something was found last: sources tell of their items in one order. */
  #last = -1;

  constructor(memory: Memory) {
    this.#names = new Shelf(memory, NAMES);
  }

  /** Blocks to which items were added and that are to be kept anew. */
  get changed(): Set<number> {
    return this.#names.changed;
  }

  /** How many places were given. */
  get count(): number {
    if (this.#count !== null) return this.#count;
    const there = this.#names.blocks();
    const missing = there.findIndex((block, number) => block !== number);
    if (missing >= 0 || there.length < this.#blocks) throw new RangeError(`the items of block ${missing >= 0 ? missing : there.length} are missing`);
    this.#count = (this.#blocks - 1) * BLOCK + (this.#names.get(this.#blocks - 1)?.length ?? 0);
    return this.#count;
  }

  /** The item at a place. */
  name(place: number): string {
    return this.#names.get(blockOf(place))?.[place % BLOCK] ?? '';
  }

  /** The place of an item; `undefined` where nothing was ever told of it. */
  find(item: string): number | undefined {
    const next = this.#last + 1;
    const place =
      next < this.count && this.name(next) === item
        ? next
        : this.#search()
            .of(hashOf(item))
            .find((its) => this.name(its) === item);
    if (place !== undefined) this.#last = place;
    return place;
  }

  /** The place of an item, given to it now where it has none. */
  add(item: string): number {
    const there = this.find(item);
    if (there !== undefined) return there;
    const place = this.count;
    const found = this.#search();
    const block = blockOf(place);
    this.#names.edit(block, () => []).push(item);
    this.#names.edited(block);
    found.add(hashOf(item), place);
    if (this.#streams) put(this.#streams, streamOf(item), place);
    [this.#count, this.#blocks, this.#last] = [place + 1, block + 1, place];
    return place;
  }

  /** The stream that tells of the item at a place: many in a row have the same one. */
  streamAt(place: number): string {
    for (let next = this.#told.length; next <= place; next++) {
      const [item, last] = [this.name(next), this.#told.at(-1) ?? ''];
      this.#told.push(isOf(item, last) ? last : streamOf(item));
    }
    return this.#told[place] ?? '';
  }

  /** The places of all items of a stream. */
  of(stream: string): readonly number[] {
    if (!this.#streams) {
      this.#streams = new Map();
      for (let place = 0; place < this.count; place++) put(this.#streams, this.streamAt(place), place);
    }
    return this.#streams.get(stream) ?? [];
  }

  /** Numbers of all blocks. */
  blocks(): readonly number[] {
    return Array.from({ length: Math.ceil(this.count / BLOCK) }, (_, block) => block);
  }

  block(block: number): readonly string[] {
    return this.#names.pack(block) ?? [];
  }

  /** Puts back what {@link block} gave; it is read once somebody asks. */
  wait(block: number, read: () => readonly string[]): void {
    this.#names.wait(block, read);
    this.#blocks = Math.max(this.#blocks, block + 1);
    this.#count = null;
  }

  kept(block: number, read: () => readonly string[]): void {
    this.#names.kept(block, read);
  }

  #search(): Postings {
    this.#found ??= Postings.of(this.#hashes());
    return this.#found;
  }

  *#hashes(): Iterable<readonly [hash: number, place: number]> {
    for (let place = 0; place < this.count; place++) yield [hashOf(this.name(place)), place];
  }
}

function put(streams: Map<string, number[]>, stream: string, place: number): void {
  const its = streams.get(stream);
  if (its) its.push(place);
  else streams.set(stream, [place]);
}
