import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempt, LIMITS } from '../../auth/attempts.ts';
import { addFactor, addTotp, factorsOf, newRecoveryCodes, offerTotp } from '../../auth/factors.ts';
import type { User } from '../../auth/people.ts';
import { openSession, sessionsOf, signedIn } from '../../auth/sessions.ts';
import { welcome } from '../../auth/sso.ts';
import { minutes } from '../../core/instant.ts';
import { browserOf, type Ground, inside, openGround, PASSWORD } from './testing/ground.ts';

const MARIA = 'maria.lopez@acme.example';
const SESSION = 'tickmark-session-7400';
const FROM = { address: '203.0.113.66', agent: '' };
const LAB = { id: 'lab', title: 'Lab', vouches: false, newcomers: null, domains: [] };
const SAID = { subject: 'lab-1', email: MARIA, emailVerified: true, name: null, strong: false };

let ground: Ground;
beforeAll(async () => {
  ground = await openGround({ secondFactor: 'required' });
});
beforeEach(() => ground.reset());
afterAll(() => ground.close());

const went = async (answer: Response | Promise<Response>) => {
  const { status, headers } = await answer;
  return [status, headers.get('location')];
};
const holding = (secret: string) => {
  const browser = browserOf(ground.app);
  browser.cookies.set(SESSION, secret);
  return browser;
};
const withTotp = async (user: User) => {
  const { offer, secret } = await offerTotp(ground.means, user);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => totp.generate({ timestamp: ground.means.clock() });
  expect(await addTotp(ground.means, user, { offer, code: code(), name: 'Phone' })).toBe('added');
  ground.wait(30_000);
  return code;
};
const withPasskey = (user: User) =>
  addFactor(ground.means, user, {
    kind: 'passkey',
    name: 'Laptop',
    secret: null,
    credential: 'made up',
    data: { publicKey: '', transports: [], rp: 'localhost', backedUp: false },
    step: 0,
  });

describe('a second factor that somebody has', () => {
  it('is asked for after a sign-in by a provider that did not say that it has seen one', async () => {
    const user = await ground.add({ email: MARIA, role: 'admin' });
    const code = await withTotp(user);
    const came = await welcome(ground.means, LAB, { said: SAID, way: 'oidc', from: FROM });
    expect(came.kind).toBe('second');
    expect(await sessionsOf(ground.means, user.id)).toEqual([]);
    const browser = browserOf(ground.app);
    browser.cookies.set('tickmark-second-7400', came.kind === 'second' ? came.pending : '');
    expect(await went(browser.post('/sign-in/second', { code: code(), to: '/findings' }))).toEqual([303, '/findings']);
    expect((await sessionsOf(ground.means, user.id))[0]).toMatchObject({ methods: ['oidc', 'totp'], strong: true });
    expect(ground.acts.at(-1)?.says).toMatchObject({ provider: 'lab' });
    expect((await welcome(ground.means, LAB, { said: { ...SAID, strong: true }, way: 'saml', from: FROM })).kind).toBe('in');
  });

  it('is the one that adds another: not a session that was opened without it, be it a moment ago', async () => {
    const user = await ground.add({ email: MARIA, role: 'admin' });
    const weak = holding(await openSession(ground.means, user, { methods: ['oidc'], from: FROM }));
    const before = (await weak.get('/account/authenticator')).status;
    const code = await withTotp(user); // elsewhere, by herself
    const { offer, secret } = await offerTotp(ground.means, user);
    const theirs = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ground.means.clock() });
    expect([before, ...(await went(weak.get('/account/authenticator')))]).toEqual([200, 303, '/sign-in/again?to=%2Faccount%2Fauthenticator']);
    expect(await went(weak.post('/account/authenticator', { offer, code: theirs, name: 'Mine' }))).toEqual([303, '/sign-in/again?to=%2Faccount']);
    const passkey = await weak.post('/account/passkeys/ask', {});
    expect([passkey.status, await passkey.json()]).toEqual([403, { says: 'Confirm that it is you first: load this page again.' }]);
    expect((await factorsOf(ground.means, user.id)).map(({ name }) => name)).toEqual(['Phone']);
    expect((await weak.post('/sign-in/again', { password: PASSWORD, code: theirs })).status).toBe(401);
    expect(await went(weak.post('/sign-in/again', { code: code(), to: '/account/authenticator' }))).toEqual([303, '/account/authenticator']);
    expect((await weak.get('/account/authenticator')).status).toBe(200);
  });

  it('confirms who it is: of who has a passkey no password does', async () => {
    const user = await ground.add({ email: MARIA, role: 'admin' });
    await withPasskey(user);
    const secret = await openSession(ground.means, user, { methods: ['passkey'], from: FROM });
    expect((await signedIn(ground.means, secret))?.fresh).toBe(true);
    ground.wait(minutes(10));
    const browser = holding(secret);
    const page = await (await browser.get('/sign-in/again')).text();
    expect([page.includes('name="password"'), page.includes('data-passkey="again"')]).toEqual([false, true]);
    expect((await browser.post('/sign-in/again', { password: PASSWORD })).status).toBe(401);
    expect((await signedIn(ground.means, secret))?.fresh).toBe(false);
    const [code = ''] = await newRecoveryCodes(ground.means, user);
    expect(await (await browser.get('/sign-in/again')).text()).toContain('Recovery code');
    expect((await browser.post('/sign-in/again', { code })).status).toBe(303);
  });

  it('is begun so often from one network, and what is remembered of where to go on is short', async () => {
    const { app } = ground;
    const ask = async (address: string) => {
      const headers = { host: 'localhost:7400', origin: 'http://localhost:7400', 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify({ purpose: 'in' }) };
      return (await app.request('http://localhost:7400/sign-in/passkey/ask', init, { incoming: { socket: { remoteAddress: address } } })).status;
    };
    for (let n = 0; n < LIMITS.begin.max - 1; n++) await attempt(ground.means, 'begin', '203.0.113.9');
    expect([await ask('203.0.113.9'), await ask('203.0.113.9'), await ask('203.0.113.8')]).toEqual([200, 429, 200]);
    const rows = await ground.means.db().selectFrom('auth.pending').select('purpose').execute();
    expect(rows).toHaveLength(2);
    const saml = { ...LAB, issuer: 'https://idp.example', entryPoint: 'https://idp.example/sso', certificates: ['made up'] };
    const sso = ground.with({ saml: [saml] }, {}).app;
    const begin = (address: string, to: string) => browserOf(sso, { address }).get(`/sign-in/saml/lab/start?to=${to}`);
    expect((await begin('203.0.113.9', '/')).status).toBe(429);
    await begin('203.0.113.8', `/${'x'.repeat(5000)}`);
    await begin('203.0.113.8', '/findings');
    const begun = await ground.means.db().selectFrom('auth.pending').select('data').where('purpose', '=', 'saml').execute();
    expect(begun.map(({ data }) => (data as { readonly to: string }).to).sort()).toEqual(['/', '/findings']);
  });

  it('is not asked of who has none: their password confirms', async () => {
    await ground.add({ email: MARIA });
    const optional = ground.with({}, {});
    const browser = await inside(optional, MARIA);
    ground.wait(minutes(10));
    expect(await went(browser.get('/account/authenticator'))).toEqual([303, '/sign-in/again?to=%2Faccount%2Fauthenticator']);
    expect((await browser.post('/sign-in/again', { password: PASSWORD })).status).toBe(303);
    expect((await browser.get('/account/authenticator')).status).toBe(200);
  });
});
