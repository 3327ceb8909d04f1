import { constants, hash, type KeyLike, verify, X509Certificate } from 'node:crypto';
import { IntegrityError, TickmarkError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import { sha256 } from '../log/merkle.ts';
import { chainAt, isNamedBy, requireTimeStamping, type Trust } from './certificates.ts';
import { boolean, type Der, integer, nothing, objectIdentifier, octets, octetString, part, readDer, sequence } from './der.ts';

/** RFC 3161: what an authority says about the time at which it was shown a text. */
export interface Timestamp {
  readonly at: Instant;
  /** How far off its clock may be, as far as it says. */
  readonly accuracy: Duration | null;
  /** OID of the rules by which the authority works. */
  readonly policy: string;
  /** Of this timestamp among those of the authority, hexadecimal. */
  readonly serial: string;
  /** From the authority's certificate up to the root. */
  readonly chain: readonly X509Certificate[];
}

export interface Expected {
  /** What was shown: the text of a checkpoint, its signatures left out; or the signature of a statement. */
  readonly text: string | Uint8Array;
  readonly trust: Trust;
  readonly policy: string | null;
  /** What the query said; `null` of a token that was verified when it came, and is read again. */
  readonly nonce: bigint | null;
}

const SHA256 = '2.16.840.1.101.3.4.2.1';
const DIGESTS: Readonly<Record<string, string>> = { [SHA256]: 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512' };
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const CONTENT_TYPE = '1.2.840.113549.1.9.3';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE = '1.2.840.113549.1.9.16.2.12';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
const STATUS = ['granted', 'granted with changes', 'rejected', 'waiting', 'revocation warning', 'revoked'];

/** Section 2.4.1: TimeStampReq over the SHA-256 of it; the answer shall hold the certificate. */
export function timestampQuery(text: string | Uint8Array, { nonce, policy }: Pick<Expected, 'policy'> & { readonly nonce: bigint }): Buffer {
  const imprint = sequence(sequence(objectIdentifier(SHA256), nothing()), octetString(sha256(typeof text === 'string' ? Buffer.from(text) : text)));
  return sequence(integer(1n), imprint, ...(policy === null ? [] : [objectIdentifier(policy)]), integer(nonce), boolean(true));
}

/**
 * Verifies a TimeStampResp: status, imprint, nonce, policy, signature, that the certificate is the one signed for
 * (RFC 5816), that it is for time-stamping alone, and its chain at the time said. Throws `IntegrityError` with what is wrong.
 */
export function readTimestamp(response: Uint8Array, expected: Expected): Timestamp {
  const whole = readDer(response, 'the answer of the time-stamping authority');
  try {
    requireGranted(part(whole, 0));
    const data = signedData(part(whole, 1));
    const info = readInfo(data.content);
    compare(info, expected);
    const certificate = verifySigner(data);
    requireTimeStamping(certificate);
    return { ...info, chain: chainAt(certificate, info.at, expected.trust, data.certificates) };
  } catch (error) {
    if (error instanceof TickmarkError) throw error;
    throw new IntegrityError('TIMESTAMP', 'the answer of the time-stamping authority is not a timestamp response of RFC 3161', error);
  }
}

/**
 * When a stored token says that it was made. That its signer can be trusted was seen before it was stored; that nothing of
 * it was changed since is seen here. Throws `IntegrityError`.
 */
export function timeOf(response: Uint8Array): Instant {
  try {
    const data = signedData(part(readDer(response, 'the token'), 1));
    verifySigner(data);
    return readInfo(data.content).at;
  } catch (error) {
    throw new IntegrityError('TIMESTAMP', 'a stored timestamp token cannot be read, or was changed', error);
  }
}

/**
 * Whether Sigstore's verifiers can read the time of a stored token: to the second, or with three digits of a fraction.
 * RFC 3161 section 2.4.2 leaves zeros at the end of a fraction out, so that one in ten of an authority of milliseconds has fewer.
 */
export function isPlainlyTimed(response: Uint8Array): boolean {
  const info = readDer(signedData(part(readDer(response, 'the token'), 1)).content, 'the signed part of the timestamp');
  return /^\d{14}(\.\d{3})?Z$/.test(part(info, 4).value.toString('latin1'));
}

function requireGranted(status: Der): void {
  const code = Number(part(status, 0).toInteger());
  if (code === 0 || code === 1) return;
  const reason = status.subs[1]?.subs.map(({ value }) => value.toString('utf8')).join(' ') ?? '';
  throw new IntegrityError('REFUSED', `the time-stamping authority answered "${STATUS[code] ?? code}"${reason === '' ? '' : `: ${reason.slice(0, 200)}`}`);
}

interface SignedData {
  readonly content: Buffer;
  readonly certificates: readonly X509Certificate[];
  readonly signer: Der;
}

/** RFC 5652 section 5. */
function signedData(token: Der): SignedData {
  if (part(token, 0).toOID() !== SIGNED_DATA) throw new RangeError('not signed data');
  const data = part(token, 1, 0);
  const encapsulated = part(data, 2);
  if (part(encapsulated, 0).toOID() !== TST_INFO) throw new RangeError('what is signed is not a timestamp');
  const signers = part(data, data.subs.length - 1);
  if (signers.subs.length !== 1) throw new RangeError(`${signers.subs.length} signers`);
  const certificates = data.subs.slice(3).find(({ tag }) => tag.isContextSpecific(0))?.subs ?? [];
  return { content: octets(part(encapsulated, 1, 0)), certificates: certificates.map((it) => new X509Certificate(it.toDER())), signer: part(signers, 0) };
}

interface Info extends Omit<Timestamp, 'chain'> {
  readonly digest: string;
  readonly imprint: Buffer;
  readonly nonce: bigint | null;
}

/** Section 2.4.2, TSTInfo. */
function readInfo(content: Buffer): Info {
  const info = readDer(content, 'the signed part of the timestamp');
  if (part(info, 0).toInteger() !== 1n) throw new RangeError('an unknown version');
  const optional = info.subs.slice(5);
  const accuracy = optional.find(({ tag }) => tag.isUniversal() && tag.number === 0x10);
  return {
    policy: part(info, 1).toOID(),
    digest: part(info, 2, 0, 0).toOID(),
    imprint: octets(part(info, 2, 1)),
    serial: part(info, 3).value.toString('hex'),
    at: generalizedTime(part(info, 4)),
    accuracy: accuracy ? readAccuracy(accuracy) : null,
    nonce: optional.find(({ tag }) => tag.isInteger())?.toInteger() ?? null,
  };
}

/** UTC, with any fraction of a second: what is finer than milliseconds is cut off. */
function generalizedTime({ tag, value }: Der): Instant {
  const [, year, month, day, hour, minute, second, fraction = ''] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?Z$/.exec(value.toString('latin1')) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  if (!tag.isGeneralizedTime() || Number.isNaN(at)) throw new RangeError('not a time');
  return at;
}

function readAccuracy({ subs }: Der): Duration {
  const part = (is: (it: Der) => boolean) => subs.find(is)?.value.readUIntBE(0, Math.min(subs.find(is)?.value.length ?? 0, 6)) ?? 0;
  return part(({ tag }) => tag.isInteger()) * 1000 + part(({ tag }) => tag.isContextSpecific(0)) + part(({ tag }) => tag.isContextSpecific(1)) / 1000;
}

function compare(info: Info, { text, policy, nonce }: Expected): void {
  const digest = DIGESTS[info.digest];
  if (digest === undefined || !hash(digest, text, 'buffer').equals(info.imprint)) throw new IntegrityError('IMPRINT', 'the timestamp is of another text');
  if (nonce !== null && info.nonce !== nonce) throw new IntegrityError('NONCE', 'the timestamp answers another query: its nonce is not the one that was sent');
  if (policy !== null && info.policy !== policy) throw new IntegrityError('POLICY', `the timestamp was made under the policy ${info.policy}, not ${policy}`);
}

/** Section 2.4.2 and RFC 5652 section 5.4: the certificate whose key has signed these bytes. */
function verifySigner({ content, certificates, signer }: SignedData): X509Certificate {
  const attributes = signer.subs.find(({ tag }) => tag.isContextSpecific(0));
  if (!attributes) throw new RangeError('no signed attributes');
  const place = signer.subs.indexOf(attributes);
  const digest = DIGESTS[part(signer, place - 1, 0).toOID()];
  if (digest === undefined) throw new IntegrityError('ALGORITHM', 'the timestamp is signed over a digest that is not SHA-2');
  if (attribute(attributes, CONTENT_TYPE)?.toOID() !== TST_INFO) throw new RangeError('the attributes are of another content');
  const said = attribute(attributes, MESSAGE_DIGEST);
  if (!said || !octets(said).equals(hash(digest, content, 'buffer')))
    throw new IntegrityError('TOKEN_SIGNATURE', 'the signed digest is not that of the timestamp');

  const certificate = certificates.find((it) => isSignedFor(attributes, it));
  if (!certificate) throw new IntegrityError('CERTIFICATE', 'the timestamp does not hold the certificate that it names');
  const [issuer, serial] = part(signer, 1).subs;
  if (issuer && serial && !isNamedBy(certificate, issuer, serial))
    throw new IntegrityError('CERTIFICATE', 'the signer of the timestamp names another certificate');
  const signed = attributes.toDER();
  signed[0] = 0x31; // it is signed as a SET
  if (!verifies(part(signer, place + 1), digest, signed, certificate.publicKey, octets(part(signer, place + 2))))
    throw new IntegrityError('TOKEN_SIGNATURE', 'the signature of the time-stamping authority does not fit');
  return certificate;
}

const attribute = (attributes: Der, id: string): Der | undefined => attributes.subs.find((it) => part(it, 0).toOID() === id)?.subs[1]?.subs[0];

/** RFC 5035: the attribute names the certificate by its digest, so that no other with the same key can take its place. */
function isSignedFor(attributes: Der, certificate: X509Certificate): boolean {
  const [second, first] = [attribute(attributes, SIGNING_CERTIFICATE_V2), attribute(attributes, SIGNING_CERTIFICATE)];
  if (second) {
    const [algorithm, ...rest] = part(second, 0, 0).subs;
    if (!algorithm) return false;
    const named = algorithm.tag.isOctetString() ? algorithm : rest[0];
    const digest = algorithm.tag.isOctetString() ? 'sha256' : DIGESTS[part(algorithm, 0).toOID()];
    return digest !== undefined && named !== undefined && octets(named).equals(hash(digest, certificate.raw, 'buffer'));
  }
  // RFC 2634 knows SHA-1 only. It binds nothing that the chain and the signature do not bind already.
  return first !== undefined && octets(part(first, 0, 0, 0)).equals(hash('sha1', certificate.raw, 'buffer'));
}

const SIGNATURES: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
};
const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';

function verifies(algorithm: Der, digest: string, signed: Buffer, publicKey: KeyLike, signature: Buffer): boolean {
  const id = part(algorithm, 0).toOID();
  if (id === RSA) return verify(digest, signed, publicKey, signature);
  if (id === RSA_PSS)
    return verify(
      digest,
      signed,
      { key: publicKey as Exclude<KeyLike, string | Buffer>, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO },
      signature,
    );
  if (!(id in SIGNATURES)) throw new IntegrityError('ALGORITHM', `the timestamp is signed by an algorithm that is not known here: ${id}`);
  return verify(SIGNATURES[id], signed, publicKey, signature);
}
