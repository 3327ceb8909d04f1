import { days, type Instant, iso, minutes } from '../core/instant.ts';
import { ACCESS_CAST, ACCESS_DAYS } from './okta-access-stories.ts';
import { type okta, oktaId } from './okta.ts';
import { during, since } from './stories.ts';
import { type Person, person, type World } from './world.ts';

type State = ReturnType<typeof okta>;
type Json = Readonly<Record<string, unknown>>;
type Answer = { readonly body: unknown } | { readonly list: readonly unknown[] } | null;

const ORG = 'https://acme.okta.com/api/v1';
const EVERYONE = '00g0everyone';

/** What Okta answers about the ways to access at Acme; `null` where it is asked for something else. */
export function accessAnswer(world: World, at: Instant, state: State, { pathname, searchParams }: URL): Answer {
  if (pathname === '/.well-known/okta-organization') return { body: { id: '00o0acme', pipeline: 'idx', settings: { omEnabled: false }, _links: {} } };
  const [topic = '', id = '', part = '', last = ''] = pathname.replace('/api/v1/', '').split('/').map(decodeURIComponent);
  if (topic === 'groups' && id === 'rules') return { list: rules(world, at) };
  if (topic === 'groups' && id === '') return { list: state.groups.map((it) => group(world, at, it)) };
  if (topic === 'groups' && part === 'roles') return { body: groupRoles(world, at, id) };
  if (topic === 'apps' && id === '') return { list: apps(world, at, state).map(({ given: _, users: __, ...app }) => app) };
  const app = topic === 'apps' ? apps(world, at, state).find((it) => it.id === id) : undefined;
  if (app && part === 'users') return { list: app.users };
  if (app && part === 'groups') return { list: app.given.map((its, priority) => ({ id: its, priority, lastUpdated: iso(world.ago(600)), profile: {} })) };
  if (topic === 'iam' && id === 'roles')
    return part === '' ? { body: { roles: [OWN_ROLE(world)], _links: {} } } : last === 'permissions' ? { body: PERMISSIONS } : null;
  if (topic === 'users' && part === 'roles' && id === keeper(world)) return { body: ownRoles(world, at) };
  if (topic === 'policies' && id === '' && searchParams.get('type') === 'ACCESS_POLICY') return { list: POLICIES };
  return topic === 'policies' && part === 'rules' && POLICIES.some((policy) => policy.id === id) ? { list: policyRules(world, at, id) } : null;
}

/** Those to whom a role is given by name, beside the administrators. */
export const alsoAssigned = (world: World, at: Instant): readonly string[] => (since(world, at, ACCESS_DAYS.ownRole.since) ? [keeper(world)] : []);

const keeper = (world: World): string => oktaId(person(world, ACCESS_CAST.ownRole));

function group(world: World, at: Instant, { id, profile }: State['groups'][number]): Json {
  const builtIn = id === EVERYONE;
  return {
    id,
    created: iso(world.ago(1100)),
    lastUpdated: iso(world.ago(1100)),
    objectClass: ['okta:user_group'],
    type: builtIn ? 'BUILT_IN' : 'OKTA_GROUP',
    profile: { ...profile, description: builtIn ? 'All users in your organization' : null },
    _embedded: { stats: { usersCount: 1, appsCount: 1, groupPushMappingsCount: 0, hasAdminPrivilege: groupRoles(world, at, id).length > 0 } },
  };
}

function groupRoles(world: World, at: Instant, id: string): readonly Json[] {
  if (id !== '00g0support' || !since(world, at, ACCESS_DAYS.groupRole.since)) return [];
  return [
    {
      id: 'gra0support',
      label: 'Help Desk Administrator',
      type: 'HELP_DESK_ADMIN',
      status: 'ACTIVE',
      created: iso(world.ago(ACCESS_DAYS.groupRole.since, 9)),
      assignmentType: 'GROUP',
    },
  ];
}

/** People come into the group of their department by themselves. */
const rules = (world: World, at: Instant): readonly Json[] =>
  ['Engineering', 'Finance', 'People', 'Product', 'Sales', 'Support'].map((name) => ({
    type: 'group_rule',
    id: `0pr0${name.toLowerCase()}`,
    status: name === 'Sales' && during(world, at, ACCESS_DAYS.ruleOff) ? 'INACTIVE' : 'ACTIVE',
    name: `${name} by department`,
    created: iso(world.ago(1000)),
    lastUpdated: iso(world.ago(name === 'Sales' && since(world, at, ACCESS_DAYS.ruleOff.to) ? ACCESS_DAYS.ruleOff.to : 1000)),
    conditions: { people: { users: { exclude: [] } }, expression: { value: `user.department=="${name}"`, type: 'urn:okta:expression:1.0' } },
    actions: { assignUserToGroups: { groupIds: [`00g0${name.toLowerCase()}`] } },
  }));

/** What people call the applications that stand here alone. */
const LABELS: Readonly<Record<string, string>> = { '0oa0desk': 'Ticket desk', '0oa0survey': 'Survey tool' };

