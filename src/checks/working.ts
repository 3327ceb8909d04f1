import { type Instant, iso, NEVER } from '../core/instant.ts';
import type { Worker } from '../datasets/hr/workers.ts';
import { firstOf } from './until.ts';

interface Working {
  readonly here: boolean;
  /** Until when that holds. */
  readonly until: { readonly until?: Instant };
  /** Of somebody who is not here: `left on …`, or `does not work here yet`. */
  readonly stands: string;
}

/** Whether somebody works here, by all their engagements: one that begins later does not count before it does. */
export function working(engagements: readonly Pick<Worker, 'startAt' | 'terminationAt'>[], at: Instant): Working {
  const begun = engagements.filter(({ startAt }) => startAt <= at);
  const end = Math.max(...begun.map(({ terminationAt }) => terminationAt ?? NEVER));
  if (end > at) return { here: true, until: firstOf(at, end), stands: '' };
  const until = firstOf(at, ...engagements.map(({ startAt }) => startAt));
  return { here: false, until, stands: begun.length === 0 ? 'does not work here yet' : `left on ${iso(end)}` };
}
