import { days, iso } from '../core/instant.ts';
import { applications } from '../datasets/access/applications.ts';
import { grants } from '../datasets/access/grants.ts';
import { groups } from '../datasets/access/groups.ts';
import { roles } from '../datasets/access/roles.ts';
import { memberships } from '../datasets/identity/memberships.ts';
import { repoPermissions } from '../datasets/repo/permissions.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { isCalled, isGrant, isMembership, isPermission, isRepository } from './rights.ts';

const PATIENCE = days(2);

export const reviewRevocationsProven = defineCheck({
  id: 'review-revocations-proven',
  title: 'What a review took away is seen to be gone',
  version: 2,
  asserts:
    'Of every right that an access review took away, by a name that its system knows, a complete collection after the deadline shows that the account no longer holds it.',
  population: decisions.where(({ decision }) => decision === 'revoke'),
  with: {
    granted: grants.where(({ status }) => status !== 'inactive').on('userId'),
    permitted: repoPermissions.on('principalId', 'userId'),
    belonging: memberships.on('systemId'),
    groups: groups.on('systemId'),
    apps: applications.on('systemId'),
    roles: roles.on('systemId'),
    repos: repositories.on('systemId'),
  },
  parameters: { deadline: span('7 days'), patience: '2 days more for the collection that proves it' },

  examine({ systemId, userId, right, decidedAt }, { at, granted, permitted, belonging, groups: known, apps, roles: given, repos }, { deadline }) {
    const due = decidedAt + deadline + PATIENCE;
    if (at < due) return notYet({ until: due });
    const named = known.find(({ groupId }) => groupId === right)?.name ?? right;
    const held = [
      ...granted.filter((row) => row.systemId === systemId && isGrant(named, row)),
      ...belonging.filter((row) => row.userId === userId && isMembership(named, row)),
      ...permitted.filter((row) => row.systemId === systemId && isPermission(named, row) === 'yes'),
    ];
    if (held.length > 0) return deviates(`it was taken away on ${iso(decidedAt)}, and still held on ${iso(due)}`, { cites: held });
    if (permitted.some((row) => row.systemId === systemId && isPermission(named, row) === 'unknown'))
      return unknown(`${systemId} does not tell what right the account has to that repository`);
    const isKnown =
      known.some(({ name }) => isCalled(named, { kind: 'group', name })) ||
      apps.some(({ applicationId, name }) => isGrant(named, { kind: 'application', roleId: applicationId, role: name })) ||
      given.some(({ roleId, name }) => isGrant(named, { kind: 'role', roleId, role: name })) ||
      repos.some(({ repoId, name }) => isRepository(named, { repo: name, repoId })) ||
      // Most rows of a system bear one of few names.
      [...new Map(belonging.map((row) => [`${row.kind} ${row.name}`, row])).values()].some((row) => isCalled(named, row));
    return isKnown ? conforms() : unknown(`nothing in ${systemId} is called ${right}, so that it cannot be seen to be gone`);
  },
});
