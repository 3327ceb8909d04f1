import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tellFailures } from '../../auth/attempts.ts';
import { addTotp, newRecoveryCodes, offerTotp } from '../../auth/factors.ts';
import { ACME_OWNER, startLink } from '../../auth/links.ts';
import { userByEmail } from '../../auth/people.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { hours, minutes } from '../../core/instant.ts';
import { type Browser, browserOf, type Ground, inside, openGround, PASSWORD } from './testing/ground.ts';

const MARIA = 'maria.lopez@acme.example';
const SESSION = 'tickmark-session-7400';
let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
beforeEach(() => ground.reset());
afterAll(() => ground.close());

const went = async (answer: Response | Promise<Response>) => {
  const { status, headers } = await answer;
  return [status, headers.get('location')];
};
const text = async (answer: Response | Promise<Response>) => (await answer).text();
/** What a page says, without its marks. */
const plain = async (answer: Response | Promise<Response>) => (await text(answer)).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const acts = () => ground.acts.map(({ act }) => act);

describe('whoever is not signed in', () => {
  it('is shown the way in, keeps where they wanted to go, and gets no page, be it there or not', async () => {
    const browser = browserOf(ground.app);
    expect(await went(browser.get('/controls/AC-03?at=2026-03-01T00:00:00Z'))).toEqual([
      303,
      '/sign-in?to=%2Fcontrols%2FAC-03%3Fat%3D2026-03-01T00%3A00%3A00Z',
    ]);
    expect(await went(browser.get('/nothing'))).toEqual([303, '/sign-in?to=%2Fnothing']);
    expect((await browser.get('/records/1', { accept: 'application/json' })).status).toBe(401);
    expect(await went(browser.post('/records/1', {}))).toEqual([401, null]);
    expect((await browser.get('/tickmark.css')).status).toBe(200);
  });

  it('is not told by any answer who has an account', async () => {
    await ground.add({ email: MARIA });
    await ground.add({ email: 'gone@acme.example', active: false });
    await ground.add({ email: 'sso.only@acme.example', password: null });
    const answers = await Promise.all(
      [MARIA, 'gone@acme.example', 'sso.only@acme.example', 'nobody@acme.example'].map(async (email) => {
        const answer = await browserOf(ground.app).post('/sign-in', { email, password: 'not the right one' });
        return [answer.status, (await answer.text()).replaceAll(email, 'ADDRESS')];
      }),
    );
    expect(answers[0]?.[0]).toBe(401);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await went(browserOf(ground.app).post('/sign-in', { email: 'gone@acme.example', password: PASSWORD })))[0]).toBe(401);
  });

  it('asks under no other name, and from no other site', async () => {
    await ground.add({ email: MARIA });
    const form = { email: MARIA, password: PASSWORD };
    expect((await browserOf(ground.app).get('/sign-in', { host: 'evil.example' })).status).toBe(421);
    expect((await browserOf(ground.app).get('/sign-in', { host: 'localhost.evil.example' })).status).toBe(421);
    const elsewhere = [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of elsewhere) expect((await browserOf(ground.app).post('/sign-in', form, headers)).status, JSON.stringify(headers)).toBe(403);
    const silent = await ground.app.request('http://localhost:7400/sign-in', {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { host: 'localhost:7400' },
    });
    expect(silent.status).toBe(403);
    expect(acts()).toEqual([]);
  });
});

