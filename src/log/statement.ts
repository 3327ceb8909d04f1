import { isUtf8 } from 'node:buffer';
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { hashedRekord, hashedRekordText, preAuthenticated, preAuthenticated64, preAuthentication, publicKeyIn } from './entry.ts';
import { sha256hex } from './merkle.ts';
import { randomHex } from './random.ts';

/** DSSE over an in-toto Statement v1, and the leaf that commits to it: the body of a Rekor v2 `hashedrekord` 0.0.2. */
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE = /^urn:tickmark:[a-z-]+:v3$/;

/** Where the ciphertext of a payload lies: `packs/<hh>/<pack>` from `offset` on, or a file of its own. */
export interface Place {
  /** SHA-256 of the pack as it was written, hex; `null` of a payload that has a file of its own. */
  readonly pack: string | null;
  readonly offset: number;
  /** Bytes of ciphertext. */
  readonly length: number;
}

/** One payload as its statement names it. */
export interface Payload {
  /** SHA-256 of the ciphertext, hex. No digest of the plain bytes is ever published: it could be guessed from. */
  readonly digest: string;
  /** SHA-256 of its key, as `keyDigestOf` makes it: no other key opens it to anything else. */
  readonly keyDigest: string;
  /** Bytes of the plain payload. */
  readonly size: number;
  readonly place: Place;
}

/** Tells payloads apart: the same ciphertext under another key would be another. */
export const payloadName = ({ digest, keyDigest }: Pick<Payload, 'digest' | 'keyDigest'>): string => `${digest} ${keyDigest}`;

/** What a statement says in the open: nothing personal, for it can never be taken back. */
export interface Head {
  readonly kind: string;
  readonly [key: string]: Json;
}

export interface Statement {
  /** Names this record wherever it is submitted again, hex. */
  readonly id: string;
  /** The line of records that this one continues: a collector, its name and partition; or a kind of record. */
  readonly line: string;
  /** Numbers the records of the line from 1, without a gap. */
  readonly seq: number;
  /** SHA-256 of the envelope before it in the line, hex; `null` of the first. */
  readonly prev: string | null;
  readonly head: Head;
  readonly demo: boolean;
  readonly sealedAt: Instant;
  /** Retention class and quarter, whose key wraps the keys of its payloads: `evidence/2026-Q4`. */
  readonly era: string;
  /** The first holds what the record says in confidence, the others what the source said. */
  readonly payloads: readonly Payload[];
  /** The log that stood when the statement was made. */
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
}

/** What numbers its records together: a collector, a name, a partition; of all else, the kind. Neither id nor name holds a space. */
export const lineOf = ({ kind, collector, name, partition }: Numbered): string =>
  kind === 'run' ? `${(collector as { readonly id: string }).id} ${String(name)} ${String(partition)}` : kind;

/** A head, or what one is made of. */
type Numbered = Pick<Head, 'kind'> & { readonly collector?: unknown; readonly name?: unknown; readonly partition?: unknown };

/** Who signs a statement: a collector, or the workspace itself. */
export const signerOf = ({ kind, collector }: Head): string => (kind === 'run' ? String((collector as { readonly id: string }).id) : 'workspace');

export interface StatementSigner {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
}

export function statementSigner(pkcs8: string): StatementSigner {
  const privateKey = createPrivateKey(pkcs8);
  return { privateKey, publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }) };
}

export interface Sealed {
  readonly envelope: Buffer;
  readonly leaf: Buffer;
}

/** Signs a statement. The bytes that are signed are the bytes that are kept. */
export const sealStatement = (statement: Statement, signer: StatementSigner): Sealed => signSpelled(spell(statement), statement.prev, signer);

/** A statement in its canonical spelling, but for the digest of the one before it. */
export interface Spelled {
  readonly before: string;
  readonly after: string;
}

/** Throws `RangeError` where it has no canonical spelling. */
export function spell({ payloads, head, afterCheckpoint, demo, era, id, line, sealedAt, seq }: Omit<Statement, 'prev'>): Spelled {
  const described = payloads.map(
    ({ size, place: { pack, offset, length }, keyDigest }) =>
      `{"keyDigest":${canonical(keyDigest)},"place":{"length":${canonical(length)},"offset":${canonical(offset)},"pack":${canonical(pack)}},"size":${canonical(size)}}`,
  );
  const subject = payloads.map(({ digest }, place) => `{"digest":{"sha256":${canonical(digest)}},"name":"${place === 0 ? 'detail' : `artifact-${place}`}"}`);
  const nonce = randomHex(16); // so that nobody can guess a statement from its leaf
  return {
    before:
      `{"_type":"${STATEMENT_TYPE}","predicate":{"afterCheckpoint":${canonical({ root: afterCheckpoint.root, size: afterCheckpoint.size })},` +
      `"demo":${canonical(demo)},"encoding":"zstd, aes-256-ctr","era":${canonical(era)},"head":${canonical(head)},"id":${canonical(id)},` +
      `"line":${canonical(line)},"nonce":"${nonce}","payloads":[${described.join(',')}],"prev":`,
    after: `,"sealedAt":${canonical(sealedAt)},"seq":${canonical(seq)}},"predicateType":${canonical(`urn:tickmark:${head.kind}:v3`)},"subject":[${subject.join(',')}]}`,
  };
}

