import type { Duration, Instant } from '../core/instant.ts';
import type { Period, Periods } from '../core/interval.ts';
import type { ControlStatus, Status } from '../core/status.ts';
import type { Besides, ItemName, Posture, Tolerance, WaiverMark } from './posture.ts';

/** A status that held from one instant up to another. */
export interface StatusInterval<Of = Status> extends Period {
  readonly status: Of;
  /** As alerts and exit codes take it: without waived deviations. */
  readonly alert: Of;
}

/** A status over a period, and at every instant of it that has come. */
export interface Observed<Of = Status> {
  readonly id: string;
  readonly title: string;
  readonly status: Of;
  readonly alert: Of;
  /** In order, without a gap, no two neighbours alike. Of events, what those observed so far came to. Empty before the period has begun. */
  readonly intervals: readonly StatusInterval<Of>[];
}

/** What a status over a period is a function of. */
export interface PeriodStamp extends Omit<Posture, 'criteria' | 'controls' | 'checks' | 'findings' | 'unwaived'> {
  /** Up to there something is said: the end of the period, or just after `asOf` while it lasts. */
  readonly until: Instant;
}

/** How everything stood over a period. */
export interface PeriodStatuses extends PeriodStamp {
  /** Those in scope. */
  readonly criteria: readonly Observed[];
  readonly controls: readonly (Observed<ControlStatus> & { readonly checks: readonly string[] })[];
  readonly checks: readonly Observed[];
}

/** The results of controls over a period: how each stood, and how that is known. */
export interface PeriodResults extends PeriodStamp {
  readonly controls: readonly ControlResults[];
  /** Sealed configurations in force at some time in the period, in order: parameters of sources are in them. */
  readonly configurations: readonly { readonly at: Instant; readonly record: number }[];
}

/** Of the part of the period before the control was left out, where it was. */
export interface ControlResults extends Observed<ControlStatus>, Besides {
  readonly criteria: readonly string[];
  readonly owner: string;
  readonly statement: string;
  /** What an auditor can quote. */
  readonly quote: string;
  readonly checks: readonly CheckResults[];
}

/** How a population of states changed: `start + joined - left = end`. Who leaves and comes back has left once and joined once. */
export interface Movement {
  readonly start: number;
  readonly joined: number;
  readonly left: number;
  readonly end: number;
}

export interface CheckResults extends Observed {
  readonly asserts: string;
  readonly version: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly dataset: string;
  readonly population:
    | ({ readonly kind: 'states' } & Movement)
    /** `open`: those that happened in the period and that the check says nothing of yet. */
    | { readonly kind: 'events'; readonly events: number; readonly open: number };
  /** Items about which something is claimed: conforming, deviating and undetermined ones together. */
  readonly examined: number;
  readonly conform: number;
  /** Items that deviate at some time. */
  readonly deviate: number;
  /** Items that never deviate and could not be determined at some time. */
  readonly undetermined: number;
  /** Where the check declares one: the share of items that may deviate before the status fails. */
  readonly tolerance: Tolerance | null;
  /** Items of which a deviation is waived. */
  readonly waived: number;
  /** By when they began, then by item. Made each time they are read, and to be read before anything else is asked. */
  readonly deviations: Iterable<DeviationOver>;
  readonly unknowns: readonly UnknownOver[];
  /** All time in which anything could not be determined, an item or the population. */
  readonly unknownTime: { readonly total: Duration; readonly intervals: Periods };
  /** When the population itself was not covered, and why. */
  readonly gaps: readonly (Period & { readonly because: string })[];
  /** Of each dataset it reads, the longest time between two looks in the period: in between, a state is claimed. */
  readonly looks: readonly LookDistance[];
}

/** An item that deviates: `from` and `to` are when it began and ended, be that in the period or not. */
export interface DeviationOver extends Period {
  readonly item: ItemName;
  readonly because: string;
  readonly records: readonly number[];
  /** How much of it lies in the period. `null` of an event, which happened at an instant. */
  readonly lasted: Duration | null;
  readonly waiver: WaiverMark | null;
}

/** Items that could not be determined for one reason at one time. */
export interface UnknownOver extends Period {
  readonly because: string;
  readonly count: number;
  /** The first hundred of them, by name. */
  readonly items: readonly ItemName[];
  readonly records: readonly number[];
  readonly lasted: Duration | null;
}

export interface LookDistance {
  readonly dataset: string;
  /** How often all its sources together were looked at completely in the period. */
  readonly looks: number;
  /** `null` where no source was expected, or none left any time between two looks. */
  readonly longest: (Period & { readonly source: string; readonly partition: string }) | null;
}

/** Something that results rest on and that became another in a period: what is said of the period goes by what is so now. */
export interface Change {
  readonly at: Instant;
  /** The configuration record that tells it. */
  readonly record: number;
  readonly what: 'parameter' | 'check' | 'catalogue' | 'program';
  /** `null` of catalogue and program. */
  readonly check: string | null;
  /** Of a parameter. */
  readonly name: string | null;
  /** `null` where there was none before, or is none any more. */
  readonly before: string | null;
  readonly after: string | null;
  readonly controls: readonly string[];
}

/** Every item of a check in a period, and the question it answers. */
export interface Population {
  readonly control: string;
  readonly check: string;
  readonly version: number;
  readonly kind: 'states' | 'events';
  readonly dataset: { readonly id: string; readonly title: string };
  /** The query in words. */
  readonly selection: string;
  readonly sources: readonly SourceAsked[];
  readonly period: Period;
  readonly until: Instant;
  readonly asOf: Instant;
  readonly count: number;
  /** Ascending by key, in the order of its bytes in UTF-8. Made each time they are read, and to be read before anything else is asked. */
  readonly items: Iterable<Member>;
  /** Theirs, likewise. */
  readonly keys: Iterable<string>;
  /** Those of some keys, in the same order. */
  pick(keys: ReadonlySet<string>): Iterable<Member>;
}

export interface Member {
  /** Names the item and nothing else in the log: source, partition and key, with control characters and `%` percent-encoded. */
  readonly key: string;
  readonly label: string;
  /** When it joined and left, be that in the period or not; the instant of an event. `to` is {@link NEVER} while it is there. */
  readonly from: Instant;
  readonly to: Instant;
}

/** Which source was asked about a population, and what it answered. */
export interface SourceAsked {
  readonly source: string;
  readonly partition: string;
  readonly complete: number;
  readonly incomplete: number;
  /** Complete looks: the last before the period, where there is one, the first and the last in it. */
  readonly records: readonly number[];
}
