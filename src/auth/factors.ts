import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, minutes } from '../core/instant.ts';
import { type Means, recorded } from './means.ts';
import { jsonOf, type User } from './people.ts';
import { recall, peek, remember } from './pending.ts';
import { base32, newTotpSecret, otpauthUri, stepOf } from './totp.ts';
import { digestOf, newId } from './secret.ts';
import { plain } from './text.ts';

export interface Factor {
  readonly id: string;
  readonly kind: 'totp' | 'passkey' | 'recovery';
  readonly name: string;
  readonly createdAt: Instant;
  readonly usedAt: Instant | null;
}

const CODES = 10;
const NEW_TOTP = 'new-totp';

export async function factorsOf({ db }: Means, userId: string): Promise<readonly Factor[]> {
  const rows = await db().selectFrom('auth.factor').selectAll().where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute();
  return rows.map(({ id, kind, name, created_at, used_at }) => ({ id, kind: kind as Factor['kind'], name, createdAt: created_at, usedAt: used_at }));
}

/** A secret for an authenticator, which counts once a code of it was shown. */
export async function offerTotp(means: Means, { id, email }: User): Promise<{ readonly offer: string; readonly secret: string; readonly uri: string }> {
  const secret = newTotpSecret();
  const offer = await remember(means, NEW_TOTP, { userId: id, wrapped: means.secrets.wrap(`totp of ${id}`, secret).toString('base64') }, minutes(15));
  return offered(means, email, offer, secret);
}

/** The same offer again, where the code was wrong; `null` once it has run out. */
export async function offeredTotp(means: Means, { id, email }: User, offer: string): Promise<Awaited<ReturnType<typeof offerTotp>> | null> {
  const its = await peek<{ readonly userId: string; readonly wrapped: string }>(means, NEW_TOTP, offer);
  return its?.userId === id ? offered(means, email, offer, means.secrets.unwrap(`totp of ${id}`, Buffer.from(its.wrapped, 'base64'))) : null;
}

const offered = ({ company }: Means, email: string, offer: string, secret: Buffer) => ({
  offer,
  secret: base32(secret),
  uri: otpauthUri(secret, email, `Tickmark ${company}`),
});

/** Takes up an offer. `wrong`: the code is of another secret or another time. `expired`: the offer is. */
export async function addTotp(
  means: Means,
  user: User,
  { offer, code, name }: { readonly offer: string; readonly code: string; readonly name: string },
): Promise<'added' | 'wrong' | 'expired'> {
  const its = await peek<{ readonly userId: string; readonly wrapped: string }>(means, NEW_TOTP, offer);
  if (its?.userId !== user.id) return 'expired';
  const wrapped = Buffer.from(its.wrapped, 'base64');
  const step = stepOf(means.secrets.unwrap(`totp of ${user.id}`, wrapped), code, means.clock());
  if (step === null) return 'wrong';
  if ((await recall(means, NEW_TOTP, offer)) === null) return 'expired';
  await addFactor(means, user, { kind: 'totp', name: name.trim() || 'Authenticator', secret: wrapped, credential: null, data: null, step });
  return 'added';
}

interface NewFactor {
  readonly kind: Factor['kind'];
  readonly name: string;
  readonly secret: Buffer | null;
  readonly credential: string | null;
  readonly data: Readonly<Record<string, Json>> | null;
  readonly step: number;
  /** What the record of it says besides: of a passkey its public key, so that a stranger can tell what it signed. */
  readonly says?: Readonly<Record<string, Json>>;
}

export async function addFactor(means: Means, user: User, { data, name, says = {}, ...factor }: NewFactor): Promise<string> {
  const id = newId('f');
  const its = { ...factor, id, name: plain(name).slice(0, 60), user_id: user.id, created_at: means.clock(), used_at: null };
  const act = { act: 'factor-add', by: user.email, target: `users/${user.id}`, says: { factor: id, kind: factor.kind, name: its.name, ...says } };
  await recorded(means, act, (record) =>
    means
      .db()
      .insertInto('auth.factor')
      .values({ ...its, data: jsonOf(data && { ...data, record }) })
      .execute(),
  );
  return id;
}

