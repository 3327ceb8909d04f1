import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as samlify from 'samlify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SamlProvider } from '../../auth/means.ts';
import { sessionsOf } from '../../auth/sessions.ts';
import { type Browser, browserOf, type Ground, openGround } from './testing/ground.ts';

// The identity provider is samlify's, its key openssl's. Nobody here wrote either, and neither shares code with what reads the answers.
const MARIA = 'maria.lopez@acme.example';
const ISSUER = 'https://sso.acme.example/saml';
const CALLBACK = 'http://localhost:7400/sign-in/saml/lab/callback';
const EVE = 'eve@acme.example';

const dir = mkdtempSync(join(tmpdir(), 'saml-'));
let ground: Ground;
let metadata: string;
const keys = new Map<string, { readonly key: string; readonly certificate: string }>();

beforeAll(async () => {
  samlify.setSchemaValidator({ validate: async () => 'ours is read by what follows' });
  for (const name of ['idp', 'other']) {
    const [key, certificate] = [join(dir, `${name}.key`), join(dir, `${name}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', `/CN=${name}`], {
      stdio: 'pipe',
    });
    keys.set(name, { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') });
  }
  const its: SamlProvider = {
    ...{ id: 'lab', title: 'Lab', vouches: false, newcomers: null, domains: [], issuer: ISSUER, entryPoint: 'https://sso.acme.example/sign-in' },
    certificates: [keys.get('idp')?.certificate ?? ''],
  };
  ground = await openGround({ saml: [its] }, { real: true });
  metadata = await (await browserOf(ground.app).get('/sign-in/saml/lab')).text();
});
beforeEach(async () => {
  await ground.reset();
  await ground.add({ email: MARIA });
  await ground.add({ email: EVE });
});
afterAll(async () => {
  await ground.close();
  rmSync(dir, { recursive: true });
});

interface Answer {
  readonly browser: Browser;
  readonly response: string;
  readonly relay: string;
}

const minute = (count: number) => new Date(Date.now() + count * 60_000).toISOString();

/** A sign-in that was begun, and what the identity provider answers to it; `over` says what is otherwise than it should be. */
async function answered(over: Readonly<Record<string, string>> = {}, signer = 'idp'): Promise<Answer> {
  const browser = browserOf(ground.app);
  const url = new URL((await browser.get('/sign-in/saml/lab/start?to=/findings')).headers.get('location') ?? '');
  const { key = '', certificate = '' } = keys.get(signer) ?? {};
  const idp = samlify.IdentityProvider({
    entityID: over.Issuer ?? ISSUER,
    privateKey: key,
    signingCert: certificate,
    isAssertionEncrypted: false,
    singleSignOnService: [{ Binding: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect', Location: 'https://sso.acme.example/sign-in' }],
    loginResponseTemplate: {
      context: samlify.SamlLib.defaultLoginResponseTemplate.context,
      attributes: [{ name: 'email', valueTag: 'user.email', nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic', valueXsiType: 'xs:string' }],
    },
  });
  const sp = samlify.ServiceProvider({ metadata });
  const { extract } = await idp.parseLoginRequest(sp, 'redirect', { query: Object.fromEntries(url.searchParams) });
  const request = String(extract.request?.id);
  const values = {
    ID: `_${crypto.randomUUID()}`,
    AssertionID: `_${crypto.randomUUID()}`,
    Destination: CALLBACK,
    Audience: 'http://localhost:7400/sign-in/saml/lab',
    EntityID: '',
    SubjectRecipient: CALLBACK,
    Issuer: ISSUER,
    IssueInstant: minute(0),
    AssertionConsumerServiceURL: CALLBACK,
    StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
    ConditionsNotBefore: minute(-1),
    ConditionsNotOnOrAfter: minute(5),
    SubjectConfirmationDataNotOnOrAfter: minute(5),
    NameIDFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    NameID: MARIA,
    InResponseTo: request,
    attrUserEmail: MARIA,
    ...over,
  };
  const statement = `<saml:AuthnStatement AuthnInstant="${minute(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>${over.Context ?? 'urn:oasis:names:tc:SAML:2.0:ac:classes:Password'}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const { context } = await idp.createLoginResponse(sp, { extract } as never, 'post', { email: MARIA }, (template: string) => ({
    id: values.ID,
    // The library escapes what it fills in: markup is laid in around that.
    context: samlify.SamlLib.replaceTagsByValue(template.replace('{AuthnStatement}', statement), values).replaceAll('&lt;!----&gt;', '<!---->'),
  }));
  return { browser, response: Buffer.from(context, 'base64').toString(), relay: url.searchParams.get('RelayState') ?? '' };
}

/** What the browser is shown in the end, when that is posted. */
async function posted({ browser, response, relay }: Answer): Promise<{ readonly status: number; readonly location: string | null; readonly says: string }> {
  const form = { SAMLResponse: Buffer.from(response).toString('base64'), RelayState: relay };
  // From the site of the provider: the browser sends no cookie along.
  const bare = browserOf(ground.app);
  const taken = await bare.post('/sign-in/saml/lab/callback', form, { origin: 'https://sso.acme.example', 'sec-fetch-site': 'cross-site' });
  const code = taken.headers.get('location');
  const last = code === null ? taken : await browser.get(code);
  return { status: last.status, location: last.headers.get('location'), says: (await last.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ') };
}

const refused = expect.objectContaining({ status: 502, says: expect.stringContaining('Lab let nobody in') });
const sessions = async () => (await ground.means.db().selectFrom('auth.session').select('id').execute()).length;

describe('single sign-on by SAML', () => {
  it('lets in whom the provider vouches for', async () => {
    const its = await answered();
    expect(its.response).toMatch(/<ds:SignatureValue>/);
    expect(await posted(its)).toMatchObject({ status: 303, location: '/findings' });
    expect(await (await its.browser.get('/findings')).text()).toBe('inside /findings');
    const row = await ground.means.db().selectFrom('auth.session').selectAll().executeTakeFirst();
    expect((await sessionsOf(ground.means, row?.user_id ?? ''))[0]).toMatchObject({ methods: ['saml'], strong: false });
    await posted(await answered({ Context: 'https://refeds.org/profile/mfa' }));
    expect((await sessionsOf(ground.means, row?.user_id ?? ''))[0]).toMatchObject({ methods: ['saml', 'saml-mfa'], strong: true });
  });

  it('is ended by the browser that began it', async () => {
    const its = await answered();
    expect(await posted({ ...its, browser: browserOf(ground.app) })).toMatchObject({
      status: 400,
      says: expect.stringContaining('This was not asked for here'),
    });
    expect(await sessions()).toBe(0);
  });

  it('takes no answer twice, be it for the same request or another', async () => {
    const its = await answered();
    expect((await posted(its)).status).toBe(303);
    expect((await posted(its)).status).toBe(400);
    const next = await answered();
    expect(await posted({ ...next, response: its.response })).toEqual(refused);
    expect(await sessions()).toBe(1);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['is for another audience', { Audience: 'https://other.example' }],
    ['is to be handed in elsewhere', { SubjectRecipient: 'https://other.example/callback' }],
    ['has run out', { ConditionsNotOnOrAfter: minute(-2), SubjectConfirmationDataNotOnOrAfter: minute(-2) }],
    ['does not count yet', { ConditionsNotBefore: minute(5) }],
    ['is old, whatever it says', { IssueInstant: minute(-60) }],
    ['is of another provider', { Issuer: 'https://evil.example/saml' }],
    ['answers another request', { InResponseTo: '_another' }],
  ])('refuses what %s', async (_what, over) => {
    expect(await posted(await answered(over))).toEqual(refused);
    expect(await sessions()).toBe(0);
  });

  it('refuses what somebody else signed', async () => {
    expect(await posted(await answered({}, 'other'))).toEqual(refused);
  });

  const assertionIn = (response: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(response)?.[0] ?? '';
  const signatureIn = (text: string) => /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(text)?.[0] ?? '';
  const forged = (assertion: string) => assertion.replaceAll(MARIA, EVE).replace(/(<saml:Assertion[^>]* ID=")[^"]+/, '$1_forged');

  it.each<[string, (response: string) => string]>([
    ['without its signature', (response) => response.replace(signatureIn(response), '')],
    ['altered', (response) => response.replaceAll(MARIA, EVE)],
    [
      'forged, before the true one',
      (response) => response.replace(assertionIn(response), `${forged(assertionIn(response).replace(signatureIn(response), ''))}${assertionIn(response)}`),
    ],
    [
      'forged, after the true one',
      (response) => response.replace(assertionIn(response), `${assertionIn(response)}${forged(assertionIn(response).replace(signatureIn(response), ''))}`),
    ],
    [
      'forged, with the true one inside of its signature',
      (response) => {
        const its = assertionIn(response);
        const wrapped = signatureIn(its).replace('</ds:Signature>', `<ds:Object>${its.replace(signatureIn(its), '')}</ds:Object></ds:Signature>`);
        return response.replace(its, forged(its).replace(signatureIn(its), wrapped));
      },
    ],
    [
      'forged, around the true one',
      (response) => {
        const its = assertionIn(response);
        return response.replace(
          its,
          forged(its.replace(signatureIn(its), '')).replace('</saml:Assertion>', `<saml:Advice>${its}</saml:Advice></saml:Assertion>`),
        );
      },
    ],
    [
      'forged, with the id of the true one, which stands in the extensions',
      (response) => {
        const its = assertionIn(response);
        return response
          .replace(its, its.replaceAll(MARIA, EVE))
          .replace('<samlp:Status>', `<samlp:Extensions>${its.replace(signatureIn(its), '')}</samlp:Extensions><samlp:Status>`);
      },
    ],
  ])('refuses an assertion that is %s', async (_what, change) => {
    const its = await answered();
    const response = change(its.response);
    expect(response).not.toBe(its.response);
    const { status } = await posted({ ...its, response });
    expect(status).not.toBe(303);
    expect(await sessions()).toBe(0);
  });

  it('reads an address across a comment whole, or not at all', async () => {
    const its = await answered({ NameID: `${EVE}<!---->.evil.example`, attrUserEmail: `${EVE}<!---->.evil.example` });
    expect(its.response).toContain(`${EVE}<!---->`);
    expect((await posted(its)).status).not.toBe(303);
    expect(await sessions()).toBe(0);
  });
});