export function signSpelled({ before, after }: Spelled, prev: string | null, signer: StatementSigner): Sealed {
  const text = `${before}${prev === null ? 'null' : `"${prev}"`}${after}`;
  const encoding = preAuthentication(PAYLOAD_TYPE, Buffer.byteLength(text));
  const signed = Buffer.from(`${encoding}${text}`);
  const signature = sign('sha256', signed, signer.privateKey);
  return { envelope: envelopeOf(signed.subarray(encoding.length), signature), leaf: hashedRekord(signed, signature, signer.publicKey) };
}

/** The entry of the log that commits to a statement. */
export const leafOf = (payload: Buffer, signature: Buffer, publicKey: Buffer): Buffer =>
  hashedRekord(preAuthenticated(PAYLOAD_TYPE, payload), signature, publicKey);

const BEFORE = '{"payload":"';
const BETWEEN = `","payloadType":"${PAYLOAD_TYPE}","signatures":[{"keyid":"","sig":"`;
const AFTER = '"}]}';

/** Canonical as it is written: see the entry of the log. */
const envelopeOf = (payload: Buffer, signature: Buffer): Buffer =>
  Buffer.from(`${BEFORE}${payload.toString('base64')}${BETWEEN}${signature.toString('base64')}${AFTER}`, 'latin1');

/** A statement as the log holds it. */
export interface Unsealed extends Statement {
  readonly index: number;
  /** SHA-256 of the DSSE envelope, hex: the digest a record is known by. */
  readonly digest: string;
  /** Which key signed it: SPKI, base64. */
  readonly publicKey: string;
}

const KEYS = new Map<string, KeyObject>();

/** Imported once: a log has few keys and many statements. */
function keyOf(spki: string): KeyObject {
  const known = KEYS.get(spki);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  const spelled = Buffer.from(spki, 'base64').toString('base64');
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('the key of the statement is not P-256');
  if (KEYS.size > 1000) KEYS.clear();
  if (spelled === spki) KEYS.set(spki, key);
  return key;
}

/** Reads the statement in an envelope. Throws `IntegrityError` where leaf, signature and statement do not belong together. */
export const unsealStatement = (index: number, leaf: Buffer, envelope: Buffer): Unsealed => readVouched(index, vouch(index, leaf, envelope));

/** The text of a statement that its leaf and its signature vouch for. */
export interface Vouched {
  readonly text: string;
  readonly digest: string;
  readonly publicKey: string;
}

/** All that makes a text a statement of the log, but for what it says. Throws `IntegrityError`. */
export function vouch(index: number, leaf: Buffer, envelope: Buffer): Vouched {
  const { its, signed, signature, key } = claimed(index, leaf, envelope);
  try {
    if (!verify('sha256', signed, key, signature)) throw unsigned(index);
  } catch (error) {
    throw error instanceof IntegrityError ? error : fails(index, UNREADABLE, error);
  }
  return its;
}

/** The same, where the arithmetic of the signature is done beside this thread. */
export async function vouchAside(index: number, leaf: Buffer, envelope: Buffer): Promise<Vouched> {
  const claim = claimed(index, leaf, envelope);
  const fits = await new Promise<boolean>((told) => verifyAside(claim, told));
  return fits ? claim.its : vouch(index, leaf, envelope); // what is wrong with it is said by whoever verifies it alone
}

/** Verifies a signature beside this thread, and tells whether it is one: it is most of the work, and needs nothing of the process. */
export function verifyAside({ signed, signature, key }: Claimed, told: (fits: boolean) => void): void {
  if (WAITING.length === 0) queueMicrotask(verifyWaiting);
  WAITING.push(() => {
    try {
      verify('sha256', signed, key, signature, (error, answer) => told(error === null && answer));
    } catch {
      told(false); // its own fault, and not that of those that wait beside it
    }
  });
  if (WAITING.length >= TOGETHER) verifyWaiting();
}

/**
 * Signatures are handed over many at a time: one that comes alone finds a thread asleep, and to wake it costs this one
 * a good part of what the thread then does; of many only the first few do.
 */
const WAITING: (() => void)[] = [];
const TOGETHER = 64;

function verifyWaiting(): void {
  for (const begin of WAITING.splice(0)) begin();
}

/** A statement whose signature is yet to be verified: all else makes it one of the log. */
export interface Claimed {
  readonly its: Vouched;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
  readonly key: KeyObject;
}

/** All but whether the signature is one. Throws `IntegrityError`. Of what is written as this program writes it, text is compared; whatever else comes is taken apart to say what is wrong with it. */
export function claimed(index: number, leaf: Buffer, envelope: Buffer): Claimed {
  return asWritten(leaf, envelope) ?? takenApart(index, leaf, envelope);
}

