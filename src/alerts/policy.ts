import type { Duration } from '../core/instant.ts';
import type { Severity } from '../core/severity.ts';

/** What alerts may be about. */
export const CAUSES = [
  'control-fails',
  'deviations',
  'evidence-gap',
  'deadline',
  'missed-occurrence',
  'log-integrity',
  'job-trouble',
  'delivery', // a notification that could not be brought to its channel
] as const;
export type Cause = (typeof CAUSES)[number];

/** When an alert is raised, how urgent it is, and whom it reaches. */
export interface Rule {
  /** Its own name; alerts of one rule are told apart by what they are about. */
  readonly name: string;
  readonly on: Cause;
  /** `null`: as urgent as its cause: the control's severity, or what is usual of the cause. */
  readonly severity: Severity | null;
  readonly route: string;
  /** Whether quiet hours hold it back; a critical alert is never held back. */
  readonly quiet: boolean;
  /** Ids; `null`: all. Of causes that concern controls. */
  readonly controls: readonly string[] | null;
  /** Ids of checks; `null`: all. */
  readonly checks: readonly string[] | null;
  /** Of deviations: from so many items on. */
  readonly count: number;
  /** Of deviations: from this share of the population on (0.1); `null`: the count alone decides. */
  readonly share: number | null;
  /** Of evidence: silent or incomplete for so long beyond its schedule. */
  readonly after: Duration;
  /** Of deadlines: so long ahead. */
  readonly within: Duration;
}

/** Whom an alert reaches, so long after it was opened. */
export interface RouteStep {
  readonly after: Duration;
  readonly to: readonly string[];
}

export interface Route {
  readonly name: string;
  readonly steps: readonly RouteStep[];
}

/** When nobody is woken: minutes of the local day, from up to; over midnight where `from` is not before `to`. */
export interface Quiet {
  readonly from: number;
  readonly to: number;
  /** Saturdays and Sundays are quiet as a whole. */
  readonly weekends: boolean;
  readonly timezone: string;
}

/** All that alerts go by. */
export interface Policy {
  readonly rules: readonly Rule[];
  readonly routes: readonly Route[];
  readonly quiet: Quiet | null;
  /** Acknowledged and not resolved within: the escalation goes on. */
  readonly resume: Duration;
  /** The same cause so soon after its alert was resolved reopens that alert; later it is another one. */
  readonly reopen: Duration;
  /** Resolved by a person while the cause lasts: so long is waited for evidence that it is gone, by conclusion. */
  readonly recheck: { readonly real: Duration; readonly other: Duration };
}

/** Steps of a route; where the configuration has lost it, the first one. */
export const stepsOf = ({ routes }: Pick<Policy, 'routes'>, name: string): readonly RouteStep[] =>
  (routes.find((route) => route.name === name) ?? routes[0])?.steps ?? [];
