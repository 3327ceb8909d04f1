import type { z } from 'zod';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import type { Artifact, Exchange, Transports, Witness } from './source.ts';

/** The rows that one run gives of one dataset. */
export interface Table<R extends Row = Row> {
  readonly dataset: Dataset<R>;
  readonly rows: readonly R[];
  /** The instant the source speaks of, where that is not the one the run began: the generation time of an export. */
  readonly at?: Instant;
  /** Of events: the time of which it tells all, up to the instant before which none can come late any more. */
  readonly polled?: Period;
  /** Of events: the keys of those that were told and are taken back. */
  readonly withdrawn?: readonly string[];
}

export const table = <R extends Row>(dataset: Dataset<R>, rows: readonly R[], at?: Instant): Table =>
  ({ dataset, rows, ...(at === undefined ? {} : { at }) }) as unknown as Table;

/** Of events: the rows, and the time of which they tell all. */
export const events = <R extends Row>(dataset: Dataset<R>, rows: readonly R[], polled: Period): Table => ({ dataset, rows, polled }) as unknown as Table;

/** Where a run left off. */
export interface Mark {
  /** What the next run is given as `after`. */
  readonly after: string;
  /** There is more to ask at once: a long history is told in several runs, so that none grows without bound. */
  readonly more: boolean;
}

/** Of what run the artifacts are. */
export interface Of<Config> {
  readonly config: Config;
  /** The account, organization or region asked: one of {@link Collector.partitions}. */
  readonly partition: string;
  /** When the run began. */
  readonly at: Instant;
  /** Where the last complete run of this partition left off; `null` of the first, and where the collector leaves no marks. */
  readonly after: string | null;
  /** Start of the observation period: how far back a first run of a source of events goes, where the source remembers so much. */
  readonly since: Instant;
  /** Time zone of the workspace, for dates without one. */
  readonly timezone: string;
}

/** One right that a credential must have, and what for. */
export interface Permission {
  readonly right: string;
  readonly why: string;
}

/**
 * Brings facts of one kind from one kind of system of record, read-only.
 *
 * A collector never judges: an `if` about what is good or bad belongs in a check. It may not drop a row: a field it
 * cannot read is `unknown`, a row it cannot read is an error.
 */
export interface Collector<Config = unknown, Transport extends keyof Transports = keyof Transports> {
  /** Its path: `github/organization`. */
  readonly id: string;
  readonly title: string;
  /** Raised whenever it asks or reads otherwise. */
  readonly version: number;
  readonly transport: Transport;
  /** Hosts it may ask (HTTP). The base address of the first is what `config.endpoint` replaces. */
  readonly hosts: (config: Config) => readonly string[];
  /** Operations it may call (cloud APIs): `iam:ListUsers`. */
  readonly operations: readonly string[];
  /** The least the credential must be allowed. */
  readonly permissions: readonly Permission[];
  /** Names of the references under `credentials`, each with what it is. Empty: none is needed. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The headers that every request carries, the credential's among them (HTTP). */
  readonly headers?: (credentials: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
  /** What a credential has to be traded for before it can be used; `null` where it can be used as it is (HTTP). */
  readonly exchange?: (credentials: Readonly<Record<string, string>>, config: Config) => Exchange | null;
  /** The folder of the repository, below the workspace or absolute (git). */
  readonly repository?: (config: Config) => string;
  /** Hosts and ports that may be connected to, each as `host:port` (TLS). */
  readonly endpoints?: (config: Config) => readonly string[];
  /** A role to assume in a partition (cloud APIs). */
  readonly role?: (config: Config, partition: string) => string | null;
  /** How often it is run unless the configuration says otherwise: `1d`. */
  readonly every: string;
  readonly config: z.ZodType<Config>;
  /** Datasets it gives rows of in every complete run, be they none. */
  readonly feeds: readonly Dataset[];
  /** Those of them that it gives rows of as it is configured; all, unless said. */
  feedsOf?(config: Config): readonly Dataset[];
  /** What it cannot tell, in words for the reference page. */
  readonly cannotTell: readonly string[];
  /** The parts that must each be asked, from the configuration: accounts, organizations. Each is a run of its own. */
  partitions(config: Config): readonly string[];
  /** Asks the source and yields its answers untouched. Throws `IncompleteError` where one is missing. */
  collect(source: Transports[Transport], of: Of<Config>): AsyncIterable<Artifact>;
  /** Where a complete run leaves off (sources of events). Pure. Sealed with the run: a run that is lost leaves no mark, and is asked again. */
  mark?(artifacts: readonly Artifact[], of: Of<Config>): Mark;
  /** What the answers say of the asking itself: who asked, who answered, how much there is. Pure. */
  witness?(artifacts: readonly Artifact[], of: Of<Config>): Witness;
  /** Answers to rows, one table for each dataset it feeds. Pure: the same bytes give the same rows in three years. */
  normalize(artifacts: readonly Artifact[], of: Of<Config>): readonly Table[];
}

/** The datasets that a collector feeds as it is configured. */
export const fedBy = <Config>({ feeds, feedsOf }: Pick<Collector<Config>, 'feeds' | 'feedsOf'>, config: Config): readonly Dataset[] =>
  feedsOf?.(config) ?? feeds;

export function defineCollector<Config, Transport extends keyof Transports>(collector: Collector<Config, Transport>): Collector<Config, Transport> {
  return collector;
}
