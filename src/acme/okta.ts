import { days, hours, type Instant, iso } from '../core/instant.ts';
import { deactivatedAt } from './okta-stories.ts';
import { ACCESS_CAST, ACCESS_DAYS } from './okta-access-stories.ts';
import { CAST, DAYS, during, since } from './stories.ts';
import { type Person, person, type World } from './world.ts';

/** Two administrators, and who keeps the groups of sales. */
const ADMINS = [1, 2, ACCESS_CAST.ownRole] as const;

/** What Okta holds at an instant, in its own shapes. */
export function okta(world: World, at: Instant) {
  const people = world.people.filter(({ startAt }) => startAt - days(3) <= at);
  const active = people.filter((it) => stateOf(world, it, at) !== 'DEPROVISIONED');
  const ids = new Map(people.map((it) => [it.id, oktaId(it)]));
  const admins = ADMINS.slice(0, 2)
    .map((place) => person(world, place))
    .filter((it) => stateOf(world, it, at) === 'ACTIVE');
  const sharing = during(world, at, DAYS.sharedLogin);
  const shared = {
    id: '00u0shared',
    status: sharing ? 'ACTIVE' : 'DEPROVISIONED',
    created: iso(world.ago(DAYS.sharedLogin.from)),
    lastLogin: iso(workday(sharing ? at : world.ago(DAYS.sharedLogin.to), 7)),
    profile: { login: 'ops-shared@acme.example', email: 'ops-shared@acme.example', firstName: 'Operations', lastName: 'Shared' },
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
  };
  const user = (it: Person) => ({
    id: oktaId(it),
    status: stateOf(world, it, at),
    created: iso(it.startAt - days(3)),
    lastLogin: loginOf(world, it, at),
    profile: profileOf(world, it),
    credentials: { provider: { type: 'OKTA', name: 'OKTA' } },
  });
  const group = (id: string, name: string, members: readonly string[]) => ({ id, profile: { name }, members });
  const everyone = [...active.map(oktaId), ...(sharing ? [shared.id] : [])];
  const departments = [...new Set(world.people.map(({ department }) => department))].sort();
  const app = (id: string, label: string, members: readonly string[]) => ({ id, label, status: 'ACTIVE', members });
  const named = since(world, at, ACCESS_DAYS.directly.since) ? [oktaId(person(world, ACCESS_CAST.directly))] : [];
  const engineers = active.filter(({ department }) => department === 'Engineering').map(oktaId);
  return {
    users: [...active.map(user), ...(sharing ? [shared] : [])],
    deprovisioned: [...people.filter((it) => stateOf(world, it, at) === 'DEPROVISIONED').map(user), ...(sharing ? [] : [shared])],
    groups: [
      group('00g0everyone', 'Everyone', everyone),
      ...departments.map((name) => group(`00g0${name.toLowerCase()}`, name, active.filter((it) => it.department === name).map(oktaId))),
    ],
    apps: [app('0oa0aws', 'AWS', [...engineers, ...named]), app('0oa0github', 'GitHub', engineers), app('0oa0mail', 'Mail', everyone)],
    factors: new Map([
      ...active.map((it): [string, unknown] => [oktaId(it), factorsOf(world, it, at)]),
      [shared.id, [factor('shared', 'token:software:totp', world.ago(690))]],
    ]),
    admins: admins.map((it) => ids.get(it.id) ?? ''),
    policies: {
      OKTA_SIGN_ON: [
        {
          id: '00p0signon',
          type: 'OKTA_SIGN_ON',
          name: 'Workforce sign-on',
          status: 'ACTIVE',
          priority: 1,
          conditions: { people: { groups: { include: ['00g0everyone'] } } },
        },
      ],
      PASSWORD: [passwordPolicy],
    },
    rules: { '00p0signon': signOnRules(world, at), '00p0password': [] } as Readonly<Record<string, readonly unknown[]>>,
  };
}

const passwordPolicy = {
  id: '00p0password',
  type: 'PASSWORD',
  name: 'Workforce passwords',
  status: 'ACTIVE',
  priority: 1,
  conditions: { people: { groups: { include: ['00g0everyone'] } } },
  settings: {
    password: {
      complexity: { minLength: 14, minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 0 },
      age: { maxAgeDays: 0, historyCount: 8 },
      lockout: { maxAttempts: 8 },
    },
  },
};

export const oktaId = ({ id }: Pick<Person, 'id'>): string => `00u0${id.toLowerCase().replace('-', '')}`;

