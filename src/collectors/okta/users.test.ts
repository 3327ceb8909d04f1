import { expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { at, recorded } from '../../../test/recorded.ts';
import type { MfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import type { PasswordPolicy } from '../../datasets/iam/password-policies.ts';
import type { User } from '../../datasets/identity/users.ts';
import { type Membership, memberships } from '../../datasets/identity/memberships.ts';
import type { MfaFactor } from '../../datasets/identity/mfa-factors.ts';
import type { Wire } from '../../sources/wire.ts';
import { oktaUsers } from './users.ts';

const acme = recorded(oktaUsers, { org: 'acme.okta.com' }, 'acme.okta.com');
const json = (body: unknown) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) });
const role = (label: string, status = 'ACTIVE') => ({ id: 'r1', type: 'HELP_DESK_ADMIN', label, status, assignmentType: 'GROUP' });

/** Acme, where groups hold administrator roles too. */
const wire: Wire = async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === '/api/v1/groups/00g0finance/roles') return json([role('Help Desk Administrator'), role('Read-only Administrator', 'INACTIVE')]);
  if (pathname === '/api/v1/groups/00g0everyone/roles') return json([role('Super Administrator')]);
  return acme.wire(request);
};

it('knows who administers through a group, those included whom the list of administrators leaves out', async () => {
  const { tables } = await runOnce(oktaUsers, wire, { org: 'acme.okta.com' }, at, 0);
  const rows = <Row>(dataset: string) => (tables.find((table) => table.dataset.id === dataset)?.rows ?? []) as unknown as readonly Row[];
  const [members, people] = [rows<Membership>('identity.memberships'), rows<User>('identity.users')];
  const inGroup = (group: string) => members.filter(({ kind, name }) => kind === 'group' && name === group).map(({ userId }) => userId);
  const [finance, support] = [inGroup('Finance'), inGroup('Support')];
  const helpers = members.filter(({ name }) => name === 'Help Desk Administrator');
  expect(finance.length).toBeGreaterThan(1);
  expect(helpers.map(({ userId, role: how, privileged }) => [userId, how, privileged])).toEqual([
    ...finance.map((userId) => [userId, 'administrator through group Finance', true]),
    ...support.map((userId) => [userId, 'administrator through group Support', true]),
  ]);
  expect(members.filter(({ name }) => name === 'Read-only Administrator')).toEqual([]);
  const supers = members.filter(({ name }) => name === 'Super Administrator');
  const everyone = members.filter(({ kind, name }) => kind === 'group' && name === 'Everyone').length;
  expect(supers).toHaveLength(everyone);
  expect(supers.filter(({ role: how }) => how === 'administrator')).toHaveLength(2); // given to them besides
  expect(people.filter(({ privileged }) => privileged === 'yes')).toHaveLength(everyone);
});

it('trap 2: tells of who has a factor that counts, and says nothing of whom another identity provider lets in', async () => {
  const factor = (id: string, status: string) => ({ id, factorType: 'push', provider: 'OKTA', status, created: '2026-01-01T00:00:00.000Z' });
  const answered = {
    active: [factor('f1', 'ACTIVE'), factor('f2', 'PENDING_ACTIVATION')],
    pending: [factor('f3', 'PENDING_ACTIVATION')],
    none: [],
    strange: [factor('f4', 'NEW')],
  };
  let ids: readonly string[] = [];
  const told: Wire = async (request) => {
    const answer = await wire(request);
    const { pathname, search } = new URL(request.url);
    if (pathname === '/api/v1/users' && !search.includes('filter')) {
      const users = JSON.parse(new TextDecoder().decode(answer.body)) as { id: string; status: string; credentials?: object }[];
      const active = users.filter(({ status }) => status === 'ACTIVE');
      if (ids.length === 0) ids = active.map(({ id }) => id);
      const abroad = users.map((user) => (user.id === ids[4] || user.id === ids[5] ? { ...user, credentials: { provider: { type: 'FEDERATION' } } } : user));
      return { ...answer, body: new TextEncoder().encode(JSON.stringify(abroad)) };
    }
    const [, who] = /^\/api\/v1\/users\/([^/]+)\/factors$/.exec(pathname) ?? [];
    const place = ids.indexOf(who ?? '');
    const its = [answered.active, answered.pending, answered.none, answered.strange, answered.none, answered.active][place];
    return its ? json(its) : answer;
  };
  const { tables } = await runOnce(oktaUsers, told, { org: 'acme.okta.com' }, at, 0);
  const rows = (tables.find(({ dataset }) => dataset.id === 'identity.mfa-enforcement')?.rows ?? []) as unknown as readonly MfaEnforcement[];
  const enrolled = ids.slice(0, 6).map((id) => rows.find(({ userId }) => userId === id)?.enrolled);
  expect(enrolled).toEqual(['yes', 'no', 'no', 'unknown', 'unknown', 'yes']);
});

