import type { z } from 'zod';
import type { Duration, Instant } from '../core/instant.ts';

export type Scalar = string | number | boolean | null;
export type Value = Scalar | readonly string[];
/** Flat, so that two rows are compared field by field and any field can be joined on. Instants are integers, never ages. */
export type Row = Readonly<Record<string, Value>>;

/** Rows of a dataset picked by a predicate that reads nothing but the row: timeless by its type. */
export interface Selection<R extends Row = Row> {
  readonly dataset: Dataset;
  admits(row: R): boolean;
  where<Narrow extends R>(claim: (row: R) => row is Narrow): Selection<Narrow>;
  where(claim: (row: R) => boolean): Selection<R>;
  /**
   * The rows whose field `theirs` equals the item's field `ours` (of the same name unless said). `null` meets nothing.
   * A list meets whatever one of its entries meets.
   */
  on<Field extends keyof R & string>(field: Field): Join<R, Field>;
  on<Ours extends string>(theirs: keyof R & string, ours: Ours): Join<R, Ours>;
  /** Every row, for closures and pairs. Each of their changes touches every item: keep it small by `where`. */
  all(): Join<R, never>;
}

export interface Join<R extends Row = Row, Ours extends string = string> {
  readonly rows: Selection<R>;
  readonly key: { readonly theirs: string; readonly ours: Ours } | null;
}

export type Joins<Ours extends string = string> = Readonly<Record<string, Join<Row, Ours>>>;
export type Rows<With extends Joins> = { readonly [Name in keyof With]: With[Name] extends Join<infer R> ? readonly R[] : never };

/** One table of facts. */
export interface Dataset<R extends Row = Row> extends Selection<R> {
  /** Its path: `hr.workers` is `src/datasets/hr/workers.ts`. */
  readonly id: string;
  /** One sentence: what a row is. */
  readonly title: string;
  /** The fields, each described: what it means, its unit, and what the source's silence becomes. */
  readonly row: z.ZodType<R>;
  /** What identifies a row within its source and partition. */
  key(row: R): string;
  /** What a person calls the row: `maria.lopez in github`. */
  label(row: R): string;
  /** How long after a look the source's word still counts. At least 1.5 times the schedule of what feeds it. */
  readonly freshness: Duration;
  /** The event's own time. A dataset that has it holds events, any other holds states. */
  happened?(row: R): Instant;
  /** A derived dataset is computed from others and fed by no source. */
  readonly derived?: Derivation<R>;
}

/**
 * How the rows of a derived dataset follow from others: one row, or none, for each row of `population`, by a pure and
 * timeless function of it and of the rows joined to it. Its item has the id of the item it is derived from.
 */
export interface Derivation<R extends Row, Item extends Row = Row, With extends Joins = Joins> {
  readonly population: Selection<Item>;
  readonly with: With;
  derive(item: Item, joined: Rows<With>): Derived<R>;
}

/** The row, and the joined rows that prove it. Of a join it cites no row of, it rests on what is absent there. */
export interface Derived<R extends Row> {
  readonly row: R | null;
  readonly cites: readonly Row[];
}

type Spec<R extends Row> = Pick<Dataset<R>, 'id' | 'title' | 'row' | 'key' | 'label' | 'freshness'> & Partial<Pick<Dataset<R>, 'happened'>>;

export function defineDataset<R extends Row>(spec: Spec<R>): Dataset<R> {
  const dataset: Dataset<R> = Object.assign(
    select<R>(
      () => dataset,
      () => true,
    ),
    spec,
  );
  return dataset;
}

export function deriveDataset<R extends Row, Item extends Row, With extends Joins<keyof Item & string>>(
  spec: Omit<Spec<R>, 'freshness' | 'happened' | 'key'>,
  derivation: Derivation<R, Item, With>,
): Dataset<R> {
  const { dataset } = derivation.population;
  return Object.assign(defineDataset<R>({ ...spec, key: () => '', freshness: dataset.freshness }), {
    derived: derivation as unknown as Derivation<R>,
  });
}

function select<R extends Row>(dataset: () => Dataset, admits: (row: R) => boolean): Selection<R> {
  const selection = {
    get dataset() {
      return dataset();
    },
    admits,
    where: (claim: (row: R) => boolean) => select<R>(dataset, (row) => admits(row) && claim(row)),
    on(theirs: string, ours: string = theirs) {
      return { rows: selection, key: { theirs, ours } };
    },
    all() {
      return { rows: selection, key: null };
    },
  };
  return selection as unknown as Selection<R>;
}
