import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Deployment, deployments } from '../datasets/change/deployments.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const failed = ({ production, failedAt, state, verification }: Deployment): boolean =>
  production && (failedAt !== null || state === 'failure' || state === 'error' || verification === 'failed');

export const failedDeploymentsReversed = defineCheck({
  id: 'failed-deployments-reversed',
  title: 'A failed deployment is reversed',
  version: 2,
  asserts:
    'Within four hours of a deployment to production that failed, or whose verification failed, another took effect there: an earlier commit again, or a repaired one.',
  population: deployments.where(failed),
  with: { scope: systems.on('systemId'), others: deployments.where(({ production }) => production).on('repoId') },
  parameters: { deadline: span('4 hours', 'after it failed') },

  examine(
    { deploymentId, systemId, environment, sha, failedAt, verification, verifiedAt, succeededAt, createdAt },
    { at, scope, others },
    { deadline: allowed },
  ) {
    const out = outOfScope(scope);
    if (out) return out;
    const since = failedAt ?? (verification === 'failed' ? (verifiedAt ?? succeededAt) : null) ?? createdAt;
    const deadline = since + allowed;
    const after = others.filter(
      (other) =>
        other.deploymentId !== deploymentId &&
        other.systemId === systemId &&
        other.environment === environment &&
        other.createdAt >= createdAt &&
        other.verification !== 'failed',
    );
    const inTime = after.filter(({ succeededAt: effective }) => effective !== null && effective >= since && effective <= deadline);
    // The same commit once more mends nothing unless it is seen to work.
    if (inTime.some((other) => other.sha !== sha || other.verification === 'passed')) return conforms();
    if (at < deadline) return notYet({ until: deadline });
    const open = inTime.some((other) => other.verification === 'unknown') || after.some((other) => other.succeededAt === null && other.state === 'unknown');
    if (open) return unknown(`failed in ${environment} on ${iso(since)}, and nobody tells whether what followed works`);
    return deviates(`failed in ${environment} on ${iso(since)}, and nothing had taken its place by ${iso(deadline)}`);
  },
});
