import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { applications } from '../../datasets/access/applications.ts';
import { grants } from '../../datasets/access/grants.ts';
import { groupRules } from '../../datasets/access/group-rules.ts';
import { groups } from '../../datasets/access/groups.ts';
import { roles } from '../../datasets/access/roles.ts';
import { authPolicies } from '../../datasets/identity/auth-policies.ts';
import { arrayOf, pagesOf, parse, read, readAll, wasAsked } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';
import {
  Application,
  applicationRow,
  CustomRole,
  Group,
  GroupRule,
  groupRow,
  groupRuleRow,
  mayHoldRoles,
  RoleAssignment,
  roleRows,
  rulesByGroup,
} from './application-rows.ts';
import { AuthPolicy, AuthRule, policyRows } from './auth-policies.ts';
import { ApplicationUser, applicationGrants, roleGrants } from './grants.ts';
import { callerIn, headersOf, introduced, introductions, OktaConfig, refuseSecrets } from './tenant.ts';

const Identified = z.object({ id: z.string().min(1) });
const Person = z.object({ id: z.string().min(1), profile: z.object({ login: z.string().min(1) }) });
const links = z.object({ next: z.object({ href: z.string() }).nullish() }).nullish();
const Assignees = z.object({ value: z.array(Identified), _links: links });
const CustomRoles = z.object({ roles: z.array(CustomRole), _links: links });
const Permissions = z.object({ permissions: z.array(z.object({ label: z.string().min(1) })) });
/** `v1` is the Classic Engine, which has no policies for single applications. */
const Organization = z.object({ pipeline: z.string() });

const id = encodeURIComponent;

export const oktaApplications = defineCollector<OktaConfig, 'http'>({
  id: 'okta/applications',
  title: 'Access through an Okta tenant: applications, groups and their rules, who holds what and how, administrator roles, sign-on policies',
  version: 1,
  transport: 'http',
  hosts: ({ org }) => [org],
  operations: [],
  headers: headersOf,
  permissions: [
    { right: 'Read-only Administrator', why: 'users, groups and their rules, applications and their assignments, policies' },
    { right: 'okta.roles.read', why: 'administrator roles of users and of groups, and what the company’s own roles allow' },
  ],
  credentials: { token: 'an API token of a read-only administrator' },
  every: '1d',
  config: OktaConfig,
  feeds: [applications, groups, groupRules, roles, grants, authPolicies],
  cannotTell: [
    'what people may do inside an application: only that they may enter it',
    'when somebody came to an administrator role through a group: neither Okta’s list of members nor the role says it',
    'whether a member of a group was put there by a rule or by hand: the rules that fill the group are named',
    'what an administrator role is limited to, but for the resource set of a role of the company’s own',
    'built-in administrator roles that nobody holds: Okta does not list them',
    'policies of single applications in a tenant of the Classic Engine',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config }) {
    yield* introductions(source, config);
    const organization = await source.get('organization', '/.well-known/okta-organization');
    yield organization;
    yield* source.pages('users', '/api/v1/users?limit=200');
    const through = new Set<string>(); // groups whose members matter: they give something
    yield* groupsWithRoles(source, through);
    yield* source.pages('group rules', '/api/v1/groups/rules?limit=50');
    yield* applicationsWithAssignments(source, through);
    for (const group of [...through].sort()) yield* source.pages(`members ${group}`, `/api/v1/groups/${id(group)}/users?limit=200`);
    yield* administrators(source);
    yield* customRoles(source);
    for (const type of policyTypes(parse(organization, Organization))) yield* policiesWithRules(source, type);
  },

  witness(artifacts) {
    const caller = callerIn(artifacts);
    const held = caller && wasAsked(artifacts, `roles ${caller.id}`) ? readAll(artifacts, `roles ${caller.id}`, RoleAssignment) : null;
    return { ...introduced(artifacts), granted: held?.map(({ type }) => type) ?? null, totals: {} };
  },

  normalize(artifacts, { config: { system } }) {
    const logins = new Map(readAll(artifacts, 'users', Person).map(({ id: user, profile }) => [user, profile.login]));
    const rules = readAll(artifacts, 'group rules', GroupRule);
    const filledBy = rulesByGroup(rules);
    const listed = readAll(artifacts, 'groups', Group);
    const names = new Map(listed.map((group) => [group.id, group.profile.name]));
    const apps = readAll(artifacts, 'applications', Application);
    const membersOf = (group: string) =>
      new Set(wasAsked(artifacts, `members ${group}`) ? readAll(artifacts, `members ${group}`, Identified).map((member) => member.id) : []);
    const company = { system, logins, names, filledBy, members: new Map([...names.keys()].map((group) => [group, membersOf(group)])) };
    const ofGroups = listed.map((group) => ({ groupId: group.id, held: rolesOf(artifacts, `roles of group ${group.id}`) }));
    const ofUsers = administratorsIn(artifacts).map((userId) => ({ userId, held: rolesOf(artifacts, `roles ${userId}`) }));
    const custom = customRolesIn(artifacts).map((role) => ({
      ...role,
      allows: read(artifacts, `permissions ${role.id}`, Permissions).permissions.map(({ label }) => label),
    }));
    const policies = pagesNamed(artifacts, 'policies ').flatMap((page) => parse(page, arrayOf(AuthPolicy)));

    return [
      table(
        applications,
        apps.map((app) => applicationRow(app, system)),
      ),
      table(
        groups,
        listed.map((group) => groupRow(group, { system, filledBy, gives: ofGroups.some(({ groupId, held }) => groupId === group.id && held.length > 0) })),
      ),
      table(
        groupRules,
        rules.map((rule) => groupRuleRow(rule, system)),
      ),
      table(
        roles,
        roleRows(
          custom,
          [...ofGroups, ...ofUsers].flatMap(({ held }) => held),
          system,
        ),
      ),
      table(grants, [
        ...apps.flatMap((app) =>
          applicationGrants(app, readAll(artifacts, `users of ${app.id}`, ApplicationUser), readAll(artifacts, `groups of ${app.id}`, Identified), company),
        ),
        ...roleGrants(ofUsers, ofGroups, company),
      ]),
      table(
        authPolicies,
        policies.flatMap((policy) => policyRows(policy, readAll(artifacts, `rules ${policy.id}`, AuthRule), apps, { system, names })),
      ),
    ];
  },
});

