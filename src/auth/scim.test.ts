import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../sources/open.ts';
import type { Collector } from '../collectors/collector.ts';
import { scimUsers } from '../collectors/scim/users.ts';
import type { HttpSource } from '../collectors/source.ts';
import { browserOf, type Ground, inside, openGround } from '../server/sign-in/testing/ground.ts';
import { userByEmail } from './people.ts';
import { makeToken } from './tokens.ts';

const [MARIA, ADMIN] = ['maria.lopez@acme.example', 'ada@acme.example'];
const BASE = 'http://localhost:7400/scim/v2';
let ground: Ground;
let token: string;
beforeAll(async () => {
  ground = await openGround({ groups: { Admins: 'admin', Auditors: 'auditor' } });
});
beforeEach(async () => {
  await ground.reset();
  await ground.add({ email: ADMIN, name: 'Ada Park', role: 'admin' });
  token = (await makeToken(ground.means, ADMIN, { kind: 'scim', name: 'directory', user: null, scopes: null, days: 10, strong: false })).secret;
});
afterAll(() => ground.close());

interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: { readonly id: string; readonly [name: string]: unknown };
}

async function ask(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await ground.app.request(`${BASE}${path}`, {
    method,
    headers: { host: 'localhost:7400', authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, etag: answer.headers.get('etag'), body: text === '' ? {} : JSON.parse(text) };
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const maria = (over: object = {}) => ({
  schemas: [USER],
  userName: 'mlopez',
  displayName: 'Maria Lopez',
  emails: [{ value: MARIA, primary: true }],
  active: true,
  ...over,
});
const patch = (...Operations: readonly object[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });
const group = (displayName: string, ...members: readonly string[]) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
  displayName,
  members: members.map((value) => ({ value })),
});
const acts = () => ground.acts.map(({ act, by }) => `${by}: ${act}`);

describe('SCIM', () => {
  it('is for a token that was made for it, and such a token for nothing else', async () => {
    const ada = await userByEmail(ground.means, ADMIN);
    const { secret } = await makeToken(ground.means, ADMIN, { kind: 'api', name: 'other', user: ada, scopes: null, days: 1, strong: false });
    for (const authorization of ['', 'Bearer wrong', `Bearer ${secret}`, `Basic ${token}`])
      expect((await ask('GET', '/Users', undefined, { authorization })).status, authorization).toBe(401);
    expect((await ask('GET', '/Users')).status).toBe(200);
    expect(await ground.principalOf(new Request('http://localhost:7400/api/x', { headers: { authorization: `Bearer ${token}` } }))).toBe(null);
    const cookie = [...(await inside(ground, ADMIN)).cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect((await ask('GET', '/Users', undefined, { authorization: '', cookie })).status).toBe(401);
  });

  it('brings people, who have no password, and takes them away: their sessions and tokens end at once', async () => {
    const made = await ask('POST', '/Users', maria());
    expect([made.status, made.body.userName, made.body.active]).toEqual([201, 'mlopez', true]);
    const user = await userByEmail(ground.means, MARIA);
    expect(user).toMatchObject({ id: made.body.id, role: 'member', hasPassword: false, cameBy: 'scim' });
    if (!user) return;
    const { secret } = await makeToken(ground.means, MARIA, { kind: 'api', name: 'mine', user, scopes: null, days: 1, strong: false });
    const gone = await ask('PATCH', `/Users/${user.id}`, patch({ op: 'Replace', path: 'active', value: 'False' }));
    expect([gone.status, gone.body.active]).toEqual([200, false]);
    expect(await ground.principalOf(new Request('http://localhost:7400/api/x', { headers: { authorization: `Bearer ${secret}` } }))).toBe(null);
    expect((await ask('DELETE', `/Users/${user.id}`)).status).toBe(204);
    expect((await ask('GET', `/Users/${user.id}`)).status).toBe(404);
    expect(await userByEmail(ground.means, MARIA)).toBe(null);
    const own = 'token directory';
    expect(acts().slice(1)).toEqual([`${own}: user-add`, `${MARIA}: token-make`, `${own}: user-deactivate`, `${own}: user-remove`]);
  });

  it('gives roles by groups, the strongest that a group gives, and takes them back', async () => {
    const { body: user } = await ask('POST', '/Users', maria());
    const role = async () => (await userByEmail(ground.means, MARIA))?.role;
    const { body: auditors } = await ask('POST', '/Groups', group('Auditors', user.id));
    expect(await role()).toBe('auditor');
    const { body: admins } = await ask('POST', '/Groups', group('Admins'));
    await ask('PATCH', `/Groups/${admins.id}`, patch({ op: 'add', path: 'members', value: [{ value: user.id }] }));
    expect(await role()).toBe('admin');
    const shown = await ask('GET', `/Users/${user.id}`);
    expect((shown.body.groups as unknown as readonly { readonly display: string }[]).map(({ display }) => display).sort()).toEqual(['Admins', 'Auditors']);
    await ask('PATCH', `/Groups/${admins.id}`, patch({ op: 'remove', path: `members[value eq "${user.id}"]` }));
    expect(await role()).toBe('auditor');
    await ask('DELETE', `/Groups/${auditors.id}`);
    expect(await role()).toBe('member');
    expect((await ask('POST', '/Groups', group('Everyone', user.id))).status).toBe(201);
    expect(await role()).toBe('member');
  });

  it('leaves who came otherwise as they are until a group says otherwise, and the last admin an admin', async () => {
    const ada = await userByEmail(ground.means, ADMIN);
    const taken = await ask('POST', '/Users', maria({ userName: 'apark', displayName: 'Ada Park', emails: [{ value: ADMIN }] }));
    expect([taken.status, taken.body.id]).toEqual([201, ada?.id]);
    expect(await userByEmail(ground.means, ADMIN)).toMatchObject({ role: 'admin', hasPassword: true });
    const last = await ask('PATCH', `/Users/${ada?.id}`, patch({ op: 'replace', path: 'active', value: false }));
    expect([last.status, last.body.detail]).toEqual([403, 'this is the last admin. Make somebody else an admin first.']);
    expect((await ask('DELETE', `/Users/${ada?.id}`)).status).toBe(403);
  });

  it('refuses what is there already, and what has changed since it was read', async () => {
    const made = await ask('POST', '/Users', maria());
    const twice = await ask('POST', '/Users', maria({ emails: [{ value: 'other@acme.example' }] }));
    expect([twice.status, twice.body.scimType]).toEqual([409, 'uniqueness']);
    expect(made.etag).toBe('W/"1"');
    const stale = { 'if-match': 'W/"7"' };
    const changed = maria({ displayName: 'Maria Park' });
    expect((await ask('PUT', `/Users/${made.body.id}`, changed, stale)).status).toBe(412);
    expect((await ask('DELETE', `/Users/${made.body.id}`, undefined, stale)).status).toBe(412);
    const next = await ask('PUT', `/Users/${made.body.id}`, changed, { 'if-match': 'W/"1"' });
    expect([next.status, next.etag, next.body.displayName]).toEqual([200, 'W/"2"', 'Maria Park']);
    expect((await ask('GET', `/Users/${made.body.id}`, undefined, { 'if-none-match': 'W/"2"' })).status).toBe(304);
    expect((await ask('PUT', '/Users/nobody', changed)).status).toBe(404);
    expect((await ask('POST', '/Users', maria(), { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('filters and pages', async () => {
    for (let n = 0; n < 7; n++) await ask('POST', '/Users', maria({ userName: `n${n}`, emails: [{ value: `n${n}@acme.example` }] }));
    const listed = async (query: string) => {
      const { body } = await ask('GET', `/Users?${query}`);
      return [body.totalResults, (body.Resources as unknown as readonly { readonly userName: string }[]).map(({ userName }) => userName)];
    };
    expect(await listed(`filter=${encodeURIComponent('userName eq "N3"')}`)).toEqual([1, ['n3']]);
    expect(await listed(`filter=${encodeURIComponent('emails[value eq "n4@acme.example"]')}`)).toEqual([1, ['n4']]);
    expect(await listed('startIndex=2&count=3')).toEqual([8, ['n0', 'n1', 'n2']]);
    expect(await listed('startIndex=7&count=3')).toEqual([8, ['n5', 'n6']]);
    expect((await ask('GET', '/Users?filter=')).body.scimType).toBe('invalidFilter');
    expect((await ask('GET', '/Users?count=x')).status).toBe(400);
  });

  it('is read whole by the collector that asks any provider', async () => {
    await ask('POST', '/Users', maria());
    for (let n = 0; n < 3; n++) await ask('POST', '/Users', maria({ userName: `n${n}`, emails: [{ value: `n${n}@acme.example` }], active: n > 0 }));
    const { body: user } = await ask('GET', `/Users?filter=${encodeURIComponent('userName eq "mlopez"')}`);
    await ask('POST', '/Groups', group('Admins', (user.Resources as unknown as readonly { readonly id: string }[])[0]?.id ?? ''));
    const url = 'https://tickmark.acme.example/scim/v2';
    const config = scimUsers.config.parse({ url, system: 'tickmark', passwords: 'no', administrators: { groups: ['Admins'] } });
    const at = ground.means.clock();
    const { source } = openSource(scimUsers as unknown as Collector, {
      config: config as never,
      partition: 'tickmark.acme.example',
      credentials: { token },
      endpoint: null,
      root: '.',
      wire: async ({ url: asked, headers }) => {
        const { pathname, search } = new URL(asked);
        const answer = await ground.app.request(`http://localhost:7400${pathname}${search}`, { headers: { ...headers, host: 'localhost:7400' } });
        return { status: answer.status, headers: Object.fromEntries(answer.headers), body: new Uint8Array(await answer.arrayBuffer()) };
      },
      clock: () => at,
      sleep: async () => undefined,
    });
    const of = { config: config as never, partition: 'tickmark.acme.example', at, since: at, timezone: 'UTC', after: null };
    const artifacts = await Array.fromAsync(scimUsers.collect(source as HttpSource, of));
    const tables = scimUsers.normalize(artifacts, of);
    const users = (tables.find(({ dataset }) => dataset.id === 'identity.users')?.rows ?? []) as readonly Readonly<Record<string, unknown>>[];
    expect(users.map(({ login, status, privileged }) => [login, status, privileged])).toEqual(
      expect.arrayContaining([
        ['mlopez', 'active', 'yes'],
        ['n0', 'deactivated', 'no'],
      ]),
    );
    expect(users).toHaveLength(5);
  });

  it('has nothing under the names that every object has', async () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      for (const path of [`/${name}`, `/${name}/x`]) expect([path, (await ask('GET', path)).status]).toEqual([path, 404]);
    expect((await ask('POST', '/constructor/.search', {})).status).toBe(404);
    const long = await ask('GET', `/Users?filter=${encodeURIComponent(`userName eq "${'x'.repeat(2000)}"`)}`);
    expect([long.status, long.body.scimType]).toEqual([400, 'invalidFilter']);
  });

  it('keeps a browser out', async () => {
    expect((await browserOf(ground.app).get('/scim/v2/Users')).status).toBe(401);
  });
});
