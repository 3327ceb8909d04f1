import { conforms, defineCheck, deviates, notYet } from '../../../checks/check.ts';
import { pullRequests, reviews, workers } from './datasets.ts';

export const workersChangesApproved = defineCheck({
  id: 'workers-changes-approved',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Every change of a worker was approved.',
  population: pullRequests,
  with: { authors: workers.on('person', 'author'), approvals: reviews.where(({ approved }) => approved).on('pull', 'id') },

  examine(_change, { authors, approvals }) {
    if (authors.length === 0) return notYet({ rests: ['authors'] });
    return approvals.length > 0 ? conforms() : deviates('nobody had approved it');
  },
});
