import { ConfigurationError } from '../core/error.ts';
import { days, type Instant, minutes } from '../core/instant.ts';
import type { TokenTable } from '../store/auth-tables.ts';
import { attempt, tally } from './attempts.ts';
import { type From, type Means, recorded } from './means.ts';
import { type Bounds, jsonOf, type User, userById } from './people.ts';
import { may, type Permission, PERMISSIONS, type Principal, type Role } from './roles.ts';
import { digestOf, newId, newSecret } from './secret.ts';
import { plain } from './text.ts';

/** What machines ask with. */
export interface Token {
  readonly id: string;
  /** `scim` opens the directory for the identity provider and nothing else; `api` opens nothing of that. */
  readonly kind: 'api' | 'scim';
  readonly name: string;
  /** Whose it is; `null` where it outlives who made it. */
  readonly userId: string | null;
  readonly role: Role;
  readonly scopes: readonly Permission[] | null;
  readonly bounds: Bounds;
  readonly madeBy: string;
  readonly createdAt: Instant;
  readonly endsAt: Instant | null;
  readonly usedAt: Instant | null;
}

/** What secret scanners know it by. */
const PREFIX = 'tickmark_';
const LONGEST_DAYS = 366;

const tokenOf = (row: TokenTable): Token => ({
  id: row.id,
  kind: row.kind as Token['kind'],
  name: row.name,
  userId: row.user_id,
  role: row.role as Role,
  scopes: row.scopes as Token['scopes'],
  bounds: row.bounds as Bounds,
  madeBy: row.made_by,
  createdAt: row.created_at,
  endsAt: row.ends_at,
  usedAt: row.used_at,
});

export interface TokenAsked {
  readonly kind: Token['kind'];
  readonly name: string;
  /** Whose it is to be. Of `scim`: nobody's. */
  readonly user: User | null;
  readonly scopes: readonly Permission[] | null;
  readonly days: number;
  /** It is made in a session that was opened with a second factor: what is stated with it is known to be theirs. */
  readonly strong: boolean;
}

/** Makes a token, which is shown this once. One of a user's own never may more than they. Throws `ConfigurationError`. */
export async function makeToken(means: Means, by: string, asked: TokenAsked): Promise<{ readonly token: Token; readonly secret: string }> {
  const name = plain(asked.name).trim().slice(0, 60);
  if (name === '') throw new ConfigurationError('a token needs a name, by which the audit trail tells what it did.');
  if (!Number.isInteger(asked.days) || asked.days < 1 || asked.days > LONGEST_DAYS)
    throw new ConfigurationError(`a token lasts for 1 to ${LONGEST_DAYS} days.`);
  const role = asked.user?.role ?? 'admin';
  const cannot = (asked.scopes ?? []).filter((scope) => !PERMISSIONS.includes(scope) || !may({ role, scopes: null }, scope));
  if (cannot.length > 0) throw new ConfigurationError(`${asked.user?.email ?? 'a token'} may not ${cannot.join(', ')} as ${role}.`);
  const [secret, at] = [`${PREFIX}${newSecret()}`, means.clock()];
  const row = {
    id: newId('t'),
    kind: asked.kind,
    name,
    user_id: asked.user?.id ?? null,
    role,
    scopes: jsonOf(asked.kind === 'scim' ? [] : asked.scopes),
    bounds: jsonOf(asked.user?.bounds ?? null),
    made_by: by,
    created_at: at,
    ends_at: at + days(asked.days),
    used_at: null,
  };
  const says = { name, kind: asked.kind, strong: asked.strong, ends: row.ends_at, scopes: asked.scopes === null ? null : [...asked.scopes] };
  await recorded(means, { act: 'token-make', by, target: `tokens/${row.id}`, says }, () =>
    means
      .db()
      .insertInto('auth.token')
      .values({ ...row, digest: digestOf(secret) })
      .execute(),
  );
  const token = tokenOf({ ...row, digest: Buffer.alloc(0), scopes: asked.kind === 'scim' ? [] : asked.scopes, bounds: asked.user?.bounds ?? null });
  return { token, secret };
}

/** Of one user, or all. */
export async function tokens({ db }: Means, userId?: string): Promise<readonly Token[]> {
  const query = db().selectFrom('auth.token').selectAll().orderBy('created_at').orderBy('id');
  return (await (userId === undefined ? query : query.where('user_id', '=', userId)).execute()).map(tokenOf);
}

export async function revokeToken(means: Means, by: string, id: string): Promise<void> {
  const token = (await tokens(means)).find((its) => its.id === id);
  if (!token) throw new ConfigurationError(`there is no token ${id}.`);
  await recorded(means, { act: 'token-revoke', by, target: `tokens/${id}`, says: { name: token.name, kind: token.kind } }, () =>
    means.db().deleteFrom('auth.token').where('id', '=', id).execute(),
  );
}

/** The token behind `Authorization: Bearer`; `null` of an unknown one, of one that ended, and of whoever guesses too much. */
export async function tokenBehind(means: Means, secret: string, from: From): Promise<Token | null> {
  const at = means.clock();
  const row = secret.startsWith(PREFIX)
    ? await means.db().selectFrom('auth.token').selectAll().where('digest', '=', digestOf(secret)).executeTakeFirst()
    : undefined;
  if (!row || (row.ends_at !== null && row.ends_at <= at)) {
    // Who holds a true token is never kept out by others who guess from the same network.
    if ((await attempt(means, 'token', from.address)) === null) await tally(means, 'no token', from.address);
    return null;
  }
  if (row.used_at === null || row.used_at + minutes(1) <= at)
    await means.db().updateTable('auth.token').set({ used_at: at }).where('id', '=', row.id).execute();
  return tokenOf(row);
}

/** Who a token of the API speaks for: with the user's role of today, and the scopes it was limited to. */
export async function principalBehind(means: Means, secret: string, from: From): Promise<Principal | null> {
  const token = await tokenBehind(means, secret, from);
  if (token?.kind !== 'api') return null;
  const user = token.userId === null ? null : await userById(means, token.userId);
  if (token.userId !== null && !user?.active) return null;
  const { role, bounds } = user ?? token;
  return {
    id: user?.id ?? token.id,
    kind: 'token',
    name: `token ${token.name}`,
    email: user?.email ?? null,
    role,
    scopes: token.scopes,
    bounds,
    strong: false,
    vouched: user && { by: 'token', id: token.id, user: user.id, record: null, methods: [], strong: false, verifiedAt: null },
  };
}
