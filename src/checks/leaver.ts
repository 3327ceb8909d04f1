import type { Instant } from '../core/instant.ts';
import type { Worker } from '../datasets/hr/workers.ts';
import { type Account, accounts } from '../datasets/people/accounts.ts';
import { conforms, deviates, notYet, unknown, type Verdict } from './check.ts';

/** Accounts of a person that can be used, or of which nobody says whether they can. */
export const USABLE = accounts.where(({ status }) => status === 'active' || status === 'invited' || status === 'unknown').on('personId', 'workerId');

/** An engagement that ended, with the sentence that says when and by whose word. */
interface Ended {
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly deadline: Instant;
  readonly left: string;
  /** Why nobody examined what was open after the deadline, where the end was told too late. */
  readonly late?: string | null;
}

/** Whether somebody who left holds nothing any more, once the deadline has passed. */
export function removal(
  { startAt, endAt, deadline, left, late = null }: Ended,
  at: Instant,
  theirs: readonly Account[],
  engagements: readonly Worker[],
): Verdict {
  if (at < deadline) return notYet({ until: deadline });
  // Somebody who came back may have access again; the time between is not excused by it.
  const back = engagements.filter((other) => other.startAt !== startAt && other.startAt >= endAt).map((other) => other.startAt);
  const returned = back.filter((start) => start <= at).length > 0;
  const next = back.filter((start) => start > at).sort((a, b) => a - b)[0];
  const until = next === undefined ? {} : { until: next };
  if (theirs.length === 0 || returned) return late === null ? conforms(until) : unknown(`${left}, ${late}`, until);
  const alive = theirs.filter(({ status }) => status !== 'unknown');
  if (alive.length === 0) return unknown(`${left}, and nobody says whether ${named(theirs)} can still be used`, until);
  return deviates(`${left} and still holds ${named(alive)}`, { cites: alive, ...until });
}

const named = (theirs: readonly Account[]): string =>
  theirs
    .map(({ systemId, login }) => `${login} in ${systemId}`)
    .sort()
    .join(', ');
