import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Severity } from '../core/severity.ts';
import type { ControlStatus, Status } from '../core/status.ts';

export type { Occurrence, OccurrenceSeries } from './occurrences.ts';

/** An item of a population, as people name it. */
export interface ItemName {
  readonly dataset: string;
  /** Collector and name of the source: `github/organization/acme`. */
  readonly source: string;
  readonly partition: string;
  readonly key: string;
  readonly label: string;
}

/** An item that does not deviate, and will of itself: by what is known, nothing but time has to pass. */
export interface Upcoming {
  readonly check: string;
  readonly item: ItemName;
  /** From when on it deviates, unless something is done and told by then. */
  readonly at: Instant;
  /** What will be said of it then. */
  readonly because: string;
}

/** By which waiver a deviation is accepted; it is a deviation all the same. */
export interface WaiverMark {
  /** Id of its entry in the register. */
  readonly id: string;
  readonly because: string;
  /** Names of who approved it. */
  readonly by: string;
  /** When it ends by its own word. */
  readonly until: Instant;
  readonly records: readonly number[];
}

/** That a control is left out, and by whose word: its deviations are listed all the same. */
export interface ExclusionMark {
  /** Id of its entry in the register. */
  readonly id: string;
  readonly because: string;
  /** Names of who approved it. */
  readonly by: string;
  readonly since: Instant;
  readonly records: readonly number[];
}

/** From its due date on, something that recurs was not done, or nobody can tell: to when it was done after all. */
export interface DutySpell extends Period {
  readonly what: string;
  readonly status: 'fail' | 'unknown';
  readonly because: string;
}

/** What a control's status rests on besides its checks. */
export interface Besides {
  readonly excluded: ExclusionMark | null;
  /** Why it is not left out though the company meant to; `null` where it did not. */
  readonly notExcluded: string | null;
  /** What recurs and was not done in time. */
  readonly duties: readonly DutySpell[];
  /** Datasets that its checks read and that no source was ever expected to tell of: it is unknown then, whatever the others say. */
  readonly unfed: readonly string[];
  /** What an auditor may ask of it that none of its checks examines. */
  readonly unexamined: readonly string[];
}

/** What is said of one item from one instant up to another. */
export interface Finding extends Period {
  readonly check: string;
  readonly control: string;
  readonly item: ItemName;
  readonly verdict: 'deviates' | 'unknown';
  readonly because: string;
  /** Indexes of the records it rests on: the item's own row, then what is cited, ascending. */
  readonly records: readonly number[];
  /** `null` where it is not waived. At an instant: by what stands then, though the deviation may be older. */
  readonly waiver: WaiverMark | null;
}

/**
 * What is said of items, control by control. Made each time they are read, few of them at hand at once, and to be read
 * before anything is learned.
 */
export interface Findings extends Iterable<Finding> {
  /** Those of some controls; of one verdict, where asked. */
  of(controls: readonly string[], verdict?: Finding['verdict']): Iterable<Finding>;
}

/** Of a check by which some items may deviate: the rate of conformity is `conform` of `of`. */
export interface Tolerance {
  /** Of the items, how many may deviate before the status fails: 0.05. */
  readonly share: number;
  readonly deviating: number;
  readonly conform: number;
  readonly of: number;
  readonly within: boolean;
}

export interface CheckPosture {
  readonly id: string;
  readonly title: string;
  readonly asserts: string;
  readonly version: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly dataset: string;
  readonly status: Status;
  /** The status as alerts and exit codes take it: without waived deviations. */
  readonly alert: Status;
  /** Items in the population. */
  readonly examined: number;
  readonly deviations: number;
  readonly unknowns: number;
  /** `null` where none may deviate. */
  readonly tolerance: Tolerance | null;
  /** Why the population itself is not known, where it is not. */
  readonly gap: string | null;
  /** Records that brought the population last, one for each expected source that spoke. */
  readonly records: readonly number[];
}

export interface ControlPosture extends Besides {
  readonly id: string;
  readonly title: string;
  readonly statement: string;
  readonly criteria: readonly string[];
  readonly owner: string;
  /** The policy whose words it carries out; missing or `null` where nobody names one. */
  readonly policy?: string | null;
  readonly severity: Severity;
  readonly status: ControlStatus;
  /** As of its checks: without waived deviations. */
  readonly alert: ControlStatus;
  readonly checks: readonly string[];
}

export interface CriterionPosture {
  readonly id: string;
  readonly category: string;
  readonly series: string;
  readonly seriesTitle: string;
  readonly title: string;
  readonly summary: string;
  /** `null`: its category is not in scope. */
  readonly status: Status | null;
  readonly controls: readonly string[];
  /** Why no control answers it, where none does. */
  readonly gap: string | null;
}

/** A piece of the program that results rest on. */
export interface PostureUnit {
  readonly kind: 'check' | 'collector';
  readonly id: string;
  readonly version: number;
  /** SHA-256 over its code and all that it imports, hex. */
  readonly digest: string;
}

/** What is so at an instant, and everything it is a function of. */
export interface Posture {
  readonly company: string;
  readonly demo: boolean;
  readonly asOf: Instant;
  readonly period: Period;
  readonly timezone: string;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  /** SHA-256 over the catalogue and overlay in force, hex. */
  readonly catalog: string;
  /** Version of the program, and a digest of all its code that results rest on. */
  readonly code: string;
  /** Every check and every collector, and which code it is. */
  readonly units: readonly PostureUnit[];
  readonly criteria: readonly CriterionPosture[];
  readonly controls: readonly ControlPosture[];
  readonly checks: readonly CheckPosture[];
  /** Of each check, by id, how many items deviate that no waiver accepts. */
  readonly unwaived: ReadonlyMap<string, number>;
  readonly findings: Findings;
}
