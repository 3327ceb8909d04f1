import { sha256 } from '../log/merkle.ts';
import { type NoteVerifier, parseVerifierKey } from '../log/note.ts';

/**
 * The documents that Sigstore's verifiers read: a bundle for each record, and the trusted root of the log. They hold
 * nothing that the log does not hold; they are the same bytes in another order.
 *
 * Shapes: sigstore/protobuf-specs, `sigstore_bundle.proto` and `sigstore_trustroot.proto`, as their JSON is written.
 */
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const TRUSTED_ROOT = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
const KIND = { kind: 'hashedrekord', version: '0.0.2' };
const ED25519 = 1;
/** What precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo: RFC 8410. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

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
  return document({
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

/** One timestamp authority whose tokens count. */
export interface TimestampAuthority {
  readonly uri: string;
  readonly subject: { readonly organization: string; readonly commonName: string };
  /** DER, from the certificate that signs tokens up to the root. */
  readonly certificates: readonly Uint8Array[];
}

/** The trusted root of one log. Keys of statements are not part of it: a verifier is given them by hint. */
export function trustedRoot(verifierKey: string, timestampAuthorities: readonly TimestampAuthority[] = []): string {
  const verifier = parseVerifierKey(verifierKey);
  return document({
    mediaType: TRUSTED_ROOT,
    tlogs: [
      {
        baseUrl: `https://${verifier.name}`,
        hashAlgorithm: 'SHA2_256',
        publicKey: { rawBytes: base64(Buffer.concat([SPKI, verifier.publicKey])), keyDetails: 'PKIX_ED25519', validFor: ALWAYS },
        logId: { keyId: logId(verifier) },
      },
    ],
    certificateAuthorities: [],
    ctlogs: [],
    timestampAuthorities: timestampAuthorities.map(({ uri, subject, certificates }) => ({
      subject,
      uri,
      certChain: { certificates: certificates.map((certificate) => ({ rawBytes: base64(certificate) })) },
      validFor: ALWAYS,
    })),
  });
}

/** Sigstore's name for a key that signs statements: base64 of the SHA-256 of its SubjectPublicKeyInfo. */
export const keyHint = (spki: Uint8Array): string => base64(sha256(spki));

/** The SubjectPublicKeyInfo that an entry names, DER. */
export function statementKey(entry: Uint8Array): Buffer {
  const { spec } = JSON.parse(Buffer.from(entry).toString('utf8')) as Entry;
  return Buffer.from(spec.hashedRekordV002.signature.verifier.publicKey.rawBytes, 'base64');
}

/** All 32 bytes of what a note signature shortens to its key id: c2sp.org/signed-note. */
const logId = ({ name, publicKey }: NoteVerifier): string => base64(sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey])));

/** No key here ends at a date of its own: what it signed is dated by timestamps, and its retirement is in the log. */
const ALWAYS = { start: '1970-01-01T00:00:00Z' };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const document = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

interface Entry {
  readonly spec: { readonly hashedRekordV002: { readonly signature: { readonly verifier: { readonly publicKey: { readonly rawBytes: string } } } } };
}
