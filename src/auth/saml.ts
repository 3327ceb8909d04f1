import { minutes } from '../core/instant.ts';
import type { Means, SamlProvider } from './means.ts';
import { isNew, recall, remember } from './pending.ts';
import { newId, newSecret } from './secret.ts';
import type { Said } from './sso.ts';

interface Begun {
  readonly provider: string;
  /** Id of the request. */
  readonly request: string;
  /** Of the browser that began: nobody else may end it. */
  readonly browser: string;
  readonly to: string;
  readonly again: string | null;
}

/** What waits for the browser to come back with its cookie, which it does not send along with what another site posts. */
interface Ended extends Begun {
  readonly said: Said;
}

const [SAML, ENDED, SEEN] = ['saml', 'saml-ended', 'saml-assertion'];
const WITHIN = minutes(10);
/** How long an assertion counts at most, whatever it says, and with which difference of clocks. */
const [OLDEST, SKEW] = [minutes(10), minutes(1)];
/** How old a sign-in may be when somebody is to show anew who they are. */
const AGAIN = minutes(2);

const callbackOf = ({ url }: Means, { id }: SamlProvider): string => `${url()}/sign-in/saml/${id}/callback`;
/** Who we are to the identity provider, and whom its assertions must be for. */
const entityOf = ({ url }: Means, { id }: SamlProvider): string => `${url()}/sign-in/saml/${id}`;

/** The library checks signatures, times and the audience. `request` is the only one that an answer may be to. */
async function speaker(means: Means, provider: SamlProvider, request: string, again: boolean) {
  const { SAML: Speaker, ValidateInResponseTo } = await import('@node-saml/node-saml');
  return new Speaker({
    issuer: entityOf(means, provider),
    audience: entityOf(means, provider),
    callbackUrl: callbackOf(means, provider),
    entryPoint: provider.entryPoint,
    idpIssuer: provider.issuer,
    idpCert: [...provider.certificates],
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: SKEW,
    maxAssertionAgeMs: OLDEST,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    forceAuthn: again,
    signatureAlgorithm: 'sha256',
    generateUniqueId: () => request,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: WITHIN,
    // Requests are remembered in the database, under the relay state. Here is the one that is answered, and no other.
    cacheProvider: {
      saveAsync: async (_key: string, value: string) => ({ value, createdAt: means.clock() }),
      getAsync: async (key: string) => (key === request ? new Date(means.clock()).toISOString() : null),
      removeAsync: async (key: string | null) => key,
    },
  });
}

/** Where the browser goes to sign in, and what it must bring back in a cookie. */
export async function beginSaml(
  means: Means,
  provider: SamlProvider,
  { to, again }: { readonly to: string; readonly again: string | null },
): Promise<{ readonly url: string; readonly browser: string }> {
  const [request, browser] = [`_${newId('r')}${newId('r')}`, newSecret()];
  const relay = await remember(means, SAML, { provider: provider.id, request, browser, to, again } satisfies Begun, WITHIN);
  const speaks = await speaker(means, provider, request, again !== null);
  return { url: await speaks.getAuthorizeUrlAsync(relay, undefined, {}), browser };
}

/**
 * What the provider posted through the browser: reads it, and gives the code by which the browser fetches what follows.
 * `null`: nobody asked for it, or too long ago. Throws, naming what does not hold, where it is not to be believed.
 */
export async function takeSaml(
  means: Means,
  provider: SamlProvider,
  { response, relay }: { readonly response: string; readonly relay: string },
): Promise<string | null> {
  const begun = await recall<Begun>(means, SAML, relay);
  if (begun?.provider !== provider.id) return null;
  const speaks = await speaker(means, provider, begun.request, begun.again !== null);
  const { profile } = await speaks.validatePostResponseAsync({ SAMLResponse: response });
  if (!profile?.getAssertion) throw new Error('it holds no assertion');
  const assertion = readAssertion(profile.getAssertion());
  await refuse(means, provider, { assertion, issuer: profile.issuer, begun });
  const attributes = (profile.attributes ?? {}) as Readonly<Record<string, unknown>>;
  const said: Said = {
    subject: profile.nameID,
    email: emailIn(attributes, profile.nameID),
    emailVerified: true, // the company's own directory says it
    name: [...NAMES].map((key) => attributes[key]).find((value): value is string => typeof value === 'string') ?? null,
    strong: provider.vouches || assertion.contexts.some((context) => STRONG.test(context)),
  };
  return remember(means, ENDED, { ...begun, said } satisfies Ended, minutes(2));
}

/** What was taken, for the browser that began. */
export async function endSaml(
  means: Means,
  provider: SamlProvider,
  { code, browser }: { readonly code: string; readonly browser: string | null },
): Promise<{ readonly said: Said; readonly to: string; readonly again: string | null } | null> {
  const ended = await recall<Ended>(means, ENDED, code);
  return ended?.provider === provider.id && ended.browser === browser ? ended : null;
}

