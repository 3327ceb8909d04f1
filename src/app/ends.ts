import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Leaver, leavers } from '../datasets/people/leavers.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import type { Fact, Facts } from '../engine/facts.ts';
import type { Table } from '../engine/table.ts';

export const WORKERS = workers as unknown as Dataset;
export const LEAVERS = leavers as unknown as Dataset;

const ENDS = new WeakMap<Table, Ends>();

/** When engagements end, as HR or a statement ever told. */
export function endsOf(facts: Facts): Ends {
  const table = facts.table(WORKERS);
  const ends = ENDS.get(table) ?? new Ends(table, facts.reads(LEAVERS.id) ? facts.table(LEAVERS) : null);
  ENDS.set(table, ends);
  return ends;
}

/** Of each engagement that was ever said to end the first and the last instant that was said; kept from one learning to the next, and only what was changed is read again. */
class Ends {
  readonly #tables: readonly (readonly [Table, (fact: Fact) => Instant | null])[];
  /** Where each table was looked at last. */
  #looked: readonly number[] | null = null;
  readonly #ends = new Map<number, Period>();

  constructor(told: Table, stated: Table | null) {
    this.#tables = [[told, ({ row }) => (row as Worker).terminationAt], ...(stated ? [[stated, ({ row }: Fact) => (row as Leaver).endAt] as const] : [])];
  }

  /** Brings it up to date. */
  *ahead(): Generator<void, void> {
    const journals = this.#tables.map(([table]) => table.journal());
    const now = journals.map((journal) => journal.now);
    const changed = this.#looked && journals.map((journal, place) => journal.since(this.#looked?.[place] ?? 0));
    if (changed?.every((places) => places !== null)) for (const place of new Set(changed.flatMap((places) => [...(places ?? [])]))) this.#read(place);
    else {
      this.#ends.clear();
      for (const [table, endOf] of this.#tables)
        for (const block of table.blocks()) {
          for (const [place, facts] of table.glance(block)) this.#tell(place, facts, endOf);
          yield;
        }
    }
    this.#looked = now;
  }

  /** Places of those that may have ended in a period and up to an instant, ascending: that is to be seen. */
  *within({ from, to }: Period, at: Instant): Generator<void, readonly number[]> {
    yield* this.ahead();
    const found: number[] = [];
    for (const [place, end] of this.#ends) if (end.from < to && end.from <= at && from <= end.to) found.push(place);
    return found.sort((a, b) => a - b);
  }

  #read(place: number): void {
    this.#ends.delete(place);
    for (const [table, endOf] of this.#tables) this.#tell(place, table.at(place), endOf);
  }

  #tell(place: number, facts: readonly Fact[], endOf: (fact: Fact) => Instant | null): void {
    for (const fact of facts) {
      const [end, known] = [endOf(fact), this.#ends.get(place)];
      if (end !== null) this.#ends.set(place, { from: Math.min(end, known?.from ?? end), to: Math.max(end, known?.to ?? end) });
    }
  }
}
