import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addFactor } from '../../auth/factors.ts';
import type { OidcProvider } from '../../auth/means.ts';
import { changeUser, userByEmail } from '../../auth/people.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { type Browser, browserOf, type Ground, inside, openGround, PASSWORD } from './testing/ground.ts';

// The provider is `oidc-provider`, which its author certified with the OpenID Foundation; nobody here wrote it.
const CALLBACK = 'http://localhost:7400/sign-in/oidc/lab/callback';
const MARIA = 'maria.lopez@acme.example';

let ground: Ground;
let its: OidcProvider;
let server: Server;
/** Who signs in at the provider next, and what it says of them. */
let person: { sub: string; email: string; email_verified: boolean; name: string };

beforeAll(async () => {
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'tickmark',
        client_secret: 'a made-up secret of the lab',
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['made up'] },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: async (_context, sub) => ({ accountId: sub, claims: async () => ({ ...person, sub }) }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/')) void interact(provider, request, response);
    else void answer(request, response);
  });
  its = {
    id: 'lab',
    title: 'Lab',
    issuer,
    clientId: 'tickmark',
    clientSecret: 'a made-up secret of the lab',
    vouches: false,
    newcomers: null,
    domains: [],
    trustsAddresses: false,
  };
  ground = await openGround({ oidc: [its] }, { real: true });
});
beforeEach(async () => {
  await ground.reset();
  person = { sub: 'lab-1', email: MARIA, email_verified: true, name: 'Maria Lopez' };
});
afterAll(async () => {
  await ground.close();
  server.closeAllConnections();
  server.close();
});

