import { createECDH, createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { canonical, type Json } from '../core/canonical.ts';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { preAuthenticated } from '../log/entry.ts';

/** What a person signs: DSSE over this document in canonical JSON. */
const PAYLOAD_TYPE = 'application/vnd.tickmark.statement+json';

/** One statement, whole: nothing about it is said elsewhere only. */
export interface SignedDocument {
  readonly version: 1;
  /** The log that it is for, so that nobody can lay it before another. */
  readonly origin: string;
  readonly register: string;
  readonly act: 'state' | 'approve' | 'withdraw';
  readonly entry: Readonly<Record<string, Json>>;
  /** Lower case. */
  readonly by: string;
  /** ISO 8601, by the clock of who signs. */
  readonly at: string;
  /** SHA-256, hex, of the statement that it approves, withdraws or corrects; `null` of a first one. */
  readonly of: string | null;
  /** SubjectPublicKeyInfo, base64; `null` where nobody signs. */
  readonly publicKey: string | null;
}

/** A person's own key, as its file holds it. */
export interface Identity {
  readonly email: string;
  readonly keyId: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

const IdentityFile = z.strictObject({
  email: z.string().regex(/^\S+@\S+$/),
  keyId: z.string(),
  privateKey: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
});

const spkiOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
/** SHA-256 of a SubjectPublicKeyInfo, hex: the name of a key. */
const fingerprint = (spki: Buffer): string => createHash('sha256').update(spki).digest('hex');

/** A new key (ECDSA, P-256) for a person. */
export function newIdentity(email: string): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { email: email.toLowerCase(), keyId: fingerprint(spkiOf(publicKey)), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** A key that follows from a word, for people who are made up: anybody can sign in their names. */
export function madeUpIdentity(email: string, seed: string): Identity {
  const scalar = createHash('sha256').update(seed).digest();
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(scalar);
  const point = curve.getPublicKey();
  const url = (bytes: Buffer) => bytes.toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: url(scalar), x: url(point.subarray(1, 33)), y: url(point.subarray(33)) };
  const key = createPrivateKey({ key: jwk, format: 'jwk' });
  return { email, keyId: fingerprint(spkiOf(createPublicKey(key))), privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** Reads the file of a person's key. Throws `ConfigurationError` that never quotes what is in it. */
export function parseIdentity(text: string, path: string): Identity {
  const problem = (says: string) => new ConfigurationError(`${path}: ${says}. "tickmark identity --email ADDRESS --out FILE" makes such a file.`);
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw problem('it is not the key of a person, which is JSON with email, keyId and privateKey');
  }
  const { data } = IdentityFile.safeParse(written);
  if (!data) throw problem('it is not the key of a person, which is JSON with email, keyId and privateKey');
  try {
    const key = createPrivateKey(data.privateKey);
    if (!isAccepted(key)) throw problem('its key is neither ECDSA on P-256 nor Ed25519');
    if (fingerprint(spkiOf(createPublicKey(key))) !== data.keyId) throw problem('its keyId is not the fingerprint of its key');
  } catch (error) {
    throw error instanceof ConfigurationError ? error : problem('its private key cannot be read');
  }
  return { ...data, email: data.email.toLowerCase() };
}

const isAccepted = (key: KeyObject): boolean =>
  key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1');
/** Ed25519 brings its own digest. */
const digestFor = (key: KeyObject): string | null => (key.asymmetricKeyType === 'ed25519' ? null : 'sha256');

/** The bytes of a statement: a DSSE envelope, signed where there is somebody to sign. */
export function signedBy(identity: Identity | null, document: Omit<SignedDocument, 'publicKey' | 'version'>): Buffer {
  const key = identity && createPrivateKey(identity.privateKey);
  const publicKey = key && spkiOf(createPublicKey(key)).toString('base64');
  const payload = Buffer.from(canonical({ ...document, version: 1, publicKey } as unknown as Json));
  const signature = key && sign(digestFor(key), preAuthenticated(PAYLOAD_TYPE, payload), key);
  const signatures = signature && identity ? [{ keyid: identity.keyId, sig: signature.toString('base64') }] : [];
  return Buffer.from(canonical({ payload: payload.toString('base64'), payloadType: PAYLOAD_TYPE, signatures }));
}

/** Reads a statement, and who signed it. Throws `IntegrityError` where a signature does not fit what it stands under. */
export function readSigned(bytes: Uint8Array): { readonly document: SignedDocument; readonly keyId: string | null } {
  const fails = (says: string, cause?: unknown) => new IntegrityError('STATEMENT', `a statement of a person ${says}`, cause);
  let read: { readonly payload: Buffer; readonly signatures: readonly { readonly keyid: string; readonly sig: string }[]; readonly document: SignedDocument };
  try {
    const { payload: encoded, payloadType, signatures } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (payloadType !== PAYLOAD_TYPE) throw new RangeError(String(payloadType));
    const payload = Buffer.from(encoded, 'base64');
    read = { payload, signatures, document: JSON.parse(payload.toString('utf8')) };
    if (read.document.version !== 1) throw new RangeError(`version ${read.document.version}`);
  } catch (cause) {
    throw fails('cannot be read', cause);
  }
  const { payload, signatures, document } = read;
  const [signature, more] = signatures;
  if (!signature && document.publicKey === null) return { document, keyId: null };
  if (!signature || more || document.publicKey === null) throw fails('names another number of keys than of signatures');
  const spki = Buffer.from(document.publicKey, 'base64');
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  if (!isAccepted(key)) throw fails('is signed by a key that is neither ECDSA on P-256 nor Ed25519');
  if (!verify(digestFor(key), preAuthenticated(PAYLOAD_TYPE, payload), key, Buffer.from(signature.sig, 'base64')))
    throw fails('is not signed by the key that it names');
  const keyId = fingerprint(spki);
  if (keyId !== signature.keyid) throw fails('names a key by a fingerprint that is not its own');
  return { document, keyId };
}
