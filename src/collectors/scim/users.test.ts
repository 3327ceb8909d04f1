import { createServer, type Server } from 'node:http';
import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { perform } from '../../app/run.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import { fetchWire, type Wire } from '../../sources/wire.ts';
import { at, recorded, tested, world } from '../../../test/recorded.ts';
import { type Collector, fedBy } from '../collector.ts';
import type { HttpSource } from '../source.ts';
import { scimUsers } from './users.ts';

const URL_OF_ACME = 'https://expenses.acme.example/scim/v2';
const HOST = 'expenses.acme.example';
const settings = { url: URL_OF_ACME, system: 'expenses' };

tested(scimUsers, { ...settings, passwords: 'no', administrators: { groups: ['Approvers'] } }, HOST, (rows) => {
  const by = (email: string | undefined) => rows('identity.users').find(({ login }) => login === email);
  expect(by('pat.lindgren@acme.example')).toMatchObject({
    userId: 'ex-0000',
    systemId: 'expenses',
    status: 'active',
    hrId: null,
    privileged: 'no',
    password: 'no',
  });
  const [approver, leaver] = [world.people.find(({ department, endAt }) => department === 'Finance' && endAt === null), world.people[35]];
  expect(by(approver?.email)).toMatchObject({ hrId: approver?.id, emails: [approver?.email], privileged: 'yes', displayName: approver?.name });
  expect(leaver?.department).toBe('Product');
  expect(by(leaver?.email)).toMatchObject({ status: 'deactivated' });
  const held = rows('identity.memberships').filter(({ userId }) => userId === by(approver?.email)?.userId);
  expect(held.map(({ name, privileged }) => [name, privileged])).toEqual([
    ['Approvers', true],
    ['Everyone', false],
  ]);
});

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
type Answer = { readonly totalResults: number; readonly startIndex?: number; readonly Resources?: readonly unknown[] };
const user = (id: string, over: object = {}) => ({ id, userName: `${id}@acme.example`, active: true, ...over });

/** Answers as a provider does, by the question and the place that it is asked from. */
const provider =
  (users: (start: number, count: number) => Answer, groups: readonly unknown[] = []): Wire =>
  async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    const list = pathname.endsWith('/Users')
      ? users(Number(searchParams.get('startIndex')), Number(searchParams.get('count')))
      : { totalResults: groups.length, ...(groups.length > 0 ? { Resources: groups } : {}) };
    return { status: 200, headers: { 'content-type': 'application/scim+json' }, body: new TextEncoder().encode(JSON.stringify({ schemas: [LIST], ...list })) };
  };

async function collect(wire: Wire, over: object = {}, endpoint: string | null = null) {
  const its = { ...recorded(scimUsers, { ...settings, ...over }, HOST), wire };
  const opened = openSource(scimUsers as unknown as Collector, { ...its, endpoint, clock: () => at, sleep: async () => undefined });
  const of = { config: its.config as never, partition: HOST, at, since: at, timezone: 'UTC', after: null };
  const artifacts = await Array.fromAsync(scimUsers.collect(opened.source as HttpSource, of));
  const tables = scimUsers.normalize(artifacts, of);
  const rows = (id: string) => (tables.find(({ dataset }) => dataset.id === id)?.rows ?? []) as readonly Readonly<Record<string, unknown>>[];
  return { rows, names: artifacts.map(({ name }) => name), urls: artifacts.map(({ request }) => request.url), witness: scimUsers.witness?.(artifacts, of) };
}

