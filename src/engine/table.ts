import { NONE } from './lists.ts';
import type { PackedFacts } from './packed.ts';
import { packFacts, unpackFacts } from './packed.ts';
import { BLOCK, blockOf, type Places } from './places.ts';
import type { Lists } from './lists.ts';
import type { Fact } from './fact.ts';

type Block = (readonly Fact[] | undefined)[];

/** The facts of one dataset by the places of its items. A block that was kept is read where somebody asks for one of its items. */
export class Table {
  readonly places: Places;
  readonly #lists: Lists;
  readonly #blocks: (Block | undefined)[] = [];
  readonly #waiting = new Map<number, () => PackedFacts>();
  /** Blocks that are to be kept anew. */
  readonly changed = new Set<number>();

  constructor(places: Places, lists: Lists) {
    this.places = places;
    this.#lists = lists;
  }

  /** The facts of one item, in the order of time. */
  at(place: number): readonly Fact[] {
    return this.#block(blockOf(place))?.[place % BLOCK] ?? NONE;
  }

  of(item: string): readonly Fact[] {
    const place = this.places.find(item);
    return place === undefined ? NONE : this.at(place);
  }

  set(place: number, facts: readonly Fact[]): void {
    const block = blockOf(place);
    const its = this.#block(block) ?? [];
    this.#blocks[block] = its;
    its[place % BLOCK] = facts.length > 0 ? facts : undefined;
    this.changed.add(block);
  }

  /** Every item of which there are facts. */
  *entries(): Iterable<readonly [place: number, facts: readonly Fact[]]> {
    for (let block = 0; block < this.#count(); block++) {
      const its = this.#block(block) ?? [];
      for (let place = 0; place < its.length; place++) {
        const facts = its[place];
        if (facts) yield [block * BLOCK + place, facts];
      }
    }
  }

  /** Numbers of the blocks in which there may be facts. */
  blocks(): readonly number[] {
    return Array.from({ length: this.#count() }, (_, block) => block).filter((block) => this.#blocks[block] || this.#waiting.has(block));
  }

  /** What is to be kept of a block; `null` where nothing is. */
  pack(block: number): PackedFacts | null {
    return packFacts(this.#block(block) ?? []);
  }

  /** Puts back what {@link pack} gave. */
  wait(block: number, read: () => PackedFacts): void {
    this.#waiting.set(block, read);
  }

  /** The same facts, to go on from apart from these. */
  fork(): Table {
    const fork = new Table(this.places, this.#lists);
    for (const [block, its] of this.#blocks.entries()) if (its) fork.#blocks[block] = [...its];
    for (const [block, read] of this.#waiting) fork.#waiting.set(block, read);
    return fork;
  }

  #count(): number {
    let count = this.#blocks.length;
    for (const block of this.#waiting.keys()) count = Math.max(count, block + 1);
    return count;
  }

  #block(block: number): Block | undefined {
    const read = this.#waiting.get(block);
    if (!read) return this.#blocks[block];
    this.#waiting.delete(block);
    const its = unpackFacts(read(), this.places.items, block * BLOCK, this.#lists);
    this.#blocks[block] = its;
    return its;
  }
}
