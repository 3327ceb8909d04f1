import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { hashPassword } from '../../auth/password.ts';
import { addUser, userByEmail } from '../../auth/people.ts';
import { minutes } from '../../core/instant.ts';
import { principals, withSignIn } from '../sign-in/gate.ts';
import { signInMeans } from '../sign-in/means.ts';
import { type Browser, browserOf, PASSWORD } from '../sign-in/testing/ground.ts';
import { api } from './api.ts';
import { type Company, company } from './testing/company.ts';

const ORIGIN = 'http://127.0.0.1:7400';
const [ADMIN, MARIA] = ['ada@acme.example', 'maria.lopez@acme.example'];
let acme: Company;
let app: Hono;
const means = () => signInMeans(acme.workspace, () => ORIGIN, 4);

beforeAll(async () => {
  acme = await company();
  const who = principals(means());
  const served = api({ services: { workspace: acme.workspace, hub: acme.hub, signIn: means(), failed: () => undefined }, principalOf: who.principalOf });
  app = withSignIn(means(), served, who) as unknown as Hono;
  const password = await hashPassword(PASSWORD, 4);
  await addUser(means(), { email: ADMIN, name: 'Ada Park', role: 'admin', cameBy: 'owner', password });
  await addUser(means(), { email: MARIA, name: 'Maria Lopez', role: 'manager', cameBy: 'invitation', password });
});
afterAll(() => acme.close());

async function inside(email: string): Promise<Browser> {
  const browser = browserOf(app, { origin: ORIGIN });
  const { status } = await browser.post('/sign-in', { email, password: PASSWORD });
  expect(status).toBe(303);
  return browser;
}

/** As a script of a page of ours, with what the browser keeps. */
async function ask(browser: Browser, method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await app.request(`${ORIGIN}/api${path}`, {
    method,
    headers: { host: '127.0.0.1:7400', cookie, 'sec-fetch-site': 'same-origin', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

describe('the API behind sign-in', () => {
  it('knows who asks, by what they came in, and what they may', async () => {
    expect((await ask(browserOf(app, { origin: ORIGIN }), 'GET', '/me')).status).toBe(401);
    const { body } = await ask(await inside(MARIA), 'GET', '/me');
    expect(body).toMatchObject({ kind: 'user', email: MARIA, role: 'manager', strong: false, bounds: null, session: { methods: ['password'] } });
    expect(body.permissions).toContain('alerts.act');
    expect(body.permissions).not.toContain('users.write');
  });

  it('changes users for an admin who has shown that it is them, from a page of ours, with a record that the log holds', async () => {
    const maria = await userByEmail(means(), MARIA);
    const admin = await inside(ADMIN);
    const path = `/users/${maria?.id}`;
    const foreign = await ask(admin, 'PATCH', path, { role: 'member' }, { 'sec-fetch-site': 'cross-site' });
    expect([foreign.status, foreign.body.type]).toEqual([403, '/api/problems/not-same-origin']);
    expect((await ask(await inside(MARIA), 'PATCH', path, { role: 'admin' })).status).toBe(403);
    const changed = await ask(admin, 'PATCH', path, { role: 'auditor', bounds: { period: '2026-01-01T00:00:00Z..2027-01-01T00:00:00Z', controls: ['AC-01'] } });
    expect([changed.status, changed.body.role, changed.body.bounds]).toEqual([
      200,
      'auditor',
      { period: { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' }, controls: ['AC-01'] },
    ]);
    const [line] = await acme.workspace.records(null, 1);
    const { record } = await acme.workspace.record(line?.index ?? -1);
    expect(record.body).toMatchObject({
      kind: 'act',
      act: 'role-change',
      by: ADMIN,
      target: `users/${maria?.id}`,
      says: { role: { from: 'manager', to: 'auditor' } },
    });
    acme.pass(minutes(10));
    const stale = await ask(admin, 'PATCH', path, { role: 'admin' });
    expect([stale.status, stale.body.type]).toEqual([403, '/api/problems/not-confirmed']);
  });

  it('gives tokens that speak within their scopes, and make no others', async () => {
    const admin = await inside(ADMIN);
    const made = await ask(admin, 'POST', '/me/tokens', { name: 'nightly', days: 7, scopes: ['users.read', 'self'] });
    expect(made.status).toBe(201);
    const bare = browserOf(app, { origin: ORIGIN });
    const by = { authorization: `Bearer ${String(made.body.secret)}`, 'sec-fetch-site': 'none' };
    expect((await ask(bare, 'GET', '/users', undefined, by)).body.users).toHaveLength(2);
    expect((await ask(bare, 'GET', '/tokens', undefined, by)).status).toBe(403);
    expect((await ask(bare, 'POST', '/me/tokens', { name: 'more', days: 366 }, by)).status).toBe(403);
    const { id } = made.body.token as { readonly id: string };
    expect((await ask(admin, 'POST', `/me/tokens/${id}/revoke`, {})).body).toEqual({ ended: 1 });
    expect((await ask(bare, 'GET', '/users', undefined, by)).status).toBe(401);
  });

  it('invites', async () => {
    const admin = await inside(ADMIN);
    const { status, body } = await ask(admin, 'POST', '/invitations', { email: 'eve@acme.example', role: 'auditor' });
    expect([status, String(body.link).startsWith(`${ORIGIN}/sign-in/link/`)]).toEqual([201, true]);
    expect((await ask(admin, 'GET', '/invitations')).body.invitations).toHaveLength(1);
    const again = await ask(admin, 'POST', '/invitations', { email: MARIA, role: 'member' });
    expect([again.status, again.body.detail]).toEqual([400, `${MARIA} is the address of a user already. Change their role, or reset what they sign in with.`]);
  });

  it('ends sessions', async () => {
    const [one, two] = [await inside(ADMIN), await inside(ADMIN)];
    expect((await ask(one, 'POST', '/me/sessions/end', {})).status).toBe(200);
    expect([(await ask(one, 'GET', '/me')).status, (await ask(two, 'GET', '/me')).status]).toEqual([200, 401]);
  });
});
