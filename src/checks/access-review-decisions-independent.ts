import { iso } from '../core/instant.ts';
import { workers } from '../datasets/hr/workers.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { campaigns } from '../datasets/review/campaigns.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { statedBy } from './stated.ts';

export const accessReviewDecisionsIndependent = defineCheck({
  id: 'access-review-decisions-independent',
  title: 'Nobody decides on their own access',
  version: 1,
  asserts: 'Every decision of an access review was written by the reviewer it names, while that review ran, about an account that is not the reviewer’s own.',
  population: decisions,
  with: { reviewers: workers.on('workerId', 'reviewerId'), holders: engagements.on('userId'), reviews: campaigns.on('campaignId') },

  examine(decision, { reviewers, holders, reviews }) {
    const { systemId, workerId, reviewerId, decidedAt, campaignId, authorEmail } = decision;
    const holder = holders.find((account) => account.systemId === systemId);
    if (workerId === reviewerId || holder?.personId === reviewerId)
      return deviates(`${reviewerId} decided on an account of their own`, holder?.personId === reviewerId ? { cites: [holder] } : {});
    if (reviewers.length === 0) return deviates(`${reviewerId} decided, whom HR does not know`);
    const author = statedBy(decision, reviewers);
    if (author === 'no') return deviates(`it says that ${reviewerId} decided, and was written by ${authorEmail}`, { cites: reviewers });
    const [review] = reviews;
    if (!review) return unknown(`no review ${campaignId} is on record`);
    if (decidedAt < review.launchedAt)
      return deviates(`it was decided on ${iso(decidedAt)}, before the review began on ${iso(review.launchedAt)}`, { cites: [review] });
    if (author === 'unknown') return unknown(`nothing but its own word shows that ${reviewerId} decided`);
    if (!holder && workerId === null) return unknown('nobody knows whose account it is about');
    return conforms();
  },
});
