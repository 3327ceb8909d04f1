import { sha256 } from './merkle.ts';
import { type NoteVerifier, parseVerifierKey } from './note.ts';

/** What Sigstore's verifiers need of a log. Shape: sigstore/protobuf-specs, `sigstore_trustroot.proto`, as its JSON is written. */
const TRUSTED_ROOT = 'application/vnd.dev.sigstore.trustedroot+json;version=0.1';
const ED25519 = 1;
/** What precedes the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo: RFC 8410. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

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
  return sigstoreDocument({
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

/** All 32 bytes of what a note signature shortens to its key id: c2sp.org/signed-note. */
export const logId = ({ name, publicKey }: NoteVerifier): string =>
  base64(sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), publicKey])));

/** No key here ends at a date of its own: what it signed is dated by timestamps, and its retirement is in the log. */
const ALWAYS = { start: '1970-01-01T00:00:00Z' };

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** One spelling for all documents of Sigstore's shapes. */
export const sigstoreDocument = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
