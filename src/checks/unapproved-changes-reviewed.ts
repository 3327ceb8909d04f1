import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { approvalOf } from '../datasets/change/approval.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { reviews } from '../datasets/change/reviews.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

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
  parameters: { deadline: span('5 days', 'after the merge') },

  examine(change, { at, scope, given, contributors, reviewers }, { deadline: allowed }) {
    const out = outOfScope(scope);
    if (out) return out;
    const { mergedAt, mergedBy } = change;
    const people = [...contributors, ...reviewers.filter((row) => !contributors.includes(row))];
    const before = approvalOf(change, given, people);
    if (before.independent === 'yes') return conforms(); // it owes no follow-up, and that is settled: accounts may go afterwards
    const deadline = mergedAt + allowed;
    const after = approvalOf(change, given, people, deadline);
    if (after.independent === 'yes') return conforms();
    if (after.independent === 'unknown') return unknown(after.because);
    if (before.independent === 'unknown') return unknown(before.because);
    if (at < deadline) return notYet({ until: deadline });
    return deviates(`was merged by ${mergedBy} on ${iso(mergedAt)} without an approval by someone else, and nobody else had approved it by ${iso(deadline)}`);
  },
});
