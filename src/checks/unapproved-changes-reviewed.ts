import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { approvalOf, isApart } from '../datasets/change/approval.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { reviews } from '../datasets/change/reviews.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINE = days(5);

export const unapprovedChangesReviewed = defineCheck({
  id: 'unapproved-changes-reviewed',
  title: 'What was merged without an approval is reviewed afterwards',
  version: 1,
  asserts:
    'Every pull request that was merged without an approval by someone else, in an emergency or not, was approved by someone else within five days after.',
  population: pullRequests,
  with: {
    scope: systems.on('systemId'),
    given: reviews.on('prId'),
    contributors: accounts.on('userId', 'contributorIds'),
    reviewers: accounts.on('userId', 'reviewerIds'),
  },
  parameters: { deadline: '5 days after the merge' },

  examine(change, { at, scope, given, contributors, reviewers }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { systemId, contributorIds, strangers, mergedAt, mergedBy } = change;
    const people = [...contributors, ...reviewers.filter((row) => !contributors.includes(row))];
    const before = approvalOf(change, given, people);
    if (before.independent === 'yes') return conforms();
    const deadline = mergedAt + DEADLINE;
    const others = [...contributorIds, ...strangers.map(() => null)];
    const after = given
      .filter(({ submittedAt, state, reviewerKind }) => mergedAt < submittedAt && submittedAt <= deadline && state === 'approved' && reviewerKind === 'human')
      .map(({ reviewerId }) => isApart(systemId, reviewerId, others, people));
    if (after.includes('yes')) return conforms();
    if (after.includes('unknown') || before.independent === 'unknown')
      return unknown('it cannot be told whether who reviewed it and who contributed are different people');
    if (at < deadline) return notYet({ until: deadline });
    return deviates(`was merged by ${mergedBy} on ${iso(mergedAt)} without an approval by someone else, and nobody else had approved it by ${iso(deadline)}`);
  },
});
