import type { Archive } from '../evidence/archive.ts';
import { sigstoreBundle, trustedRoot } from '../evidence/sigstore.ts';
import { tlogPolicy } from '../log/policy.ts';
import { tlogProof } from '../log/proof.ts';

/** The files that verifiers of other people read. Each is the whole text of one. */
export interface Standards {
  /** A Sigstore bundle v0.3. Throws `ConfigurationError` where there is no such record. */
  sigstoreBundle(index: number): Promise<string>;
  /** A C2SP `.tlog-proof`. Throws `ConfigurationError` where there is no such record. */
  tlogProof(index: number): Promise<string>;
  /** Sigstore's `trusted_root.json`. */
  trustedRoot(): string;
  /** A C2SP `policy`. */
  tlogPolicy(): string;
}

export function standardsOf(archive: Archive): Standards {
  const { verifierKey } = archive;
  return {
    async sigstoreBundle(index) {
      const [envelope, entry, proof] = [await archive.envelope(index), await archive.entry(index), await archive.proof(index)];
      return sigstoreBundle({ ...proof, envelope, entry, verifierKey });
    },

    async tlogProof(index) {
      const { hashes, note } = await archive.proof(index);
      return tlogProof({ index, hashes: hashes.map((hash) => Buffer.from(hash, 'base64')), checkpoint: note });
    },

    trustedRoot: () => trustedRoot(verifierKey),
    tlogPolicy: () => tlogPolicy({ logs: [{ key: verifierKey }], witnesses: [], groups: [], quorum: 'none' }),
  };
}
