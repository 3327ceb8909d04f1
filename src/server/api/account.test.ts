import { TOTP } from 'otpauth';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashPassword } from '../../auth/password.ts';
import { addUser } from '../../auth/people.ts';
import { minutes } from '../../core/instant.ts';
import { principals, withSignIn } from '../sign-in/gate.ts';
import { signInMeans } from '../sign-in/means.ts';
import { type Browser, browserOf, PASSWORD } from '../sign-in/testing/ground.ts';
import { api } from './api.ts';
import { type Company, company } from './testing/company.ts';

const ORIGIN = 'http://127.0.0.1:7400';
const MARIA = 'maria.lopez@acme.example';
let acme: Company;
let app: Hono;

beforeAll(async () => {
  acme = await company();
  const means = signInMeans(acme.workspace, () => ORIGIN, 4);
  const who = principals(means);
  const served = api({ services: { workspace: acme.workspace, hub: acme.hub, signIn: means, failed: () => undefined }, principalOf: who.principalOf });
  app = withSignIn(means, served, who) as unknown as Hono;
  await addUser(means, { email: MARIA, name: 'Maria Lopez', role: 'member', cameBy: 'invitation', password: await hashPassword(PASSWORD, 4) });
});
afterAll(() => acme.close());

async function inside(password = PASSWORD): Promise<Browser> {
  const browser = browserOf(app, { origin: ORIGIN });
  expect((await browser.post('/sign-in', { email: MARIA, password })).status).toBe(303);
  return browser;
}

/** As a script of a page of ours; keeps what cookies are set, as a browser does. */
async function ask(browser: Browser, method: string, path: string, body?: object) {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await app.request(`${ORIGIN}/api${path}`, {
    method,
    headers: { host: '127.0.0.1:7400', cookie, 'sec-fetch-site': 'same-origin', ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  for (const set of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
    browser.cookies.set(name, value);
  }
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}

const codeOf = (secret: string): string => new TOTP({ secret }).generate({ timestamp: acme.pass(0) });

describe('how somebody signs in, looked after in the dashboard', () => {
  it('adds an authenticator by a code of it, makes the session a strong one, and gives codes for when it is lost', async () => {
    const browser = await inside();
    const before = new Map(browser.cookies);
    expect((await ask(browser, 'GET', '/me')).body).toMatchObject({ strong: false, hasPassword: true, factors: [] });
    const early = await ask(browser, 'POST', '/me/recovery-codes', {});
    expect([early.status, early.body.detail]).toEqual([400, 'Recovery codes stand in for a second factor: add one first.']);

    const { body: offered } = await ask(browser, 'POST', '/me/authenticator/offer', {});
    const { offer, secret, uri, qr } = offered as { readonly offer: string; readonly secret: string; readonly uri: string; readonly qr: readonly string[] };
    expect(uri).toContain(`secret=${secret}`);
    // A finder pattern stands in three corners of every QR code (ISO/IEC 18004).
    expect([qr[0]?.slice(0, 7), qr[1]?.slice(0, 7), qr[2]?.slice(0, 7), qr[6]?.slice(0, 7), qr.length]).toEqual([
      '1111111',
      '1000001',
      '1011101',
      '1111111',
      qr[0]?.length,
    ]);
    const wrong = await ask(browser, 'POST', '/me/authenticator', { offer, code: codeOf(secret).replace(/./, (digit) => String((Number(digit) + 1) % 10)) });
    expect([wrong.status, wrong.body.detail]).toEqual([400, 'That is not the code. Is the clock of the phone right?']);
    expect((await ask(browser, 'POST', '/me/authenticator', { offer, code: codeOf(secret), name: 'Phone' })).status).toBe(201);
    expect([...browser.cookies]).not.toEqual([...before]);
    const { body: me } = await ask(browser, 'GET', '/me');
    expect(me).toMatchObject({ strong: true, session: { methods: ['password', 'totp'] }, factors: [{ kind: 'totp', name: 'Phone' }] });
    expect((await ask({ ...browser, cookies: before }, 'GET', '/me')).status).toBe(401);

    const { body } = await ask(browser, 'POST', '/me/recovery-codes', {});
    const { codes } = body as { readonly codes: readonly string[] };
    expect(codes).toHaveLength(10);
    const other = browserOf(app, { origin: ORIGIN });
    expect((await other.post('/sign-in', { email: MARIA, password: PASSWORD })).headers.get('location')).toBe('/sign-in/second');
    expect((await other.post('/sign-in/second', { code: codes[3] ?? '' })).headers.get('location')).toBe('/');
    const again = browserOf(app, { origin: ORIGIN });
    await again.post('/sign-in', { email: MARIA, password: PASSWORD });
    expect((await again.post('/sign-in/second', { code: codes[3] ?? '' })).status).toBe(401);

    const [factor] = me.factors as readonly { readonly id: string }[];
    expect((await ask(browser, 'POST', `/me/factors/${factor?.id}/remove`, {})).body).toEqual({ removed: true });
    expect((await ask(browser, 'GET', '/me')).body.factors).toEqual([]);
  });

  it('changes the password, ends the other sessions, and seals each step', async () => {
    const [browser, other] = [await inside(), await inside()];
    const weak = await ask(browser, 'POST', '/me/password', { password: 'maria.lopez!' });
    expect([weak.status, (weak.body.fields as readonly { readonly name: string }[])[0]?.name]).toEqual([400, 'password']);
    expect((await ask(browser, 'POST', '/me/password', { password: 'nine copper kettles' })).body).toEqual({ set: true });
    expect([(await ask(browser, 'GET', '/me')).status, (await ask(other, 'GET', '/me')).status]).toEqual([200, 401]);
    await inside('nine copper kettles');
    const titles = (await acme.workspace.records(null, 3, ['act'])).map(({ title }) => title.replace(/ users.*/, ''));
    expect(titles).toEqual([`${MARIA}: sign-in`, `${MARIA}: password-change`, `${MARIA}: sign-in`]);
  });

  it('is done by a session whose holder has shown a moment ago that it is them, and by no token', async () => {
    const browser = await inside('nine copper kettles');
    const made = await ask(browser, 'POST', '/me/tokens', { name: 'nightly', days: 7 });
    const by = await app.request(`${ORIGIN}/api/me/password`, {
      method: 'POST',
      headers: { host: '127.0.0.1:7400', authorization: `Bearer ${String(made.body.secret)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ password: 'eleven tin whistles' }),
    });
    expect([by.status, ((await by.json()) as { readonly type: string }).type]).toEqual([403, '/api/problems/not-permitted']);
    acme.pass(minutes(10));
    for (const path of ['/me/authenticator/offer', '/me/recovery-codes', '/me/factors/f-1/remove'])
      expect([path, (await ask(browser, 'POST', path, {})).body.type]).toEqual([path, '/api/problems/not-confirmed']);
  });
});
