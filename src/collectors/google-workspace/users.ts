import { z } from 'zod';
import { utcDay } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import { ternary } from '../../core/ternary.ts';
import { activity } from '../../datasets/identity/activity.ts';
import { eachOnce, type Membership, memberships } from '../../datasets/identity/memberships.ts';
import { type MfaEnforcement, mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { type User, users } from '../../datasets/identity/users.ts';
import { pagesOf, parse, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact, Exchange } from '../source.ts';

const GoogleUser = z.object({
  id: z.string().min(1),
  primaryEmail: z.string().min(1),
  customerId: z.string().nullish(),
  name: z.object({ fullName: z.string().nullish() }).nullish(),
  aliases: z.array(z.string()).nullish(),
  externalIds: z.array(z.object({ type: z.string().nullish(), value: z.string().nullish() })).nullish(),
  orgUnitPath: z.string().nullish(),
  suspended: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  isAdmin: z.boolean().nullish(),
  isDelegatedAdmin: z.boolean().nullish(),
  isEnrolledIn2Sv: z.boolean().nullish(),
  isEnforcedIn2Sv: z.boolean().nullish(),
  lastLoginTime: when,
  creationTime: when,
});
type GoogleUser = z.infer<typeof GoogleUser>;
const Users = z.object({ users: z.array(GoogleUser).default([]), nextPageToken: z.string().nullish() });
const Role = z.object({
  roleId: z.string().min(1),
  roleName: z.string().min(1),
  isSuperAdminRole: z.boolean().nullish(),
});
const Roles = z.object({ items: z.array(Role).default([]), nextPageToken: z.string().nullish() });
const Assignment = z.object({ roleId: z.string().min(1), assignedTo: z.string().min(1), assigneeType: z.string().nullish(), orgUnitId: z.string().nullish() });
type Assignment = z.infer<typeof Assignment>;
const Assignments = z.object({ items: z.array(Assignment).default([]), nextPageToken: z.string().nullish() });
const Members = z.object({ members: z.array(z.object({ id: z.string().min(1) })).default([]), nextPageToken: z.string().nullish() });
/** Parts of the key file of a service account. */
const Key = z.object({ client_email: z.string().min(1), private_key: z.string().min(1), private_key_id: z.string().min(1).optional() });

const SCOPES = ['user', 'rolemanagement', 'group.member'].map((part) => `https://www.googleapis.com/auth/admin.directory.${part}.readonly`);
const TOKENS = 'https://oauth2.googleapis.com/token';
const ROOT = '/admin/directory/v1';
/** What is read of a user, and no more: neither telephone numbers nor private addresses are brought. */
const FIELDS = `nextPageToken,users(${Object.keys(GoogleUser.shape)
  .map((field) => (field === 'name' ? 'name/fullName' : field))
  .join(',')})`;

export const GoogleWorkspaceConfig = z.strictObject({
  customer: z
    .string()
    .regex(/^(my_customer|C[0-9a-z]+)$/, 'expected the customer id of the account, like C046psxkn, or my_customer')
    .default('my_customer')
    .describe('Customer id of the account: another one that answers makes the run incomplete. `my_customer` takes whichever the credential belongs to'),
  admin: z
    .string()
    .includes('@')
    .optional()
    .describe('Address of the administrator in whose name a service account asks; needed with the key of one. A role that may only read is enough'),
  system: z.string().min(1).default('google').describe('Id of the system in the scope'),
});
type GoogleWorkspaceConfig = z.infer<typeof GoogleWorkspaceConfig>;

export const googleWorkspaceUsers = defineCollector<GoogleWorkspaceConfig, 'http'>({
  id: 'google-workspace/users',
  title: 'People of a Google Workspace account: users in every state, administrator roles, 2-Step Verification, last sign-in',
  version: 1,
  transport: 'http',
  hosts: () => ['admin.googleapis.com', 'oauth2.googleapis.com'],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Bearer ${token ?? ''}`, 'user-agent': 'tickmark' }),
  exchange: ({ token = '' }, config) => (token.trimStart().startsWith('{') ? tradeOf(token, config) : null),
  permissions: [
    { right: SCOPES[0] ?? '', why: 'users, those that are suspended, archived or deleted among them' },
    { right: SCOPES[1] ?? '', why: 'administrator roles and who holds them' },
    { right: SCOPES[2] ?? '', why: 'members of groups that hold a role' },
    { right: 'Admin API privileges: Users, read; Groups, read; and to see administrator roles', why: 'the administrator in whose name a service account asks' },
  ],
  credentials: { token: 'the JSON key of a service account with domain-wide delegation for these scopes, or an access token that is still valid' },
  every: '1d',
  config: GoogleWorkspaceConfig,
  feeds: [users, activity, mfaEnforcement, memberships],
  cannotTell: [
    'which second steps are allowed or enrolled: a text message counts like a security key',
    'whether 2-Step Verification is asked of those who sign in through another identity provider',
    'application passwords and tokens that were granted to applications',
    'users who were deleted more than twenty days ago',
    'groups other than those that hold an administrator role',
    'who asked: the directory does not say whose credential it was',
  ],
  partitions: ({ customer }) => [customer],

  async *collect(source, { config: { customer } }) {
    const scope = `customer=${encodeURIComponent(customer)}`;
    const listed: GoogleUser[] = [];
    for (const [question, more] of [
      ['users', ''],
      ['deleted users', '&showDeleted=true'],
    ] as const) {
      const url = `${ROOT}/users?${scope}${more}&maxResults=500&orderBy=email&fields=${encodeURIComponent(FIELDS)}`;
      for await (const page of source.walk(question, url, (answer) => following(url, answer))) {
        listed.push(...parse(page, Users).users);
        yield page;
      }
    }
    const other = listed.find(({ customerId }) => customer !== 'my_customer' && customerId && customerId !== customer)?.customerId;
    if (other) throw new IncompleteError(`the account ${other} answered for ${customer}`);
    if (listed.length === 0) throw new IncompleteError('the directory names no user at all: the credential may not see them');

    const administration = `${ROOT}/customer/${encodeURIComponent(customer)}`;
    const [roles, held] = [`${administration}/roles?maxResults=100`, `${administration}/roleassignments?maxResults=200`];
    yield* source.walk('roles', roles, (answer) => following(roles, answer));
    const groups = new Set<string>();
    for await (const page of source.walk('role assignments', held, (answer) => following(held, answer))) {
      for (const { assignedTo, assigneeType } of parse(page, Assignments).items) if (assigneeType === 'group') groups.add(assignedTo);
      yield page;
    }
    for (const group of groups) {
      const url = `${ROOT}/groups/${encodeURIComponent(group)}/members?maxResults=200&includeDerivedMembership=true`;
      yield* source.walk(`members of ${group}`, url, (answer) => following(url, answer));
    }
  },

  witness(artifacts) {
    return { askedAs: null, answeredBy: usersIn(artifacts, 'users')[0]?.customerId ?? null, granted: null, totals: {} };
  },

  normalize(artifacts, { config: { system } }) {
    const deleted = usersIn(artifacts, 'deleted users');
    const gone = new Set(deleted.map(({ id }) => id));
    const people = [...new Map([...usersIn(artifacts, 'users'), ...deleted].map((user) => [user.id, user])).values()]; // one who is deleted meanwhile is in both lists: the later says it
    const roles = new Map(pagesOf(artifacts, 'roles').flatMap((page) => parse(page, Roles).items.map((role) => [role.roleId, role] as const)));
    const assignments = pagesOf(artifacts, 'role assignments').flatMap((page) => parse(page, Assignments).items);
    const grants = assignments.flatMap((assignment) => holdersOf(artifacts, assignment).map((userId) => ({ ...assignment, userId })));
    const administers = new Set(grants.map(({ userId }) => userId));

    return [
      table(
        users,
        people.map((user) => rowOf(user, system, gone.has(user.id), administers.has(user.id))),
      ),
      table(
        activity,
        people.map(({ id, lastLoginTime }) => ({ systemId: system, userId: id, lastUsedAt: lastLoginTime ? utcDay(lastLoginTime) : null })), // never is written as 1970
      ),
      table(
        mfaEnforcement,
        people.map((user) => factorOf(user, system)),
      ),
      table(memberships, eachOnce([...people.flatMap((user) => unitOf(user, system)), ...grants.map((grant) => roleOf(grant, roles, system))])),
    ];
  },
});

function tradeOf(file: string, { admin }: GoogleWorkspaceConfig): Exchange {
  const read = Key.safeParse(json(file));
  if (!read.success) throw new IncompleteError('the credential "token" is not the key of a service account: it lacks client_email or private_key');
  if (admin === undefined) throw new IncompleteError('a service account asks in the name of an administrator: set "admin" in the configuration of the source');
  const { client_email: account, private_key: key, private_key_id: keyId = null } = read.data;
  return {
    url: TOKENS,
    form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer' },
    signed: { key, keyId, claims: { iss: account, sub: admin, aud: TOKENS, scope: SCOPES.join(' ') } },
    becomes: 'token',
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IncompleteError('the credential "token" begins like a key file and is no JSON'); // the cause might quote the key
  }
}

const Page = z.object({ nextPageToken: z.string().nullish() });

/** The address of the next page, which an answer names by a token. */
function following(url: string, page: Artifact): string | null {
  const { nextPageToken } = parse(page, Page);
  return nextPageToken ? `${url}&pageToken=${encodeURIComponent(nextPageToken)}` : null;
}

const usersIn = (artifacts: readonly Artifact[], question: string): readonly GoogleUser[] =>
  pagesOf(artifacts, question).flatMap((page) => parse(page, Users).users);

/** A role that a group holds is held by each of its members. */
const holdersOf = (artifacts: readonly Artifact[], { assignedTo, assigneeType }: Assignment): readonly string[] =>
  assigneeType === 'group' ? pagesOf(artifacts, `members of ${assignedTo}`).flatMap((page) => parse(page, Members).members.map(({ id }) => id)) : [assignedTo];

function rowOf(user: GoogleUser, system: string, deleted: boolean, administers: boolean): User {
  const { id, primaryEmail, aliases, name, externalIds, isAdmin, isDelegatedAdmin, creationTime } = user;
  return {
    systemId: system,
    userId: id,
    login: primaryEmail,
    handles: [...new Set([primaryEmail.toLowerCase(), id])],
    emails: [...new Set([primaryEmail, ...(aliases ?? [])].map((address) => address.toLowerCase()))],
    displayName: name?.fullName || null,
    hrId: externalIds?.find(({ type }) => type === 'organization')?.value || null,
    kind: 'unknown',
    status: statusOf(user, deleted),
    privileged: administers || isAdmin || isDelegatedAdmin ? 'yes' : typeof isAdmin === 'boolean' ? 'no' : 'unknown',
    password: 'unknown',
    createdAt: creationTime,
  };
}

function statusOf({ suspended, archived }: GoogleUser, deleted: boolean): User['status'] {
  if (deleted || archived) return 'deactivated';
  if (suspended === true) return 'suspended';
  return suspended === false ? 'active' : 'unknown';
}

function factorOf({ id, isEnrolledIn2Sv: enrolled, isEnforcedIn2Sv: enforced, orgUnitPath }: GoogleUser, system: string): MfaEnforcement {
  return {
    systemId: system,
    userId: id,
    enrolled: ternary(enrolled),
    enforced: ternary(enforced),
    by: enforced ? [`2-Step Verification is enforced for ${orgUnitPath || '/'}`] : [],
    bypasses: [],
  };
}

const unitOf = ({ id, orgUnitPath }: GoogleUser, system: string): readonly Membership[] =>
  orgUnitPath ? [{ systemId: system, userId: id, kind: 'organization', name: orgUnitPath, role: 'member', privileged: false }] : [];

/** A role may be held for one organizational unit only, and twice: by oneself and by a group. */
function roleOf(
  { roleId, userId, orgUnitId }: Assignment & { readonly userId: string },
  roles: ReadonlyMap<string, z.infer<typeof Role>>,
  system: string,
): Membership {
  const name = roles.get(roleId)?.roleName ?? roleId;
  return { systemId: system, userId, kind: 'role', name: orgUnitId ? `${name} of ${orgUnitId}` : name, role: 'administrator', privileged: true };
}
