import { checkTester } from '../../test/check-tester.ts';
import { account, pullRequest, review, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { unapprovedChangesReviewed } from './unapproved-changes-reviewed.ts';

const scope = [system({ systemId: 'github' })];
const ines = account({ systemId: 'github', userId: 'g1', login: 'ines-duarte', personId: 'W-1' });
const bruno = account({ systemId: 'github', userId: 'g2', login: 'bruno-novak', personId: 'W-2' });
const people = { scope, contributors: [ines], reviewers: [bruno] };
const after = (at: string) => review({ submittedAt: instant(at) });
const none = 'was merged by bruno-novak on 2026-05-20T12:00:00Z without an approval by someone else, and nobody else had approved it by 2026-05-25T12:00:00Z';

checkTester(unapprovedChangesReviewed, {
  conforms: {
    'it was approved in time and owes nothing': { item: pullRequest(), given: { ...people, given: [review()] } },
    'trap 36: it was approved two days after the merge': {
      item: pullRequest({ labels: ['emergency'] }),
      given: { ...people, given: [after('2026-05-22T12:00:00Z')] },
    },
  },
  deviates: {
    'nobody looked at it': { item: pullRequest(), given: people, because: none },
    'trap 36: approved too late': { item: pullRequest(), given: { ...people, given: [after('2026-05-26T12:00:00Z')] }, because: none },
    'approved by who wrote it': {
      item: pullRequest(),
      given: { scope, contributors: [ines], reviewers: [ines], given: [{ ...after('2026-05-22T12:00:00Z'), reviewerId: 'g1' }] },
      because: none,
    },
    'trap 31: approved by a machine': {
      item: pullRequest(),
      given: {
        scope,
        contributors: [ines],
        reviewers: [{ ...bruno, kind: 'service', personId: null, ownerId: 'W-2' }],
        given: [after('2026-05-22T12:00:00Z')],
      },
      because: none,
    },
    'approved, and withdrawn within the five days': {
      item: pullRequest(),
      given: {
        ...people,
        given: [
          after('2026-05-22T12:00:00Z'),
          { ...after('2026-05-23T12:00:00Z'), reviewId: 'PRR_2', state: 'changes-requested', stateBefore: 'changes-requested' },
        ],
      },
      because: none,
    },
  },
  unknown: {
    'it cannot be told whether it had been approved': {
      item: pullRequest(),
      given: { ...people, given: [review({ mayApprove: 'unknown' })] },
      because: 'it cannot be told whether the review by bruno-novak is an approval that counts',
    },
    'nobody knows who the reviewer is': {
      item: pullRequest(),
      given: { scope, contributors: [ines], given: [after('2026-05-22T12:00:00Z')] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
  },
  notYet: {
    'there is time left': { item: pullRequest(), given: people, at: instant('2026-05-23T00:00:00Z') },
    'a system out of scope': { item: pullRequest() },
  },
});
