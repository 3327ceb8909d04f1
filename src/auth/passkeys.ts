import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from './webauthn.ts';
import { minutes } from '../core/instant.ts';
import { attempt, pardon, tally } from './attempts.ts';
import { addFactor } from './factors.ts';
import type { From, Means } from './means.ts';
import { type User, userById } from './people.ts';
import { recall, remember } from './pending.ts';
import { finishSecond, type Outcome, refuse, secondOf } from './sign-in.ts';
import { openSession } from './sessions.ts';
import { plain } from './text.ts';

/** Where the browser stands: `http://localhost:7400`. A passkey is bound to its host name, which is never a bare address. */
export interface Site {
  readonly origin: string;
}

export const canHavePasskeys = ({ origin }: Site): boolean => !/^(\d+\.){3}\d+$|^\[/.test(new URL(origin).hostname);

const rpOf = ({ origin }: Site): string => new URL(origin).hostname;
const [NEW, USE] = ['new-passkey', 'passkey'];
const WITHIN = minutes(5);
const library = () => import('@simplewebauthn/server');

interface Kept {
  readonly publicKey: string;
  readonly transports: readonly AuthenticatorTransport[];
  readonly rp: string;
  readonly backedUp: boolean;
  /** The record that tells of it; not there of those that were added before records said their keys. */
  readonly record?: number;
}

/** What the browser is asked to make a passkey by. */
export async function offerPasskey(means: Means, user: User, site: Site): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await library();
  const there = await means.db().selectFrom('auth.factor').select('credential').where('user_id', '=', user.id).where('kind', '=', 'passkey').execute();
  const options = await generateRegistrationOptions({
    rpName: `Tickmark ${means.company}`,
    rpID: rpOf(site),
    userName: user.email,
    userDisplayName: user.name,
    userID: new TextEncoder().encode(user.id),
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: there.flatMap(({ credential }) => (credential === null ? [] : [{ id: credential }])),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await remember(means, NEW, { userId: user.id }, WITHIN, options.challenge);
  return options;
}

/** Keeps the passkey that the browser made. Gives why it does not, or `null`. */
export async function addPasskey(
  means: Means,
  user: User,
  { response, name, site }: { readonly response: RegistrationResponseJSON; readonly name: string; readonly site: Site },
): Promise<string | null> {
  const { verifyRegistrationResponse } = await library();
  const challenge = challengeIn(response.response.clientDataJSON);
  const asked = await recall<{ readonly userId: string }>(means, NEW, challenge);
  if (asked?.userId !== user.id) return 'It was not asked for, or it took too long.';
  try {
    const { registrationInfo: made } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: rpOf(site),
      requireUserVerification: true,
    });
    if (!made) return 'The browser made no valid passkey.';
    const { credential } = made;
    const kept = {
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      transports: [...(response.response.transports ?? [])],
      rp: rpOf(site),
      backedUp: made.credentialBackedUp,
    };
    await addFactor(means, user, {
      kind: 'passkey',
      name: name.trim() || 'Passkey',
      secret: null,
      credential: credential.id,
      data: kept,
      step: credential.counter,
      says: { credential: credential.id, publicKey: await jwkOf(credential.publicKey), rp: kept.rp },
    });
    return null;
  } catch (error) {
    return `The browser made no valid passkey: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** What the browser is asked to show a passkey by: any of this site, or one of the user whose second factor it is to be. */
export async function askPasskey(means: Means, site: Site, userId: string | null): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await library();
  const theirs =
    userId === null ? [] : await means.db().selectFrom('auth.factor').selectAll().where('user_id', '=', userId).where('kind', '=', 'passkey').execute();
  const options = await generateAuthenticationOptions({
    rpID: rpOf(site),
    userVerification: 'required',
    allowCredentials: theirs.flatMap(({ credential, data }) => (credential === null ? [] : [{ id: credential, transports: [...(data as Kept).transports] }])),
  });
  await remember(means, USE, { userId }, WITHIN, options.challenge);
  return options;
}

/** Whose passkey was shown; `null` where it is nobody's, or not shown here and now. */
export async function holderOf(means: Means, response: AuthenticationResponseJSON, site: Site): Promise<User | null> {
  const challenge = challengeIn(response.response.clientDataJSON);
  const asked = await recall<{ readonly userId: string | null }>(means, USE, challenge);
  if (!asked) return null;
  const shown = await shownNow(means, response, { site, challenge });
  if (!shown || (asked.userId !== null && asked.userId !== shown.userId)) return null;
  const user = await userById(means, shown.userId);
  return user?.active ? user : null;
}

interface ShownPasskey {
  readonly userId: string;
  /** The record that tells of the passkey and its key; `null` of one that was added before records did. */
  readonly record: number | null;
}

/** Whose passkey answers this challenge, here and with its holder there; `null` where none does. */
async function shownNow(
  means: Means,
  response: AuthenticationResponseJSON,
  { site, challenge }: { readonly site: Site; readonly challenge: string },
): Promise<ShownPasskey | null> {
  const row = await means
    .db()
    .selectFrom('auth.factor')
    .selectAll()
    .where('credential', '=', plain(response.id))
    .where('kind', '=', 'passkey')
    .executeTakeFirst();
  if (!row?.credential) return null;
  const kept = row.data as Kept;
  const { verifyAuthenticationResponse } = await library();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: kept.rp,
      requireUserVerification: true,
      credential: {
        id: row.credential,
        publicKey: new Uint8Array(Buffer.from(kept.publicKey, 'base64url')),
        counter: row.step,
        transports: [...kept.transports],
      },
    });
    if (!verified) return null;
    await means.db().updateTable('auth.factor').set({ step: authenticationInfo.newCounter, used_at: means.clock() }).where('id', '=', row.id).execute();
  } catch {
    return null;
  }
  return { userId: row.user_id, record: kept.record ?? null };
}

const SIGN = 'sign-statement';

/** What the browser is asked to sign a statement by: passkeys of this user, over this digest. What is to be stated waits under it. */
export async function askToSign(
  means: Means,
  user: string,
  { site, challenge, waiting }: { readonly site: Site; readonly challenge: string; readonly waiting: unknown },
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const rows = await means.db().selectFrom('auth.factor').selectAll().where('user_id', '=', user).where('kind', '=', 'passkey').execute();
  const theirs = rows.flatMap(({ credential, data }) =>
    (data as Kept).record === undefined || credential === null ? [] : [{ id: credential, transports: [...(data as Kept).transports] }],
  );
  if (theirs.length === 0) return null;
  const { generateAuthenticationOptions } = await library();
  const options = await generateAuthenticationOptions({
    rpID: rpOf(site),
    userVerification: 'required',
    allowCredentials: theirs,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
  });
  await remember(means, SIGN, { user, waiting }, WITHIN, challenge);
  return options;
}

/** What waited for this signature, once, with the record of the passkey; `null` where nothing did, or another's passkey was shown. */
export async function signedWith<Waiting>(
  means: Means,
  user: string,
  { response, site }: { readonly response: AuthenticationResponseJSON; readonly site: Site },
): Promise<{ readonly waiting: Waiting; readonly record: number } | null> {
  const challenge = challengeIn(response.response.clientDataJSON);
  const asked = await recall<{ readonly user: string; readonly waiting: Waiting }>(means, SIGN, challenge);
  if (asked?.user !== user) return null;
  const shown = await shownNow(means, response, { site, challenge });
  return shown?.userId === user && shown.record !== null ? { waiting: asked.waiting, record: shown.record } : null;
}

/** Signs in by a passkey: alone, or as the second thing after a password. */
export async function signInByPasskey(
  means: Means,
  {
    response,
    pending,
    site,
    from,
  }: { readonly response: AuthenticationResponseJSON; readonly pending: string | null; readonly site: Site; readonly from: From },
): Promise<Outcome> {
  const refused = await attempt(means, 'address', from.address);
  if (refused) return refuse(means, refused, { account: null, from });
  const user = await holderOf(means, response, site);
  const awaited = pending === null ? null : await secondOf(means, pending);
  if (!user || (pending !== null && awaited?.id !== user.id)) {
    await tally(means, 'no account', from.address);
    return pending !== null && awaited === null ? { kind: 'expired' } : { kind: 'wrong' };
  }
  await pardon(means, 'address', from.address);
  if (pending !== null) return finishSecond(means, { pending, method: 'passkey', from });
  return { kind: 'in', secret: await openSession(means, user, { methods: ['passkey'], from }), user };
}

/** The challenge that the browser says it answers: by it the one that was asked is found, or none. */
function challengeIn(clientDataJSON: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { readonly challenge?: unknown };
    return typeof challenge === 'string' ? challenge.slice(0, 200) : '';
  } catch {
    return '';
  }
}

/** A key of COSE (RFC 9052) as a JSON Web Key, which other people's programs read. */
async function jwkOf(cose: Uint8Array<ArrayBuffer>): Promise<Readonly<Record<string, string>>> {
  const { decodeCredentialPublicKey, cose: keys } = await import('@simplewebauthn/server/helpers');
  const key = decodeCredentialPublicKey(cose);
  const part = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('base64url');
  if (keys.isCOSEPublicKeyEC2(key))
    return { kty: 'EC', crv: CURVES[Number(key.get(keys.COSEKEYS.crv))] ?? '', x: part(key.get(keys.COSEKEYS.x)), y: part(key.get(keys.COSEKEYS.y)) };
  if (keys.isCOSEPublicKeyRSA(key)) return { kty: 'RSA', n: part(key.get(keys.COSEKEYS.n)), e: part(key.get(keys.COSEKEYS.e)) };
  if (keys.isCOSEPublicKeyOKP(key)) return { kty: 'OKP', crv: 'Ed25519', x: part(key.get(keys.COSEKEYS.x)) };
  throw new Error('its key is of a kind that few programs verify yet');
}

/** ES256, EdDSA and RS256: what openssl and the libraries of auditors verify. */
const ALGORITHMS = [-7, -8, -257];

/** RFC 9053, 7.1. */
const CURVES: Readonly<Record<number, string>> = { 1: 'P-256', 2: 'P-384', 3: 'P-521' };
