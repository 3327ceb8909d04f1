import { checkTester } from '../../test/check-tester.ts';
import { account, pullRequest, review, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { changesIndependentlyApproved } from './changes-independently-approved.ts';

const scope = [system({ systemId: 'github' })];
const ines = account({ systemId: 'github', userId: 'g1', login: 'ines-duarte', personId: 'W-1' });
const bruno = account({ systemId: 'github', userId: 'g2', login: 'bruno-novak', personId: 'W-2' });
const people = { scope, contributors: [ines], reviewers: [bruno] };
const merged = 'was merged by bruno-novak on 2026-05-20T12:00:00Z';
const OLD = 'd'.repeat(40);

checkTester(changesIndependentlyApproved, {
  conforms: {
    'approved by someone else on the last commit': { item: pullRequest(), given: { ...people, given: [review()] } },
    'a bot’s change that a person approved': {
      item: pullRequest({ contributorIds: ['g9'], authorId: 'g9', author: 'acme-bot', authorKind: 'bot' }),
      given: { ...people, contributors: [account({ systemId: 'github', userId: 'g9', kind: 'service', personId: null, ownerId: 'W-2' })], given: [review()] },
    },
    'dismissed only after the merge': {
      item: pullRequest(),
      given: { ...people, given: [review({ state: 'dismissed', dismissedAt: instant('2026-05-21T00:00:00Z') })] },
    },
    'changes were asked for first, then it was approved': {
      item: pullRequest(),
      given: {
        ...people,
        given: [
          review(),
          review({ reviewId: 'PRR_0', state: 'changes-requested', stateBefore: 'changes-requested', submittedAt: instant('2026-05-19T12:00:00Z') }),
        ],
      },
    },
    'a bot that no account is tied to, which commits in its own name': {
      item: pullRequest({ contributorIds: ['g77'], authorId: 'g77', author: 'updater', authorKind: 'bot', strangers: ['updater[bot]'] }),
      given: { scope, reviewers: [bruno], given: [review()] },
    },
    'somebody whom nobody knows approved as well': {
      item: pullRequest({ reviewerIds: ['g2', 'g8'] }),
      given: { ...people, given: [review(), review({ reviewId: 'PRR_3', reviewerId: 'g8', reviewer: 'stray' })] },
    },
  },
  deviates: {
    'nobody approved': { item: pullRequest({ reviewerIds: [] }), given: { scope, contributors: [ines] }, because: `${merged}: nobody had approved it` },
    'approved after the merge only': {
      item: pullRequest(),
      given: { ...people, given: [review({ submittedAt: instant('2026-05-22T00:00:00Z') })] },
      because: `${merged}: nobody had approved it`,
    },
    'trap 29: a commit was added after the approval': {
      item: pullRequest(),
      given: { ...people, given: [review({ sha: OLD })] },
      because: `${merged}: commits were added after the approval, and nobody approved the last`,
    },
    'trap 30: the approver contributed': {
      item: pullRequest({ contributorIds: ['g1', 'g2'] }),
      given: { scope, contributors: [ines, bruno], reviewers: [bruno], given: [review()] },
      because: `${merged}: only bruno-novak, who contributed to it, had approved it`,
      cites: { contributors: [0, 1], reviewers: [0] },
    },
    'trap 30: two logins of one person': {
      item: pullRequest(),
      given: { scope, contributors: [ines], reviewers: [{ ...bruno, personId: 'W-1' }], given: [review()] },
      because: `${merged}: only bruno-novak, who contributed to it, had approved it`,
      cites: { contributors: [0], reviewers: [0] },
    },
    'trap 31: a bot approved': {
      item: pullRequest(),
      given: { ...people, given: [review({ reviewerKind: 'bot', reviewer: 'helper-bot' })] },
      because: `${merged}: only bots, or people who may not approve, had approved it`,
    },
    'a machine approved through an account of a person’s kind': {
      item: pullRequest(),
      given: { scope, contributors: [ines], reviewers: [{ ...bruno, kind: 'service', personId: null, ownerId: 'W-2' }], given: [review()] },
      because: `${merged}: only bots, or people who may not approve, had approved it`,
    },
    'the right commit was approved by a bot, an earlier one by a person': {
      item: pullRequest(),
      given: { ...people, given: [review({ sha: OLD }), review({ reviewId: 'PRR_4', reviewerId: 'g9', reviewer: 'helper-bot', reviewerKind: 'bot' })] },
      because: `${merged}: commits were added after the approval, and nobody approved the last`,
    },
    'trap 31: somebody committed to the change of a bot and approved it': {
      item: pullRequest({ contributorIds: ['g77', 'g2'], authorId: 'g77', author: 'updater', authorKind: 'bot' }),
      given: { scope, contributors: [bruno], reviewers: [bruno], given: [review()] },
      because: `${merged}: only bruno-novak, who contributed to it, had approved it`,
      cites: { contributors: [0], reviewers: [0] },
    },
    'trap 30: the approver may not write': {
      item: pullRequest(),
      given: { ...people, given: [review({ mayApprove: 'no' })] },
      because: `${merged}: only bots, or people who may not approve, had approved it`,
    },
    'dismissed before the merge': {
      item: pullRequest(),
      given: { ...people, given: [review({ state: 'dismissed', dismissedAt: instant('2026-05-20T11:30:00Z') })] },
      because: `${merged}: nobody had approved it`,
    },
    'changes were asked for after the approval': {
      item: pullRequest(),
      given: {
        ...people,
        given: [
          review(),
          review({ reviewId: 'PRR_2', state: 'changes-requested', stateBefore: 'changes-requested', submittedAt: instant('2026-05-20T11:30:00Z') }),
        ],
      },
      because: `${merged}: nobody had approved it`,
    },
    'trap 36: an emergency label excuses nothing': {
      item: pullRequest({ labels: ['emergency'] }),
      given: people,
      because: `${merged}: nobody had approved it`,
    },
  },
  unknown: {
    'a commit of somebody whom no account is tied to': {
      item: pullRequest({ strangers: ['M. Lopez'] }),
      given: { ...people, given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'nobody knows who the reviewer is': {
      item: pullRequest(),
      given: { scope, contributors: [ines], reviewers: [{ ...bruno, personId: null, rule: 'none' }], given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'nobody knows who a contributor is': {
      item: pullRequest({ contributorIds: ['g1', 'g8'] }),
      given: { ...people, given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'the author’s account is gone': {
      item: pullRequest({ contributorIds: [], authorId: null, author: 'ghost', authorKind: 'unknown' }),
      given: { scope, reviewers: [bruno], given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'another name in the change of a bot': {
      item: pullRequest({ contributorIds: ['g77'], authorId: 'g77', author: 'updater', authorKind: 'bot', strangers: ['M. Lopez'] }),
      given: { scope, reviewers: [bruno], given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'several people share the reviewer’s account': {
      item: pullRequest(),
      given: { scope, contributors: [ines], reviewers: [{ ...bruno, kind: 'shared', personId: null, ownerId: 'W-2' }], given: [review()] },
      because: 'it cannot be told whether bruno-novak and those who contributed are different people',
    },
    'dismissed nobody knows when': {
      item: pullRequest(),
      given: { ...people, given: [review({ state: 'dismissed', dismissedAt: null })] },
      because: 'it cannot be told whether the review by bruno-novak is an approval that counts',
    },
    'the host does not say what was reviewed': {
      item: pullRequest(),
      given: { ...people, given: [review({ sha: null })] },
      because: 'it cannot be told whether the review by bruno-novak is an approval that counts',
    },
    'the host does not say whether the reviewer may approve': {
      item: pullRequest(),
      given: { ...people, given: [review({ mayApprove: 'unknown' })] },
      because: 'it cannot be told whether the review by bruno-novak is an approval that counts',
    },
    'the reviewer’s account is gone': {
      item: pullRequest(),
      given: { ...people, given: [review({ reviewerId: null, reviewer: 'ghost' })] },
      because: 'it cannot be told whether ghost and those who contributed are different people',
    },
  },
  notYet: { 'a system out of scope': { item: pullRequest() } },
});
