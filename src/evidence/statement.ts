import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { sha256, sha256hex } from '../log/merkle.ts';
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
  const signature = sign('sha256', preAuthenticated(payload), signer.privateKey);
  return { envelope: envelopeOf(payload, signature), leaf: leafOf(payload, signature, signer.publicKey) };
}

/** DSSE v1 pre-authentication encoding. */
function preAuthenticated(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);
}

function envelopeOf(payload: Buffer, signature: Buffer): Buffer {
  return Buffer.from(
    canonical({ payload: payload.toString('base64'), payloadType: PAYLOAD_TYPE, signatures: [{ keyid: '', sig: signature.toString('base64') }] }),
  );
}

function leafOf(payload: Buffer, signature: Buffer, publicKey: Buffer): Buffer {
  return Buffer.from(
    canonical({
      apiVersion: '0.0.2',
      kind: 'hashedrekord',
      spec: {
        hashedRekordV002: {
          data: { algorithm: 'SHA2_256', digest: sha256(preAuthenticated(payload)).toString('base64') },
          signature: {
            content: signature.toString('base64'),
            verifier: { keyDetails: 'PKIX_ECDSA_P256_SHA_256', publicKey: { rawBytes: publicKey.toString('base64') } },
          },
        },
      },
    }),
  );
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
    if (!leafOf(payload, signature, Buffer.from(publicKey, 'base64')).equals(leaf)) throw fails('the statement is not the one that its leaf commits to');
    // Base64 and JSON can be written in many ways that mean the same, and a record is known by the digest of its envelope.
    if (!envelopeOf(payload, signature).equals(envelope)) throw fails('the envelope is not written as it was when it was sealed');
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    if (!verify('sha256', preAuthenticated(payload), key, signature)) throw fails('the signature of the statement does not fit');
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
