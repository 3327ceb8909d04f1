import { type Duration, type Instant, minutes } from '../core/instant.ts';
import { type From, type Means, recorded } from './means.ts';
import { type User, userOf } from './people.ts';
import type { Principal, Role } from './roles.ts';
import { digestOf, newId, newSecret } from './secret.ts';

/** By what somebody showed who they are. */
export type Method = 'password' | 'totp' | 'recovery' | 'passkey' | 'oidc' | 'saml' | 'saml-mfa' | 'oidc-mfa' | 'link';

/** How long after somebody showed who they are they may do what is dangerous without showing it again. */
export const FRESH: Duration = minutes(10);
/** The database is told so often that a session is used. */
const SEEN: Duration = minutes(1);

export interface Session {
  readonly id: string;
  readonly methods: readonly Method[];
  readonly strong: boolean;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  readonly endsAt: Instant;
  readonly verifiedAt: Instant;
  readonly address: string;
  readonly agent: string;
  /** The record of the sign-in. */
  readonly record: number;
}

/** Who asks, by which session. */
export interface SignedIn {
  readonly user: User;
  readonly session: Session;
  readonly principal: Principal;
  /** A second factor is required here, and this session was opened without: nothing is open to it but to add one. */
  readonly lacksFactor: boolean;
  /** They showed who they are a moment ago; and who has a second factor, that one, then or before in this session. */
  readonly fresh: boolean;
}

const sessionOf = (row: {
  readonly id: string;
  readonly methods: unknown;
  readonly strong: boolean;
  readonly created_at: number;
  readonly seen_at: number;
  readonly ends_at: number;
  readonly verified_at: number;
  readonly address: string;
  readonly agent: string;
  readonly record: number;
}): Session => ({
  id: row.id,
  methods: row.methods as readonly Method[],
  strong: row.strong,
  createdAt: row.created_at,
  seenAt: row.seen_at,
  endsAt: row.ends_at,
  verifiedAt: row.verified_at,
  address: row.address,
  agent: row.agent,
  record: row.record,
});

/** A passkey asks for its holder's finger, face or number by itself; a provider is believed where it says so, or the company does. */
export const isStrong = (methods: readonly Method[]): boolean =>
  methods.some((method) => method === 'passkey' || method === 'totp' || method === 'recovery' || method === 'saml-mfa' || method === 'oidc-mfa');

/** Opens a session, under a secret that nobody knew before, and seals the sign-in. Gives the secret: the cookie. */
export async function openSession(
  means: Means,
  user: User,
  {
    methods,
    from,
    provider = null,
    failed = 0,
  }: { readonly methods: readonly Method[]; readonly from: From; readonly provider?: string | null; readonly failed?: number },
): Promise<string> {
  const [secret, id, at] = [newSecret(), newId('s'), means.clock()];
  const says = {
    session: id,
    methods,
    strong: isStrong(methods),
    address: from.address,
    ...(provider === null ? {} : { provider }),
    ...(failed > 0 ? { failedBefore: failed } : {}),
  };
  await recorded(means, { act: 'sign-in', by: user.email, target: `users/${user.id}`, says }, (record) =>
    means
      .db()
      .insertInto('auth.session')
      .values({
        id,
        digest: digestOf(secret),
        user_id: user.id,
        methods: JSON.stringify(methods),
        strong: isStrong(methods),
        created_at: at,
        seen_at: at,
        ends_at: at + means.settings.lasts,
        verified_at: at,
        address: from.address,
        agent: from.agent,
        record,
      })
      .execute(),
  );
  return secret;
}

/** Who holds this secret; `null` of an unknown one, of a session that ended, and of a user who may not sign in any more. */
export async function signedIn(means: Means, secret: string): Promise<SignedIn | null> {
  const { clock, settings, db } = means;
  const at = clock();
  const row = await db().selectFrom('auth.session').selectAll().where('digest', '=', digestOf(secret)).executeTakeFirst();
  if (!row || row.ends_at <= at || row.seen_at + settings.idle <= at) return null;
  const its = await db().selectFrom('auth.user').selectAll().where('id', '=', row.user_id).executeTakeFirst();
  if (!its?.active) return null;
  if (row.seen_at + SEEN <= at) await db().updateTable('auth.session').set({ seen_at: at }).where('id', '=', row.id).where('seen_at', '<', at).execute();
  const [user, session] = [userOf(its), sessionOf(row)];
  return {
    user,
    session,
    principal: {
      id: user.id,
      kind: 'user',
      name: user.email,
      email: user.email,
      role: user.role as Role,
      scopes: null,
      bounds: user.bounds,
      strong: session.strong,
      vouched: {
        by: 'session',
        id: session.id,
        user: user.id,
        record: session.record,
        methods: session.methods,
        strong: session.strong || means.demo, // the made-up company is signed in to by a link, and proves nothing in any case
        verifiedAt: session.verifiedAt,
      },
    },
    lacksFactor: settings.secondFactor === 'required' && !session.strong,
    fresh: at < session.verifiedAt + FRESH && (session.strong || !(await hasFactor(means, user.id))),
  };
}

/** A session of before the factor was there is one of somebody who may not be the one that added it. */
async function hasFactor({ db }: Means, userId: string): Promise<boolean> {
  return (
    (await db().selectFrom('auth.factor').select('id').where('user_id', '=', userId).where('kind', '!=', 'recovery').limit(1).executeTakeFirst()) !== undefined
  );
}

/** The holder showed who they are once more: the session goes on under another secret, and the old one opens nothing. */
export async function renewSession(means: Means, { user, session }: SignedIn, method: Method): Promise<string> {
  const [secret, at] = [newSecret(), means.clock()];
  const methods = [...new Set([...session.methods, method])];
  await recorded(means, { act: 'verify-again', by: user.email, target: `users/${user.id}`, says: { session: session.id, method } }, () =>
    means
      .db()
      .updateTable('auth.session')
      .set({ digest: digestOf(secret), methods: JSON.stringify(methods), strong: isStrong(methods), verified_at: at, seen_at: at })
      .where('id', '=', session.id)
      .execute(),
  );
  return secret;
}

export async function sessionsOf({ db, clock, settings }: Means, userId: string): Promise<readonly Session[]> {
  const at = clock();
  const rows = await db().selectFrom('auth.session').selectAll().where('user_id', '=', userId).where('ends_at', '>', at).orderBy('seen_at', 'desc').execute();
  return rows.filter((row) => row.seen_at + settings.idle > at).map(sessionOf);
}

/** Ends one session of a user, or all but one. Gives how many. */
export async function endSessions(
  means: Means,
  by: string,
  userId: string,
  { only, but, act = 'session-end' }: { readonly only?: string; readonly but?: string; readonly act?: string } = {},
): Promise<number> {
  const ended = (await sessionsOf(means, userId)).filter(({ id }) => (only === undefined || id === only) && id !== but);
  if (ended.length === 0) return 0;
  await recorded(means, { act, by, target: `users/${userId}`, says: { sessions: ended.map(({ id }) => id) } }, () =>
    means
      .db()
      .deleteFrom('auth.session')
      .where('user_id', '=', userId)
      .where(
        'id',
        'in',
        ended.map(({ id }) => id),
      )
      .execute(),
  );
  return ended.length;
}
