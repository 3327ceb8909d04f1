import { z } from 'zod';
import { utcDay } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import type { Ternary } from '../../core/ternary.ts';
import { type PasswordPolicy, passwordPolicies } from '../../datasets/iam/password-policies.ts';
import { activity } from '../../datasets/identity/activity.ts';
import { eachOnce, type Membership, memberships } from '../../datasets/identity/memberships.ts';
import { mfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import { type MfaFactor, mfaFactors } from '../../datasets/identity/mfa-factors.ts';
import { type User, users } from '../../datasets/identity/users.ts';
import { arrayOf, parse, read, readAll, wasAsked, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { HttpSource } from '../source.ts';
import { enforcementOf, Policy, PolicyRule } from './sign-on.ts';
import { callerIn, headersOf, introduced, introductions, OktaConfig, refuseSecrets } from './tenant.ts';

const OktaUser = z.object({
  id: z.string().min(1),
  status: z.string(),
  created: when,
  lastLogin: when,
  profile: z.object({
    login: z.string().min(1),
    email: z.string().nullish(),
    secondEmail: z.string().nullish(),
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
    employeeNumber: z.string().nullish(),
    userType: z.string().nullish(),
  }),
  credentials: z.object({ password: z.unknown().optional(), provider: z.object({ type: z.string() }).optional() }).nullish(),
});
type OktaUser = z.infer<typeof OktaUser>;
const Group = z.object({ id: z.string().min(1), profile: z.object({ name: z.string().min(1) }) });
const App = z.object({ id: z.string().min(1), label: z.string().min(1), status: z.string() });
const Member = z.object({ id: z.string().min(1) });
const Factor = z.object({ id: z.string().min(1), factorType: z.string(), provider: z.string().nullish(), status: z.string(), created: when });
const Role = z.object({ type: z.string(), label: z.string().nullish(), status: z.string().default('ACTIVE'), assignmentType: z.string().nullish() });
const Assignees = z.object({ value: z.array(Member), _links: z.object({ next: z.object({ href: z.string() }).optional() }).optional() });
const POLICIES = ['OKTA_SIGN_ON', 'MFA_ENROLL', 'PASSWORD'] as const;
const STATES: Readonly<Record<string, User['status']>> = {
  ACTIVE: 'active',
  RECOVERY: 'active',
  PASSWORD_EXPIRED: 'active',
  LOCKED_OUT: 'active',
  PROVISIONED: 'invited',
  STAGED: 'invited',
  SUSPENDED: 'suspended',
  DEPROVISIONED: 'deactivated',
};
const FACTORS: Readonly<Record<string, MfaFactor['type']>> = {
  webauthn: 'webauthn',
  u2f: 'webauthn',
  signed_nonce: 'webauthn',
  push: 'push',
  'token:software:totp': 'totp',
  'token:hotp': 'hardware-otp',
  'token:hardware': 'hardware-otp',
  token: 'hardware-otp',
  sms: 'sms',
  call: 'voice',
  email: 'email',
  question: 'question',
};
const ENROLLED: Readonly<Record<string, MfaFactor['status']>> = {
  ACTIVE: 'active',
  PENDING_ACTIVATION: 'pending',
  ENROLLED: 'pending',
  INACTIVE: 'inactive',
  DISABLED: 'inactive',
  EXPIRED: 'inactive',
  NOT_SETUP: 'inactive',
};
/** Users whose factors and sign-on count: the others cannot sign in. */
const gone = ({ status }: OktaUser): boolean => status === 'DEPROVISIONED';

export const oktaUsers = defineCollector<OktaConfig, 'http'>({
  id: 'okta/users',
  title: 'People of an Okta tenant: users in every state, groups, applications, administrator roles, factors, sign-on and password policies',
  version: 5,
  transport: 'http',
  hosts: ({ org }) => [org],
  operations: [],
  headers: headersOf,
  permissions: [
    { right: 'Read-only Administrator', why: 'users, groups, applications, factors and policies' },
    { right: 'okta.roles.read', why: 'who administers the tenant, by himself or through a group' },
  ],
  credentials: { token: 'an API token of a read-only administrator' },
  every: '1d',
  config: OktaConfig,
  feeds: [users, activity, mfaFactors, mfaEnforcement, memberships, passwordPolicies],
  cannotTell: [
    'sessions that are still open after a user was deactivated',
    'access inside applications that Okta does not provision',
    'authentication policies of single applications: the global session policy is what is evaluated. Where it asks for no second factor and leaves that to them (Identity Engine), it is unknown whether one is asked for',
    'in which of several groups or applications of one name somebody is: they are told as one',
    'what kind of factor another provider asks for, as Duo does',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config }) {
    yield* introductions(source, config);
    const people: OktaUser[] = [];
    for (const [question, url] of [
      ['users', '/api/v1/users?limit=200'],
      ['deprovisioned users', `/api/v1/users?limit=200&filter=${encodeURIComponent('status eq "DEPROVISIONED"')}`],
    ] as const) {
      for await (const page of source.pages(question, url)) {
        people.push(...parse(page, arrayOf(OktaUser)));
        yield page;
      }
    }
    yield* listWithParts(source, 'groups', '/api/v1/groups?limit=200', Group, ({ id }) => [
      [`group ${id}`, `/api/v1/groups/${encodeURIComponent(id)}/users?limit=200`],
      [`roles of group ${id}`, `/api/v1/groups/${encodeURIComponent(id)}/roles`],
    ]);
    yield* listWithParts(source, 'applications', '/api/v1/apps?limit=200', App, ({ id }) => [
      [`application ${id}`, `/api/v1/apps/${encodeURIComponent(id)}/users?limit=200`],
    ]);
    for (const user of people) if (!gone(user)) yield* source.pages(`factors ${user.id}`, `/api/v1/users/${encodeURIComponent(user.id)}/factors`);
    yield* administrators(source);
    for (const type of POLICIES) {
      yield* listWithParts(source, `policies ${type}`, `/api/v1/policies?type=${type}`, Policy, ({ id }) => [
        [`rules ${id}`, `/api/v1/policies/${encodeURIComponent(id)}/rules`],
      ]);
    }
  },

  witness(artifacts) {
    const caller = callerIn(artifacts);
    const roles = caller && wasAsked(artifacts, `roles ${caller.id}`) ? readAll(artifacts, `roles ${caller.id}`, Role) : null;
    return {
      ...introduced(artifacts),
      granted: roles?.map(({ type }) => type) ?? null,
      totals: {},
    };
  },

  normalize(artifacts, { config: { org, system } }) {
    const listed = [...readAll(artifacts, 'users', OktaUser), ...readAll(artifacts, 'deprovisioned users', OktaUser)];
    const people = [...new Map(listed.map((user) => [user.id, user])).values()]; // one who is deprovisioned meanwhile is in both lists: the later says it
    const groups = readAll(artifacts, 'groups', Group).map(({ id, profile }) => ({
      id,
      name: profile.name,
      members: readAll(artifacts, `group ${id}`, Member),
      roles: readAll(artifacts, `roles of group ${id}`, Role),
    }));
    const apps = readAll(artifacts, 'applications', App).map(({ id, label, status }) => ({
      label,
      status,
      members: readAll(artifacts, `application ${id}`, Member),
    }));
    const groupsOf = (user: string) => groups.flatMap(({ id, members }) => (members.some((member) => member.id === user) ? [id] : []));
    const policies = readAll(artifacts, 'policies OKTA_SIGN_ON', Policy).map((policy) => ({
      ...policy,
      rules: readAll(artifacts, `rules ${policy.id}`, PolicyRule),
    }));
    const roles = rolesHeld(
      assigneesIn(artifacts).map((id) => ({ id, roles: readAll(artifacts, `roles ${id}`, Role) })),
      groups,
    );
    const administers = new Set(roles.map(({ id }) => id));
    const held = (userId: string, kind: Membership['kind'], name: string, role: string, privileged: boolean): Membership => ({
      systemId: system,
      userId,
      kind,
      name,
      role,
      privileged,
    });

    return [
      table(
        users,
        people.map((user) => rowOf(user, system, administers.has(user.id))),
      ),
      table(
        activity,
        people.map(({ id, lastLogin }) => ({ systemId: system, userId: id, lastUsedAt: lastLogin === null ? null : utcDay(lastLogin) })),
      ),
      table(
        mfaFactors,
        people.flatMap((user) => (gone(user) ? [] : factorsOf(readAll(artifacts, `factors ${user.id}`, Factor), user, system))),
      ),
      table(
        mfaEnforcement,
        people.map((user) => ({
          systemId: system,
          userId: user.id,
          enrolled: gone(user) ? ('unknown' as const) : enrolledOf(user, readAll(artifacts, `factors ${user.id}`, Factor)),
          ...enforcementOf(policies, { id: user.id, groups: groupsOf(user.id) }),
        })),
      ),
      table(
        memberships,
        eachOnce([
          ...groups.flatMap(({ name, members }) => members.map(({ id }) => held(id, 'group', name, 'member', false))),
          ...apps.flatMap(({ label, members }) => members.map(({ id }) => held(id, 'app', label, 'user', false))),
          ...roles.map(({ id, name, how }) => held(id, 'role', name, how, true)),
        ]),
      ),
      table(
        passwordPolicies,
        readAll(artifacts, 'policies PASSWORD', Policy).map((policy) => passwordPolicy(policy, org, system)),
      ),
    ];
  },
});

async function* listWithParts<Entry>(
  source: HttpSource,
  question: string,
  url: string,
  schema: z.ZodType<Entry>,
  parts: (entry: Entry) => readonly (readonly [question: string, url: string])[],
) {
  const entries: Entry[] = [];
  for await (const page of source.pages(question, url)) {
    refuseSecrets(page);
    entries.push(...parse(page, arrayOf(schema)));
    yield page;
  }
  for (const [its, path] of entries.flatMap(parts)) yield* source.pages(its, path);
}

/** This list is paged in its body, unlike the others. */
async function* administrators(source: HttpSource) {
  const seen = new Set<string>();
  for (let [page, url] = [1, '/api/v1/iam/assignees/users?limit=100']; ; page++) {
    seen.add(url);
    const artifact = await source.get(`administrators ${page}`, url);
    yield artifact;
    const { value, _links } = parse(artifact, Assignees);
    for (const { id } of value) yield* source.pages(`roles ${id}`, `/api/v1/users/${encodeURIComponent(id)}/roles`);
    const next = _links?.next?.href;
    if (next === undefined) return;
    if (seen.has(next)) throw new IncompleteError('"administrators" named a page as the next one that it had given before');
    url = next;
  }
}

function assigneesIn(artifacts: Parameters<typeof read>[0]): readonly string[] {
  const ids: string[] = [];
  for (let page = 1; ; page++) {
    const { value, _links } = read(artifacts, `administrators ${page}`, Assignees);
    ids.push(...value.map(({ id }) => id));
    if (!_links?.next) return ids;
  }
}

type Held = z.infer<typeof Role>;

/** Each administrator role that a user holds, and how: given to him, or to a group that he is in. */
function rolesHeld(
  people: readonly { readonly id: string; readonly roles: readonly Held[] }[],
  groups: readonly { readonly name: string; readonly members: readonly { readonly id: string }[]; readonly roles: readonly Held[] }[],
): readonly { readonly id: string; readonly name: string; readonly how: string }[] {
  const active = (roles: readonly Held[]) => roles.flatMap((role) => (role.status === 'ACTIVE' ? [{ ...role, name: role.label ?? role.type }] : []));
  const found = [
    ...people.flatMap(({ id, roles }) => active(roles).map(({ name, assignmentType }) => ({ id, name, through: assignmentType === 'GROUP' ? null : '' }))),
    ...groups.flatMap((group) =>
      active(group.roles).flatMap(({ name }) => group.members.map(({ id }) => ({ id, name, through: group.name as string | null }))),
    ),
  ];
  return [...Map.groupBy(found, ({ id, name }) => `${id} ${name}`).values()].flatMap((its) => {
    const [first] = its;
    const through = [...new Set(its.flatMap((one) => one.through || []))].sort();
    const isGiven = its.some((one) => one.through === '');
    const how = isGiven || through.length === 0 ? [] : [`through group ${through.join(' and ')}`];
    return first ? [{ id: first.id, name: first.name, how: ['administrator', ...how].join(' ') }] : [];
  });
}

function rowOf({ id, status, created, profile, credentials }: OktaUser, system: string, administers: boolean): User {
  const emails = [profile.email, profile.secondEmail, profile.login].flatMap((address) => (address?.includes('@') ? [address.toLowerCase()] : []));
  return {
    systemId: system,
    userId: id,
    login: profile.login,
    handles: [...new Set([profile.login.toLowerCase(), id.toLowerCase()])],
    emails: [...new Set(emails)],
    displayName: [profile.firstName, profile.lastName].flatMap((part) => (part ? [part] : [])).join(' ') || null,
    hrId: profile.employeeNumber || null,
    kind: profile.userType?.toLowerCase() === 'service' ? 'service' : 'unknown',
    status: STATES[status] ?? 'unknown',
    privileged: administers ? 'yes' : 'no',
    password: credentials?.provider === undefined || credentials.provider.type === 'FEDERATION' ? 'unknown' : 'yes',
    createdAt: created,
  };
}

const factorsOf = (factors: readonly z.infer<typeof Factor>[], { id }: OktaUser, system: string): MfaFactor[] =>
  factors.map((factor) => ({
    systemId: system,
    userId: id,
    factorId: factor.id,
    type: FACTORS[factor.factorType] ?? 'unknown',
    status: ENROLLED[factor.status] ?? 'unknown',
    enrolledAt: factor.created,
  }));

/** Okta lists every factor it has of somebody. Of one whom another identity provider lets in it has none, and cannot tell what that asks for. */
function enrolledOf({ credentials }: OktaUser, factors: readonly z.infer<typeof Factor>[]): Ternary {
  const states = factors.map(({ status }) => ENROLLED[status] ?? 'unknown');
  if (states.includes('active')) return 'yes';
  return states.includes('unknown') || credentials?.provider?.type === 'FEDERATION' ? 'unknown' : 'no';
}

function passwordPolicy({ id, status, settings }: z.infer<typeof Policy>, org: string, system: string): PasswordPolicy {
  const { complexity, age, lockout } = settings?.password ?? {};
  const asks = (least: number | undefined): PasswordPolicy['symbols'] => (least === undefined ? 'unknown' : least > 0 ? 'yes' : 'no');
  return {
    systemId: system,
    accountId: org,
    policyId: id,
    exists: true,
    inForce: status === 'ACTIVE' ? 'yes' : status === 'INACTIVE' ? 'no' : 'unknown',
    minLength: complexity?.minLength ?? null,
    reusePrevention: age?.historyCount || null,
    maxAgeDays: age?.maxAgeDays || null,
    symbols: asks(complexity?.minSymbol),
    numbers: asks(complexity?.minNumber),
    uppercase: asks(complexity?.minUpperCase),
    lowercase: asks(complexity?.minLowerCase),
    lockoutAttempts: lockout?.maxAttempts || null,
  };
}
