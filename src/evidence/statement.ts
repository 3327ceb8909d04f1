import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { sha256hex } from '../log/merkle.ts';
import { hashedRekord, preAuthenticated } from './entry.ts';
import type { Body, SealedRecord, Subject } from './record.ts';

/** DSSE over an in-toto Statement v1, and the leaf that commits to it: the body of a Rekor v2 `hashedrekord` 0.0.2. */
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATES: Readonly<Record<Body['kind'], string>> = { run: 'urn:tickmark:run:v1', configuration: 'urn:tickmark:configuration:v1' };

export interface StatementSigner {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Buffer;
}

export function statementSigner(pkcs8: string): StatementSigner {
  const privateKey = createPrivateKey(pkcs8);
  return { privateKey, publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'der' }) };
}

export interface Statement {
  readonly body: Body;
  readonly demo: boolean;
  readonly sealedAt: Instant;
  readonly subjects: readonly Subject[];
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
  /** SHA-256 of the envelope before it of the same collector, name and partition, hex; `null` of the first. */
  readonly prev: string | null;
}

export interface Sealed {
  readonly envelope: Buffer;
  readonly leaf: Buffer;
}

/** Signs a statement. The bytes that are signed are the bytes that are kept. */
export function seal({ body, demo, sealedAt, subjects, afterCheckpoint, prev }: Statement, signer: StatementSigner): Sealed {
  const predicate = {
    nonce: randomBytes(16).toString('hex'), // so that nobody can guess a statement from its leaf
    body,
    demo,
    sealedAt,
    encoding: 'plain',
    artifacts: subjects.map(({ digest: _, ...subject }) => subject),
    afterCheckpoint,
    prev,
  };
  const subject = subjects.map(({ name, digest }) => ({ name, digest: { sha256: digest } }));
  const payload = Buffer.from(canonical({ _type: STATEMENT_TYPE, subject, predicateType: PREDICATES[body.kind], predicate } as unknown as Json));
  const signed = preAuthenticated(PAYLOAD_TYPE, payload);
  const signature = sign('sha256', signed, signer.privateKey);
  const envelope = Buffer.from(
    canonical({ payload: payload.toString('base64'), payloadType: PAYLOAD_TYPE, signatures: [{ keyid: '', sig: signature.toString('base64') }] }),
  );
  return { envelope, leaf: hashedRekord(signed, signature, signer.publicKey) };
}

/** Which key signed a leaf (SPKI, base64), and the record that its envelope holds. Throws `IntegrityError` where they do not belong together. */
export function unseal(
  index: number,
  leaf: Buffer,
  envelope: Buffer,
): { readonly record: SealedRecord; readonly publicKey: string; readonly prev: string | null } {
  const fails = (says: string, cause?: unknown) => new IntegrityError('STATEMENT', `record ${index}: ${says}`, cause);
  try {
    const { payload: encoded, signatures } = JSON.parse(envelope.toString('utf8')) as { payload: string; signatures: { sig: string }[] };
    const payload = Buffer.from(encoded, 'base64');
    const signature = Buffer.from(signatures[0]?.sig ?? '', 'base64');
    const { spec } = JSON.parse(leaf.toString('utf8')) as { spec: { hashedRekordV002: { signature: { verifier: { publicKey: { rawBytes: string } } } } } };
    const publicKey = spec.hashedRekordV002.signature.verifier.publicKey.rawBytes;
    const signed = preAuthenticated(PAYLOAD_TYPE, payload);
    if (!hashedRekord(signed, signature, Buffer.from(publicKey, 'base64')).equals(leaf)) throw fails('the statement is not the one that its leaf commits to');
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (!verify('sha256', signed, key, signature)) throw fails('the signature of the statement does not fit');
    const { subject, predicate } = JSON.parse(payload.toString('utf8')) as { subject: { name: string; digest: { sha256: string } }[]; predicate: Predicate };
    const subjects = predicate.artifacts.map((artifact, place) => ({ ...artifact, digest: subject[place]?.digest.sha256 ?? '' }));
    const { body, demo, sealedAt, afterCheckpoint, prev } = predicate;
    return { publicKey, prev, record: { index, digest: sha256hex(envelope), sealedAt, demo, body, subjects, afterCheckpoint } };
  } catch (error) {
    throw error instanceof IntegrityError ? error : fails('the statement cannot be read', error);
  }
}

interface Predicate {
  readonly body: Body;
  readonly demo: boolean;
  readonly sealedAt: Instant;
  readonly artifacts: readonly Omit<Subject, 'digest'>[];
  readonly afterCheckpoint: { readonly size: number; readonly root: string };
  readonly prev: string | null;
}