type Apps = ReturnType<typeof appsAt>;
/** By what Okta holds at an instant: one run asks for each of them on its own. */
const made = new WeakMap<State, Apps>();

function apps(world: World, at: Instant, state: State): Apps {
  const known = made.get(state) ?? appsAt(world, at, state);
  made.set(state, known);
  return known;
}

function appsAt(world: World, at: Instant, state: State) {
  const byId = new Map(world.people.map((it) => [oktaId(it), it]));
  const app = (id: string, name: string, signOnMode: string, age: number, given: readonly string[], policy: string, features: readonly string[] = []) => {
    const members = state.apps.find((it) => it.id === id)?.members ?? given.flatMap((its) => state.groups.find((known) => known.id === its)?.members ?? []);
    return {
      id,
      name,
      label: state.apps.find((it) => it.id === id)?.label ?? LABELS[id] ?? name,
      status: id === '0oa0survey' && since(world, at, ACCESS_DAYS.survey.off) ? 'INACTIVE' : 'ACTIVE',
      created: iso(world.ago(age)),
      features,
      signOnMode,
      _links: { accessPolicy: { href: `${ORG}/policies/${policy}` } },
      given,
      users: members.map((user) => appUser(world, at, { app: id, id: user, who: byId.get(user) })),
    };
  };
  return [
    app('0oa0aws', 'amazon_aws', 'SAML_2_0', 1000, ['00g0engineering'], STRICT),
    app('0oa0github', 'github_enterprise', 'SAML_2_0', 1000, ['00g0engineering'], STRICT, ['PUSH_NEW_USERS', 'PUSH_USER_DEACTIVATION']),
    app('0oa0mail', 'google', 'SAML_2_0', 1000, [EVERYONE], EVERYDAY, ['PUSH_NEW_USERS']),
    ...(since(world, at, ACCESS_DAYS.storedPassword.since)
      ? [app('0oa0desk', 'template_swa', 'BROWSER_PLUGIN', ACCESS_DAYS.storedPassword.since, ['00g0support'], EVERYDAY)]
      : []),
    app('0oa0survey', 'oidc_client', 'OPENID_CONNECT', 800, ['00g0sales'], EVERYDAY),
  ];
}

function appUser(world: World, at: Instant, { app, id, who }: { readonly app: string; readonly id: string; readonly who: Person | undefined }): Json {
  const directly = app === '0oa0aws' && id === oktaId(person(world, ACCESS_CAST.directly));
  const given = directly ? world.ago(ACCESS_DAYS.directly.since, 11) : who === undefined ? world.ago(700) : who.startAt - days(3) + minutes(1);
  const active = who === undefined || who.startAt <= at;
  return {
    id,
    scope: directly ? 'USER' : 'GROUP',
    status: active ? 'ACTIVE' : 'STAGED',
    created: iso(given),
    lastUpdated: iso(given),
    syncState: 'DISABLED',
    profile: {},
  };
}

const OWN_ROLE = (world: World): Json => ({
  id: 'cr0keeper',
  label: 'Group keeper',
  description: 'Keeps the groups of the sales department',
  created: iso(world.ago(260)),
  lastUpdated: iso(world.ago(260)),
});
const PERMISSIONS: Json = { permissions: [{ label: 'okta.groups.members.manage' }, { label: 'okta.users.read' }] };
const ownRoles = (world: World, at: Instant): readonly Json[] =>
  since(world, at, ACCESS_DAYS.ownRole.since)
    ? [
        {
          id: 'irb0keeper',
          role: 'cr0keeper',
          label: 'Group keeper',
          type: 'CUSTOM',
          status: 'ACTIVE',
          created: iso(world.ago(ACCESS_DAYS.ownRole.since, 9)),
          assignmentType: 'USER',
          'resource-set': 'iam0sales',
        },
      ]
    : [];

const [STRICT, EVERYDAY] = ['rst0strict', 'rst0everyday'];
const POLICIES: readonly Json[] = [
  { id: STRICT, type: 'ACCESS_POLICY', name: 'Production', status: 'ACTIVE', priority: 1, system: false, conditions: null },
  { id: EVERYDAY, type: 'ACCESS_POLICY', name: 'Everyday', status: 'ACTIVE', priority: 1, system: true, conditions: null },
];

function policyRules(world: World, at: Instant, policy: string): readonly Json[] {
  const loose = policy === EVERYDAY && during(world, at, ACCESS_DAYS.oneFactor);
  return [
    {
      id: `rul-${policy}`,
      type: 'ACCESS_POLICY',
      name: 'Catch-all',
      status: 'ACTIVE',
      priority: 99,
      system: true,
      conditions: { network: { connection: 'ANYWHERE' }, riskScore: { level: 'ANY' }, userType: { include: [], exclude: [] } },
      actions: {
        appSignOn: {
          access: 'ALLOW',
          verificationMethod: { type: 'ASSURANCE', factorMode: loose ? '1FA' : '2FA', reauthenticateIn: policy === STRICT ? 'PT2H' : 'PT12H', constraints: [] },
        },
      },
    },
  ];
}