describe('a sign-in by password', () => {
  it('lets in, under a cookie that was never there before, with a record', async () => {
    const user = await ground.add({ email: MARIA });
    const browser = browserOf(ground.app);
    browser.cookies.set(SESSION, 'planted');
    const answer = await browser.post('/sign-in', { email: ' Maria.Lopez@acme.example', password: PASSWORD, to: '/findings?state=open' });
    expect(await went(answer)).toEqual([303, '/findings?state=open']);
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^tickmark-session-7400=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/);
    expect(await text(browser.get('/findings'))).toBe('inside /findings');
    const [session] = await sessionsOf(ground.means, user.id);
    expect(ground.acts).toEqual([
      { act: 'sign-in', by: MARIA, target: `users/${user.id}`, says: { session: session?.id, methods: ['password'], strong: false, address: '203.0.113.7' } },
    ]);
    expect(session?.record).toBe(0);
    const planted = browserOf(ground.app);
    planted.cookies.set(SESSION, 'planted');
    expect((await planted.get('/')).status).toBe(303);
  });

  it('keeps nothing in the database that opens anything', async () => {
    await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    const secret = browser.cookies.get(SESSION) ?? '';
    expect(secret).toHaveLength(43);
    const tables = ['auth.user', 'auth.session', 'auth.attempt', 'auth.pending'] as const;
    const rows = await Promise.all(tables.map((table) => ground.means.db().selectFrom(table).selectAll().execute()));
    const all = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? [Buffer.from(value.data).toString('latin1'), Buffer.from(value.data).toString('base64url')] : value,
    );
    expect(all).toContain(MARIA);
    expect([all.includes(secret), all.includes(PASSWORD)]).toEqual([false, false]);
  });

  it.each([
    ['/findings', '/findings'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/%2F/evil.example', '/%2F/evil.example'],
    ['/\t/evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/a/..//evil.example', '/'],
    ['/sign-in?to=/sign-in', '/'],
  ])('goes to a page of ours: %j', async (to, expected) => {
    await ground.add({ email: MARIA });
    expect(await went(browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD, to }))).toEqual([303, expected]);
  });

  it('ends when it is not used, and in any case after a week', async () => {
    await ground.add({ email: MARIA });
    const idle = await inside(ground, MARIA);
    ground.wait(hours(12) - 1);
    expect((await idle.get('/')).status).toBe(200);
    ground.wait(hours(12));
    expect((await idle.get('/')).status).toBe(303);
    const busy = await inside(ground, MARIA);
    for (let day = 0; day < 27; day++) {
      ground.wait(hours(6));
      expect((await busy.get('/')).status).toBe(200);
    }
    ground.wait(hours(6));
    expect((await busy.get('/')).status).toBe(303);
  });

  it('ends by signing out: the cookie opens nothing any more', async () => {
    await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    const kept = browser.cookies.get(SESSION) ?? '';
    expect(await went(browser.post('/sign-out', {}))).toEqual([303, '/sign-in']);
    browser.cookies.set(SESSION, kept);
    expect((await browser.get('/')).status).toBe(303);
    expect(acts()).toEqual(['sign-in', 'sign-out']);
  });

  it('is bound to its host over https', async () => {
    const secure = ground.with({}, { url: 'https://tickmark.acme.example' });
    await secure.add({ email: MARIA });
    const answer = await browserOf(secure.app, { origin: 'https://tickmark.acme.example' }).post('/sign-in', { email: MARIA, password: PASSWORD });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-tickmark-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=604800$/);
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });
});

