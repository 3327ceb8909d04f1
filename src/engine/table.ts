import { NEVER } from '../core/instant.ts';
import { meets, type PackedFields, packFields } from './fields.ts';
import { Journal } from './journal.ts';
import { NONE } from './lists.ts';
import type { PackedFacts } from './packed.ts';
import { packFacts, unpackFacts } from './packed.ts';
import { BLOCK, blockOf, type Places } from './places.ts';
import type { Lists } from './lists.ts';
import type { Fact } from './fact.ts';
import type { Memory } from './memory.ts';
import { Postings, hashOf } from './postings.ts';
import { type Form, Shelf } from './shelf.ts';

/** The facts of some neighbouring places. */
interface Block {
  readonly facts: (readonly Fact[] | undefined)[];
  count: number;
  /** Bytes of one of them, about. */
  each: number;
}

/** Of an item whether it is there now, as far as its block was ever decoded. */
const OPEN = { unknown: 0, no: 1, yes: 2 } as const;

/** The facts of one dataset by the places of its items. A block that was kept is read where somebody asks for one of its items. */
export class Table {
  readonly places: Places;
  /** Fields by which others ask for items: of them something is kept beside each block. */
  readonly fields: readonly string[];
  readonly #shelf: Shelf<Block, PackedFacts>;
  #open = new Uint8Array(BLOCK);
  /** What was kept beside blocks that are as they were then. */
  readonly #beside = new Map<number, () => PackedFields>();
  #journal: Journal | null = null;

