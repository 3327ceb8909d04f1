import { type Duration, minutes } from '../core/instant.ts';
import type { From, Means, OidcProvider } from './means.ts';
import { recall, remember } from './pending.ts';
import { newSecret } from './secret.ts';
import type { Said } from './sso.ts';

interface Begun {
  readonly provider: string;
  readonly verifier: string;
  readonly nonce: string;
  /** Of the browser that began: nobody else may end it. */
  readonly browser: string;
  readonly to: string;
  /** The session that shows once more who holds it. */
  readonly again: string | null;
}

const OIDC = 'oidc';
const WITHIN = minutes(10);
/** How old a sign-in may be when somebody is to show anew who they are. */
const AGAIN: Duration = 60;
/** Methods of RFC 8176 by what they show: what somebody knows, has, or is. A text message or a call is none that counts. */
const SHOWS = [
  ['pwd', 'pin', 'kba'],
  ['hwk', 'swk', 'otp', 'pop', 'sc', 'fido'],
  ['face', 'fpt', 'iris', 'retina', 'vbm'],
];

/** Whether a provider says that it has seen two kinds of things: a key, a card or a code alone may be all that was shown. */
export const sawSeveral = (amr: readonly unknown[]): boolean =>
  amr.includes('mfa') || SHOWS.filter((methods) => amr.some((method) => methods.includes(String(method)))).length > 1;

const library = () => import('openid-client');
type Configuration = Awaited<ReturnType<Awaited<ReturnType<typeof library>>['discovery']>>;
const known = new Map<string, { readonly of: OidcProvider; readonly found: Promise<Configuration> }>();

/** Asked for once, and again where it failed. */
function configurationOf(provider: OidcProvider): Promise<Configuration> {
  const there = known.get(provider.id);
  if (there?.of === provider) return there.found;
  const found = library().then(({ discovery, allowInsecureRequests, ClientSecretBasic }) =>
    discovery(new URL(provider.issuer), provider.clientId, {}, ClientSecretBasic(provider.clientSecret), {
      timeout: 10,
      // A provider on this machine is one for trying out: anywhere else what is asked goes encrypted.
      execute: /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(provider.issuer) ? [allowInsecureRequests] : [],
    }),
  );
  found.catch(() => known.delete(provider.id));
  known.set(provider.id, { of: provider, found });
  return found;
}

export const callbackOf = ({ url }: Means, { id }: OidcProvider): string => `${url()}/sign-in/oidc/${id}/callback`;

/** Where the browser goes to sign in, and what it must bring back in a cookie: authorization code flow with PKCE, state and nonce. */
export async function beginOidc(
  means: Means,
  provider: OidcProvider,
  { to, again }: { readonly to: string; readonly again: string | null },
): Promise<{ readonly url: string; readonly browser: string }> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge, randomPKCECodeVerifier } = await library();
  const configuration = await configurationOf(provider);
  const [verifier, nonce, browser] = [randomPKCECodeVerifier(), newSecret(), newSecret()];
  const state = await remember(means, OIDC, { provider: provider.id, verifier, nonce, browser, to, again } satisfies Begun, WITHIN);
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: callbackOf(means, provider),
    scope: 'openid email profile',
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(again === null ? {} : { prompt: 'login', max_age: String(AGAIN) }),
  });
  return { url: url.href, browser };
}

/** What the provider said of whom. `null`: this browser did not ask, or too long ago. Throws where what it said does not hold. */
export async function endOidc(
  means: Means,
  provider: OidcProvider,
  { query, browser }: { readonly query: URLSearchParams; readonly browser: string | null; readonly from: From },
): Promise<{ readonly said: Said; readonly to: string; readonly again: string | null } | null> {
  const state = query.get('state') ?? '';
  const begun = await recall<Begun>(means, OIDC, state);
  if (begun?.provider !== provider.id || begun.browser !== browser) return null;
  const { authorizationCodeGrant } = await library();
  const configuration = await configurationOf(provider);
  const back = new URL(callbackOf(means, provider));
  back.search = query.toString();
  const tokens = await authorizationCodeGrant(configuration, back, {
    pkceCodeVerifier: begun.verifier,
    expectedState: state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
    ...(begun.again === null ? {} : { maxAge: AGAIN }),
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('it sent no identity');
  const more = typeof claims.email === 'string' ? {} : await userInfo(configuration, tokens.access_token, claims.sub);
  const its: Readonly<Record<string, unknown>> = { ...more, ...claims };
  const amr = Array.isArray(claims.amr) ? claims.amr : [];
  return {
    said: {
      subject: claims.sub,
      email: typeof its.email === 'string' ? its.email : null,
      emailVerified: its.email_verified === true || provider.trustsAddresses,
      name: typeof its.name === 'string' ? its.name : null,
      strong: provider.vouches || sawSeveral(amr),
    },
    to: begun.to,
    again: begun.again,
  };
}

/** Providers that keep the identity short tell the rest where it is asked for. */
async function userInfo(configuration: Configuration, accessToken: string, subject: string): Promise<object> {
  const { fetchUserInfo } = await library();
  return configuration.serverMetadata().userinfo_endpoint === undefined ? {} : fetchUserInfo(configuration, accessToken, subject);
}
