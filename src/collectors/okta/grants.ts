import { z } from 'zod';
import type { Grant } from '../../datasets/access/grants.ts';
import { when } from '../answers.ts';
import { type Application, type RoleAssignment, roleIdOf, roleNameOf, stateOf } from './application-rows.ts';

/** GET /api/v1/apps/{id}/users: one entry for each person, however often the application was given to them. */
export const ApplicationUser = z.object({
  id: z.string().min(1),
  scope: z.string().nullish(),
  status: z.string().nullish(),
  created: when,
});
type ApplicationUser = z.infer<typeof ApplicationUser>;

const STATES: Readonly<Record<string, Grant['status']>> = {
  ACTIVE: 'active',
  APPROVED: 'active',
  PROVISIONED: 'active',
  STAGED: 'inactive',
  INACTIVE: 'inactive',
  SUSPENDED: 'inactive',
  DEPROVISIONED: 'inactive',
  REVOKED: 'inactive',
  UNASSIGNED: 'inactive',
};

/** What is known of people and groups when a grant is explained. */
export interface Company {
  readonly system: string;
  readonly logins: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
  readonly filledBy: ReadonlyMap<string, readonly string[]>;
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Okta says whether the person was named; through which groups follows from those that the application is given to. */
export function applicationGrants(
  app: Application,
  users: readonly ApplicationUser[],
  given: readonly { readonly id: string }[],
  company: Company,
): readonly Grant[] {
  return users.map(({ id, scope, status, created }) => {
    const through = given.flatMap((group) => (company.members.get(group.id)?.has(id) ? [group.id] : []));
    const state = STATES[status ?? ''] ?? 'unknown';
    return {
      ...held(id, company),
      grantId: `${app.id}/${id}`,
      kind: 'application',
      roleId: app.id,
      role: app.label,
      limitedTo: null,
      status: stateOf(app.status) === 'inactive' ? 'inactive' : state,
      via: scope === 'USER' ? 'direct' : scope === 'GROUP' && through.length > 0 ? 'group' : 'unknown',
      ...explained(through, company),
      privileged: 'unknown',
      grantedAt: created,
    };
  });
}

interface OfUser {
  readonly userId: string;
  readonly held: readonly RoleAssignment[];
}
interface OfGroup {
  readonly groupId: string;
  readonly held: readonly RoleAssignment[];
}

/** A role of a group is held by each of its members. Okta may tell it again among those of the member: it counts once. */
export function roleGrants(ofUsers: readonly OfUser[], ofGroups: readonly OfGroup[], company: Company): readonly Grant[] {
  const inherited = ofGroups.flatMap(({ groupId, held: roles }) =>
    roles.flatMap((role) => [...(company.members.get(groupId) ?? [])].map((userId) => roleGrant(role, userId, 'group', [groupId], company))),
  );
  const known = new Set(inherited.map(({ userId, roleId }) => `${userId} ${roleId}`));
  const own = ofUsers.flatMap(({ userId, held: roles }) =>
    roles.flatMap((role) => {
      if (role.assignmentType !== 'GROUP') return [roleGrant(role, userId, role.assignmentType === 'USER' ? 'direct' : 'unknown', [], company)];
      return known.has(`${userId} ${roleIdOf(role)}`) ? [] : [roleGrant(role, userId, 'unknown', [], company)];
    }),
  );
  return [...inherited, ...own];
}

const roleGrant = (role: RoleAssignment, userId: string, via: Grant['via'], through: readonly string[], company: Company): Grant => ({
  ...held(userId, company),
  grantId: `${role.id}/${userId}`,
  kind: 'role',
  roleId: roleIdOf(role),
  role: roleNameOf(role),
  limitedTo: role['resource-set'] || null,
  status: role.status === 'ACTIVE' ? 'active' : role.status === 'INACTIVE' ? 'inactive' : 'unknown',
  via,
  ...explained(through, company),
  privileged: 'yes',
  grantedAt: via === 'direct' ? role.created : null,
});

const held = (userId: string, { system, logins }: Company) => ({ systemId: system, userId, login: logins.get(userId) ?? userId });

function explained(through: readonly string[], { names, filledBy }: Company) {
  const groupIds = [...through].sort();
  return {
    groupIds,
    groups: groupIds.map((group) => names.get(group) ?? group),
    ruleIds: [...new Set(groupIds.flatMap((group) => filledBy.get(group) ?? []))].sort(),
  };
}
