import { expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { at, recorded } from '../../../test/recorded.ts';
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