const policyTypes = ({ pipeline }: z.infer<typeof Organization>): readonly string[] =>
  pipeline === 'v1' ? ['OKTA_SIGN_ON'] : ['OKTA_SIGN_ON', 'ACCESS_POLICY'];

/** Okta says of each group whether it holds a role; where it does not, the group is asked. */
async function* groupsWithRoles(source: HttpSource, through: Set<string>) {
  const asked: string[] = [];
  for await (const page of source.pages('groups', '/api/v1/groups?limit=200&expand=stats')) {
    yield page;
    for (const group of parse(page, arrayOf(Group))) if (mayHoldRoles(group)) asked.push(group.id);
  }
  for (const group of asked) {
    for await (const page of source.pages(`roles of group ${group}`, `/api/v1/groups/${id(group)}/roles`)) {
      yield page;
      if (parse(page, arrayOf(RoleAssignment)).length > 0) through.add(group);
    }
  }
}

async function* applicationsWithAssignments(source: HttpSource, through: Set<string>) {
  const found: string[] = [];
  for await (const page of source.pages('applications', '/api/v1/apps?limit=200')) {
    refuseSecrets(page);
    yield page;
    found.push(...parse(page, arrayOf(Identified)).map((app) => app.id));
  }
  for (const app of found) {
    yield* source.pages(`users of ${app}`, `/api/v1/apps/${id(app)}/users?limit=200`);
    for await (const page of source.pages(`groups of ${app}`, `/api/v1/apps/${id(app)}/groups?limit=200`)) {
      yield page;
      for (const group of parse(page, arrayOf(Identified))) through.add(group.id);
    }
  }
}

async function* administrators(source: HttpSource) {
  for await (const page of source.walk('administrators', '/api/v1/iam/assignees/users?limit=100', (answer) => nextIn(answer))) {
    yield page;
    for (const user of parse(page, Assignees).value) yield* source.pages(`roles ${user.id}`, `/api/v1/users/${id(user.id)}/roles`);
  }
}

async function* customRoles(source: HttpSource) {
  const found: string[] = [];
  for await (const page of source.walk('custom roles', '/api/v1/iam/roles?limit=100', (answer) => nextIn(answer))) {
    yield page;
    found.push(...parse(page, CustomRoles).roles.map((role) => role.id));
  }
  for (const role of found) yield await source.get(`permissions ${role}`, `/api/v1/iam/roles/${id(role)}/permissions`);
}

async function* policiesWithRules(source: HttpSource, type: string) {
  const found: string[] = [];
  for await (const page of source.pages(`policies ${type}`, `/api/v1/policies?type=${type}`)) {
    yield page;
    found.push(...parse(page, arrayOf(Identified)).map((policy) => policy.id));
  }
  if (type === 'OKTA_SIGN_ON' && found.length === 0)
    throw new IncompleteError('the tenant names no global session policy, and every tenant has one: the credential may not see them');
  for (const policy of found) yield* source.pages(`rules ${policy}`, `/api/v1/policies/${id(policy)}/rules`);
}

/** Two of the lists name their next page in the body. */
const Linked = z.object({ _links: links });
const nextIn = (page: Artifact): string | null => parse(page, Linked)._links?.next?.href ?? null;

const pagesNamed = (artifacts: readonly Artifact[], start: string): readonly Artifact[] =>
  artifacts.flatMap((artifact) => (artifact.name.startsWith(start) ? [artifact] : []));
const rolesOf = (artifacts: readonly Artifact[], question: string) => (wasAsked(artifacts, question) ? readAll(artifacts, question, RoleAssignment) : []);
const administratorsIn = (artifacts: readonly Artifact[]): readonly string[] =>
  pagesOf(artifacts, 'administrators').flatMap((page) => parse(page, Assignees).value.map((user) => user.id));
const customRolesIn = (artifacts: readonly Artifact[]) => pagesOf(artifacts, 'custom roles').flatMap((page) => parse(page, CustomRoles).roles);