/** `null` where any byte is not as it would be written again. */
function asWritten(leaf: Buffer, envelope: Buffer): Claimed | null {
  const written = envelope.toString('latin1');
  const end = written.indexOf(BETWEEN);
  const publicKey = publicKeyIn(leaf);
  const key = KEYS.get(publicKey); // one whose spelling was seen to be the only one
  if (key === undefined || end < 0 || !written.startsWith(BEFORE) || !written.endsWith(AFTER)) return null;
  const [encoded, signature64] = [written.slice(BEFORE.length, end), written.slice(end + BETWEEN.length, -AFTER.length)];
  const signature = Buffer.from(signature64, 'base64');
  const { signed, payload } = preAuthenticated64(PAYLOAD_TYPE, encoded);
  if (payload.toString('base64') !== encoded || signature.toString('base64') !== signature64 || !isUtf8(payload)) return null;
  if (hashedRekordText(signed, signature64, publicKey) !== leaf.toString('latin1')) return null;
  return { its: { text: payload.toString('utf8'), digest: sha256hex(envelope), publicKey }, signed, signature, key };
}

function takenApart(index: number, leaf: Buffer, envelope: Buffer): Claimed {
  try {
    const [payload, signature] = partsOf(envelope);
    const publicKey = publicKeyIn(leaf);
    const signed = preAuthenticated(PAYLOAD_TYPE, payload);
    if (!hashedRekord(signed, signature, Buffer.from(publicKey, 'base64')).equals(leaf))
      throw fails(index, 'the statement is not the one that its leaf commits to');
    // Base64 and JSON can be written in many ways that mean the same, and a record is known by the digest of its envelope.
    if (!envelopeOf(payload, signature).equals(envelope)) throw fails(index, 'the envelope is not written as it was when it was sealed');
    return { its: { text: textOf(payload), digest: sha256hex(envelope), publicKey }, signed, signature, key: keyOf(publicKey) };
  } catch (error) {
    throw error instanceof IntegrityError ? error : fails(index, UNREADABLE, error);
  }
}

/** What it says. Throws `IntegrityError`; where `strict`, also of one that is not spelled as it is sealed, so that a key may come twice. */
export function readVouched(index: number, { text, digest, publicKey }: Vouched, strict = false): Unsealed {
  try {
    const document = JSON.parse(text) as Json;
    if (strict && canonical(document) !== text) throw fails(index, 'the statement is not spelled canonically: it could mean two things');
    const { subject, predicateType, predicate } = document as unknown as Document;
    if (!PREDICATE.test(predicateType)) throw fails(index, `a statement of the kind ${predicateType}, which this version does not read`);
    if (predicateType !== `urn:tickmark:${predicate.head.kind}:v3`) throw fails(index, `it says that it is of the kind ${predicateType}, and is of another`);
    const { id, line, seq, prev, head, demo, sealedAt, era, payloads, afterCheckpoint } = predicate;
    if (payloads.length !== subject.length) throw fails(index, 'the statement names another number of payloads than it describes');
    const named = payloads.map(
      ({ keyDigest, size, place: its }, place): Payload => ({ digest: subject[place]?.digest.sha256 ?? '', keyDigest, size, place: its }),
    );
    return { id, line, seq, prev, head, demo, sealedAt, era, payloads: named, afterCheckpoint, index, digest, publicKey };
  } catch (error) {
    throw error instanceof IntegrityError ? error : fails(index, UNREADABLE, error);
  }
}

/** The text of a statement, from the envelope that this program writes: its payload is the first member. */
export const statementIn = (envelope: Buffer): string =>
  Buffer.from(/^\{"payload":"([A-Za-z0-9+/=]*)"/.exec(envelope.toString('latin1'))?.[1] ?? '', 'base64').toString('utf8');

/** What is signed are bytes: those that are no text could be read in more than one way. */
function textOf(payload: Buffer): string {
  if (!isUtf8(payload)) throw new TypeError('not UTF-8');
  return payload.toString('utf8');
}

const UNREADABLE = 'the statement cannot be read';
const unsigned = (index: number): IntegrityError => fails(index, 'the signature of the statement does not fit');
const fails = (index: number, says: string, cause?: unknown): IntegrityError => new IntegrityError('STATEMENT', `record ${index}: ${says}`, cause);

/** Payload and signature. What is written in any other way than this program does is told by whoever writes it again. */
function partsOf(envelope: Buffer): readonly [payload: Buffer, signature: Buffer] {
  const text = envelope.toString('latin1');
  const end = text.indexOf(BETWEEN);
  if (text.startsWith(BEFORE) && end > 0 && text.endsWith(AFTER))
    return [Buffer.from(text.slice(BEFORE.length, end), 'base64'), Buffer.from(text.slice(end + BETWEEN.length, -AFTER.length), 'base64')];
  const { payload, signatures } = JSON.parse(envelope.toString('utf8')) as { payload: string; signatures: { sig: string }[] };
  return [Buffer.from(payload, 'base64'), Buffer.from(signatures[0]?.sig ?? '', 'base64')];
}

interface Document {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Omit<Statement, 'payloads'> & {
    readonly nonce: string;
    readonly encoding: string;
    readonly payloads: readonly Omit<Payload, 'digest'>[];
  };
}