describe('pages that are counted', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((id) => user(id));

  it('a provider that gives fewer at once than asked for is asked on from what was received', async () => {
    const capped = provider((start) => ({ totalResults: 5, startIndex: start, Resources: five.slice(start - 1, start + 1) }));
    const { rows, urls, witness } = await collect(capped);
    expect(rows('identity.users')).toHaveLength(5);
    expect(urls.map((url) => new URL(url).searchParams.get('startIndex'))).toEqual(['1', '3', '5', '1']);
    expect(witness?.totals).toEqual({ users: { received: 5, total: 5 }, groups: { received: 0, total: 0 } });
  });

  it.each<[string, (start: number) => Answer, RegExp]>([
    [
      'a total that changes',
      (start) => ({ totalResults: start === 1 ? 4 : 5, Resources: five.slice(start - 1, start + 1) }),
      /counted 4 entries and then 5: the list changed/,
    ],
    ['an entry told twice', (start) => ({ totalResults: 5, Resources: start === 1 ? five.slice(0, 2) : five.slice(1, 4) }), /told of b twice/],
    [
      'a provider that does not page',
      () => ({ totalResults: 5, startIndex: 1, Resources: five.slice(0, 2) }),
      /was asked from entry 3 on and answered from 1 on/,
    ],
    ['fewer entries than counted', (start) => ({ totalResults: 6, Resources: five.slice(start - 1) }), /gave 5 entries, counts 6, and gives no more/],
    ['more entries than counted', () => ({ totalResults: 4, Resources: five }), /gave 5 entries and counts 4/],
    ['a count without entries', () => ({ totalResults: 3 }), /gave 0 entries, counts 3, and gives no more/],
  ])('%s makes the run incomplete', async (_, answer, says) => {
    const outcome = collect(provider(answer));
    await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
    await expect(outcome).rejects.toThrow(says);
  });

  it('and the record of such a run says so', async () => {
    const its = recorded(scimUsers, settings, HOST);
    const wire = provider(() => ({ totalResults: 2, Resources: [] }));
    const collector = scimUsers as unknown as Collector;
    const order = {
      collector,
      name: 'x',
      partition: HOST,
      config: its.config,
      timezone: 'UTC',
      slot: at,
      every: 86_400_000,
      demo: false,
      endpoint: null,
      since: at,
      after: null,
    };
    const { draft } = await perform(
      order,
      async () => openSource(collector, { ...its, wire, endpoint: null, clock: () => at, sleep: async () => undefined }),
      () => at,
    );
    expect(draft.body).toMatchObject({ outcome: 'failure', reason: '"users" gave 0 entries, counts 2, and gives no more' });
  });
});

describe('what providers write', () => {
  const told = (its: readonly object[], groups: readonly unknown[] = [], over: object = {}) =>
    collect(
      provider(() => ({ totalResults: its.length, Resources: its }), groups),
      over,
    );

  it('silence is unknown, and rights without a declaration are too', async () => {
    const { rows } = await told([
      { id: 'A1', userName: 'Ada' },
      user('b', { active: false, userType: 'Service', name: { givenName: 'B', familyName: 'Bot' } }),
    ]);
    expect(rows('identity.users')).toMatchObject([
      {
        userId: 'A1',
        login: 'Ada',
        handles: ['ada', 'a1'],
        emails: [],
        status: 'unknown',
        privileged: 'unknown',
        password: 'unknown',
        kind: 'unknown',
        createdAt: null,
      },
      { userId: 'b', status: 'deactivated', kind: 'service', displayName: 'B Bot' },
    ]);
  });

  it('addresses and roles may be objects or plain, and a number of HR comes with the extension', async () => {
    const its = user('a', {
      emails: ['Ada@acme.example', { value: 'a.b@acme.example' }],
      roles: ['owner', { value: 'owner' }, { display: 'Auditor' }],
      [ENTERPRISE]: { employeeNumber: 'W-1' },
    });
    const { rows } = await told([its], [], { administrators: { roles: ['owner'] } });
    expect(rows('identity.users')).toMatchObject([{ emails: ['a@acme.example', 'ada@acme.example', 'a.b@acme.example'], hrId: 'W-1', privileged: 'yes' }]);
    expect(rows('identity.memberships').map(({ kind, name, privileged }) => [kind, name, privileged])).toEqual([
      ['role', 'owner', true],
      ['role', 'Auditor', false],
    ]);
  });

  it('groups within groups are resolved, though they hold each other, and two of one name are told apart', async () => {
    const group = (id: string, displayName: string, ...members: readonly string[]) => ({ id, displayName, members: members.map((value) => ({ value })) });
    const groups = [group('g1', 'Admins', 'g2'), group('g2', 'Inner', 'a', 'g1'), group('g3', 'Twin', 'a'), group('g4', 'Twin', 'b'), { id: 'g5' }];
    const { rows } = await told([user('a', { groups: [{ value: 'g1' }, { value: 'g9', display: 'Hidden' }] }), user('b')], groups, {
      administrators: { groups: ['Admins'] },
    });
    expect(rows('identity.memberships').map(({ userId, name, privileged }) => [userId, name, privileged])).toEqual([
      ['a', 'Admins', true],
      ['a', 'Inner', false],
      ['a', 'Twin (g3)', false],
      ['b', 'Twin (g4)', false],
      ['a', 'Hidden', false],
    ]);
    expect(rows('identity.users').map(({ privileged }) => privileged)).toEqual(['yes', 'no']);
  });

  it('a provider without groups is asked for none, and feeds none', async () => {
    const { names, rows } = await told([user('a')], [], { groups: false });
    expect(names).toEqual(['users']);
    expect(rows('identity.memberships')).toEqual([]);
    expect(fedBy(scimUsers, scimUsers.config.parse({ ...settings, groups: false })).map(({ id }) => id)).toEqual(['identity.users']);
  });

  it('an address that is not safe is refused', () => {
    expect(scimUsers.config.safeParse({ ...settings, url: 'http://expenses.acme.example/scim' }).success).toBe(false);
  });
});

