import type { Kysely } from 'kysely';
import type { Json } from '../core/canonical.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Tables } from '../store/tables.ts';
import type { Role } from './roles.ts';

/** Something that somebody did, as the log keeps it. */
export interface Act {
  readonly act: string;
  readonly by: string;
  readonly target: string | null;
  readonly says: Readonly<Record<string, Json>> | null;
}

/** Where single sign-on is asked, whichever way it speaks. */
export interface Provider {
  readonly id: string;
  /** On the button: "Sign in with TITLE". */
  readonly title: string;
  /** By the company's word it lets nobody in without a second factor. Otherwise it must say so itself. */
  readonly vouches: boolean;
  /** The role of whoever it knows and Tickmark does not; `null`: they are not let in. */
  readonly newcomers: Role | null;
  /** Only addresses of these domains are taken from it; empty: all. */
  readonly domains: readonly string[];
}

export interface OidcProvider extends Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** It sends no `email_verified`, and the company says that its addresses are true all the same. */
  readonly trustsAddresses: boolean;
}

export interface SamlProvider extends Provider {
  /** Entity id of the identity provider. */
  readonly issuer: string;
  /** Where the browser is sent. */
  readonly entryPoint: string;
  /** PEM. */
  readonly certificates: readonly string[];
}

/** How one signs in here. */
export interface SignInSettings {
  readonly secondFactor: 'required' | 'optional';
  /** A session ends when it was not used for so long, */
  readonly idle: Duration;
  /** and in any case after so long. */
  readonly lasts: Duration;
  /** So many proxies stand before the server and append to X-Forwarded-For. */
  readonly proxies: number;
  /** Names of groups of the identity provider, and the role that each gives. */
  readonly groups: Readonly<Record<string, Role>>;
  readonly oidc: readonly OidcProvider[];
  readonly saml: readonly SamlProvider[];
}

/** What sign-in works with. */
export interface Means {
  /** Asked whenever it is needed: a disposal puts another in its place. */
  readonly db: () => Kysely<Tables>;
  readonly record: (acts: readonly Act[]) => Promise<readonly number[]>;
  readonly clock: () => Instant;
  readonly settings: SignInSettings;
  /** `https://tickmark.acme.example`, or `http://127.0.0.1:7400`. */
  readonly url: () => string;
  readonly company: string;
  readonly demo: boolean;
  /** Wraps what must be read again, so that the database alone opens nothing. */
  readonly secrets: {
    wrap(what: string, secret: Uint8Array): Buffer;
    unwrap(what: string, wrapped: Buffer): Buffer;
  };
  /** log2 of the cost of a hash of a password. */
  readonly cost: number;
}

/** Where a request comes from. */
export interface From {
  /** Of the network. */
  readonly address: string;
  /** What the browser calls itself, shortened. */
  readonly agent: string;
}

/**
 * Seals what is about to be done, then does it: nothing takes effect that is not in the log. Where it fails after all,
 * another record says so.
 */
export async function recorded<Result>({ record }: Means, act: Act, effect: (record: number) => Promise<Result>): Promise<Result> {
  const [index = -1] = await record([act]);
  try {
    return await effect(index);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    await record([{ act: 'act-failed', by: act.by, target: act.target, says: { act: act.act, record: index, because } }]);
    throw error;
  }
}
