import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changeUser, userByEmail, users } from '../../auth/people.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { makeToken, tokens } from '../../auth/tokens.ts';
import { days, instant, minutes } from '../../core/instant.ts';
import { type Browser, browserOf, type Ground, inside, openGround, PASSWORD } from './testing/ground.ts';

const [ADMIN, MARIA, EVE] = ['ada@acme.example', 'maria.lopez@acme.example', 'eve@acme.example'];
let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
});
beforeEach(async () => {
  await ground.reset();
  await ground.add({ email: ADMIN, name: 'Ada Park', role: 'admin' });
});
afterAll(() => ground.close());

const plain = async (answer: Response | Promise<Response>) => (await (await answer).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const where = async (answer: Response | Promise<Response>) => {
  const { status, headers } = await answer;
  return [status, headers.get('location')];
};
const secretIn = async (answer: Promise<Response>) => /class="secret">([^<]+)</.exec(await (await answer).text())?.[1] ?? '';
const bearer = (secret: string) => ground.principalOf(new Request('http://localhost:7400/api/x', { headers: { authorization: `Bearer ${secret}` } }));
const acts = () => ground.acts.map(({ act }) => act);

describe('users', () => {
  it('come by an invitation, in the role that it says, and with a password that is not easily guessed', async () => {
    const admin = await inside(ground, ADMIN);
    const link = await secretIn(
      admin.post('/users/invitations', { email: EVE, role: 'auditor', period: '2026-01-01T00:00:00Z..2027-01-01T00:00:00Z', controls: 'AC-01, AC-02' }),
    );
    expect(await plain(admin.get('/users'))).toMatch(/eve@acme\.example auditor ada@acme\.example 2026-03-09T09:00:00Z/);
    const eve = browserOf(ground.app);
    expect(await plain(eve.get(link))).toMatch(/Welcome to Acme ada@acme\.example has invited you, as auditor\./);
    const weak = await eve.post(link, { name: 'Eve Moss', password: 'Password2026!!' });
    expect([weak.status, /one of those that are tried first/.test(await plain(weak))]).toEqual([400, true]);
    // The address is the one that was invited, whatever is sent.
    expect(await where(eve.post(link, { email: 'other@acme.example', name: 'Eve Moss', password: PASSWORD }))).toEqual([303, '/']);
    const bounds = { period: { from: instant('2026-01-01T00:00:00Z'), to: instant('2027-01-01T00:00:00Z') }, controls: ['AC-01', 'AC-02'] };
    expect(await userByEmail(ground.means, EVE)).toMatchObject({ role: 'auditor', bounds, cameBy: 'invitation' });
    expect((await browserOf(ground.app).get(link)).status).toBe(410);
    expect(acts()).toEqual(['sign-in', 'invite', 'user-add', 'sign-in']);
    expect(ground.acts[2]).toMatchObject({ by: ADMIN, says: { email: EVE, role: 'auditor' } });
  });

  it('see the dashboard whatever they may, for it shows what the API tells; and the users as their role grants', async () => {
    const statuses = async (role: 'manager' | 'member' | 'auditor') => {
      await ground.add({ email: `${role}@acme.example`, role });
      const browser = await inside(ground, `${role}@acme.example`);
      return Promise.all(['/', '/log', '/controls/AC-01', '/users'].map(async (path) => (await browser.get(path)).status));
    };
    expect(await statuses('manager')).toEqual([200, 200, 200, 200]);
    expect(await statuses('member')).toEqual([200, 200, 200, 403]);
    expect(await statuses('auditor')).toEqual([200, 200, 200, 403]);
  });

  it('are changed by admins alone, who have shown a moment ago that it is them', async () => {
    const maria = await ground.add({ email: MARIA, role: 'manager' });
    const manager = await inside(ground, MARIA);
    expect((await manager.post(`/users/${maria.id}/role`, { role: 'admin' })).status).toBe(403);
    expect((await manager.post('/users/invitations', { email: EVE, role: 'admin' })).status).toBe(403);
    const admin = await inside(ground, ADMIN);
    ground.wait(minutes(10));
    expect(await where(admin.post(`/users/${maria.id}/role`, { role: 'member' }))).toEqual([303, '/sign-in/again?to=%2Fusers']);
    expect((await userByEmail(ground.means, MARIA))?.role).toBe('manager');
    expect(await plain(admin.get('/sign-in/again?to=/users'))).toMatch(/ada@acme\.example is signed in/);
    expect((await admin.post('/sign-in/again', { password: 'wrong', to: '/users' })).status).toBe(401);
    const before = [...admin.cookies.values()];
    expect(await where(admin.post('/sign-in/again', { password: PASSWORD, to: '/users' }))).toEqual([303, '/users']);
    expect([...admin.cookies.values()]).not.toEqual(before);
    expect((await admin.post(`/users/${maria.id}/role`, { role: 'member' })).status).toBe(200);
    expect(ground.acts.at(-1)).toEqual({
      act: 'role-change',
      by: ADMIN,
      target: `users/${maria.id}`,
      says: { user: MARIA, role: { from: 'manager', to: 'member' } },
    });
    expect((await manager.get('/')).status).toBe(303); // signed in with what is theirs no more
  });

  it('who are deactivated are signed in nowhere at once, and their tokens open nothing', async () => {
    const maria = await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    const { secret } = await makeToken(ground.means, MARIA, { kind: 'api', name: 'mine', user: maria, scopes: null, days: 1, strong: false });
    expect((await bearer(secret))?.email).toBe(MARIA);
    const admin = await inside(ground, ADMIN);
    expect(await plain(admin.post(`/users/${maria.id}/deactivate`, {}))).toMatch(/They may not sign in any more/);
    expect((await browser.get('/')).status).toBe(303);
    expect(await bearer(secret)).toBe(null);
    expect((await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(401);
    await admin.post(`/users/${maria.id}/activate`, {});
    expect((await browser.get('/')).status).toBe(303);
    expect(await bearer(secret)).toBe(null);
    expect((await inside(ground, MARIA)).cookies.size).toBe(1);
  });

  it('of whom one stays admin, whoever takes it from whom at once', async () => {
    const ada = await userByEmail(ground.means, ADMIN);
    await expect(changeUser(ground.means, ADMIN, ada?.id ?? '', { role: 'member' })).rejects.toThrow(
      'this is the last admin. Make somebody else an admin first.',
    );
    await expect(changeUser(ground.means, ADMIN, ada?.id ?? '', { active: false })).rejects.toThrow('this is the last admin.');
    const eve = await ground.add({ email: EVE, role: 'admin' });
    const both = await Promise.allSettled([
      changeUser(ground.means, EVE, ada?.id ?? '', { role: 'member' }),
      changeUser(ground.means, ADMIN, eve.id, { active: false }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await users(ground.means)).filter(({ role, active }) => role === 'admin' && active)).toHaveLength(1);
  });

  it('who lost everything begin anew by a link', async () => {
    const maria = await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    const admin = await inside(ground, ADMIN);
    await admin.post(`/users/${maria.id}/reset`, {});
    expect((await browser.get('/')).status).toBe(303);
    expect((await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(401);
    const link = await secretIn(admin.post(`/users/${maria.id}/link`, {}));
    expect(await where(browser.post(link, { password: 'three other purple words' }))).toEqual([303, '/']);
    await inside(ground, MARIA, 'three other purple words');
    expect(acts()).toEqual(['sign-in', 'sign-in', 'factors-reset', 'sign-in-link', 'password-change', 'sign-in', 'sign-in']);
  });
});

describe('sessions', () => {
  it('are seen and ended, one’s own and by admins all', async () => {
    const maria = await ground.add({ email: MARIA });
    const [one, two, three] = [await inside(ground, MARIA), await inside(ground, MARIA), await inside(ground, MARIA)];
    const all = await sessionsOf(ground.means, maria.id);
    expect(all).toHaveLength(3);
    expect(await plain(one.get('/account'))).toMatch(/2026-03-02T09:00:00Z password 2026-03-02T09:00:00Z 203\.0\.113\.7 a browser this one/);
    await one.post('/account/sessions/end-others', {});
    expect(await Promise.all([one, two, three].map(async (browser) => (await browser.get('/')).status))).toEqual([200, 303, 303]);
    const [left] = await sessionsOf(ground.means, maria.id);
    const admin = await inside(ground, ADMIN);
    await admin.post(`/users/${maria.id}/sessions/${left?.id}/end`, {});
    expect((await one.get('/')).status).toBe(303);
    expect(acts().slice(-3)).toEqual(['session-end', 'sign-in', 'session-end']);
  });

  it('of others are out of reach', async () => {
    await ground.add({ email: MARIA });
    await ground.add({ email: EVE });
    const [maria, eve] = [await inside(ground, MARIA), await inside(ground, EVE)];
    const [theirs] = await sessionsOf(ground.means, (await userByEmail(ground.means, MARIA))?.id ?? '');
    await eve.post(`/account/sessions/${theirs?.id}/end`, {});
    expect((await maria.get('/')).status).toBe(200);
  });

  it('but the one that changes it end with a new password', async () => {
    await ground.add({ email: MARIA });
    const [one, two] = [await inside(ground, MARIA), await inside(ground, MARIA)];
    expect(await plain(one.post('/account/password', { password: 'lopezlopez12' }))).toMatch(/hardly more than|tried first/);
    expect(await plain(one.post('/account/password', { password: 'nine quiet tables' }))).toMatch(/Your password is changed/);
    expect([(await one.get('/')).status, (await two.get('/')).status]).toEqual([200, 303]);
    expect((await browserOf(ground.app).post('/sign-in', { email: MARIA, password: PASSWORD })).status).toBe(401);
  });
});

describe('tokens', () => {
  const make = (browser: Browser, form: Readonly<Record<string, string>> = {}) =>
    secretIn(browser.post('/account/tokens', { name: 'nightly', days: '30', scopes: '', ...form }));

  it('are shown once, speak for their user within their scopes, end, and are kept as a digest', async () => {
    await ground.add({ email: MARIA, role: 'manager' });
    const browser = await inside(ground, MARIA);
    const secret = await make(browser, { scopes: 'posture.read' });
    expect(secret).toMatch(/^tickmark_[\w-]{43}$/);
    expect(await plain(browser.get('/account'))).not.toContain(secret);
    expect(await bearer(secret)).toEqual({
      id: (await userByEmail(ground.means, MARIA))?.id,
      kind: 'token',
      name: 'token nightly',
      email: MARIA,
      role: 'manager',
      scopes: ['posture.read'],
      bounds: null,
      strong: false,
      vouched: {
        by: 'token',
        id: expect.stringMatching(/^t[0-9a-f]{16}$/),
        user: expect.any(String),
        record: null,
        methods: [],
        strong: false,
        verifiedAt: null,
      },
    });
    expect(JSON.stringify(await ground.means.db().selectFrom('auth.token').selectAll().execute())).not.toContain(secret.slice(9));
    expect((await tokens(ground.means))[0]?.usedAt).toBe(ground.means.clock());
    ground.wait(days(30));
    expect(await bearer(secret)).toBe(null);
  });

  it('follow the role of their user, and are revoked', async () => {
    const maria = await ground.add({ email: MARIA, role: 'manager' });
    const browser = await inside(ground, MARIA);
    const secret = await make(browser);
    const [token] = await tokens(ground.means, maria.id);
    await changeUser(ground.means, ADMIN, maria.id, { role: 'auditor' });
    expect((await bearer(secret))?.role).toBe('auditor');
    const eve = await ground.add({ email: EVE });
    expect(eve.active).toBe(true);
    expect(await plain((await inside(ground, EVE)).post(`/account/tokens/${token?.id}/revoke`, {}))).toMatch(/you have no token/);
    expect((await bearer(secret))?.role).toBe('auditor');
    await (await inside(ground, MARIA)).post(`/account/tokens/${token?.id}/revoke`, {});
    expect(await bearer(secret)).toBe(null);
    expect(acts()).toContain('token-revoke');
  });

  it('never give more than their user has', async () => {
    const maria = await ground.add({ email: MARIA, role: 'member' });
    await expect(makeToken(ground.means, MARIA, { kind: 'api', name: 'more', user: maria, scopes: ['users.write'], days: 1, strong: false })).rejects.toThrow(
      `${MARIA} may not users.write as member.`,
    );
  });

  it('with a cookie beside them count alone: a wrong one is nobody', async () => {
    await ground.add({ email: MARIA });
    const cookie = [...(await inside(ground, MARIA)).cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const ask = (headers: Readonly<Record<string, string>>) =>
      ground.principalOf(new Request('http://localhost:7400/api/x', { headers: { cookie, ...headers } }));
    expect((await ask({}))?.email).toBe(MARIA);
    expect(await ask({ authorization: 'Bearer tickmark_wrong' })).toBe(null);
    expect(await ask({ authorization: 'Basic eDp5' })).toBe(null);
  });
});
