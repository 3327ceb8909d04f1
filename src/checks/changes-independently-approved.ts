import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { approvalOf } from '../datasets/change/approval.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { reviews } from '../datasets/change/reviews.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const changesIndependentlyApproved = defineCheck({
  id: 'changes-independently-approved',
  title: 'Every merged change was approved by someone else',
  version: 1,
  asserts:
    'The last commit of every pull request merged into a default branch had been approved, when it was merged, by a person who contributed nothing to it.',
  population: pullRequests,
  with: {
    scope: systems.on('systemId'),
    given: reviews.on('prId'),
    contributors: accounts.on('userId', 'contributorIds'),
    reviewers: accounts.on('userId', 'reviewerIds'),
  },

  examine(change, { scope, given, contributors, reviewers }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { independent, because, cites } = approvalOf(change, given, [...contributors, ...reviewers.filter((row) => !contributors.includes(row))]);
    if (independent === 'yes') return conforms();
    if (independent === 'unknown') return unknown(because);
    return deviates(`was merged by ${change.mergedBy} on ${iso(change.mergedAt)}: ${because}`, { cites });
  },
});
