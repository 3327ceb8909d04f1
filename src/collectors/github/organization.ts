import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { ternary } from '../../core/ternary.ts';
import { type Membership, memberships } from '../../datasets/identity/memberships.ts';
import { type MfaEnforcement, mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { type User, users } from '../../datasets/identity/users.ts';
import { repoMembers } from '../../datasets/repo/members.ts';
import { repoOrganizations } from '../../datasets/repo/organizations.ts';
import { arrayOf, parse, read, readAll, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import { Account, CALLER_FACTS, callerOf, GITHUB, GithubConfig, Organization, path, Team } from './answers.ts';
import { refuseAnother } from './overview.ts';
import { basePermission, memberRows } from './members.ts';

const Invitation = z.object({ id: z.int(), login: z.string().nullish(), email: z.string().nullish(), role: z.string(), created_at: when });
export const OrganizationConfig = z.strictObject(GithubConfig);
type OrganizationConfig = z.infer<typeof OrganizationConfig>;

export const githubOrganization = defineCollector<OrganizationConfig, 'http'>({
  id: 'github/organization',
  title: 'People of a GitHub organization: members, owners, outside collaborators, teams, invitations, two-factor',
  version: 3,
  ...GITHUB,
  permissions: [
    { right: 'Organization permissions: Members, read', why: 'members, teams, invitations' },
    { right: 'Organization permissions: Administration, read', why: 'whether two-factor is required, and what every member may do' },
    { right: 'be an owner of the organization', why: 'GitHub answers who has no second factor to owners only' },
  ],
  credentials: { token: 'a fine-grained personal access token of an owner' },
  every: '1d',
  config: OrganizationConfig,
  feeds: [users, mfaEnforcement, memberships, repoMembers, repoOrganizations],
  cannotTell: [
    'addresses of members: GitHub does not give them, so accounts are matched by declaration',
    'when a member last signed in',
    'whether a login belongs to a machine',
    'invitations that have failed or lapsed: GitHub lists those apart',
    'people of the enterprise who are in no organization',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config: { org } }) {
    yield await source.get('caller', '/user', { facts: CALLER_FACTS });
    const root = `/orgs/${path(org)}`;
    const organization = await source.get('organization', root);
    yield organization;
    const { login, two_factor_requirement_enabled: requirement } = parse(organization, Organization);
    refuseAnother(org, login);
    if (requirement === null || requirement === undefined)
      throw new IncompleteError(
        `GitHub does not say whether ${org} requires two-factor: the token is not an owner’s, or lacks "Administration, read". Without it the list of those without a second factor is empty rather than refused.`,
      );
    yield* source.pages('admins', `${root}/members?role=admin&per_page=100`);
    yield* source.pages('members', `${root}/members?role=member&per_page=100`);
    yield* source.pages('members-without-2fa', `${root}/members?filter=2fa_disabled&per_page=100`);
    yield* source.pages('outside-collaborators', `${root}/outside_collaborators?per_page=100`);
    yield* source.pages('outside-collaborators-without-2fa', `${root}/outside_collaborators?filter=2fa_disabled&per_page=100`);
    yield* source.pages('invitations', `${root}/invitations?per_page=100`);
    const slugs: string[] = [];
    for await (const page of source.pages('teams', `${root}/teams?per_page=100`)) {
      slugs.push(...parse(page, arrayOf(Team)).map(({ slug }) => slug));
      yield page;
    }
    for (const slug of slugs) {
      yield* source.pages(`team ${slug} maintainers`, `${root}/teams/${path(slug)}/members?role=maintainer&per_page=100`);
      yield* source.pages(`team ${slug} members`, `${root}/teams/${path(slug)}/members?role=member&per_page=100`);
    }
  },

  witness(artifacts) {
    return { ...callerOf(artifacts), answeredBy: String(read(artifacts, 'organization', Organization).id), totals: {} };
  },

  normalize(artifacts, { config: { org, system } }) {
    const {
      id: organizationId,
      login: name,
      two_factor_requirement_enabled: requirement,
      default_repository_permission: base,
    } = read(artifacts, 'organization', Organization);
    const [admins, members, outside] = [
      readAll(artifacts, 'admins', Account),
      readAll(artifacts, 'members', Account),
      readAll(artifacts, 'outside-collaborators', Account),
    ];
    const without = new Set(
      [...readAll(artifacts, 'members-without-2fa', Account), ...readAll(artifacts, 'outside-collaborators-without-2fa', Account)].map(({ id }) => id),
    );
    const invitations = readAll(artifacts, 'invitations', Invitation);

    const user = ({ id, login, type }: Account, kind: User['kind'], privileged: User['privileged']): User => ({
      systemId: system,
      userId: String(id),
      login,
      handles: [...new Set([login.toLowerCase(), String(id)])],
      emails: [],
      displayName: null,
      hrId: null,
      kind: type === 'Bot' ? 'service' : kind,
      status: 'active',
      privileged,
      password: 'unknown',
      createdAt: null,
    });
    const invited = ({ id, login, email, role, created_at }: z.infer<typeof Invitation>): User => ({
      systemId: system,
      userId: `invitation-${id}`,
      login: login ?? email ?? `invitation ${id}`,
      handles: [...new Set([(login ?? email ?? `invitation ${id}`).toLowerCase(), `invitation-${id}`])],
      emails: email ? [email.toLowerCase()] : [],
      displayName: null,
      hrId: null,
      kind: 'unknown',
      status: 'invited',
      privileged: ternary(role === 'admin'),
      password: 'unknown',
      createdAt: created_at,
    });
    const factor = ({ id }: Account): MfaEnforcement => ({
      systemId: system,
      userId: String(id),
      enrolled: ternary(!without.has(id)),
      enforced: ternary(requirement),
      by: requirement ? [`organization ${org} requires two-factor`] : [],
      bypasses: [],
    });
    const member = (userId: number, kind: Membership['kind'], name: string, role: string, privileged: boolean): Membership => ({
      systemId: system,
      userId: String(userId),
      kind,
      name,
      role,
      privileged,
    });
    const teams = readAll(artifacts, 'teams', Team).map((team) => ({
      ...team,
      maintainers: readAll(artifacts, `team ${team.slug} maintainers`, Account),
      members: readAll(artifacts, `team ${team.slug} members`, Account),
    }));

    return [
      table(users, [
        ...admins.map((it) => user(it, 'unknown', 'yes')),
        ...members.map((it) => user(it, 'unknown', 'no')),
        ...outside.map((it) => user(it, 'external', 'no')),
        ...invitations.map(invited),
      ]),
      table(mfaEnforcement, [...admins, ...members, ...outside].map(factor)),
      table(memberships, [
        ...admins.map(({ id }) => member(id, 'organization', org, 'owner', true)),
        ...members.map(({ id }) => member(id, 'organization', org, 'member', false)),
        ...outside.map(({ id }) => member(id, 'organization', org, 'outside collaborator', false)),
        ...teams.flatMap((team) => [
          ...team.maintainers.map(({ id }) => member(id, 'team', team.name, 'maintainer', false)),
          ...team.members.map(({ id }) => member(id, 'team', team.name, 'member', false)),
        ]),
      ]),
      table(repoMembers, memberRows({ systemId: system, organization: name, owners: admins, members, outside, teams })),
      table(repoOrganizations, [{ systemId: system, organizationId: String(organizationId), name, basePermission: basePermission(base) }]),
    ];
  },
});
