import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { admin, type admin_directory_v1, auth } from '@googleapis/admin';
import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acmeWire } from '../../acme/wire.ts';
import { hours, iso } from '../../core/instant.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import { at, recorded, tested, world } from '../../../test/recorded.ts';
import type { Collector } from '../collector.ts';
import type { HttpSource } from '../source.ts';
import { googleWorkspaceUsers } from './users.ts';

const CUSTOMER = 'C0acme001';
const SECOND_STEP_OFF = world.people[19]?.email;

tested(googleWorkspaceUsers, { customer: CUSTOMER }, CUSTOMER, (rows) => {
  const users = rows('identity.users');
  const by = (email: string | undefined) => users.find(({ login }) => login === email);
  const factor = (email: string | undefined) => rows('identity.mfa-enforcement').find(({ userId }) => userId === by(email)?.userId);
  expect(by(world.people[35]?.email)).toMatchObject({ status: 'suspended' }); // left 15 days before
  expect(by(world.people[30]?.email)).toMatchObject({ status: 'deactivated' }); // left 40 days before, deleted after 30
  expect(by(world.people[0]?.email)).toMatchObject({ systemId: 'google', status: 'active', privileged: 'no', hrId: 'W-001', password: 'unknown' });
  expect(by(world.people[8]?.email)).toMatchObject({ hrId: null });
  expect(by(world.people[12]?.email)?.emails).toEqual([world.people[12]?.email, `${world.people[12]?.name.split(' ')[0]?.toLowerCase()}.former@acme.example`]);
  expect(
    users
      .filter(({ privileged }) => privileged === 'yes')
      .map(({ login }) => login)
      .sort(),
  ).toEqual([1, 2, 7].map((place) => world.people[place]?.email).sort());
  expect(factor(SECOND_STEP_OFF)).toMatchObject({ enrolled: 'no', enforced: 'yes', by: ['2-Step Verification is enforced for /Product'], bypasses: [] });
  expect(factor(world.people[0]?.email)).toMatchObject({ enrolled: 'yes', enforced: 'yes' });
  expect(
    rows('identity.memberships')
      .filter(({ kind }) => kind === 'role')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['_HELP_DESK_ADMIN_ROLE', '_SEED_ADMIN_ROLE', '_SEED_ADMIN_ROLE']);
  expect(rows('identity.activity').every(({ lastUsedAt }) => lastUsedAt === null || (lastUsedAt as number) > world.ago(200))).toBe(true);
});

const bytes = (body: unknown) => new TextEncoder().encode(JSON.stringify(body));
const json = (body: unknown) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: bytes(body) });

/** The whole of what the collector asks, over a wire, with a credential. */
async function collect(wire: Wire, { token = 'secret', config = {}, clock = () => at } = {}) {
  const its = { ...recorded(googleWorkspaceUsers, { customer: CUSTOMER, ...config }, CUSTOMER), credentials: { token }, wire };
  const opened = openSource(googleWorkspaceUsers as unknown as Collector, { ...its, endpoint: null, clock, sleep: async () => undefined });
  const of = { config: its.config as never, partition: CUSTOMER, at, since: at, timezone: 'UTC', after: null };
  const artifacts = await Array.fromAsync(googleWorkspaceUsers.collect(opened.source as HttpSource, of));
  return { artifacts, questions: opened.questions(), tables: googleWorkspaceUsers.normalize(artifacts, of) };
}
const users = (...its: readonly object[]) => its.map((it, place) => ({ id: `u${place}`, primaryEmail: `u${place}@acme.example`, customerId: CUSTOMER, ...it }));
const answering =
  (listed: readonly object[], deleted: readonly object[] = []): Wire =>
  async ({ url }) =>
    /\/users\?/.test(url) ? json({ users: url.includes('showDeleted') ? deleted : listed }) : json({ items: [] });

