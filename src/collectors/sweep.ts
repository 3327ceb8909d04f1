import { z } from 'zod';
import { days, type Instant, minutes } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Of } from './collector.ts';

/** Trackers may show a change this long after it was made. */
const LATENESS = minutes(60);
/** How long the place within a sweep is good for: after that it is begun again. */
const GOOD = days(5);

/** Where a sweep over everything that was changed since has been left off. */
const Left = z.object({ until: z.int(), sweep: z.object({ begun: z.int(), next: z.string() }).nullable() });

/** One sweep, which may last several runs: for everything that was changed since `until`. */
export interface Sweep {
  readonly until: Instant;
  readonly begun: Instant;
  /** Where to go on; `null` of one that begins. */
  readonly next: string | null;
}

/** A first sweep goes so far back before the observation period: new changes name old tickets. */
const BEFORE = days(365);

/** The sweep that a run goes on with, or begins. */
export function sweepOf({ at, since, after }: Pick<Of<unknown>, 'at' | 'since' | 'after'>): Sweep {
  const { until, sweep } = after === null ? { until: Math.min(since, at) - BEFORE, sweep: null } : Left.parse(JSON.parse(after));
  return sweep && at - sweep.begun < GOOD ? { until, ...sweep } : { until, begun: at, next: null };
}

/** Where the run leaves off: at `next`, or at the end. */
export const leftAt = ({ until, begun }: Sweep, next: string | null): { readonly after: string; readonly more: boolean } => ({
  after: JSON.stringify({ until: next === null ? told(until, begun) : until, sweep: next === null ? null : { begun, next } } satisfies z.infer<typeof Left>),
  more: next !== null,
});

/** The time of which all is told: none before a sweep has come to its end. */
export const polledBy = ({ until, begun }: Sweep, next: string | null): Period => ({ from: until, to: next === null ? told(until, begun) : until });

const told = (until: Instant, begun: Instant): Instant => Math.max(until, begun - LATENESS);
