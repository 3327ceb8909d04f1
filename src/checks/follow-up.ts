import { days, type Instant } from '../core/instant.ts';
import type { Apart } from '../datasets/change/approval.ts';
import type { RegisterEntry } from '../datasets/register/entries.ts';

export const DEADLINE = days(5);
/** Registers are read once a week: what was written in time is told by then, and what is written later comes too late. */
export const TOLD = DEADLINE + days(8);
export const PARAMETERS = { deadline: '5 days', told: 'the entry is committed at most 13 days after, whatever date it bears' } as const;

/**
 * Whether the register of change reviews holds a review in time by somebody who had no hand in what happened. `makers`
 * are those who had; `null` for one whom nobody knows.
 */
export function reviewedAfter(happened: Instant, entries: readonly RegisterEntry[], makers: readonly (string | null)[]): Apart {
  const by = entries.filter(
    ({ reviewedAt, committedAt }) =>
      // A date without an hour is the beginning of its day.
      reviewedAt !== null && happened - days(1) < reviewedAt && reviewedAt <= happened + DEADLINE && (committedAt === null || committedAt <= happened + TOLD),
  );
  const others = by.filter(({ reviewerId }) => reviewerId !== null && !makers.includes(`person ${reviewerId}`));
  if (others.length === 0) return 'no';
  return makers.includes(null) || others.every(({ committedAt }) => committedAt === null) ? 'unknown' : 'yes';
}