function stateOf(world: World, it: Person, at: Instant): string {
  if ((deactivatedAt(world, it) ?? Infinity) <= at) return 'DEPROVISIONED';
  return it.startAt <= at ? 'ACTIVE' : 'STAGED';
}

export function profileOf(world: World, it: Person) {
  const [firstName, lastName] = it.name.split(' ');
  const renamed = it.id === person(world, CAST.renamed).id;
  // One has married: Okta still has the former address, and nobody has filled in the number. A declared alias ties it.
  const email = renamed ? `${firstName}.former@acme.example`.toLowerCase() : it.email;
  return { login: email, email, firstName, lastName, ...(renamed ? {} : { employeeNumber: it.id }), department: it.department };
}

/** Eight in the morning of the last working day. */
export function workday(at: Instant, hour: number): Instant {
  let day = Math.floor((at - hours(hour)) / days(1)) * days(1);
  while ([0, 6].includes(new Date(day).getUTCDay())) day -= days(1);
  return day + hours(hour);
}

function loginOf(world: World, it: Person, at: Instant): string | null {
  if (it.startAt > at) return null;
  const dormant = it.id === person(world, CAST.dormant).id && at < world.ago(DAYS.dormant.back, 9);
  const last = dormant ? Math.min(at, world.ago(DAYS.dormant.lastLogin)) : Math.min(at, (it.endAt ?? at) - hours(8));
  const login = workday(last, 8);
  return login < it.startAt ? null : iso(login);
}

const factor = (id: string, factorType: string, created: Instant) => ({
  id: `f-${id}`,
  factorType,
  provider: 'OKTA',
  vendorName: 'OKTA',
  status: 'ACTIVE',
  created: iso(created),
});

/** Administrators have security keys. One had none at first, and confirmed on a telephone. */
export function factorTypeOf(world: World, it: Person, at: Instant): string {
  const helps = it.department === 'Support' && since(world, at, ACCESS_DAYS.groupRole.since + 1);
  const isAdmin = helps || ADMINS.some((place) => it.id === person(world, place).id);
  if (isAdmin && (it.id !== person(world, ACCESS_CAST.weakAdmin).id || since(world, at, ACCESS_DAYS.strongFactor.since))) return 'webauthn';
  return Number(it.id.slice(2)) % 3 === 0 ? 'webauthn' : 'push';
}

function factorsOf(world: World, it: Person, at: Instant): readonly unknown[] {
  if (it.id === person(world, CAST.newcomer).id && at < world.ago(DAYS.noFactor.newcomerEnrolled, 10))
    return it.startAt <= at ? [{ ...factor(it.id, 'token:software:totp', it.startAt), status: 'PENDING_ACTIVATION' }] : [];
  const is = (place: number) => it.id === person(world, place).id;
  const enrolled = is(CAST.slowEnroller)
    ? world.ago(DAYS.noFactor.enrolled)
    : is(CAST.newcomer)
      ? world.ago(DAYS.noFactor.newcomerEnrolled, 10)
      : it.startAt - days(1);
  if (at < enrolled) return [];
  return [factor(`${it.id}-${factorTypeOf(world, it, at)}`, factorTypeOf(world, it, at), enrolled)];
}

function signOnRules(world: World, at: Instant): readonly unknown[] {
  const strict = {
    id: 'r-strict',
    name: 'Everywhere',
    status: 'ACTIVE',
    priority: 2,
    conditions: { network: { connection: 'ANYWHERE' }, authContext: { authType: 'ANY' } },
    actions: { signon: { access: 'ALLOW', requireFactor: true, factorPromptMode: 'ALWAYS', session: sessionOf(world, at) } },
  };
  if (!during(world, at, DAYS.zoneException)) return [strict];
  return [
    {
      id: 'r-office',
      name: 'Office network',
      status: 'ACTIVE',
      priority: 1,
      conditions: { network: { connection: 'ZONE', include: ['nzo0office'] }, authContext: { authType: 'ANY' } },
      actions: { signon: { access: 'ALLOW', requireFactor: false, session: sessionOf(world, at) } },
    },
    strict,
  ];
}

const sessionOf = (world: World, at: Instant) => ({
  maxSessionLifetimeMinutes: during(world, at, ACCESS_DAYS.longSession) ? 10_080 : 720,
  maxSessionIdleMinutes: 60,
  usePersistentCookie: false,
});