describe('what a directory may answer', () => {
  it('another account than the configured one makes the run incomplete', async () => {
    await expect(collect(answering(users({ customerId: 'C0other' })))).rejects.toThrow('the account C0other answered for C0acme001');
  });

  it('no user at all makes the run incomplete', async () => {
    await expect(collect(answering([]))).rejects.toThrow('names no user at all');
  });

  it('a page that names itself as the next one makes the run incomplete', async () => {
    const wire: Wire = async () => json({ users: users({}), nextPageToken: 'again' });
    await expect(collect(wire)).rejects.toBeInstanceOf(IncompleteError);
  });

  it('silence is unknown, 1970 is never, and one who is deleted meanwhile is deleted', async () => {
    const { tables } = await collect(
      answering(
        users({ lastLoginTime: '1970-01-01T00:00:00.000Z' }, { suspended: false, isAdmin: false }, { archived: true }),
        users({}, { suspended: false, customerId: null }),
      ),
    );
    const rows = (id: string) => tables.find(({ dataset }) => dataset.id === id)?.rows;
    expect(rows('identity.users')).toMatchObject([
      { userId: 'u0', status: 'deactivated', privileged: 'unknown', createdAt: null },
      { userId: 'u1', status: 'deactivated', privileged: 'unknown' },
      { userId: 'u2', status: 'deactivated' },
    ]);
    expect(rows('identity.mfa-enforcement')?.[0]).toMatchObject({ enrolled: 'unknown', enforced: 'unknown', by: [] });
    expect(rows('identity.activity')?.[0]).toMatchObject({ lastUsedAt: null });
  });
});

