import type { Fact } from './fact.ts';
import type { Table } from './table.ts';

/** By what an entry is sorted first. `null` before all else, numbers before texts, texts by code unit. */
export type SortKey = string | number | null;

/** One entry of an order: a fact, and two numbers by which entries are chosen. */
export interface OrderEntry {
  readonly place: number;
  readonly from: number;
  readonly to: number;
  readonly next: number;
  readonly first: SortKey;
}

/** Entries in their order, in columns: 28 bytes each. */
export interface OrderColumns {
  readonly count: number;
  readonly places: Int32Array;
  readonly froms: Float64Array;
  readonly tos: Float64Array;
  readonly nexts: Float64Array;
}

/** What is kept in order, of a table. No two entries have the same keys. */
export interface OrderOf {
  /** The entries of some places, in any order; of all, where none are named. */
  entries(places: ReadonlySet<number> | null): Iterable<OrderEntry>;
  /** By what entries come after each other that have the same first key; then comes the earlier fact. */
  secondOf(place: number, from: number): string;
  firstOf(fact: Fact): SortKey;
  /** All places whose entries may be others where some are. Those alone, unless said. */
  around?(places: ReadonlySet<number>): ReadonlySet<number>;
}

/** A share of all that is still sorted in; where more has changed, all of it is sorted anew. */
const [SHARE, FEW] = [1 / 8, 64];

/**
 * Facts of a table in an order that is kept from one learning to the next: only what was changed is sorted in anew. It
 * looks at few of the others, so a list of a million is at hand where the facts themselves are not.
 */
export class KeptOrder {
  readonly #table: Table;
  readonly #of: OrderOf;
  #columns: OrderColumns | null = null;
  #looked = 0;

  constructor(table: Table, of: OrderOf) {
    this.#table = table;
    this.#of = of;
  }

  /** As of now. @param also places that may be others though nothing was told of them */
  columns(also: ReadonlySet<number> = NOBODY): OrderColumns {
    const journal = this.#table.journal();
    const told = this.#columns && journal.since(this.#looked);
    const changed = told && new Set([...told, ...also]);
    if (!this.#columns || !changed || changed.size > Math.max(FEW, SHARE * this.#columns.count)) this.#columns = this.#sorted(null);
    else if (changed.size > 0) this.#columns = this.#merged(this.#columns, this.#of.around?.(changed) ?? changed);
    this.#looked = journal.now;
    return this.#columns;
  }

  #sorted(places: ReadonlySet<number> | null): OrderColumns {
    const entries = Array.from(this.#of.entries(places));
    entries.sort((a, b) => compareFirst(a.first, b.first) || this.#compareRest(a, b));
    return {
      count: entries.length,
      places: Int32Array.from(entries, ({ place }) => place),
      froms: Float64Array.from(entries, ({ from }) => from),
      tos: Float64Array.from(entries, ({ to }) => to),
      nexts: Float64Array.from(entries, ({ next }) => next),
    };
  }

  #compareRest(a: Pick<OrderEntry, 'place' | 'from'>, b: Pick<OrderEntry, 'place' | 'from'>): number {
    const [one, other] = [this.#of.secondOf(a.place, a.from), this.#of.secondOf(b.place, b.from)];
    return one === other ? a.from - b.from : one < other ? -1 : 1;
  }

  #merged(old: OrderColumns, changed: ReadonlySet<number>): OrderColumns {
    const fresh = this.#sorted(changed);
    const stay = new Int32Array(old.count);
    let staying = 0;
    for (let index = 0; index < old.count; index++) if (!changed.has(old.places[index] ?? -1)) stay[staying++] = index;
    const made = room(staying + fresh.count);
    let [from, size] = [0, 0];
    const take = (of: OrderColumns, index: number) => {
      made.places[size] = of.places[index] ?? 0;
      made.froms[size] = of.froms[index] ?? 0;
      made.tos[size] = of.tos[index] ?? 0;
      made.nexts[size++] = of.nexts[index] ?? 0;
    };
    for (let index = 0; index < fresh.count; index++) {
      const its = { place: fresh.places[index] ?? -1, from: fresh.froms[index] ?? 0 };
      const first = this.#firstAt(its);
      let [low, high] = [from, staying];
      while (low < high) {
        const middle = (low + high) >> 1;
        const there = { place: old.places[stay[middle] ?? -1] ?? -1, from: old.froms[stay[middle] ?? -1] ?? 0 };
        if ((compareFirst(this.#firstAt(there), first) || this.#compareRest(there, its)) < 0) low = middle + 1;
        else high = middle;
      }
      for (; from < low; from++) take(old, stay[from] ?? -1);
      take(fresh, index);
    }
    for (; from < staying; from++) take(old, stay[from] ?? -1);
    return made;
  }

  #firstAt({ place, from }: Pick<OrderEntry, 'place' | 'from'>): SortKey {
    const fact = this.#table.at(place).find((its) => its.from === from);
    if (!fact) throw new RangeError(`nothing was told of the item at ${place} at ${from}`);
    return this.#of.firstOf(fact);
  }
}

const NOBODY: ReadonlySet<number> = new Set();

const room = (count: number): OrderColumns => ({
  count,
  places: new Int32Array(count),
  froms: new Float64Array(count),
  tos: new Float64Array(count),
  nexts: new Float64Array(count),
});

export function compareFirst(a: SortKey, b: SortKey): number {
  if (a === b) return 0;
  const rank = (key: SortKey) => (key === null ? 0 : typeof key === 'number' ? 1 : 2);
  return rank(a) - rank(b) || (a! < b! ? -1 : 1);
}