describe('guesses', () => {
  const guess = (app: Ground['app'], password: string, address = '203.0.113.9') => browserOf(app, { address }).post('/sign-in', { email: MARIA, password });

  it('are ten for an account, with several servers and all at once; then the right password opens nothing for a quarter of an hour', async () => {
    const user = await ground.add({ email: MARIA });
    const servers = [ground.app, ground.another()];
    const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => guess(servers[n % 2] ?? ground.app, `guess ${n}`, `198.51.100.${n}`)));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
    const locked = await guess(ground.app, PASSWORD);
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '900']);
    expect(await plain(locked)).toMatch(/Too many wrong passwords for this account\. Nothing is tried until 2026-03-02T09:15:00Z/);
    // One record of the lock-out, and one that sums up: none for each guess.
    expect(acts()).toEqual(['lock-out']);
    expect(await tellFailures(ground.means)).toBe(1);
    expect(ground.acts[1]).toMatchObject({ act: 'sign-ins-failed', by: 'tickmark', says: { count: 41, accounts: 1, addresses: 41 } });
    expect(await tellFailures(ground.means)).toBe(null);
    ground.wait(minutes(15));
    expect((await guess(ground.app, PASSWORD)).status).toBe(303);
    expect(await sessionsOf(ground.means, user.id)).toHaveLength(1);
  });

  it('do not end the sessions of who is signed in', async () => {
    await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    for (let n = 0; n < 12; n++) await guess(ground.app, 'guess');
    expect((await browser.get('/')).status).toBe(200);
  });

  it('are told to whoever signs in after them', async () => {
    await ground.add({ email: MARIA });
    for (let n = 0; n < 3; n++) await guess(ground.app, 'guess');
    await inside(ground, MARIA);
    expect(ground.acts.at(-1)?.says).toMatchObject({ failedBefore: 3 });
  });

  it('are sixty from a network, whoever they are of; and many who sign in rightly from one network are none', async () => {
    await ground.add({ email: MARIA });
    for (let n = 0; n < 70; n++) expect((await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(303);
    for (let n = 0; n < 60; n++)
      expect((await browserOf(ground.app).post('/sign-in', { email: `n${n}@acme.example`, password: 'guess' })).status, String(n)).toBe(401);
    const refused = await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD });
    expect(await plain(refused)).toMatch(/Too many attempts from your network/);
    expect((await browserOf(ground.app, { address: '203.0.113.8' }).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(303);
    // Of IPv6 a subscriber has a network, and all addresses in it.
    for (let n = 0; n < 60; n++)
      await browserOf(ground.app, { address: `2001:db8:0:7::${n.toString(16)}` }).post('/sign-in', { email: `n${n}@acme.example`, password: 'guess' });
    expect((await browserOf(ground.app, { address: '2001:db8:0:7:ffff::1' }).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(429);
    // Nobody names another network than the one they come from.
    expect((await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD }, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(429);
  });
});

describe('a second factor', () => {
  const withTotp = async () => {
    const user = await ground.add({ email: MARIA, role: 'manager' });
    const { offer, uri } = await offerTotp(ground.means, user);
    const secret = Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '');
    const totp = new TOTP({ secret });
    const code = () => totp.generate({ timestamp: ground.means.clock() });
    expect(await addTotp(ground.means, user, { offer, code: code(), name: 'Phone' })).toBe('added');
    ground.wait(30_000);
    return { user, code };
  };
  const first = async (): Promise<Browser> => {
    const browser = browserOf(ground.app);
    expect(await went(browser.post('/sign-in', { email: MARIA, password: PASSWORD, to: '/records' }))).toEqual([303, '/sign-in/second?to=%2Frecords']);
    return browser;
  };

  it('is asked for after the password, of a code that another implementation makes', async () => {
    const { code } = await withTotp();
    const browser = await first();
    expect((await browser.get('/')).status).toBe(303);
    expect(await plain(browser.get('/sign-in/second?to=/records'))).toMatch(/six digits of your authenticator/);
    expect(await went(browser.post('/sign-in/second', { code: code(), to: '/records' }))).toEqual([303, '/records']);
    expect(await text(browser.get('/records'))).toBe('inside /records');
    expect(ground.acts.at(-1)?.says).toMatchObject({ methods: ['password', 'totp'], strong: true });
  });

  it('opens once with each code, at once or later, here or on another server', async () => {
    const { code } = await withTotp();
    const [one, two, three] = [await first(), await first(), await first()];
    const both = await Promise.all([one.post('/sign-in/second', { code: code() }), two.post('/sign-in/second', { code: code() })]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 401]);
    expect((await three.post('/sign-in/second', { code: code() })).status).toBe(401);
    ground.wait(30_000);
    expect((await three.post('/sign-in/second', { code: code() })).status).toBe(303);
  });

  it('is guessed five times in an hour, with however many passwords shown before', async () => {
    const { code } = await withTotp();
    const seen: number[] = [];
    for (let n = 0; n < 5; n++) seen.push((await (await first()).post('/sign-in/second', { code: '000000' })).status);
    expect(seen).toEqual([401, 401, 401, 401, 401]);
    const locked = await first();
    const answer = await locked.post('/sign-in/second', { code: code() });
    expect(answer.status).toBe(429);
    expect(await plain(answer)).toMatch(/Too many wrong codes for this account/);
    expect(ground.acts.at(-1)).toMatchObject({ act: 'lock-out', says: { limit: 'second', account: MARIA } });
    expect(await plain(locked.post('/sign-in/second', { code: code() }))).toMatch(/That took too long/);
    ground.wait(hours(1));
    expect((await (await first()).post('/sign-in/second', { code: code() })).status).toBe(303);
  });

  it('is waited for ten minutes', async () => {
    const { code } = await withTotp();
    const browser = await first();
    ground.wait(minutes(10));
    const late = await browser.post('/sign-in/second', { code: code() });
    expect([late.status, (await plain(late)).includes('That took too long')]).toEqual([410, true]);
  });

  it('can be replaced by a recovery code, each once', async () => {
    const { user } = await withTotp();
    const [code = '', other = ''] = await newRecoveryCodes(ground.means, user);
    expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    expect((await (await first()).post('/sign-in/second', { code: code.toUpperCase().replaceAll('-', ' ') })).status).toBe(303);
    expect((await (await first()).post('/sign-in/second', { code })).status).toBe(401);
    await newRecoveryCodes(ground.means, user);
    expect((await (await first()).post('/sign-in/second', { code: other })).status).toBe(401);
  });

  it('is required where the workspace says so: a password alone opens the page to add one, and nothing else', async () => {
    const strict = ground.with({ secondFactor: 'required' }, {});
    const user = await strict.add({ email: MARIA, role: 'admin' });
    const browser = await inside(strict, MARIA);
    for (const path of ['/', '/records', '/users']) expect(await went(browser.get(path))).toEqual([303, '/account']);
    expect(await strict.principalOf(new Request('http://localhost:7400/api', { headers: { cookie: `${SESSION}=${browser.cookies.get(SESSION)}` } }))).toBe(
      null,
    );
    const page = await text(browser.get('/account/authenticator'));
    const offer = /name="offer" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const secret = Secret.fromBase32((/class="secret">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', ''));
    const before = browser.cookies.get(SESSION);
    const code = new TOTP({ secret }).generate({ timestamp: strict.means.clock() });
    expect((await browser.post('/account/authenticator', { offer, code: code === '123456' ? '654321' : '123456', name: '' })).status).toBe(400);
    expect(await went(browser.post('/account/authenticator', { offer, code, name: 'Phone' }))).toEqual([303, '/account']);
    expect(browser.cookies.get(SESSION)).not.toBe(before);
    expect(await text(browser.get('/records'))).toBe('inside /records');
    const [session] = await sessionsOf(strict.means, user.id);
    expect(session).toMatchObject({ strong: true, methods: ['password', 'totp'] });
    expect(strict.acts.map(({ act }) => act)).toEqual(['sign-in', 'factor-add', 'verify-again']);
  });
});

describe('the first link', () => {
  it('sets the workspace up, once; a newer one takes its place, and none is made once there is an admin', async () => {
    const older = await startLink(ground.means);
    const url = (await startLink(ground.means)) ?? '';
    expect(url).toMatch(/^http:\/\/localhost:7400\/sign-in\/link\/[\w-]{43}$/);
    expect((await browserOf(ground.app).get(older ?? '')).status).toBe(410);
    const browser = browserOf(ground.app);
    expect(await plain(browser.get(url))).toMatch(/Set up your sign-in/); // looking at it uses nothing up
    expect((await browser.post(url, { email: MARIA, name: 'Maria Lopez', password: 'short' })).status).toBe(400);
    expect(await went(browser.post(url, { email: MARIA, name: 'Maria Lopez', password: '' }))).toEqual([303, '/']);
    expect(await text(browser.get('/'))).toBe('inside /');
    expect(await userByEmail(ground.means, MARIA)).toMatchObject({ role: 'admin', hasPassword: false, cameBy: 'owner' });
    expect(acts()).toEqual(['user-add', 'sign-in']);
    const again = await browserOf(ground.app).post(url, { email: 'eve@acme.example', name: 'Eve', password: PASSWORD });
    expect([again.status, (await plain(again)).includes('This link opens nothing')]).toEqual([410, true]);
    expect(await startLink(ground.means)).toBe(null);
  });

  it('of which two use the same at once makes one admin', async () => {
    const url = (await startLink(ground.means)) ?? '';
    const both = await Promise.all(
      ['a@acme.example', 'b@acme.example'].map((email) => browserOf(ground.app).post(url, { email, name: 'Somebody', password: PASSWORD })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([303, 410]);
  });

  it('opens for a day', async () => {
    const url = (await startLink(ground.means)) ?? '';
    ground.wait(hours(24));
    expect((await browserOf(ground.app).get(url)).status).toBe(410);
  });

  it('of Acme lets its owner in at once, once, and there is another for each start', async () => {
    const acme = ground.with({}, { demo: true });
    const url = (await startLink(acme.means)) ?? '';
    expect((await acme.app.request(url, { method: 'HEAD', headers: { host: 'localhost:7400' } })).status).toBe(204);
    const browser = browserOf(acme.app);
    expect(await went(browser.get(url))).toEqual([303, '/']);
    expect(await text(browser.get('/'))).toBe('inside /');
    expect((await browserOf(acme.app).get(url)).status).toBe(410);
    expect(await userByEmail(acme.means, ACME_OWNER)).toMatchObject({ role: 'admin' });
    expect((await browserOf(acme.app).get((await startLink(acme.means)) ?? '')).status).toBe(303);
  });

  it('is not found by trying', async () => {
    await startLink(ground.means);
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, n) => browserOf(ground.app).get(`/sign-in/link/guess${n}`)));
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(10);
  });
});