describe('against the client of Google', () => {
  const wire = acmeWire(world, () => at);
  const asked: string[] = [];
  let server: Server;
  let rootUrl = '';

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(normal(`https://admin.googleapis.com${request.url}`));
      void wire({ method: 'GET', url: `https://admin.googleapis.com${request.url}`, headers: {}, body: null }).then(({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(body);
      });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const address = server.address();
    rootUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  /** Path and query, without what only says which fields are wanted. */
  function normal(url: string): string {
    const { pathname, searchParams } = new URL(url);
    searchParams.delete('fields');
    searchParams.sort();
    return `${pathname}?${searchParams}`;
  }

  it('asks what it asks, and reads the same users', async () => {
    const ours: string[] = [];
    const { tables } = await collect(async (request) => {
      ours.push(normal(request.url));
      return wire(request);
    });
    const directory = admin({ version: 'directory_v1', rootUrl, retry: false });
    const theirs: admin_directory_v1.Schema$User[] = [];
    for (const showDeleted of [undefined, 'true']) {
      for (let pageToken: string | undefined, more = true; more; more = pageToken !== undefined) {
        const { data } = await directory.users.list({
          customer: CUSTOMER,
          maxResults: 500,
          orderBy: 'email',
          ...(showDeleted ? { showDeleted } : {}),
          ...(pageToken ? { pageToken } : {}),
        });
        theirs.push(...(data.users ?? []));
        pageToken = data.nextPageToken ?? undefined;
      }
    }
    await directory.roles.list({ customer: CUSTOMER, maxResults: 100 });
    const { data } = await directory.roleAssignments.list({ customer: CUSTOMER, maxResults: 200 });
    for (const { assigneeType, assignedTo } of data.items ?? [])
      if (assigneeType === 'group') await directory.members.list({ groupKey: assignedTo ?? '', maxResults: 200, includeDerivedMembership: true });
    expect(ours).toEqual(asked);
    expect(asked.length).toBeGreaterThan(5);
    const [rows = []] = tables.map((table) => table.rows);
    expect(rows.map(({ userId, login }) => [userId, login])).toEqual(theirs.map(({ id, primaryEmail }) => [id, primaryEmail]));
  });

  it('asks for fields that the directory has, by its own description', async () => {
    const { artifacts } = await collect(wire);
    const named = new URL(artifacts[0]?.request.url ?? '').searchParams.get('fields');
    const known: { readonly [Field in keyof admin_directory_v1.Schema$User]: true } = {
      id: true,
      primaryEmail: true,
      customerId: true,
      name: true,
      aliases: true,
      externalIds: true,
      orgUnitPath: true,
      suspended: true,
      archived: true,
      isAdmin: true,
      isDelegatedAdmin: true,
      isEnrolledIn2Sv: true,
      isEnforcedIn2Sv: true,
      lastLoginTime: true,
      creationTime: true,
    };
    expect(named).toBe(`nextPageToken,users(${Object.keys(known).join(',').replace('name', 'name/fullName')})`);
  });
});

describe('the key of a service account', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const file = (over: object = {}) =>
    JSON.stringify({ type: 'service_account', client_email: 'tickmark@acme.example', private_key: privateKey, private_key_id: 'k1', ...over });
  const config = { admin: 'root@acme.example' };
  const acme = acmeWire(world, () => at);
  const trading = (answer: () => Awaited<ReturnType<Wire>> = () => json({ access_token: 'ya29.secret', expires_in: 3599, token_type: 'Bearer' })) => {
    const [trades, others]: [WireRequest[], WireRequest[]] = [[], []];
    const wire: Wire = async (request) => {
      const trade = request.url === 'https://oauth2.googleapis.com/token';
      (trade ? trades : others).push(request);
      return trade ? answer() : acme(request);
    };
    return { wire, trades, others };
  };
  const formOf = ({ body }: WireRequest) => new URLSearchParams(new TextDecoder().decode(body ?? new Uint8Array()));

  it('signs a statement that a stranger verifies, and asks with the token it is given', async () => {
    const { wire, trades, others } = trading();
    await collect(wire, { token: file(), config });
    expect(trades).toHaveLength(1);
    const form = formOf(trades[0] as WireRequest);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', await importSPKI(publicKey, 'RS256'), {
      audience: 'https://oauth2.googleapis.com/token',
      issuer: 'tickmark@acme.example',
      subject: 'root@acme.example',
      currentDate: new Date(at),
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(new Set(others.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer ya29.secret']));
  });

  it('states what the client of Google states', async () => {
    const { wire, trades } = trading();
    await collect(wire, { token: file(), config });
    const ours = decodeJwt(formOf(trades[0] as WireRequest).get('assertion') ?? '');
    const sent: string[] = [];
    const google = new auth.JWT({
      email: 'tickmark@acme.example',
      key: privateKey,
      keyId: 'k1',
      subject: 'root@acme.example',
      scopes: String(ours.scope).split(' '),
      transporterOptions: {
        fetchImplementation: async (_: unknown, init?: RequestInit) => {
          sent.push(String(init?.body));
          return Response.json({ access_token: 'theirs', expires_in: 3599, token_type: 'Bearer' });
        },
      },
    } as ConstructorParameters<typeof auth.JWT>[0]);
    await google.authorize();
    const theirs = decodeJwt(new URLSearchParams(sent[0]).get('assertion') ?? '');
    const timeless = ({ iat: _, exp: __, ...claims }: object & { iat?: number; exp?: number }) => claims;
    expect(timeless(ours)).toEqual(timeless(theirs));
    expect(
      String(ours.scope)
        .split(' ')
        .every((scope) => scope.endsWith('.readonly')),
    ).toBe(true);
  });

  it('keeps that a token was asked for, and neither key nor statement nor token', async () => {
    const { wire } = trading();
    const { artifacts, questions } = await collect(wire, { token: file(), config });
    expect(artifacts.map(({ name }) => name)).not.toContain('access token');
    expect(questions.find(({ name }) => name === 'access token')).toMatchObject({
      request: {
        method: 'POST',
        url: 'https://oauth2.googleapis.com/token',
        body: '{"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","assertion":"[secret]"}',
      },
      ended: true,
    });
    const kept = JSON.stringify([questions, artifacts.map(({ request, headers }) => [request, headers])]);
    for (const secret of ['ya29', 'PRIVATE KEY', 'eyJ']) expect(kept).not.toContain(secret);
  });

  it('cuts the token out of what a refusal says', async () => {
    const wire: Wire = async ({ url }) =>
      url.endsWith('/token') ? json({ access_token: 'ya29.secret' }) : { ...json({ error: 'ya29.secret is not allowed' }), status: 403 };
    await expect(collect(wire, { token: file(), config })).rejects.toThrow('([secret] is not allowed)');
  });

  it('trades again before the token ends', async () => {
    const { wire, trades } = trading();
    let now = at;
    await collect(wire, { token: file(), config, clock: () => (now += hours(0.2)) });
    expect(trades.length).toBeGreaterThan(1);
    expect(new Set(trades.map((trade) => decodeJwt(formOf(trade).get('assertion') ?? '').iat)).size, iso(now)).toBe(trades.length);
  });

  it.each([
    ['a refusal', () => ({ ...json({ error: 'invalid_grant' }), status: 400 }), file(), config, /answered 400 \(invalid_grant\)/],
    ['an answer without a token', () => json({}), file(), config, /gave no access token/],
    ['a page in place of an answer', () => ({ ...json(''), body: new TextEncoder().encode('<html>') }), file(), config, /gave no access token/],
    ['a key that is none', undefined, file({ private_key: 'nonsense' }), config, /cannot sign: it must be an RSA key/],
    ['a file that is no key', undefined, '{"client_email": "x"}', config, /is not the key of a service account/],
    ['a file that is cut short', undefined, file().slice(0, -3), config, /begins like a key file and is no JSON/],
    ['no administrator to ask for', undefined, file(), {}, /set "admin" in the configuration/],
  ])('%s makes the run incomplete', async (_, answer, token, its, says) => {
    const outcome = collect(trading(answer).wire, { token, config: its });
    await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
    await expect(outcome).rejects.toThrow(says);
  });
});
