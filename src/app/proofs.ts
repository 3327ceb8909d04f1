import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Archive, CheckpointSummary, InclusionProof } from '../evidence/archive.ts';
import { consistencyFrom, inclusionFrom, rootFrom } from '../log/derive.ts';
import { verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { LogReader } from '../log/reader.ts';

/** That an earlier log is the beginning of a later one: RFC 6962 section 2.1.2. */
export interface ConsistencyProof {
  readonly from: { readonly size: number; readonly root: string };
  readonly to: { readonly size: number; readonly root: string };
  /** Base64. */
  readonly hashes: readonly string[];
}

/** A record as it was signed, and the leaf that it is. */
export interface Entry {
  readonly index: number;
  /** The DSSE envelope, JSON. */
  readonly envelope: string;
  /** The bytes that the leaf is the hash of. */
  readonly leaf: Uint8Array;
}

/** What is needed to verify the log without its tiles. */
export interface Proofs {
  /** The newest signed note, as it was published. */
  note(): Promise<{ readonly checkpoint: CheckpointSummary; readonly note: string; readonly verifierKey: string }>;
  entry(index: number): Promise<Entry>;
  /** In the tree of `size`, the newest unless said. Throws `ConfigurationError` where the log holds no such record, or no so many. */
  inclusion(index: number, size?: number): Promise<Omit<InclusionProof, 'note'>>;
  /** From a tree of `from` to one of `to`, the newest unless said. */
  consistency(from: number, to?: number): Promise<ConsistencyProof>;
}

export function proofsOf(archive: Archive): Proofs {
  const reader = () => new LogReader(archive.files, archive.verifier);
  const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');

  /** What the tiles of the signed log say of it when it held `asked` records. */
  async function treeOf(asked: number | undefined) {
    const log = reader();
    const { checkpoint } = await log.checkpoint();
    const size = asked ?? checkpoint.size;
    if (size < 1 || size > checkpoint.size) throw new ConfigurationError(`there is no log of ${size}: it holds ${checkpoint.size}, and proofs begin with 1.`);
    const tile = (level: number, index: number) => log.tile(level, index, checkpoint.size);
    return { size, origin: checkpoint.origin, tile, root: size === checkpoint.size ? checkpoint.root : await rootFrom(size, tile) };
  }

  return {
    async note() {
      const { checkpoint, note } = await reader().checkpoint();
      const { origin, size, root } = checkpoint;
      return { checkpoint: { origin, size, root: base64(root) }, note, verifierKey: archive.verifierKey };
    },

    async entry(index) {
      return { index, envelope: await archive.envelope(index), leaf: await archive.entry(index) };
    },

    async inclusion(index, asked) {
      const { size, origin, tile, root } = await treeOf(asked);
      if (index >= size) throw new ConfigurationError(`there is no record ${index} in a log of ${size}: they are numbered from 0.`);
      const { leaf, hashes } = await inclusionFrom(index, size, tile);
      if (!verifyInclusion(leaf, index, size, hashes, root)) throw new IntegrityError('INCLUSION', `record ${index} does not lead to the signed root`);
      return { index, leafHash: base64(leaf), hashes: hashes.map(base64), checkpoint: { origin, size, root: base64(root) } };
    },

    async consistency(earlier, asked) {
      const to = await treeOf(asked);
      if (earlier > to.size) throw new ConfigurationError(`a log of ${earlier} is no beginning of one of ${to.size}. Ask from the smaller to the larger.`);
      const from = await treeOf(earlier);
      const hashes = await consistencyFrom(from.size, to.size, to.tile);
      if (from.size < to.size && !verifyConsistency(from.size, to.size, hashes, from.root, to.root))
        throw new IntegrityError('CONSISTENCY', `the log of ${from.size} is not the beginning of that of ${to.size}`);
      return { from: { size: from.size, root: base64(from.root) }, to: { size: to.size, root: base64(to.root) }, hashes: hashes.map(base64) };
    },
  };
}