/** Recovery codes, in the place of those before. They are shown once: what is kept is their SHA-256. */
export async function newRecoveryCodes(means: Means, user: User): Promise<readonly string[]> {
  const codes = Array.from({ length: CODES }, () =>
    base32(randomBytes(10))
      .toLowerCase()
      .replace(/(.{4})(?=.)/g, '$1-'),
  );
  const at = means.clock();
  await recorded(means, { act: 'recovery-codes', by: user.email, target: `users/${user.id}`, says: { codes: CODES } }, () =>
    means
      .db()
      .transaction()
      .execute(async (db) => {
        await db.deleteFrom('auth.factor').where('user_id', '=', user.id).where('kind', '=', 'recovery').execute();
        const row = { user_id: user.id, kind: 'recovery', name: 'Recovery code', credential: null, data: null, step: 0, created_at: at, used_at: null };
        await db
          .insertInto('auth.factor')
          .values(codes.map((code) => ({ ...row, id: newId('f'), secret: digestOf(plainCode(code)) })))
          .execute();
      }),
  );
  return codes;
}

const plainCode = (code: string): string => code.toLowerCase().replace(/[^a-z2-7]/g, '');

/** Whether it is a code of one of the user's authenticators that was not used before. A code opens once, on whichever server. */
export async function useTotp({ db, clock, secrets }: Means, userId: string, code: string): Promise<boolean> {
  const rows = await db().selectFrom('auth.factor').select(['id', 'secret']).where('user_id', '=', userId).where('kind', '=', 'totp').execute();
  for (const { id, secret } of rows) {
    const step = secret && stepOf(secrets.unwrap(`totp of ${userId}`, secret), code, clock());
    if (step === null) continue;
    const { rows: used } = await sql`update auth.factor set step = ${step}, used_at = ${clock()} where id = ${id} and step < ${step} returning id`.execute(
      db(),
    );
    if (used.length === 1) return true;
  }
  return false;
}

/** Whether it is a recovery code of the user's, which then is none any more. */
export async function useRecoveryCode({ db }: Means, userId: string, code: string): Promise<boolean> {
  const row = await db()
    .deleteFrom('auth.factor')
    .where('user_id', '=', userId)
    .where('kind', '=', 'recovery')
    .where('secret', '=', digestOf(plainCode(code)))
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Throws `ConfigurationError` where it is not theirs, and where a second factor is required and it is the last. */
export async function removeFactor(means: Means, by: string, user: User, id: string): Promise<void> {
  const all = await factorsOf(means, user.id);
  const factor = all.find((its) => its.id === id && its.kind !== 'recovery');
  if (!factor) throw new ConfigurationError(`${user.email} has no factor ${id}.`);
  const left = all.filter((its) => its.id !== id && its.kind !== 'recovery');
  if (means.settings.secondFactor === 'required' && left.length === 0)
    throw new ConfigurationError('a second factor is required here, and this is the last one. Add another first.');
  await recorded(
    means,
    { act: 'factor-remove', by, target: `users/${user.id}`, says: { user: user.email, factor: id, kind: factor.kind, name: factor.name } },
    async () => {
      await means.db().deleteFrom('auth.factor').where('id', '=', id).execute();
      // Recovery codes stand in for a factor, and never for none.
      if (left.length === 0) await means.db().deleteFrom('auth.factor').where('user_id', '=', user.id).execute();
    },
  );
}

/** Takes all factors and the password of somebody who has lost them: they come in by a new link. Their sessions end. */
export async function resetFactors(means: Means, by: string, user: User): Promise<void> {
  const kinds = (await factorsOf(means, user.id)).filter(({ kind }) => kind !== 'recovery').map(({ kind }) => kind);
  await recorded(means, { act: 'factors-reset', by, target: `users/${user.id}`, says: { user: user.email, kinds, password: user.hasPassword } }, () =>
    means
      .db()
      .transaction()
      .execute(async (db) => {
        await db.deleteFrom('auth.factor').where('user_id', '=', user.id).execute();
        await db.deleteFrom('auth.session').where('user_id', '=', user.id).execute();
        await db.updateTable('auth.user').set({ password: null, password_at: null }).where('id', '=', user.id).execute();
      }),
  );
}