/** Signs the person in, and agrees to everything. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: person.sub } });
  const grant =
    (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ??
    new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params.client_id) });
  grant.addOIDCScope('openid email profile');
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

/** From the button to where the provider sends the browser back to, with whatever the provider keeps in cookies. */
async function through(browser: Browser, path = '/sign-in/oidc/lab?to=/findings'): Promise<string> {
  const begun = await browser.get(path);
  let next = begun.headers.get('location') ?? '';
  const cookies = new Map<string, string>();
  for (let step = 0; step < 10 && !next.startsWith(CALLBACK); step++) {
    const answer = await fetch(new URL(next, its.issuer), {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const set of answer.headers.getSetCookie()) cookies.set(set.split('=')[0] ?? '', set.slice(set.indexOf('=') + 1).split(';')[0] ?? '');
    next = answer.headers.get('location') ?? `${answer.status} ${await answer.text()}`;
  }
  return next;
}

const plain = async (answer: Response | Promise<Response>) => (await (await answer).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const comes = async (over: Partial<OidcProvider> = {}): Promise<Response> => {
  const { app } = ground.with({ oidc: [{ ...its, ...over }] }, { real: true });
  const browser = browserOf(app);
  return browser.get(await through(browser));
};

describe('single sign-on by OpenID Connect', () => {
  it('lets in whom the provider knows, and knows them by their id from then on', async () => {
    const user = await ground.add({ email: MARIA, password: null });
    const browser = browserOf(ground.app);
    const begun = new URL((await browser.get('/sign-in/oidc/lab')).headers.get('location') ?? '');
    expect(Object.fromEntries(begun.searchParams)).toMatchObject({ code_challenge_method: 'S256', response_type: 'code', redirect_uri: CALLBACK });
    const back = await through(browser);
    const answer = await browser.get(back);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/findings']);
    expect(await (await browser.get('/findings')).text()).toBe('inside /findings');
    const [session] = await sessionsOf(ground.means, user.id);
    expect(session).toMatchObject({ methods: ['oidc'], strong: false });
    expect(ground.acts.map(({ act }) => act)).toEqual(['identity-link', 'sign-in']);
    expect(ground.acts[1]?.says).toMatchObject({ provider: 'lab' });
    // Their address changes there, and they are still the same.
    person.email = 'maria.park@acme.example';
    expect((await comes()).status).toBe(303);
    expect(await sessionsOf(ground.means, user.id)).toHaveLength(2);
  });

  it('is ended by the browser that began it, once', async () => {
    await ground.add({ email: MARIA });
    const browser = browserOf(ground.app);
    const back = await through(browser);
    const other = browserOf(ground.app);
    await other.get('/sign-in/oidc/lab');
    const stolen = await other.get(back);
    expect([stolen.status, /This was not asked for here/.test(await plain(stolen))]).toEqual([400, true]);
    expect((await browser.get(back)).status).toBe(400); // and is used up by that
    const second = await through(browser);
    expect((await browser.get(second)).status).toBe(303);
    expect((await browserOf(ground.app).get(second)).status).toBe(400);
  });

  it('takes a code from nobody but the provider', async () => {
    await ground.add({ email: MARIA });
    const browser = browserOf(ground.app);
    const back = new URL(await through(browser));
    back.searchParams.set('code', 'made up');
    const answer = await browser.get(back.href);
    expect([answer.status, /Lab let nobody in/.test(await plain(answer))]).toEqual([502, true]);
    const again = new URL(await through(browser));
    again.searchParams.set('iss', 'https://evil.example');
    expect((await browser.get(again.href)).status).toBe(502);
  });

  it('says who is not let in, and why', async () => {
    expect(await plain(await comes())).toMatch(/No account here maria\.lopez@acme\.example has no account in Tickmark\./);
    const user = await ground.add({ email: MARIA });
    person.email_verified = false;
    expect(await plain(await comes())).toMatch(/Lab has not verified the address maria\.lopez@acme\.example\./);
    expect((await comes({ trustsAddresses: true, domains: ['other.example'] })).status).toBe(403);
    await changeUser(ground.means, 'test', user.id, { active: false });
    person.email_verified = true;
    expect(await plain(await comes())).toMatch(/Their account in Tickmark is deactivated\./);
    expect(await sessionsOf(ground.means, user.id)).toEqual([]);
  });

  it('lets newcomers in where the company said so, and counts as strong where it vouches', async () => {
    expect((await comes({ newcomers: 'auditor', vouches: true })).status).toBe(303);
    const user = await userByEmail(ground.means, MARIA);
    expect(user).toMatchObject({ role: 'auditor', cameBy: 'sso', name: 'Maria Lopez' });
    expect((await sessionsOf(ground.means, user?.id ?? ''))[0]).toMatchObject({ methods: ['oidc', 'oidc-mfa'], strong: true });
  });

  it('confirms who is signed in, and nobody else', async () => {
    const user = await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA, PASSWORD);
    const answer = await browser.get(await through(browser, '/sign-in/oidc/lab?again=1&to=/users'));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/users']);
    expect((await sessionsOf(ground.means, user.id)).map(({ methods }) => methods)).toEqual([['password', 'oidc']]);
    await ground.add({ email: 'eve@acme.example' });
    person = { ...person, sub: 'lab-2', email: 'eve@acme.example' };
    expect((await browser.get(await through(browser, '/sign-in/oidc/lab?again=1'))).status).toBe(403);
  });

  it('asks who has a factor here for it, and does not confirm them by less', async () => {
    const user = await ground.add({ email: MARIA });
    const browser = await inside(ground, MARIA);
    await addFactor(ground.means, user, { kind: 'passkey', name: 'Laptop', secret: null, credential: 'made up', data: null, step: 0 });
    const answer = await browser.get(await through(browser, '/sign-in/oidc/lab?again=1&to=/users'));
    expect([answer.status, await plain(answer)]).toEqual([403, expect.stringMatching(/Lab did not say that it has seen any/)]);
    const other = browserOf(ground.app);
    expect((await other.get(await through(other))).headers.get('location')).toBe('/sign-in/second?to=%2Ffindings');
    expect((await sessionsOf(ground.means, user.id)).map(({ methods }) => methods)).toEqual([['password']]);
  });

  it('says plainly where the provider does not answer', async () => {
    const answer = await browserOf(ground.with({ oidc: [{ ...its, id: 'gone', issuer: 'http://127.0.0.1:1/' }] }, {}).app).get('/sign-in/oidc/gone');
    expect([answer.status, /Lab let nobody in/.test(await plain(answer))]).toEqual([502, true]);
  });
});
