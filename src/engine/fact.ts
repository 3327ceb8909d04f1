import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Row } from '../datasets/dataset.ts';

/** One answer of a source about one partition of a dataset. Told twice for the same `at`, the later telling counts. */
export interface Run {
  readonly dataset: string;
  /** Collector and name of the source: `github/organization/acme`. */
  readonly source: string;
  readonly partition: string;
  /** When it began; of an export, when that was generated. */
  readonly at: Instant;
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly reason: string | null;
  /** Of a poll for events: the time it asked about, up to its watermark. A snapshot of states looks at the instant it began. */
  readonly polled?: Period;
  readonly rows: readonly Row[];
  /** Of events: the keys of those that were told and are taken back. */
  readonly withdrawn?: readonly string[];
  /** Index of the record that told it. */
  readonly record: number;
}

/** A run without its rows: that a source was asked, and whether it told all. */
export type Look = Omit<Run, 'rows' | 'withdrawn'>;

/** A row and when it holds. `item` is source, partition and key, `stream` the first two. */
export interface Fact extends Period {
  readonly item: string;
  readonly stream: string;
  readonly row: Row;
  /** The records that taught it: one, or those of all rows that a derived row follows from. */
  readonly records: readonly number[];
  /** Of an event that was told anew: the record that first told of it. */
  readonly first?: number;
  /** Of a derived row: the datasets that must be covered for it to count, and those of them in which nothing was found. */
  readonly needs: readonly string[];
  readonly lacks: readonly string[];
}