  constructor(places: Places, lists: Lists, memory: Memory, fields: readonly string[] = [], from?: Table) {
    this.places = places;
    this.fields = fields;
    const form: Form<Block, PackedFacts> = {
      unpack: (packed, block) => {
        const made = weighed(unpackFacts(packed, this.places.block(block), lists));
        for (const [offset, facts] of made.facts.entries()) this.#note(block * BLOCK + offset, facts ?? NONE);
        return made;
      },
      pack: ({ facts }) => packFacts(facts),
      bytes: ({ count, each }) => count * each + BLOCK * 16,
      copy: ({ facts, ...its }) => ({ ...its, facts: [...facts] }),
      isEmpty: ({ count }) => count === 0,
    };
    this.#shelf = new Shelf(memory, form, from ? from.#shelf : undefined);
    if (!from) return;
    this.#open = from.#open.slice();
    for (const [block, read] of from.#beside) this.#beside.set(block, read);
  }

  /** Blocks that are to be kept anew. */
  get changed(): Set<number> {
    return this.#shelf.changed;
  }

  /** The facts of one item, in the order of time. */
  at(place: number): readonly Fact[] {
    return this.#shelf.get(blockOf(place))?.facts[place % BLOCK] ?? NONE;
  }

  /** The same, for whoever goes through many of them once: what is not at hand is let go of again. */
  glanceAt(place: number): readonly Fact[] {
    return this.#shelf.glance(blockOf(place))?.facts[place % BLOCK] ?? NONE;
  }

  of(item: string): readonly Fact[] {
    const place = this.places.find(item);
    return place === undefined ? NONE : this.at(place);
  }

  set(place: number, facts: readonly Fact[]): void {
    const block = blockOf(place);
    const its = this.#shelf.edit(block, () => ({ facts: [], count: 0, each: 0 }));
    its.count += facts.length - (its.facts[place % BLOCK]?.length ?? 0);
    its.facts[place % BLOCK] = facts.length > 0 ? facts : undefined;
    if (its.each === 0 && facts[0]) its.each = sizeOf(facts[0]);
    this.#beside.delete(block);
    this.#note(place, facts);
    this.#shelf.edited(block);
    this.#journal?.note(place);
  }

  /** Which items are changed, from when it is asked for first. */
  journal(): Journal {
    this.#journal ??= new Journal();
    return this.#journal;
  }

  /** Whether the last that was told of an item has not ended. */
  isOpen(place: number): boolean {
    if ((this.#open[place] ?? OPEN.unknown) === OPEN.unknown) this.#note(place, this.at(place));
    return this.#open[place] === OPEN.yes;
  }

  /** Every item of which there are facts. */
  *entries(): Iterable<readonly [place: number, facts: readonly Fact[]]> {
    for (const block of this.#shelf.blocks()) yield* told(block, this.#shelf.get(block));
  }

  /** The same, for whoever goes through all of them once: what is not at hand is let go of again. */
  *passing(): Iterable<readonly [place: number, facts: readonly Fact[]]> {
    for (const block of this.#shelf.blocks()) yield* told(block, this.#shelf.glance(block));
  }

  /** Those of one block, likewise. */
  glance(block: number): Iterable<readonly [place: number, facts: readonly Fact[]]> {
    return told(block, this.#shelf.glance(block));
  }

  /** Numbers of the blocks in which there may be facts. */
  blocks(): readonly number[] {
    return this.#shelf.blocks();
  }

  /** What is to be kept of a block; `null` where nothing is. */
  pack(block: number): PackedFacts | null {
    return this.#shelf.pack(block);
  }

  /** What is to be kept beside it: by which values of its fields its items are found. */
  packFields(block: number): PackedFields | null {
    return packFields(this.#shelf.get(block)?.facts ?? [], this.fields);
  }

  /** Puts back what {@link pack} gave. */
  wait(block: number, read: () => PackedFacts): void {
    this.#shelf.wait(block, read);
    this.#journal?.lose();
  }

  waitFields(block: number, read: () => PackedFields): void {
    this.#beside.set(block, read);
  }

  kept(block: number, read: () => PackedFacts): void {
    this.#shelf.kept(block, read);
  }

  keptFields(block: number, read: () => PackedFields): void {
    if (!this.#shelf.changed.has(block)) this.#beside.set(block, read);
  }

  /** Every item by what it had at some time in a field. What is kept beside a block saves decoding it. */
  index(field: string): Postings {
    return Postings.of(this.#values(field));
  }

  /** The same facts, to go on from apart from these. */
  fork(lists: Lists, memory: Memory): Table {
    return new Table(this.places, lists, memory, this.fields, this);
  }

  *#values(field: string): Iterable<readonly [hash: number, place: number]> {
    for (const block of this.#shelf.blocks()) {
      const beside = this.#beside.get(block)?.()[field];
      if (beside) for (const entry of beside) yield [Math.floor(entry / BLOCK), block * BLOCK + (entry % BLOCK)];
      else
        for (const [offset, facts] of (this.#shelf.get(block)?.facts ?? []).entries())
          for (const { row } of facts ?? NONE) for (const value of meets(row[field])) yield [hashOf(value), block * BLOCK + offset];
    }
  }

  #note(place: number, facts: readonly Fact[]): void {
    if (place >= this.#open.length) {
      const longer = new Uint8Array(Math.max(place + 1, 2 * this.#open.length));
      longer.set(this.#open);
      this.#open = longer;
    }
    this.#open[place] = facts.at(-1)?.to === NEVER ? OPEN.yes : OPEN.no;
  }
}

function* told(block: number, its: Pick<Block, 'facts'> | undefined): Iterable<readonly [place: number, facts: readonly Fact[]]> {
  for (const [offset, facts] of its?.facts.entries() ?? []) if (facts) yield [block * BLOCK + offset, facts];
}

function weighed(facts: (readonly Fact[] | undefined)[]): Block {
  const count = facts.reduce((sum, its) => sum + (its?.length ?? 0), 0);
  const some = facts.filter((its) => its !== undefined).slice(0, SOME);
  const bytes = some.reduce((sum, [first]) => sum + (first ? sizeOf(first) : 0), 0);
  return { facts, count, each: some.length === 0 ? 0 : Math.ceil(bytes / some.length) };
}

/** Of so many items of a block a fact is weighed. */
const SOME = 8;

/** Bytes of a fact, about: its object, its row and the texts in it. */
function sizeOf({ row }: Fact): number {
  let bytes = 160;
  for (const field in row) {
    const value = row[field];
    if (typeof value === 'string') bytes += 32 + value.length;
    else if (typeof value === 'object' && value !== null) for (const entry of value) bytes += 40 + entry.length;
    else bytes += 12;
  }
  return bytes;
}