const MAILS = ['email', 'mail', 'Email', 'urn:oid:0.9.2342.19200300.100.1.3', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'];
const NAMES = ['displayName', 'name', 'urn:oid:2.16.840.1.113730.3.1.241', 'http://schemas.microsoft.com/identity/claims/displayname'];
/** Contexts of authentication that stand for two things shown. A card without its number, or a token alone, is one. */
const STRONG = /multipleauthn|MultiFactor|refeds\.org\/profile\/mfa|MobileTwoFactor|SmartcardPKI/i;

function emailIn(attributes: Readonly<Record<string, unknown>>, nameId: string): string | null {
  const said = MAILS.map((key) => attributes[key]).find((value): value is string => typeof value === 'string');
  return said ?? (nameId.includes('@') ? nameId : null);
}

interface Assertion {
  readonly id: string;
  readonly issuer: string;
  readonly confirmations: readonly { readonly method: string; readonly inResponseTo: string; readonly recipient: string; readonly notOnOrAfter: string }[];
  readonly conditions: number;
  readonly audiences: number;
  readonly contexts: readonly string[];
  readonly authenticatedAt: number | null;
}

/** The part of an assertion, as xml2js lays it out, that the library does not look at. It comes out of the signed bytes. */
function readAssertion(read: object): Assertion {
  const of = (node: unknown, name: string): readonly unknown[] => {
    const inner = typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>)[name] : undefined;
    return inner === undefined ? [] : Array.isArray(inner) ? inner : [inner];
  };
  const text = (node: unknown): string => (typeof node === 'string' ? node : String(of(node, '_')[0] ?? ''));
  const attribute = (node: unknown, name: string): string => String(of(of(node, '$')[0], name)[0] ?? '');
  const deep = (node: unknown, ...names: readonly string[]): readonly unknown[] =>
    names.reduce<readonly unknown[]>((nodes, name) => nodes.flatMap((its) => of(its, name)), [node]);
  const [assertion] = of(read, 'Assertion');
  const statements = of(assertion, 'AuthnStatement');
  const [when] = statements.map((statement) => Date.parse(attribute(statement, 'AuthnInstant'))).filter(Number.isFinite);
  return {
    id: attribute(assertion, 'ID'),
    issuer: text(of(assertion, 'Issuer')[0]),
    confirmations: deep(assertion, 'Subject', 'SubjectConfirmation').map((confirmation) => {
      const [data] = of(confirmation, 'SubjectConfirmationData');
      return {
        method: attribute(confirmation, 'Method'),
        inResponseTo: attribute(data, 'InResponseTo'),
        recipient: attribute(data, 'Recipient'),
        notOnOrAfter: attribute(data, 'NotOnOrAfter'),
      };
    }),
    conditions: of(assertion, 'Conditions').length,
    audiences: deep(assertion, 'Conditions', 'AudienceRestriction', 'Audience').length,
    contexts: deep(assertion, 'AuthnStatement', 'AuthnContext', 'AuthnContextClassRef').map(text),
    authenticatedAt: when ?? null,
  };
}

/** What the profile for browsers demands (SAML 2.0 Profiles 4.1.4.3) beyond what the library looks at. */
async function refuse(
  means: Means,
  provider: SamlProvider,
  { assertion, begun }: { readonly assertion: Assertion; readonly issuer: string; readonly begun: Begun },
): Promise<void> {
  const { id, issuer, confirmations, conditions, audiences, authenticatedAt } = assertion;
  if (issuer !== provider.issuer) throw new Error(`it is of ${issuer}, and not of ${provider.issuer}`);
  if (conditions !== 1 || audiences === 0) throw new Error('it does not say for whom it is');
  const fits = confirmations.filter(
    ({ method, inResponseTo, recipient, notOnOrAfter }) =>
      method === 'urn:oasis:names:tc:SAML:2.0:cm:bearer' && inResponseTo === begun.request && recipient === callbackOf(means, provider) && notOnOrAfter !== '',
  );
  if (fits.length !== 1 || confirmations.length !== 1) throw new Error('it does not confirm that it answers this request, at this address');
  if (begun.again !== null && (authenticatedAt === null || authenticatedAt < means.clock() - AGAIN)) throw new Error('its sign-in is an old one');
  if (id === '' || !(await isNew(means, SEEN, `${provider.id} ${id}`, OLDEST + 2 * SKEW))) throw new Error('it was used before');
}

/** Our side, as identity providers read it. */
export async function samlMetadata(means: Means, provider: SamlProvider): Promise<string> {
  return (await speaker(means, provider, '', false)).generateServiceProviderMetadata(null, null);
}
