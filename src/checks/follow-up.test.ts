import { expect, it } from 'vitest';
import { registerEntry } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { reviewedAfter } from './follow-up.ts';

const HAPPENED = instant('2026-05-20T12:00:00Z');
const review = (reviewedAfterDays: number | null, committedAfterDays: number | null = 1, reviewerId: string | null = 'W-2') =>
  registerEntry({
    reviewerId,
    reviewedAt: reviewedAfterDays === null ? null : HAPPENED + days(reviewedAfterDays),
    committedAt: committedAfterDays === null ? null : HAPPENED + days(committedAfterDays),
  });

it.each([
  ['reviewed the day after', [review(1)], ['person W-1'], 'yes'],
  ['dated to the beginning of its day', [review(-0.5)], [], 'yes'],
  ['dated a day before', [review(-1)], [], 'no'],
  ['at the last instant, told at the last', [review(5, 13)], [], 'yes'],
  ['too late', [review(5.01)], [], 'no'],
  ['told too late', [review(1, 13.01)], [], 'no'],
  ['without a date', [review(null)], [], 'no'],
  ['without an entry', [], [], 'no'],
  ['by nobody', [review(1, 1, null)], ['person W-1'], 'no'],
  ['by who did it', [review(1)], ['person W-2'], 'no'],
  ['by who did it, and by another', [review(1), review(2, 3, 'W-3')], ['person W-2'], 'yes'],
  ['nobody knows who did it', [review(1)], [null], 'unknown'],
  ['nothing tells when it was written', [review(1, null)], [], 'unknown'],
  ['of one of two something tells', [review(1, null), review(1)], [], 'yes'],
] as const)('%s', (_, entries, makers, said) => {
  expect(reviewedAfter(HAPPENED, entries, makers)).toBe(said);
});
