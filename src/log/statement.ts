import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { hashedRekord, preAuthenticated, publicKeyIn } from './entry.ts';
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
export function sealStatement({ payloads, ...predicate }: Statement, signer: StatementSigner): Sealed {
  const document = {
    _type: STATEMENT_TYPE,
    subject: payloads.map(({ digest }, place) => ({ name: place === 0 ? 'detail' : `artifact-${place}`, digest: { sha256: digest } })),
    predicateType: `urn:tickmark:${predicate.head.kind}:v3`,
    predicate: {
      ...predicate,
      nonce: randomHex(16), // so that nobody can guess a statement from its leaf
      encoding: 'zstd, aes-256-ctr',
      payloads: payloads.map(({ size, place, keyDigest }) => ({ size, place, keyDigest })),
    },
  };
  const payload = Buffer.from(canonical(document as unknown as Json));
  const signed = preAuthenticated(PAYLOAD_TYPE, payload);
  const signature = sign('sha256', signed, signer.privateKey);
  return { envelope: envelopeOf(payload, signature), leaf: hashedRekord(signed, signature, signer.publicKey) };
}

/** The entry of the log that commits to a statement. */
export const leafOf = (payload: Buffer, signature: Buffer, publicKey: Buffer): Buffer =>
  hashedRekord(preAuthenticated(PAYLOAD_TYPE, payload), signature, publicKey);

function envelopeOf(payload: Buffer, signature: Buffer): Buffer {
  // Canonical as it is written: see the entry of the log.
  return Buffer.from(
    `{"payload":"${payload.toString('base64')}","payloadType":"${PAYLOAD_TYPE}","signatures":[{"keyid":"","sig":"${signature.toString('base64')}"}]}`,
  );
}

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
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('the key of the statement is not P-256');
  if (KEYS.size > 1000) KEYS.clear();
  KEYS.set(spki, key);
  return key;
}

/** Reads the statement in an envelope. Throws `IntegrityError` where leaf, signature and statement do not belong together. */
export function unsealStatement(index: number, leaf: Buffer, envelope: Buffer): Unsealed {
  const { statement, signed, signature } = read(index, leaf, envelope);
  if (!verify('sha256', signed, keyOf(statement.publicKey), signature)) throw fails(index, NOT_SIGNED);
  return statement;
}

/** The text of a statement, from the envelope that this program writes: its payload is the first member. */
export const statementIn = (envelope: Buffer): string =>
  Buffer.from(/^\{"payload":"([A-Za-z0-9+/=]*)"/.exec(envelope.toString('latin1'))?.[1] ?? '', 'base64').toString('utf8');

/** Whether it has the one spelling in which it is sealed, so that no key comes twice. Throws where it is no JSON. */
export function isCanonical(envelope: Buffer): boolean {
  const text = statementIn(envelope);
  return canonical(JSON.parse(text) as Json) === text;
}

const NOT_SIGNED = 'the signature of the statement does not fit';
const fails = (index: number, says: string, cause?: unknown): IntegrityError => new IntegrityError('STATEMENT', `record ${index}: ${says}`, cause);

/** All but the signature. */
function read(index: number, leaf: Buffer, envelope: Buffer): { readonly statement: Unsealed; readonly signed: Buffer; readonly signature: Buffer } {
  try {
    const { payload: encoded, signatures } = JSON.parse(envelope.toString('utf8')) as { payload: string; signatures: { sig: string }[] };
    const payload = Buffer.from(encoded, 'base64');
    const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64');
    const publicKey = publicKeyIn(leaf);
    const signed = preAuthenticated(PAYLOAD_TYPE, payload);
    if (!hashedRekord(signed, signature, Buffer.from(publicKey, 'base64')).equals(leaf))
      throw fails(index, 'the statement is not the one that its leaf commits to');
    // Base64 and JSON can be written in many ways that mean the same, and a record is known by the digest of its envelope.
    if (!envelopeOf(payload, signature).equals(envelope)) throw fails(index, 'the envelope is not written as it was when it was sealed');
    keyOf(publicKey);
    const { subject, predicateType, predicate } = JSON.parse(payload.toString('utf8')) as Document;
    if (!PREDICATE.test(predicateType)) throw fails(index, `a statement of the kind ${predicateType}, which this version does not read`);
    const { nonce: _, encoding: __, payloads, ...rest } = predicate;
    if (payloads.length !== subject.length) throw fails(index, 'the statement names another number of payloads than it describes');
    const named = payloads.map((it, place) => ({ ...it, digest: subject[place]?.digest.sha256 ?? '' }));
    return { statement: { ...rest, payloads: named, index, digest: sha256hex(envelope), publicKey }, signed, signature };
  } catch (error) {
    throw error instanceof IntegrityError ? error : fails(index, 'the statement cannot be read', error);
  }
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
