import { hours, type Instant, iso, minutes } from '../../src/core/instant.ts';
import type { Answered, Asked } from './company.ts';

type Ago = (count: number, hour?: number) => Instant;

interface Account {
  readonly id: string;
  readonly name: string;
  readonly status: 'ACTIVE' | 'DEPROVISIONED';
  readonly created: number;
  readonly worker: string | null;
}
const account = (number: number, name: string, created: number, status: Account['status'] = 'ACTIVE'): Account => ({
  ...{ id: `00u${number}`, name, status, created, worker: `W-${number}` },
});
const ACCOUNTS: readonly Account[] = [
  account(1, 'Ines Duarte', 400),
  account(2, 'Bruno Novak', 400),
  account(3, 'Chloe Martin', 400),
  account(4, 'Dan Weiss', 400),
  account(5, 'Eva Sato', 40),
  account(6, 'Femi Cole', 12),
  account(7, 'Gina Rossi', 400, 'DEPROVISIONED'),
  account(8, 'Hugo Blanc', 400, 'DEPROVISIONED'),
  account(9, 'Ida Kern', 45), // of whom the log does not tell
];
const SYNC = { id: '0oasync', type: 'SystemPrincipal', alternateId: 'system@acme.example', displayName: 'Okta System' };

/** A tenant of Okta by Okta's description: eight people, two groups, their factors, and what its log tells. */
export function oktaOf({ now, ago }: { readonly now: Instant; readonly ago: Ago }): (asked: Asked) => Answered {
  const lists = listsOf(now, ago);
  const events = eventsOf(ago);
  return ({ url }) => {
    const { pathname, searchParams } = url;
    if (pathname === '/api/v1/logs') {
      const fresh = searchParams.has('after') ? [] : events;
      return { status: 200, body: fresh, next: `${url.origin}/api/v1/logs?limit=1000&after=${fresh.length === 0 ? 'end' : 'all'}` };
    }
    if (pathname === '/.well-known/okta-organization') return { status: 200, body: { id: '00o1', pipeline: 'idx', settings: { omEnabled: false } } };
    if (pathname === '/api/v1/iam/roles') return { status: 200, body: { roles: [] } };
    if (pathname === '/api/v1/org') return { status: 200, body: { id: '00o1', subdomain: 'acme', companyName: 'Acme' } };
    if (pathname === '/api/v1/users/me') return { status: 404, body: { errorCode: 'E0000007', errorSummary: 'Not found: Resource not found: me (User)' } };
    if (pathname === '/api/v1/iam/assignees/users') return { status: 200, body: { value: [{ id: '00u1' }] } };
    const query = searchParams.get('type') ?? (searchParams.has('filter') ? 'gone' : '');
    const list = lists[`${pathname}${query === '' ? '' : ` ${query}`}`];
    return list ? { status: 200, body: list } : { status: 404, body: { errorCode: 'E0000022', errorSummary: pathname } };
  };
}

function listsOf(now: Instant, ago: Ago): Readonly<Record<string, readonly unknown[]>> {
  const user = ({ id, name, status, created, worker }: Account) => {
    const [firstName, lastName] = name.split(' ');
    const email = `${name.replace(' ', '.').toLowerCase()}@acme.example`;
    return {
      ...{ id, status, created: iso(ago(created, 11)), lastLogin: iso(status === 'ACTIVE' ? now - hours(20) : ago(25)) },
      profile: { login: email, email, firstName, lastName, employeeNumber: worker },
      credentials: { provider: { type: 'FEDERATION', name: 'FEDERATION' } },
    };
  };
  const active = ACCOUNTS.filter(({ status }) => status === 'ACTIVE');
  const members = (...numbers: readonly number[]) => active.filter((_, place) => numbers.includes(place + 1)).map(user);
  const everyone = { people: { groups: { include: ['00g0'] } } };
  const policy = (type: string, more: object = {}) => ({
    id: `00p-${type}`,
    type,
    name: 'Workforce',
    status: 'ACTIVE',
    priority: 1,
    conditions: everyone,
    ...more,
  });
  const session = { maxSessionLifetimeMinutes: 720, maxSessionIdleMinutes: 60, usePersistentCookie: false };
  const signon = { access: 'ALLOW', requireFactor: true, factorPromptMode: 'ALWAYS', session };
  const rule = { id: 'r1', name: 'Everywhere', status: 'ACTIVE', priority: 1, conditions: { network: { connection: 'ANYWHERE' } }, actions: { signon } };
  const password = { complexity: { minLength: 14, minNumber: 1, minSymbol: 1 }, age: { historyCount: 24 }, lockout: { maxAttempts: 6 } };
  const group = (id: string, name: string) => ({ id, profile: { name } });
  return {
    '/api/v1/users': active.map(user),
    '/api/v1/users gone': ACCOUNTS.filter(({ status }) => status !== 'ACTIVE').map(user),
    '/api/v1/groups': [group('00g0', 'Everyone'), group('00g1', 'engineers'), group('00g2', 'admins')],
    '/api/v1/groups/00g0/users': active.map(user),
    '/api/v1/groups/00g1/users': members(1, 2),
    '/api/v1/groups/00g2/users': members(3), // a review took it away from Chloe, and says that it is gone
    ...Object.fromEntries(['00g0', '00g1', '00g2'].map((id) => [`/api/v1/groups/${id}/roles`, []])),
    '/api/v1/groups/rules': [],
    '/api/v1/apps': [],
    ...Object.fromEntries(active.map(({ id }) => [`/api/v1/users/${id}/factors`, [factorOf(id, ago(11, 9))]])),
    '/api/v1/users/00u1/roles': [{ id: 'ra1', type: 'SUPER_ADMIN', label: 'Super Administrator', status: 'ACTIVE', assignmentType: 'USER' }],
    '/api/v1/policies OKTA_SIGN_ON': [policy('OKTA_SIGN_ON')],
    '/api/v1/policies/00p-OKTA_SIGN_ON/rules': [rule],
    '/api/v1/policies MFA_ENROLL': [],
    '/api/v1/policies ACCESS_POLICY': [],
    '/api/v1/policies PASSWORD': [policy('PASSWORD', { settings: { password } })],
    '/api/v1/policies/00p-PASSWORD/rules': [],
  };
}

const factorOf = (user: string, created: Instant) => ({
  ...{ id: `f-${user}`, factorType: 'webauthn', provider: 'FIDO', vendorName: 'FIDO', status: 'ACTIVE', created: iso(created) },
});

/** Eva was made by the synchronisation, Femi by hand; Gina was closed in time, and Hugo was not. */
function eventsOf(ago: Ago): readonly unknown[] {
  const party = (number: number) => {
    const { id, name } = ACCOUNTS[number - 1] ?? { id: '', name: '' };
    return { id, type: 'User', alternateId: `${name.replace(' ', '.').toLowerCase()}@acme.example`, displayName: name };
  };
  const event = (at: Instant, eventType: string, actor: object, target: object) => ({
    ...{ uuid: `e-${at}-${eventType}`, published: iso(at), eventType, version: '0', severity: 'INFO', actor, target: [target] },
    ...{ outcome: { result: 'SUCCESS' }, authenticationContext: {}, debugContext: { debugData: {} } },
  });
  return [
    event(ago(40, 11), 'user.lifecycle.create', SYNC, party(5)),
    event(ago(20, 11), 'user.lifecycle.deactivate', SYNC, party(7)),
    event(ago(12, 11) + minutes(1), 'user.lifecycle.create', party(1), party(6)),
    event(ago(8, 11), 'user.lifecycle.deactivate', SYNC, party(8)),
  ];
}
