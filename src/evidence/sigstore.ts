import { sha256 } from '../log/merkle.ts';
import { parseVerifierKey } from '../log/note.ts';
import { logId, sigstoreDocument } from '../log/trusted-root.ts';

/**
 * The document that Sigstore's verifiers read of a record. It holds nothing that the log does not hold: the same bytes
 * in another order. Shape: sigstore/protobuf-specs, `sigstore_bundle.proto`, as its JSON is written.
 */
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const KIND = { kind: 'hashedrekord', version: '0.0.2' };

export interface Bundled {
  readonly index: number;
  /** The DSSE envelope as it was signed, JSON. */
  readonly envelope: string;
  /** The entry of the log: the body of a Rekor v2 `hashedrekord`. */
  readonly entry: Uint8Array;
  /** Base64, from the leaf's sibling upwards. */
  readonly hashes: readonly string[];
  readonly checkpoint: { readonly size: number; readonly root: string };
  /** The signed checkpoint that the hashes lead to. */
  readonly note: string;
  /** The log's key, as `name+id+key`. */
  readonly verifierKey: string;
  /** RFC 3161 tokens over the envelope's signature, DER. */
  readonly timestamps?: readonly Uint8Array[];
}

/** A Sigstore bundle v0.3 of one record. */
export function sigstoreBundle({ index, envelope, entry, hashes, checkpoint, note, verifierKey, timestamps = [] }: Bundled): string {
  const { payload, payloadType, signatures } = JSON.parse(envelope) as Envelope;
  return sigstoreDocument({
    mediaType: BUNDLE,
    verificationMaterial: {
      publicKey: { hint: keyHint(statementKey(entry)) },
      tlogEntries: [
        {
          logIndex: String(index),
          logId: { keyId: logId(parseVerifierKey(verifierKey)) },
          kindVersion: KIND,
          integratedTime: '0', // a log's own word about time proves nothing, so it gives none
          inclusionProof: {
            logIndex: String(index),
            rootHash: checkpoint.root,
            treeSize: String(checkpoint.size),
            hashes,
            checkpoint: { envelope: note },
          },
          canonicalizedBody: base64(entry),
        },
      ],
      timestampVerificationData: { rfc3161Timestamps: timestamps.map((token) => ({ signedTimestamp: base64(token) })) },
    },
    dsseEnvelope: { payload, payloadType, signatures },
  });
}

/** Sigstore's name for a key that signs statements: base64 of the SHA-256 of its SubjectPublicKeyInfo. */
export const keyHint = (spki: Uint8Array): string => base64(sha256(spki));

/** The SubjectPublicKeyInfo that an entry names, DER. */
export function statementKey(entry: Uint8Array): Buffer {
  const { spec } = JSON.parse(Buffer.from(entry).toString('utf8')) as Entry;
  return Buffer.from(spec.hashedRekordV002.signature.verifier.publicKey.rawBytes, 'base64');
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

interface Entry {
  readonly spec: { readonly hashedRekordV002: { readonly signature: { readonly verifier: { readonly publicKey: { readonly rawBytes: string } } } } };
}
