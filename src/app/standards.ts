import type { Archive } from '../evidence/archive.ts';
import { sigstoreBundle } from '../evidence/sigstore.ts';
import { policyOf } from '../log/policy.ts';
import { tlogProof } from '../log/proof.ts';
import { type TimestampAuthority, trustedRoot } from '../log/trusted-root.ts';

/** The files that verifiers of other people read. Each is the whole text of one. */
export interface Standards {
  /** A Sigstore bundle v0.3. Throws `ConfigurationError` where there is no such record. */
  sigstoreBundle(index: number): Promise<string>;
  /** Tokens of RFC 3161 that the bundle of a record holds, DER. */
  timestamps(index: number): Promise<readonly Uint8Array[]>;
  /** A C2SP `.tlog-proof`. Throws `ConfigurationError` where there is no such record. */
  tlogProof(index: number): Promise<string>;
  /** Sigstore's `trusted_root.json`. */
  trustedRoot(): Promise<string>;
  /** A C2SP `policy`. */
  tlogPolicy(): string;
}

/** What time-stamping authorities have said of single records, and who they are. */
export interface Timestamps {
  /** Tokens of RFC 3161 over the signature of a record, DER. */
  of(record: number): Promise<readonly Uint8Array[]>;
  authorities(): Promise<readonly TimestampAuthority[]>;
}

const NONE: Timestamps = { of: async () => [], authorities: async () => [] };

export function standardsOf(archive: Archive, timestamps: Timestamps = NONE): Standards {
  const { verifierKey } = archive;
  return {
    async sigstoreBundle(index) {
      const [envelope, entry, proof] = [await archive.envelope(index), await archive.entry(index), await archive.proof(index)];
      return sigstoreBundle({ ...proof, envelope, entry, verifierKey, timestamps: await timestamps.of(index) });
    },

    timestamps: (index) => timestamps.of(index),

    async tlogProof(index) {
      const { hashes, note } = await archive.proof(index);
      return tlogProof({ index, hashes: hashes.map((hash) => Buffer.from(hash, 'base64')), checkpoint: note });
    },

    trustedRoot: async () => trustedRoot(verifierKey, await timestamps.authorities()),
    tlogPolicy: () => policyOf(verifierKey),
  };
}
