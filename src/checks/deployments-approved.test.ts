import { checkTester } from '../../test/check-tester.ts';
import { account, commit, deployment, pullRequest, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { deploymentsApproved } from './deployments-approved.ts';

const scope = [system({ systemId: 'github' })];
const ines = account({ systemId: 'github', userId: 'g1', personId: 'W-1' });
const bruno = account({ systemId: 'github', userId: 'g2', personId: 'W-2' });
const given = { scope, deployed: [commit()], requests: [pullRequest()], approvers: [bruno] };
const byHand = { creatorKind: 'human', creator: 'ines-duarte', creatorId: 'g1' } as const;

checkTester(deploymentsApproved, {
  conforms: {
    'approved by someone else': { item: deployment(), given },
    'a machine account set the pipeline going': {
      item: deployment(),
      given: { ...given, creators: [account({ systemId: 'github', userId: 'g9', kind: 'service', personId: null, ownerId: 'W-2' })] },
    },
    'started by hand, approved by someone else': { item: deployment(byHand), given: { ...given, creators: [ines] } },
  },
  deviates: {
    'nobody approved': {
      item: deployment({ approverIds: [], approvedAt: null }),
      given,
      because: 'github-actions deployed to production on 2026-05-20T12:10:00Z, and nobody approved it',
    },
    'approved by the author of the commit': {
      item: deployment({ approverIds: ['g1'] }),
      given: { ...given, approvers: [ines] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'approved by a contributor to the pull request': {
      item: deployment(),
      given: { ...given, requests: [pullRequest({ contributorIds: ['g1', 'g2'] })] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'approved by the person who set the pipeline going': {
      item: deployment({ creatorId: 'g2', creator: 'bruno-novak' }),
      given: { ...given, creators: [bruno] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'trap 31: approved by a machine': {
      item: deployment(),
      given: { ...given, approvers: [{ ...bruno, kind: 'service', personId: null, ownerId: 'W-2' }] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'approved by who pushed the commit past any pull request': {
      item: deployment(),
      given: { ...given, deployed: [commit({ prId: null, prNumber: null, how: 'pushed' })], requests: [] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'trap 30: approved by a second login of who started it': {
      item: deployment({ ...byHand, approverIds: ['g2'] }),
      given: { ...given, deployed: [], approvers: [{ ...bruno, personId: 'W-1' }], creators: [ines] },
      because: 'was approved on 2026-05-20T12:05:00Z by nobody but machines and those who started it or contributed to it',
    },
    'approved when it had taken effect': {
      item: deployment({ approvedAt: instant('2026-05-20T13:00:00Z') }),
      given,
      because: 'was approved on 2026-05-20T13:00:00Z, after it had taken effect on 2026-05-20T12:20:00Z',
    },
  },
  unknown: {
    'the run was removed, and with it who approved': {
      item: deployment({ approvalsTold: 'no', approverIds: [], approvedAt: null }),
      given,
      because: 'who approved it can no longer be told: the run that made it was removed',
    },
    'nobody knows who approved': {
      item: deployment(),
      given: { ...given, approvers: [] },
      because: 'it cannot be told whether who approved it and who started it are different people',
    },
    'a commit that nobody has told of': {
      item: deployment(),
      given: { scope, approvers: [bruno] },
      because: 'it is not known who contributed to the change that was deployed',
    },
    'the same commit in another repository': {
      item: deployment(),
      given: { ...given, deployed: [commit({ repoId: 'r2' })], requests: [pullRequest({ repoId: 'r2' })] },
      because: 'it is not known who contributed to the change that was deployed',
    },
    'no time of approval': { item: deployment({ approvedAt: null }), given, because: 'it is not known when it was approved' },
  },
  notYet: {
    'it still waits': { item: deployment({ state: 'waiting', approverIds: [], approvedAt: null, succeededAt: null }), given },
    'a system out of scope': { item: deployment() },
  },
  ignores: { 'another environment': deployment({ production: false, environment: 'staging' }) },
});
