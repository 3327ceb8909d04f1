import { type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Fact, Facts } from '../engine/facts.ts';
import { KeptOrder, type OrderColumns, type OrderEntry, type SortKey } from '../engine/kept-order.ts';
import type { Table } from '../engine/table.ts';

/** States at an instant, or what was so at any time in a period and up to the instant. */
interface Of {
  readonly asOf: Instant;
  readonly period: Period | null;
}

/** Whether what was so for some time is spoken of. */
export function telling({ happened }: Pick<Dataset, 'happened'>, { asOf, period }: Of): (span: Period) => boolean {
  if (!period) return (span) => holds(span, asOf);
  const end = Math.min(period.to, asOf + 1);
  return (span) => span.from < end && (happened ? span.from >= period.from : period.from < span.to);
}

/** By so many fields the rows of a dataset are kept in order; that which was asked for longest ago goes first. */
const ORDERS = 3;

const KNOWN = new WeakMap<Table, Map<string, RowOrder>>();

/** Facts of a dataset in the order of a field, or of their labels: those that a listing without conditions speaks of. `null` where it speaks of a time further back than what is kept. */
export function rowsInOrder(
  facts: Facts,
  dataset: Dataset,
  field: string | undefined,
  firstOf: (row: Fact['row']) => SortKey,
  listing: Of,
): Pick<OrderColumns, 'places' | 'froms'> | null {
  const since = listing.period?.from ?? listing.asOf;
  const order = orderOf(facts, dataset, field, firstOf, since);
  return !dataset.happened && since < order.since ? null : order.chosen(telling(dataset, listing));
}

/** @param since from when on it is to hold states, where it is not there yet */
function orderOf(facts: Facts, dataset: Dataset, field: string | undefined, firstOf: (row: Fact['row']) => SortKey, since: Instant): RowOrder {
  const table = facts.table(dataset);
  const known = KNOWN.get(table) ?? new Map<string, RowOrder>();
  KNOWN.set(table, known);
  const order = known.get(field ?? '') ?? new RowOrder(table, firstOf, dataset.happened ? -NEVER : since);
  known.delete(field ?? '');
  known.set(field ?? '', order);
  const [oldest] = known.keys();
  if (known.size > ORDERS && oldest !== undefined) known.delete(oldest);
  return order;
}

/** Fewer items than these are sorted when they are asked for. */
const FEW = 8192;

/** Sorts the rows of a dataset by their labels before somebody asks, step by step, where there are many. */
export function* rowsAhead(facts: Facts, dataset: Dataset, at: Instant): Generator<void, void> {
  if (!facts.reads(dataset.id) || facts.places(dataset).count < FEW) return;
  yield* orderOf(facts, dataset, undefined, (row) => dataset.label(row), at).ahead();
}

/** Of states those that had not ended when they were asked for first. */
class RowOrder {
  readonly since: Instant;
  readonly #table: Table;
  readonly #order: KeptOrder;

  constructor(table: Table, firstOf: (row: Fact['row']) => SortKey, since: Instant) {
    this.since = since;
    this.#table = table;
    this.#order = new KeptOrder(table, {
      entries: (places) => this.#entries(places, firstOf),
      firstOf: ({ row }) => firstOf(row),
      secondOf: (place) => table.places.name(place),
    });
  }

  ahead(): Generator<void, void> {
    return this.#order.ahead();
  }

  chosen(isTold: ReturnType<typeof telling>): Pick<OrderColumns, 'places' | 'froms'> {
    const { count, places, froms, tos } = this.#order.columns();
    const [chosen, since] = [new Int32Array(count), new Float64Array(count)];
    let size = 0;
    for (let index = 0; index < count; index++) {
      const from = froms[index] ?? 0;
      if (!isTold({ from, to: tos[index] ?? 0 })) continue;
      chosen[size] = places[index] ?? 0;
      since[size++] = from;
    }
    return { places: chosen.slice(0, size), froms: since.slice(0, size) };
  }

  *#entries(places: ReadonlySet<number> | null, firstOf: (row: Fact['row']) => SortKey): Iterable<OrderEntry> {
    const told = places ? [...places].sort((a, b) => a - b).map((place) => [place, this.#table.at(place)] as const) : this.#table.passing();
    for (const [place, facts] of told) for (const { row, from, to } of facts) if (to > this.since) yield { place, from, to, next: NEVER, first: firstOf(row) };
  }
}
