import { conforms, defineCheck, deviates } from '../../../checks/check.ts';
import { pullRequests, reviews } from './datasets.ts';

export const changeApproved = defineCheck({
  id: 'change-approved',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Every merged pull request was approved by someone other than its author before it was merged.',
  population: pullRequests,
  with: { approvals: reviews.where(({ approved }) => approved).on('pull', 'id') },

  examine({ author, mergedAt }, { approvals }) {
    const approved = approvals.some(({ reviewer, at }) => reviewer !== author && at <= mergedAt);
    return approved ? conforms() : deviates('nobody but its author had approved it');
  },
});
