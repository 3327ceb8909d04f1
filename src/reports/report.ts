import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';

/** What a report is made of. Renderers know nothing of SOC 2; reports know nothing of HTML. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** What its reader must not overlook: missing evidence, deviations. */
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'table'; readonly caption: string; readonly columns: readonly string[]; readonly rows: Iterable<readonly Cell[]> };

/** Text, or record numbers that a renderer may link. */
export type Cell = string | { readonly records: readonly number[] };

/** Everything a page of a report is a function of, so that anyone can perform it again. */
export interface Stamp {
  readonly company: string;
  readonly demo: boolean;
  readonly period: Period;
  readonly timezone: string;
  readonly asOf: Instant;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly catalog: string;
  readonly code: string;
}

export interface Document {
  readonly title: string;
  readonly stamp: Stamp;
  readonly blocks: readonly Block[];
}
