import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Coverage } from './coverage.ts';
import type { Engine } from './engine.ts';
import { finished } from './steps-of-work.ts';

/** What changes by itself: verdicts, coverage, and any other periods that claims depend on, like those of waivers. */
interface Changing {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly checks: readonly Check[];
  readonly also?: readonly Period[];
}

/**
 * The next instant after this one at which a claim may change though nothing is learned: a verdict ends or begins, or
 * evidence grows too old. Up to it no claim changes. `NEVER` where nothing lies ahead.
 */
export const nextChange = (of: Changing, after: Instant): Instant => finished(changingNext(of, after));

/** The same step by step. */
export function* changingNext({ engine, coverage, checks, also = [] }: Changing, after: Instant): Generator<unknown, Instant> {
  let next = NEVER;
  const consider = (at: Instant) => {
    if (at > after && at < next) next = at;
  };
  for (const check of checks) consider(yield* engine.verdicts(check).changingAfter(after));
  for (const edge of coverage.edges()) consider(edge);
  for (const { from, to } of also) {
    consider(from);
    consider(to);
  }
  return next;
}
