import { ConfigurationError } from '../core/error.ts';
import { type Instant, instant, iso, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset, Row, Value } from '../datasets/dataset.ts';
import { type Fact, itemParts, streamId } from '../engine/facts.ts';
import { compareFirst, type OrderColumns } from '../engine/kept-order.ts';
import type { Ground } from './grounds.ts';
import { rowsInOrder, telling } from './row-order.ts';

/** How a field is compared: `:` is, `!` is not, `~` has in it, `<` is before or less, `>` is not. */
export const OPERATORS = [':', '!', '~', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  /** As people write it: an instant in ISO 8601 or a date, nothing as the empty text. Of a list, one of its entries. */
  readonly value: string;
}

export interface Listing {
  readonly asOf: Instant;
  /** Rows that held, or events that happened, at any time in it; `null`: states at the instant. */
  readonly period: Period | null;
  readonly where: readonly Condition[];
  /** Somewhere in the label or a text, whatever the case. */
  readonly text: string | undefined;
  /** A field, with `-` before it from the largest down; the label unless said. */
  readonly sort: string | undefined;
  readonly isInstant: (field: string) => boolean;
}

/** A row, and for how long it held. */
export interface RowLine extends Period {
  readonly source: string;
  readonly partition: string;
  readonly key: string;
  readonly label: string;
  readonly row: Row;
  readonly records: readonly number[];
}

/** What a list is sorted by. No two of its rows have the same. */
export type RowKeys = readonly [first: string | number | null, item: string, from: number | null];

/** How many rows have one value in a field. */
interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Rows in their order. Of each it holds where its fact is, 12 bytes, and makes the row when it is asked for. */
export interface RowList {
  readonly count: number;
  window(skip: number, limit: number): readonly RowLine[];
  each(): Iterable<RowLine>;
  /** How many rows stand up to and with these keys. */
  behind(keys: RowKeys): number;
  keysOf(line: RowLine): RowKeys;
  /** The values of a field, the most frequent first, and how many different ones there are. */
  values(field: string, most: number): { readonly of: number; readonly values: readonly ValueCount[] };
}

