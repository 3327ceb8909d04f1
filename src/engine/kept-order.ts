import type { Fact } from './fact.ts';
import { finished, sortedInSteps } from './steps-of-work.ts';
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
/** So many entries are read before others get their turn. */
const STEP = 256;

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
    const changed = this.#changed(also);
    if (!this.#columns || !changed) this.#put(this.#table.journal().now, finished(this.#sorting(null)));
    else {
      if (changed.size > 0) this.#columns = finished(this.#merging(this.#columns, this.#of.around?.(changed) ?? changed));
      this.#looked = this.#table.journal().now;
    }
    return this.#columns as OrderColumns;
  }

  /** Brings it up to date step by step: others may learn in between, and what they change is sorted in when it is asked for. */
  *ahead(): Generator<void, void> {
    const journal = this.#table.journal();
    const [{ now }, changed] = [journal, this.#changed(NOBODY)];
    if (!this.#columns || !changed) this.#put(now, yield* this.#sorting(null));
    else if (changed.size > 0) {
      const steps = this.#merging(this.#columns, this.#of.around?.(changed) ?? changed);
      for (let step = steps.next(); journal.now === now; step = steps.next()) {
        if (step.done) return this.#put(now, step.value);
        yield;
      }
    }
  }

  #put(looked: number, columns: OrderColumns): void {
    [this.#columns, this.#looked] = [columns, looked];
  }

  /** `null` where all of it is to be sorted anew. */
  #changed(also: ReadonlySet<number>): ReadonlySet<number> | null {
    const told = this.#columns && this.#table.journal().since(this.#looked);
    const changed = told && new Set([...told, ...also]);
    return changed && changed.size <= Math.max(FEW, SHARE * (this.#columns?.count ?? 0)) ? changed : null;
  }

  *#sorting(places: ReadonlySet<number> | null): Generator<void, OrderColumns> {
    const [its, firsts, froms, tos, nexts] = [[] as number[], [] as SortKey[], [] as number[], [] as number[], [] as number[]];
    for (const { place, from, to, next, first } of this.#of.entries(places)) {
      its.push(place);
      firsts.push(first);
      froms.push(from);
      tos.push(to);
      nexts.push(next);
      if (its.length % STEP === 0) yield;
    }
    const entryOf = (index: number) => ({ place: its[index] ?? -1, from: froms[index] ?? 0 });
    const compare = (a: number, b: number) => compareFirst(firsts[a] ?? null, firsts[b] ?? null) || this.#compareRest(entryOf(a), entryOf(b));
    const order = yield* sortedInSteps(its.length, compare);
    const taken = room(order.length);
    for (const [size, index] of order.entries()) {
      taken.places[size] = its[index] ?? -1;
      taken.froms[size] = froms[index] ?? 0;
      taken.tos[size] = tos[index] ?? 0;
      taken.nexts[size] = nexts[index] ?? 0;
    }
    return taken;
  }

  #compareRest(a: Pick<OrderEntry, 'place' | 'from'>, b: Pick<OrderEntry, 'place' | 'from'>): number {
    const [one, other] = [this.#of.secondOf(a.place, a.from), this.#of.secondOf(b.place, b.from)];
    return one === other ? a.from - b.from : one < other ? -1 : 1;
  }

  *#merging(old: OrderColumns, changed: ReadonlySet<number>): Generator<void, OrderColumns> {
    const fresh = yield* this.#sorting(changed);
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
      yield;
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
