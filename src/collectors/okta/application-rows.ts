import { z } from 'zod';
import type { Application as ApplicationRow } from '../../datasets/access/applications.ts';
import type { GroupRule as GroupRuleRow } from '../../datasets/access/group-rules.ts';
import type { Group as GroupRow } from '../../datasets/access/groups.ts';
import type { Role } from '../../datasets/access/roles.ts';
import { when } from '../answers.ts';

const told = z.string().nullish();
const flag = z.boolean().nullish();
const ids = z.array(z.string().min(1)).nullish();

/** GET /api/v1/groups?expand=stats */
export const Group = z.object({
  id: z.string().min(1),
  type: told,
  created: when,
  profile: z.object({ name: z.string().min(1), description: told }),
  _embedded: z.object({ stats: z.object({ hasAdminPrivilege: flag, hasAdminPrivlege: flag }).nullish() }).nullish(),
});

/** GET /api/v1/groups/rules */
export const GroupRule = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  status: told,
  created: when,
  lastUpdated: when,
  conditions: z
    .object({
      expression: z.object({ value: told }).nullish(),
      people: z.object({ users: z.object({ exclude: ids }).nullish() }).nullish(),
    })
    .nullish(),
  actions: z.object({ assignUserToGroups: z.object({ groupIds: ids }).nullish() }).nullish(),
});
type GroupRule = z.infer<typeof GroupRule>;

/** GET /api/v1/apps */
export const Application = z.object({
  id: z.string().min(1),
  name: told,
  label: z.string().min(1),
  status: told,
  signOnMode: told,
  features: z.array(z.string().min(1)).nullish(),
  created: when,
  _links: z.object({ accessPolicy: z.object({ href: told }).nullish() }).nullish(),
});
export type Application = z.infer<typeof Application>;

/** GET /api/v1/users/{id}/roles, /api/v1/groups/{id}/roles: of a role of the company’s own, which one and over what. */
export const RoleAssignment = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  label: told,
  status: told,
  created: when,
  assignmentType: told,
  role: told,
  'resource-set': told,
});
export type RoleAssignment = z.infer<typeof RoleAssignment>;

/** GET /api/v1/iam/roles */
export const CustomRole = z.object({ id: z.string().min(1), label: z.string().min(1), description: told, created: when });

/** Okta's own client misspells the field: either is believed, and only a plain no spares the question. */
export function mayHoldRoles({ _embedded }: z.infer<typeof Group>): boolean {
  const { hasAdminPrivilege, hasAdminPrivlege } = _embedded?.stats ?? {};
  return (hasAdminPrivilege ?? hasAdminPrivlege) !== false;
}

const SIGN_ON: Readonly<Record<string, ApplicationRow['signOn']>> = {
  SAML_2_0: 'federated',
  SAML_1_1: 'federated',
  OPENID_CONNECT: 'federated',
  WS_FEDERATION: 'federated',
  AUTO_LOGIN: 'stored-password',
  BASIC_AUTH: 'stored-password',
  BROWSER_PLUGIN: 'stored-password',
  SECURE_PASSWORD_STORE: 'stored-password',
  BOOKMARK: 'link',
};
const ORIGINS: Readonly<Record<string, GroupRow['origin']>> = { OKTA_GROUP: 'own', APP_GROUP: 'application', BUILT_IN: 'built-in' };
const RULES: Readonly<Record<string, GroupRuleRow['status']>> = { ACTIVE: 'active', INACTIVE: 'inactive', INVALID: 'invalid' };

export const stateOf = (status: string | null | undefined): ApplicationRow['status'] =>
  status === 'ACTIVE' ? 'active' : status === 'INACTIVE' || status === 'DELETED' ? 'inactive' : 'unknown';

/** The policy that binds an application is named by an address that ends with its id. */
export const policyOf = ({ _links }: Application): string | null => /\/policies\/([^/?]+)$/.exec(_links?.accessPolicy?.href ?? '')?.[1] ?? null;

export const applicationRow = (app: Application, system: string): ApplicationRow => ({
  systemId: system,
  applicationId: app.id,
  name: app.label,
  product: app.name || null,
  signOn: SIGN_ON[app.signOnMode ?? ''] ?? 'unknown',
  signOnMode: app.signOnMode || null,
  status: stateOf(app.status),
  features: [...(app.features ?? [])].sort(),
  policyId: policyOf(app),
  createdAt: app.created,
});

/** Active rules, by the group that they fill. */
export function rulesByGroup(rules: readonly GroupRule[]): ReadonlyMap<string, readonly string[]> {
  const pairs = rules.flatMap((rule) => (rule.status === 'ACTIVE' ? targetsOf(rule).map((group) => ({ group, rule: rule.id })) : []));
  return new Map([...Map.groupBy(pairs, ({ group }) => group)].map(([group, its]) => [group, its.map(({ rule }) => rule).sort()]));
}

const targetsOf = ({ actions }: GroupRule): readonly string[] => actions?.assignUserToGroups?.groupIds ?? [];

interface Around {
  readonly system: string;
  readonly filledBy: ReadonlyMap<string, readonly string[]>;
  readonly gives: boolean;
}

export const groupRow = ({ id, type, created, profile }: z.infer<typeof Group>, { system, filledBy, gives }: Around): GroupRow => ({
  systemId: system,
  groupId: id,
  name: profile.name,
  description: profile.description || null,
  origin: ORIGINS[type ?? ''] ?? 'unknown',
  ruleIds: filledBy.get(id) ?? [],
  privileged: gives ? 'yes' : 'no',
  createdAt: created,
});

export const groupRuleRow = (rule: GroupRule, system: string): GroupRuleRow => ({
  systemId: system,
  ruleId: rule.id,
  name: rule.name,
  status: RULES[rule.status ?? ''] ?? 'unknown',
  condition: rule.conditions?.expression?.value || null,
  groupIds: [...targetsOf(rule)].sort(),
  exceptUserIds: [...(rule.conditions?.people?.users?.exclude ?? [])].sort(),
  createdAt: rule.created,
  changedAt: rule.lastUpdated,
});

/** Of a built-in role the type is its id: every tenant has the same ones. */
export const roleIdOf = ({ type, role, id }: RoleAssignment): string => (type === 'CUSTOM' ? (role ?? id) : type);
export const roleNameOf = ({ label, type }: RoleAssignment): string => label || type;

type Custom = z.infer<typeof CustomRole> & { readonly allows: readonly string[] };

/** The company’s own roles, and the built-in ones that somebody holds. */
export function roleRows(custom: readonly Custom[], held: readonly RoleAssignment[], system: string): readonly Role[] {
  const own = custom.map(
    ({ id, label, description, created, allows }): Role => ({
      systemId: system,
      roleId: id,
      name: label,
      description: description || null,
      origin: 'custom',
      permissions: [...allows].sort(),
      createdAt: created,
    }),
  );
  const builtIn = held.flatMap((assignment): Role[] => {
    if (assignment.type === 'CUSTOM') return [];
    return [
      { systemId: system, roleId: assignment.type, name: roleNameOf(assignment), description: null, origin: 'built-in', permissions: [], createdAt: null },
    ];
  });
  return [...new Map([...builtIn, ...own].map((role) => [role.roleId, role])).values()];
}
