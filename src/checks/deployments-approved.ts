import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { isApart, makersOf } from '../datasets/change/approval.ts';
import { type Commit, commits } from '../datasets/change/commits.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { type PullRequest, pullRequests } from '../datasets/change/pull-requests.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const deploymentsApproved = defineCheck({
  id: 'deployments-approved',
  title: 'Every deployment to production is approved by someone else',
  version: 1,
  asserts:
    'Every deployment to production had been approved, before it took effect, by a person who neither started it nor contributed to the change deployed.',
  population: deployments.where(({ production }) => production),
  with: {
    scope: systems.on('systemId'),
    deployed: commits.on('sha'),
    requests: pullRequests.on('mergeSha', 'sha'),
    approvers: accounts.on('userId', 'approverIds'),
    creators: accounts.on('userId', 'creatorId'),
  },

  examine({ systemId, repoId, environment, creatorId, creatorKind, creator, approvalsTold, approverIds, approvedAt, succeededAt, state, createdAt }, given) {
    const out = outOfScope(given.scope);
    if (out) return out;
    if (state === 'waiting' || state === 'pending' || state === 'queued') return notYet({ rests: [] }); // nothing has been deployed yet: told again when it is
    if (approvalsTold !== 'yes') return unknown('who approved it can no longer be told: the run that made it was removed');
    if (approverIds.length === 0) return deviates(`${creator} deployed to ${environment} on ${iso(createdAt)}, and nobody approved it`);
    if (approvedAt === null) return unknown('it is not known when it was approved');
    if (succeededAt !== null && approvedAt > succeededAt)
      return deviates(`was approved on ${iso(approvedAt)}, after it had taken effect on ${iso(succeededAt)}`);
    const people = [...given.approvers, ...given.creators.filter((row) => !given.approvers.includes(row))];
    const ours = (row: { readonly systemId: string; readonly repoId: string }) => row.systemId === systemId && row.repoId === repoId;
    const makers = makersOfCommit(given.deployed.filter(ours), given.requests.filter(ours));
    // A machine is nobody's second login. Where a person set the pipeline going, the host names them.
    const byPerson = given.creators.some((row) => row.systemId === systemId && row.kind !== 'service');
    const starters = creatorKind === 'pipeline' && !byPerson ? [] : [creatorId];
    const apart = approverIds.map((approver) => (makers.includes(approver) ? 'no' : isApart(systemId, approver, starters, people)));
    if (apart.includes('yes')) return makers.includes(null) ? unknown('it is not known who contributed to the change that was deployed') : conforms();
    if (apart.includes('unknown')) return unknown('it cannot be told whether who approved it and who started it are different people');
    return deviates(`was approved on ${iso(approvedAt)} by nobody but machines and those who started it or contributed to it`);
  },
});

/** Accounts that had a hand in a commit: those of its pull request, or who wrote and pushed it; `null` for whoever is not known. */
function makersOfCommit(deployed: readonly Commit[], requests: readonly PullRequest[]): readonly (string | null)[] {
  if (requests.length > 0) return requests.flatMap(makersOf);
  if (deployed.length === 0 || deployed.some(({ prId }) => prId !== null)) return [null, ...deployed.map(({ authorId }) => authorId)];
  return deployed.flatMap(({ authorId, pusherId }) => [authorId, pusherId]);
}