describe('against SCIMMY, a provider that nobody here wrote', () => {
  const COUNT = 47;
  const people = Array.from({ length: COUNT }, (_, place) => ({
    id: `s${String(place).padStart(2, '0')}`,
    userName: `person${place}@acme.example`,
    active: place % 5 !== 0,
    emails: [{ value: `person${place}@acme.example`, type: 'work', primary: true }],
    meta: { created: new Date('2026-01-02T03:04:05Z') },
    [ENTERPRISE]: { employeeNumber: `W-${place}` },
  }));
  const group = { id: 'all', displayName: 'All', members: people.map(({ id, userName }) => ({ value: id, display: userName, type: 'User' })) };
  const authorizations: (string | undefined)[] = [];
  let server: Server;
  let endpoint = '';

  beforeAll(async () => {
    SCIMMY.Config.set({ filter: { supported: true, maxResults: 20 } } as never);
    SCIMMY.Resources.declare(SCIMMY.Resources.User).extend(SCIMMY.Schemas.EnterpriseUser, false);
    SCIMMY.Resources.declare(SCIMMY.Resources.Group);
    SCIMMY.Resources.User.egress((() => people) as never);
    SCIMMY.Resources.Group.egress((() => [group]) as never);
    const app = express();
    const handler = (request: express.Request) => {
      authorizations.push(request.header('authorization'));
      if (request.header('authorization') !== 'Bearer secret-of-the-tests') throw new Error('no token');
      return 'tickmark';
    };
    app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler }));
    server = createServer(app);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  it.each([7, 20, 500])('reads everyone, %i at a time', async (pageSize) => {
    const { rows, witness } = await collect(fetchWire(), { pageSize }, endpoint);
    expect(rows('identity.users').map(({ userId, login, status, hrId, createdAt }) => ({ userId, login, status, hrId, createdAt }))).toEqual(
      people.map(({ id, userName, active }, place) => ({
        userId: id,
        login: userName,
        status: active ? 'active' : 'deactivated',
        hrId: `W-${place}`,
        createdAt: Date.parse('2026-01-02T03:04:05Z'),
      })),
    );
    expect(rows('identity.memberships')).toHaveLength(COUNT);
    expect(witness?.totals).toEqual({ users: { received: COUNT, total: COUNT }, groups: { received: 1, total: 1 } });
  });

  it('is refused with a wrong token, and says so', async () => {
    const its = { ...recorded(scimUsers, settings, HOST), credentials: { token: 'wrong' }, wire: fetchWire() };
    const { source } = openSource(scimUsers as unknown as Collector, { ...its, endpoint, clock: () => at, sleep: async () => undefined });
    const of = { config: its.config as never, partition: HOST, at, since: at, timezone: 'UTC', after: null };
    await expect(Array.fromAsync(scimUsers.collect(source as HttpSource, of))).rejects.toThrow('answered 401');
    expect(authorizations.at(-1)).toBe('Bearer wrong');
  });
});
