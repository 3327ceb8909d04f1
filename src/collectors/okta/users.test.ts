import { expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { at, recorded } from '../../../test/recorded.ts';
import type { MfaEnforcement } from '../../datasets/identity/mfa-enforcement.ts';
import type { User } from '../../datasets/identity/users.ts';
import type { Membership } from '../../datasets/identity/memberships.ts';
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