/** Acme, where an answer is another than it is. */
async function readWith(answers: (pathname: string, search: string) => ((body: readonly object[]) => readonly object[]) | undefined) {
  const other: Wire = async (request) => {
    const answer = await acme.wire(request);
    const { pathname, search } = new URL(request.url);
    const change = answers(pathname, search);
    return change ? { ...answer, body: json(change(JSON.parse(new TextDecoder().decode(answer.body)) as object[])).body } : answer;
  };
  const { tables } = await runOnce(oktaUsers, other, { org: 'acme.okta.com' }, at, 0);
  return <Row>(dataset: string) => (tables.find((table) => table.dataset.id === dataset)?.rows ?? []) as unknown as readonly Row[];
}

it('tells of groups, and of applications, of one name as of one: who is in any of them is in it', async () => {
  const plain = await readWith(() => undefined);
  const twice = await readWith((pathname) => {
    if (pathname === '/api/v1/groups')
      return (groups) => groups.map((group) => ('id' in group && group.id === '00g0support' ? { ...group, profile: { name: 'Everyone' } } : group));
    if (pathname === '/api/v1/apps') return (apps) => apps.map((app) => ({ ...app, label: 'Portal' }));
    return undefined;
  });
  const rows = twice<Membership>('identity.memberships');
  expect(new Set(rows.map(memberships.key)).size).toBe(rows.length);
  const whoIn = (of: readonly Membership[], kind: string, ...names: readonly string[]) =>
    [...new Set(of.flatMap((row) => (row.kind === kind && names.includes(row.name) ? [row.userId] : [])))].sort();
  const before = plain<Membership>('identity.memberships');
  expect(whoIn(rows, 'group', 'Everyone')).toEqual(whoIn(before, 'group', 'Everyone', 'Support'));
  expect(whoIn(rows, 'group', 'Support')).toEqual([]);
  expect(whoIn(rows, 'app', 'Portal')).toEqual(whoIn(before, 'app', 'AWS', 'GitHub', 'Mail'));
  expect(whoIn(before, 'app', 'AWS').length).toBeGreaterThan(1);
});

it('does not know what kind of factor another provider asks for', async () => {
  const duo = { id: 'd1', factorType: 'web', provider: 'DUO', vendorName: 'DUO', status: 'ACTIVE', created: '2026-01-01T00:00:00.000Z' };
  const rows = await readWith((pathname) => (pathname.endsWith('/factors') ? () => [duo] : undefined));
  expect(new Set(rows<MfaFactor>('identity.mfa-factors').map(({ type, status }) => `${type} ${status}`))).toEqual(new Set(['unknown active']));
});

it('tells of a password policy whether it is in force', async () => {
  const policy = { type: 'PASSWORD', name: 'Another', priority: 2, settings: { password: { complexity: { minLength: 4 } } } };
  const rows = await readWith((pathname, search) =>
    pathname === '/api/v1/policies' && search.includes('PASSWORD')
      ? (policies) => [...policies, { ...policy, id: 'p2', status: 'INACTIVE' }, { ...policy, id: 'p3', status: 'DRAFT' }]
      : undefined,
  );
  expect(rows<PasswordPolicy>('iam.password-policies').map(({ policyId, inForce }) => [policyId, inForce])).toEqual([
    ['00p0password', 'yes'],
    ['p2', 'no'],
    ['p3', 'unknown'],
  ]);
});
