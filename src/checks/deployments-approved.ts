import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { isApart } from '../datasets/change/approval.ts';
import { commits } from '../datasets/change/commits.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const deploymentsApproved = defineCheck({
  id: 'deployments-approved',
  title: 'Every deployment to production is approved by someone else',
  version: 1,
  asserts: 'Every deployment to production had been approved, before it took effect, by someone who neither started it nor wrote its commit.',
  population: deployments.where(({ production }) => production),
  with: {
    scope: systems.on('systemId'),
    deployed: commits.on('sha'),
    approvers: accounts.on('userId', 'approverIds'),
    creators: accounts.on('userId', 'creatorId'),
  },

  examine({ systemId, environment, creatorId, creatorKind, creator, approverIds, approvedAt, succeededAt, state, createdAt }, given) {
    const out = outOfScope(given.scope);
    if (out) return out;
    if (state === 'waiting' || state === 'pending' || state === 'queued') return notYet(); // nothing has been deployed yet: told again when it is
    if (approverIds.length === 0) return deviates(`${creator} deployed to ${environment} on ${iso(createdAt)}, and nobody approved it`);
    if (approvedAt === null) return unknown('it is not known when it was approved');
    if (succeededAt !== null && approvedAt > succeededAt)
      return deviates(`was approved on ${iso(approvedAt)}, after it had taken effect on ${iso(succeededAt)}`);
    const people = [...given.approvers, ...given.creators.filter((row) => !given.approvers.includes(row))];
    const authors = given.deployed.filter((commit) => commit.systemId === systemId).map(({ authorId }) => authorId);
    // A pipeline starts what somebody merged: it is nobody's second login.
    const others = [...(creatorKind === 'pipeline' ? [] : [creatorId]), ...authors.filter((author) => author !== null)];
    const apart = approverIds.map((approver) =>
      others.includes(approver) ? 'no' : isApart(systemId, approver, creatorKind === 'pipeline' ? [] : [creatorId], people),
    );
    if (apart.includes('yes')) return conforms();
    if (apart.includes('unknown')) return unknown('it cannot be told whether who approved it and who started it are different people');
    return deviates(`was approved on ${iso(approvedAt)} by nobody but who started it or wrote its commit`, { cites: given.deployed });
  },
});
