import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { eachOnce, type Membership, memberships } from '../../datasets/identity/memberships.ts';
import { type User, users } from '../../datasets/identity/users.ts';
import { pagesOf, parse, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';
import { type Group, ListedGroup, membersByGroup } from './groups.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Some providers give single values as plain strings where the standard has objects. */
const Value = z.union([z.string().transform((value) => ({ value, display: null })), z.object({ value: z.string().nullish(), display: z.string().nullish() })]);
const ScimUser = z.object({
  id: z.string().min(1),
  userName: z.string().min(1),
  displayName: z.string().nullish(),
  name: z.object({ formatted: z.string().nullish(), givenName: z.string().nullish(), familyName: z.string().nullish() }).nullish(),
  userType: z.string().nullish(),
  active: z.boolean().nullish(),
  emails: z.array(Value).nullish(),
  roles: z.array(Value).nullish(),
  groups: z.array(Value).nullish(),
  meta: z.object({ created: when }).nullish(),
  [ENTERPRISE]: z.object({ employeeNumber: z.string().nullish() }).nullish(),
});
type ScimUser = z.infer<typeof ScimUser>;
const List = z.object({ totalResults: z.int().nonnegative(), startIndex: z.int().nullish(), Resources: z.array(z.unknown()).nullish() });
const listOf = <Entry extends z.ZodType>(entry: Entry) => List.extend({ Resources: z.array(entry).nullish() });
const [Users, Groups, Identities] = [listOf(ScimUser), listOf(ListedGroup), listOf(z.object({ id: z.string().min(1) }))];

const names = z.array(z.string().min(1));
export const ScimConfig = z.strictObject({
  url: z
    .url({ protocol: /^https$/, error: 'expected an https address, like https://api.example.com/scim/v2' })
    .describe('Base address of the provider, above /Users and /Groups'),
  system: z.string().min(1).describe('Id of the system in the scope'),
  groups: z.boolean().default(true).describe('Whether the provider has groups'),
  pageSize: z.int().min(1).max(1000).default(100).describe('Entries asked for at once; a provider may give fewer'),
  passwords: z
    .enum(['no', 'unknown'])
    .default('unknown')
    .describe('`no` is the company’s own word that nobody signs in here with a password, because single sign-on is enforced. SCIM itself does not tell'),
  administrators: z
    .strictObject({ groups: names.default([]), roles: names.default([]) })
    .optional()
    .describe('Groups and roles that give administrative rights, by name. Without it nobody’s rights are known'),
});
type ScimConfig = z.infer<typeof ScimConfig>;

export const scimUsers = defineCollector<ScimConfig, 'http'>({
  id: 'scim/users',
  title: 'Accounts and groups of any system that speaks SCIM 2.0',
  version: 1,
  transport: 'http',
  hosts: ({ url }) => [new URL(url).host],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/scim+json, application/json', authorization: `Bearer ${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [{ right: 'read Users and Groups', why: 'accounts in every state, and the groups and roles they hold' }],
  credentials: { token: 'a bearer token of the provider. Many providers have no read-only one: it is used for GET alone' },
  every: '1d',
  config: ScimConfig,
  feeds: [users, memberships],
  feedsOf: ({ groups }) => (groups ? [users, memberships] : [users]),
  cannotTell: [
    'when an account was last used',
    'second factors, and whether one can sign in past single sign-on',
    'accounts that the provider keeps out of SCIM: local ones, service accounts, owners',
    'who asked: SCIM does not say whose token it was',
  ],
  partitions: ({ url }) => [new URL(url).host],

  async *collect(source, { config: { url, groups, pageSize } }) {
    const root = new URL(url).pathname.replace(/\/$/, '');
    yield* listed(source, 'users', `${root}/Users`, pageSize);
    if (groups) yield* listed(source, 'groups', `${root}/Groups`, pageSize);
  },

  witness(artifacts, { config: { url, groups } }) {
    const questions = groups ? ['users', 'groups'] : ['users'];
    return {
      askedAs: null,
      answeredBy: new URL(url).host,
      granted: null,
      totals: Object.fromEntries(
        questions.map((question) => {
          const pages = pagesOf(artifacts, question).map((page) => parse(page, List));
          const received = pages.flatMap(({ Resources }) => Resources ?? []).length;
          return [question, { received, total: Math.max(...pages.map(({ totalResults }) => totalResults)) }];
        }),
      ),
    };
  },

  normalize(artifacts, { config }) {
    const people = entriesOf(artifacts, 'users', Users);
    const rows = config.groups ? heldIn(people, entriesOf(artifacts, 'groups', Groups), config) : [];
    const administrators = new Set(rows.flatMap(({ userId, privileged }) => (privileged ? [userId] : [])));
    const roleHolders = new Set(people.flatMap((user) => (rolesOf(user).some((role) => config.administrators?.roles.includes(role)) ? [user.id] : [])));
    return [
      table(
        users,
        people.map((user) => rowOf(user, config, administrators.has(user.id) || roleHolders.has(user.id))),
      ),
      ...(config.groups ? [table(memberships, rows)] : []),
    ];
  },
});

/**
 * Pages are counted, not named: the next one begins after what was received, however many that were. The list may
 * change between two pages, and then some are missing or told twice: such a run is not whole.
 */
async function* listed(source: HttpSource, question: string, url: string, size: number): AsyncIterable<Artifact> {
  const ids = new Set<string>();
  let total: number | null = null;
  let asked = 1;
  const fails = (why: string) => new IncompleteError(`"${question}" ${why}`);
  const address = () => `${url}?startIndex=${asked}&count=${size}`;
  yield* source.walk(question, address(), (page) => {
    const { totalResults, startIndex, Resources } = parse(page, Identities);
    const entries = Resources ?? [];
    if (total !== null && totalResults !== total) throw fails(`counted ${total} entries and then ${totalResults}: the list changed while it was read`);
    if (entries.length > 0 && typeof startIndex === 'number' && startIndex !== asked)
      throw fails(`was asked from entry ${asked} on and answered from ${startIndex} on`);
    total = totalResults;
    for (const { id } of entries) {
      if (ids.has(id)) throw fails(`told of ${id} twice: the list changed while it was read, or the provider does not page`);
      ids.add(id);
    }
    if (ids.size > total) throw fails(`gave ${ids.size} entries and counts ${total}`);
    if (ids.size === total) return null;
    if (entries.length === 0) throw fails(`gave ${ids.size} entries, counts ${total}, and gives no more`);
    asked = ids.size + 1;
    return address();
  });
}

type ListOf<Entry> = z.ZodType<{ readonly Resources?: readonly Entry[] | null | undefined }>;
const entriesOf = <Entry>(artifacts: readonly Artifact[], question: string, schema: ListOf<Entry>): readonly Entry[] =>
  pagesOf(artifacts, question).flatMap((page) => parse(page, schema).Resources ?? []);

const rolesOf = ({ roles }: ScimUser): readonly string[] => [...new Set((roles ?? []).flatMap(({ value, display }) => value || display || []))];

function rowOf(user: ScimUser, { system, passwords, administrators }: ScimConfig, administers: boolean): User {
  const { id, userName, displayName, name, userType, active, emails, meta } = user;
  const addresses = [userName, ...(emails ?? []).map(({ value }) => value)].flatMap((address) => (address?.includes('@') ? [address.toLowerCase()] : []));
  return {
    systemId: system,
    userId: id,
    login: userName,
    handles: [...new Set([userName.toLowerCase(), id.toLowerCase()])],
    emails: [...new Set(addresses)],
    displayName: displayName || name?.formatted || [name?.givenName, name?.familyName].flatMap((part) => part || []).join(' ') || null,
    hrId: user[ENTERPRISE]?.employeeNumber || null,
    kind: userType?.toLowerCase() === 'service' ? 'service' : 'unknown',
    status: active === true ? 'active' : active === false ? 'deactivated' : 'unknown',
    privileged: administrators === undefined ? 'unknown' : administers ? 'yes' : 'no',
    password: passwords,
    createdAt: meta?.created ?? null,
  };
}

function heldIn(people: readonly ScimUser[], groups: readonly Group[], { system, administrators }: ScimConfig): readonly Membership[] {
  const held = (userId: string, kind: Membership['kind'], name: string, gives: readonly string[] | undefined): Membership => ({
    systemId: system,
    userId,
    kind,
    name,
    role: 'member',
    privileged: gives?.includes(name) ?? false,
  });
  const own = people.flatMap(({ id, groups: its }) => (its ?? []).flatMap(({ value, display }) => (value ? [{ group: value, display, user: id }] : [])));
  const members = membersByGroup(groups, own).flatMap(({ name, user }) => held(user, 'group', name, administrators?.groups));
  const roles = people.flatMap((user) => rolesOf(user).map((role) => held(user.id, 'role', role, administrators?.roles)));
  return eachOnce([...members, ...roles]);
}
