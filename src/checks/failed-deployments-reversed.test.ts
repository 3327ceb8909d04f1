import { checkTester } from '../../test/check-tester.ts';
import { deployment, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { failedDeploymentsReversed } from './failed-deployments-reversed.ts';

const scope = [system({ systemId: 'github' })];
const bad = deployment({ verification: 'failed' });
const rollback = (over: Parameters<typeof deployment>[0] = {}) =>
  deployment({
    deploymentId: 'D_2',
    sha: 'c'.repeat(40),
    createdAt: instant('2026-05-20T13:00:00Z'),
    succeededAt: instant('2026-05-20T13:20:00Z'),
    ...over,
  });
const none = 'failed in production on 2026-05-20T12:30:00Z, and nothing had taken its place by 2026-05-20T16:30:00Z';
const untold = 'failed in production on 2026-05-20T12:30:00Z, and nobody tells whether what followed works';

checkTester(failedDeploymentsReversed, {
  conforms: {
    'an earlier commit again within four hours': { item: bad, given: { scope, others: [bad, rollback()] } },
    'the same commit once more, which was seen to work': { item: bad, given: { scope, others: [rollback({ sha: bad.sha })] } },
    'at the last instant': { item: bad, given: { scope, others: [rollback({ succeededAt: instant('2026-05-20T16:30:00Z') })] } },
    'by one that was begun with it and took effect as it failed': {
      item: bad,
      given: { scope, others: [rollback({ createdAt: bad.createdAt, succeededAt: instant('2026-05-20T12:30:00Z') })] },
    },
    'by another commit that nobody verified': { item: bad, given: { scope, others: [rollback({ verification: 'none', verifiedAt: null })] } },
    'it failed itself and was replaced': {
      item: deployment({ state: 'failure', failedAt: instant('2026-05-20T12:20:00Z'), succeededAt: null, verification: 'none', verifiedAt: null }),
      given: { scope, others: [rollback()] },
    },
  },
  deviates: {
    'nothing took its place': { item: bad, given: { scope, others: [bad] }, because: none },
    'by one in another system': { item: bad, given: { scope, others: [rollback({ systemId: 'gitlab' })] }, because: none },
    'by one that was begun before it': { item: bad, given: { scope, others: [rollback({ createdAt: instant('2026-05-20T12:00:00Z') })] }, because: none },
    'by one that took effect before it failed': {
      item: bad,
      given: { scope, others: [rollback({ succeededAt: instant('2026-05-20T12:29:59Z') })] },
      because: none,
    },
    'by one that never took effect': { item: bad, given: { scope, others: [rollback({ succeededAt: null })] }, because: none },
    'by itself, seen to work where it failed': {
      item: deployment({ state: 'failure', failedAt: instant('2026-05-20T12:15:00Z') }),
      given: { scope, others: [deployment({ state: 'failure', failedAt: instant('2026-05-20T12:15:00Z') })] },
      because: 'failed in production on 2026-05-20T12:15:00Z, and nothing had taken its place by 2026-05-20T16:15:00Z',
    },
    'by its state alone: whether anybody verified it since is nothing to when it failed': {
      item: deployment({ state: 'failure', failedAt: null }),
      given: { scope },
      because: 'failed in production on 2026-05-20T12:10:00Z, and nothing had taken its place by 2026-05-20T16:10:00Z',
    },
    'by the instant at which it failed, whatever its state': {
      item: deployment({ failedAt: instant('2026-05-20T12:15:00Z') }),
      given: { scope },
      because: 'failed in production on 2026-05-20T12:15:00Z, and nothing had taken its place by 2026-05-20T16:15:00Z',
    },
    'as soon as the time is over': { item: bad, given: { scope }, at: instant('2026-05-20T16:30:00Z'), because: none },
    'the same commit once more, too late for it to matter whether it works': {
      item: bad,
      given: { scope, others: [rollback({ sha: bad.sha, verification: 'unknown', verifiedAt: null, succeededAt: instant('2026-05-20T16:30:01Z') })] },
      because: none,
    },
    'too late': { item: bad, given: { scope, others: [rollback({ succeededAt: instant('2026-05-20T18:00:00Z') })] }, because: none },
    'in another environment': { item: bad, given: { scope, others: [rollback({ environment: 'production-eu' })] }, because: none },
    'by one that failed as well': { item: bad, given: { scope, others: [rollback({ verification: 'failed' })] }, because: none },
    'by the same commit, which nobody verified': {
      item: bad,
      given: { scope, others: [rollback({ sha: bad.sha, verification: 'none', verifiedAt: null })] },
      because: none,
    },
    'it failed, and the host does not say when': {
      item: deployment({ state: 'error', failedAt: null, succeededAt: null, verification: 'none', verifiedAt: null }),
      given: { scope },
      because: 'failed in production on 2026-05-20T12:10:00Z, and nothing had taken its place by 2026-05-20T16:10:00Z',
    },
  },
  unknown: {
    'the same commit once more, and nobody tells whether it works': {
      item: bad,
      given: { scope, others: [rollback({ sha: bad.sha, verification: 'unknown', verifiedAt: null })] },
      because: untold,
    },
    'another, of which nobody tells whether it took effect': {
      item: bad,
      given: { scope, others: [rollback({ state: 'unknown', succeededAt: null })] },
      because: untold,
    },
  },
  notYet: { 'there is time left': { item: bad, given: { scope, others: [bad] }, at: instant('2026-05-20T13:00:00Z') }, 'a system out of scope': { item: bad } },
  ignores: { 'one that did not fail': deployment(), 'another environment': deployment({ production: false, verification: 'failed' }) },
});
