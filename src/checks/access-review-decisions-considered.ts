import { days } from '../core/instant.ts';
import { campaigns } from '../datasets/review/campaigns.ts';
import { type Decision, decisions } from '../datasets/review/decisions.ts';
import { conforms, count, defineCheck, deviates, notYet, unknown } from './check.ts';

const SECONDS = 4;

export const accessReviewDecisionsConsidered = defineCheck({
  id: 'access-review-decisions-considered',
  title: 'Access reviews are not waved through',
  version: 1,
  asserts: 'In every access review that was finished, each reviewer of {least} or more took at least 4 seconds for the middle one of them.',
  population: campaigns.where(({ status }) => status === 'completed'),
  with: { decided: decisions.on('campaignId') },
  parameters: { least: count(20, 'rights', 'of one reviewer'), pace: '4 seconds between one decision and the next, in the median' },

  examine({ completedAt }, { at, decided }, { least }) {
    if (completedAt === null) return notYet({ rests: [] });
    if (at < completedAt) return notYet({ until: completedAt }); // what is said of an act stands: not before all was decided
    const reviewers = [...new Set(decided.map(({ reviewerId }) => reviewerId))].sort();
    const many = reviewers
      .map((reviewerId) => ({ reviewerId, its: decided.filter((decision) => decision.reviewerId === reviewerId) }))
      .filter(({ its }) => its.length >= least);
    if (many.length === 0) return decided.length === 0 ? notYet() : conforms();
    const hasty = many.filter(({ its }) => !dated(its) && pace(its) < SECONDS);
    if (hasty.length > 0)
      return deviates(
        `${hasty.map(({ reviewerId, its }) => `${reviewerId} decided on ${its.length} rights at ${pace(its)} seconds each, in the median`).join('; ')}`,
        {
          cites: hasty.flatMap(({ its }) => its),
        },
      );
    const days_ = many.filter(({ its }) => dated(its));
    return days_.length === 0 ? conforms() : unknown(`the decisions of ${days_.map(({ reviewerId }) => reviewerId).join(', ')} bear a day and no hour`);
  },
});

/** All of them at the beginning of a day: the register keeps the date alone. */
const dated = (decided: readonly Decision[]): boolean => decided.every(({ decidedAt }) => decidedAt % days(1) === 0);

/** Seconds from one decision to the next, in the median. */
function pace(decided: readonly Decision[]): number {
  const times = decided.map(({ decidedAt }) => decidedAt).sort((a, b) => a - b);
  const gaps = times
    .slice(1)
    .map((time, place) => time - (times[place] ?? time))
    .sort((a, b) => a - b);
  return (gaps[Math.floor(gaps.length / 2)] ?? 0) / 1000;
}
