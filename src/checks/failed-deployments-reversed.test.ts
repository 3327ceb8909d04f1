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

checkTester(failedDeploymentsReversed, {
  conforms: {
    'an earlier commit again within four hours': { item: bad, given: { scope, others: [bad, rollback()] } },
    'the same commit once more, which was seen to work': { item: bad, given: { scope, others: [rollback({ sha: bad.sha })] } },
    'it failed itself and was replaced': {
      item: deployment({ state: 'failure', failedAt: instant('2026-05-20T12:20:00Z'), succeededAt: null, verification: 'none', verifiedAt: null }),
      given: { scope, others: [rollback()] },
    },
  },
  deviates: {
    'nothing took its place': { item: bad, given: { scope, others: [bad] }, because: none },
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
  notYet: { 'there is time left': { item: bad, given: { scope, others: [bad] }, at: instant('2026-05-20T13:00:00Z') }, 'a system out of scope': { item: bad } },
  ignores: { 'one that did not fail': deployment(), 'another environment': deployment({ production: false, verification: 'failed' }) },
});
