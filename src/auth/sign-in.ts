import { type Instant, minutes } from '../core/instant.ts';
import { attempt, forgive, pardon, type Refused, tally } from './attempts.ts';
import { factorsOf, useRecoveryCode, useTotp } from './factors.ts';
import type { From, Means } from './means.ts';
import { type User, userById, userOf } from './people.ts';
import { verifyPassword } from './password.ts';
import { peek, recall, remember } from './pending.ts';
import { isStrong, type Method, openSession } from './sessions.ts';
import { plain } from './text.ts';

/** How an attempt to sign in ended. */
export type Outcome =
  /** The secret of a session: the cookie. */
  | { readonly kind: 'in'; readonly secret: string; readonly user: User }
  /** The password is right, and a second factor is asked for. */
  | { readonly kind: 'second'; readonly pending: string; readonly offers: Offers }
  /** Whatever it was: which, is not told. */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'refused'; readonly of: Refused['of']; readonly until: Instant }
  /** It took too long, or was used already: to be begun anew. */
  | { readonly kind: 'expired' };

export interface Offers {
  readonly totp: boolean;
  readonly passkey: boolean;
  readonly recovery: boolean;
}

interface Second {
  readonly userId: string;
  readonly methods: readonly Method[];
  readonly failed: number;
  /** Of a sign-in by a provider: its id. */
  readonly provider: string | null;
}

const SECOND = 'second';
const WITHIN = minutes(10);

/** The first step. Everything is done for an account that does not exist, so that nothing tells it from another. */
export async function signInByPassword(
  means: Means,
  { email, password, from }: { readonly email: string; readonly password: string; readonly from: From },
): Promise<Outcome> {
  const account = plain(email).trim().toLowerCase();
  const refused = (await attempt(means, 'address', from.address)) ?? (await attempt(means, 'account', account));
  const row = await means.db().selectFrom('auth.user').selectAll().where('email', '=', account).executeTakeFirst();
  if (refused) return refuse(means, refused, { account: row ? account : null, from });
  const fits = await verifyPassword(password, row?.active ? row.password : null, means.cost);
  if (!row || !fits) {
    await tally(means, row ? account : 'no account', from.address);
    return { kind: 'wrong' };
  }
  const failed = (await forgive(means, 'account', account)) - 1;
  await pardon(means, 'address', from.address);
  return goOn(means, userOf(row), { methods: ['password'], from, failed });
}

/** Whoever has shown the first thing is asked for the second, if they have one and have not shown one at their provider. */
export async function goOn(
  means: Means,
  user: User,
  {
    methods,
    from,
    failed = 0,
    provider = null,
  }: { readonly methods: readonly Method[]; readonly from: From; readonly failed?: number; readonly provider?: string | null },
): Promise<Extract<Outcome, { readonly kind: 'in' | 'second' }>> {
  const offers = await offersOf(means, user.id);
  if (isStrong(methods) || !hasSecond(offers)) return { kind: 'in', secret: await openSession(means, user, { methods, from, failed, provider }), user };
  const pending = await remember(means, SECOND, { userId: user.id, methods, failed, provider } satisfies Second, WITHIN);
  return { kind: 'second', pending, offers };
}

/** A second factor of their own is there. Recovery codes stand in for one, and are none. */
export const hasSecond = ({ totp, passkey }: Offers): boolean => totp || passkey;

/** What a user can show besides the first thing. */
export async function offersOf(means: Means, userId: string): Promise<Offers> {
  const has = new Set((await factorsOf(means, userId)).map(({ kind }) => kind));
  return { totp: has.has('totp'), passkey: has.has('passkey'), recovery: has.has('recovery') };
}

/** What may be shown as the second thing; `null` where the first was too long ago. */
export async function secondOffers(means: Means, pending: string): Promise<Offers | null> {
  const its = await peek<Second>(means, SECOND, pending);
  return its && offersOf(means, its.userId);
}

/** Whose sign-in waits for a second factor. */
export async function secondOf(means: Means, pending: string): Promise<User | null> {
  const its = await peek<Second>(means, SECOND, pending);
  return its && userById(means, its.userId);
}

/** The second step, by a code of an authenticator or a recovery code. Both count as one: there are few digits to guess. */
export async function signInBySecond(
  means: Means,
  { pending, code, from }: { readonly pending: string; readonly code: string; readonly from: From },
): Promise<Outcome> {
  const its = await peek<Second>(means, SECOND, pending);
  const user = its && (await userById(means, its.userId));
  if (!its || !user?.active) return { kind: 'expired' };
  const checked = await checkCode(means, user, { code, from });
  if (checked.kind !== 'right') {
    if (checked.kind === 'refused') await recall(means, SECOND, pending); // the password is asked for again, too
    return checked;
  }
  return finishSecond(means, { pending, method: checked.method, from });
}

/** After the second thing was shown. Of two who show it at once, one is let in. */
export async function finishSecond(
  means: Means,
  { pending, method, from }: { readonly pending: string; readonly method: Method; readonly from: From },
): Promise<Outcome> {
  const its = await recall<Second>(means, SECOND, pending);
  const user = its && (await userById(means, its.userId));
  if (!its || !user?.active) return { kind: 'expired' };
  return { kind: 'in', secret: await openSession(means, user, { methods: [...its.methods, method], from, failed: its.failed, provider: its.provider }), user };
}

export type Checked = { readonly kind: 'right'; readonly method: 'totp' | 'recovery' } | Extract<Outcome, { readonly kind: 'wrong' | 'refused' }>;

export async function checkCode(means: Means, user: User, { code, from }: { readonly code: string; readonly from: From }): Promise<Checked> {
  const refused = await attempt(means, 'second', user.id);
  if (refused) return refuse(means, refused, { account: user.email, from });
  const method = (await useTotp(means, user.id, code)) ? 'totp' : (await useRecoveryCode(means, user.id, code)) ? 'recovery' : null;
  if (method === null) {
    await tally(means, user.email, from.address);
    return { kind: 'wrong' };
  }
  await forgive(means, 'second', user.id);
  return { kind: 'right', method };
}

/** The password of somebody who is signed in, shown once more. */
export async function checkPassword(
  means: Means,
  user: User,
  { password, from }: { readonly password: string; readonly from: From },
): Promise<'right' | Extract<Outcome, { readonly kind: 'wrong' | 'refused' }>> {
  const refused = await attempt(means, 'account', user.email);
  if (refused) return refuse(means, refused, { account: user.email, from });
  const row = await means.db().selectFrom('auth.user').select('password').where('id', '=', user.id).executeTakeFirst();
  if (await verifyPassword(password, row?.password ?? null, means.cost)) {
    await forgive(means, 'account', user.email);
    return 'right';
  }
  await tally(means, user.email, from.address);
  return { kind: 'wrong' };
}

/** A lock-out is a record when it begins, and none for each guess that runs into it. */
export async function refuse(
  means: Means,
  { of, until, first }: Refused,
  { account, from }: { readonly account: string | null; readonly from: From },
): Promise<Extract<Outcome, { readonly kind: 'refused' }>> {
  await tally(means, account ?? 'no account', from.address);
  if (first) {
    const says = { limit: of, until, address: from.address, ...(account === null ? {} : { account }) };
    await means.record([{ act: 'lock-out', by: 'tickmark', target: null, says }]);
  }
  return { kind: 'refused', of, until };
}
