import { canonical, type Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { shownBy, type Vouched } from '../core/vouched.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Act, Attestation } from '../evidence/record.ts';
import { type Assertion, assertionProblem } from './assertion.ts';

/** Somebody who is signed in, by the word of the server. */
export interface Voucher {
  readonly email: string;
  readonly vouched: Vouched;
  /** What their passkey signed of the statement, which was made at that instant. */
  readonly signed?: { readonly at: Instant; readonly credential: string; readonly record: number; readonly assertion: Assertion };
}

/** What shows who makes a statement: as the record will say it, and why it shows nothing where it does not. */
interface Shown {
  readonly shown: string | null;
  readonly vouched: NonNullable<Attestation['vouched']> | null;
  readonly because: string | null;
}

export interface Trail {
  readonly archive: Pick<Archive, 'record'>;
  /** Indexes of the records of acts of such a name, ascending. */
  acts(name: string): Promise<readonly number[]>;
}

/**
 * Holds the word of the server for a session or a token against the log: the sign-in, or the making of the token, must be
 * sealed there as that person's. Throws `ConfigurationError` where it is not: nothing is sealed under a name that was made up.
 */
export async function vouchedFor(trail: Trail, { email, vouched }: Voucher): Promise<Shown> {
  const record = vouched.by === 'session' ? vouched.record : await makingOf(trail, vouched.id);
  const act = record === null ? null : await actIn(trail, record);
  const what = `the ${vouched.by} ${vouched.id}`;
  if (record === null || !act || !isOf(act, vouched, email)) throw new ConfigurationError(`the log knows no sign-in of ${email} by ${what}. Sign in again.`);
  const strong = vouched.by === 'session' ? vouched.strong : act.says?.strong === true;
  const sealed = { ...vouched, strong, record, passkey: null };
  const weak = vouched.by === 'session' ? `${what} was opened without a second factor` : `${what} was made in a session without a second factor`;
  return { shown: strong ? shownBy(vouched) : null, vouched: sealed, because: strong ? null : weak };
}

/** The same with what a passkey signed of the statement. Throws `ConfigurationError` where it signed something else, or is not theirs. */
export async function signedFor(trail: Trail, { email, vouched, signed }: Voucher, its: Shown, bytes: Uint8Array): Promise<Shown> {
  if (!signed || !its.vouched) return its;
  const act = await actIn(trail, signed.record);
  const { credential, publicKey = null, rp } = act?.says ?? {};
  if (act?.act !== 'factor-add' || act.by !== email || act.target !== `users/${vouched.user}` || credential !== signed.credential || typeof rp !== 'string')
    throw new ConfigurationError(`record ${signed.record} does not say that this passkey is of ${email}. Add it again, on the page of your account.`);
  const passkey = { credential: signed.credential, publicKey, record: signed.record, rp };
  const problem = assertionProblem(assertionBytes(signed.assertion), bytes, passkey);
  if (problem !== null)
    throw new ConfigurationError(
      `${problem}: what stands may have changed since ${iso(signed.at)}, when you were asked to sign. Look at it again, and sign that.`,
    );
  return { ...its, vouched: { ...its.vouched, passkey } };
}

/** What is kept of an assertion, byte for byte. */
export const assertionBytes = (assertion: Assertion): Buffer => Buffer.from(canonical(assertion as Json));

async function actIn({ archive }: Trail, record: number): Promise<Act | null> {
  const { body } = await archive.record(record);
  return body.kind === 'act' ? body : null;
}

async function makingOf(trail: Trail, token: string): Promise<number | null> {
  for (const record of (await trail.acts('token-make')).toReversed()) if ((await actIn(trail, record))?.target === `tokens/${token}`) return record;
  return null;
}

function isOf({ act, by, target, says }: Act, { by: how, id, user }: Vouched, email: string): boolean {
  if (by !== email) return false;
  return how === 'session' ? act === 'sign-in' && target === `users/${user}` && says?.session === id : act === 'token-make' && target === `tokens/${id}`;
}