export function rowList({ engine: { facts } }: Ground, dataset: Dataset, listing: Listing): RowList {
  const { sort, isInstant } = listing;
  const table = facts.table(dataset);
  const field = sort?.replace(/^-/, '');
  const sign = sort?.startsWith('-') ? -1 : 1;
  const firstOf = (row: Row) => (field === undefined ? dataset.label(row) : sortable(row[field] ?? null));
  const { places, froms } = listed();
  /** Nothing where more was learned since the list was made: whoever asks next makes another one. */
  const factsAt = (index: number): readonly Fact[] => {
    const from = froms[index];
    return table.at(places[index] ?? -1).filter((fact) => fact.from === from);
  };
  const lineOf = (fact: Fact) => rowLine(dataset, fact);
  const keysOf = ({ row, source, partition, key, from }: RowLine): RowKeys => [
    firstOf(row),
    `${streamId(source, partition)}/${key}`,
    Number.isFinite(from) ? from : null,
  ];

  function listed(): Pick<OrderColumns, 'places' | 'froms'> {
    if (!facts.reads(dataset.id)) return NOTHING;
    const { where, text } = listing;
    const inOrder = where.length === 0 && text === undefined ? rowsInOrder(facts, dataset, field, firstOf, listing) : null;
    if (inOrder) return sign === 1 ? inOrder : { places: inOrder.places.toReversed(), froms: inOrder.froms.toReversed() };
    return sorted(found(), firstOf, sign, (place) => table.places.name(place));
  }

  function* found(): Iterable<Found> {
    const admits = admitting(dataset, listing);
    for (const [place, its] of table.passing()) for (const fact of its) if (admits(fact)) yield { place, fact };
  }

  return {
    count: places.length,
    window: (skip, limit) => Array.from(places.subarray(skip, skip + limit).keys()).flatMap((offset) => factsAt(skip + offset).map(lineOf)),
    // All facts are taken at once: what is learned while a file is read changes none of its rows.
    each: () => Array.from(places.keys()).flatMap(factsAt).values().map(lineOf),
    keysOf,

    behind(keys) {
      let [low, high] = [0, places.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const [fact] = factsAt(middle);
        if (fact && sign * compareKeys(keysOf(lineOf(fact)), keys) <= 0) low = middle + 1;
        else high = middle;
      }
      return low;
    },

    values(name, most) {
      const counts = new Map<string, number>();
      const count = (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1);
      for (let index = 0; index < places.length; index++) {
        const value = factsAt(index)[0]?.row[name] ?? null;
        if (Array.isArray(value)) for (const entry of value) count(entry);
        else count(spelledValue(value, isInstant(name)));
      }
      const values = [...counts].map(([value, its]) => ({ value, count: its })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
      return { of: values.length, values: values.slice(0, most) };
    },
  };
}

export function rowLine(dataset: Dataset, { item, row, from, to, records }: Fact): RowLine {
  return { ...itemParts(item), label: dataset.label(row), from, to: dataset.happened ? NEVER : to, row, records };
}

/** As people write it: an instant in ISO 8601, nothing as the empty text. */
export function spelledValue(value: Value, isInstant: boolean): string {
  if (value === null) return '';
  return isInstant && typeof value === 'number' ? iso(value) : String(value);
}

interface Found {
  readonly place: number;
  readonly fact: Fact;
}

const NOTHING = { places: new Int32Array(0), froms: new Float64Array(0) };

function sorted(all: Iterable<Found>, firstOf: (row: Row) => RowKeys[0], sign: number, nameOf: (place: number) => string) {
  const rows = Array.from(all, ({ place, fact }) => ({ place, from: fact.from, first: firstOf(fact.row), item: nameOf(place) }));
  rows.sort((a, b) => sign * (compareFirst(a.first, b.first) || compareFirst(a.item, b.item) || a.from - b.from));
  return { places: Int32Array.from(rows, ({ place }) => place), froms: Float64Array.from(rows, ({ from }) => from) };
}

function compareKeys(a: RowKeys, b: RowKeys): number {
  return compareFirst(a[0], b[0]) || compareFirst(a[1], b[1]) || compareFirst(a[2], b[2]);
}

const sortable = (value: Value): RowKeys[0] => (typeof value === 'string' || typeof value === 'number' || value === null ? value : String(value));

function admitting(dataset: Dataset, { asOf, period, where, text, isInstant }: Listing): (fact: Fact) => boolean {
  const conditions = where.map((condition) => meeting(condition, isInstant(condition.field)));
  const sought = text?.toLowerCase();
  const told = telling(dataset, { asOf, period });
  return (fact) => told(fact) && conditions.every((meets) => meets(fact.row)) && (sought === undefined || mentions(dataset, fact.row, sought));
}

function meeting({ field, operator, value: wanted }: Condition, isInstant: boolean): (row: Row) => boolean {
  const is = (value: Value) => (Array.isArray(value) ? value.includes(wanted) : spelledValue(value, isInstant) === wanted);
  const low = wanted.toLowerCase();
  const has = (value: Value) =>
    [value].flat().some((it) =>
      spelledValue(it as Value, isInstant)
        .toLowerCase()
        .includes(low),
    );
  if (operator === ':') return (row) => is(row[field] ?? null);
  if (operator === '!') return (row) => !is(row[field] ?? null);
  if (operator === '~') return (row) => has(row[field] ?? null);
  const bound = isInstant ? instantOf(field, wanted) : Number(wanted);
  if (Number.isNaN(bound)) throw new ConfigurationError(`${field}${operator} is compared with a number, and "${wanted}" is none.`);
  return (row) => {
    const value = row[field];
    return typeof value === 'number' && value < bound === (operator === '<');
  };
}

function instantOf(field: string, text: string): Instant {
  try {
    return instant(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  } catch {
    throw new ConfigurationError(`${field} is compared with an instant, like 2026-11-06T23:00:00Z or 2026-11-06, and "${text}" is none.`);
  }
}

const mentions = (dataset: Dataset, row: Row, sought: string): boolean =>
  dataset.label(row).toLowerCase().includes(sought) ||
  Object.values(row).some(
    (value) =>
      typeof value !== 'boolean' &&
      String(value ?? '')
        .toLowerCase()
        .includes(sought),
  );
