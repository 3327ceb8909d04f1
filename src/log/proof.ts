import type { Hash } from './merkle.ts';

/** c2sp.org/tlog-proof: that an entry is in a log, in one file that needs no network to be checked. */
export interface OfflineProof {
  readonly index: number;
  /** From the leaf's sibling up to the child of the root: RFC 6962 section 2.1.1. */
  readonly hashes: readonly Hash[];
  /** The signed note, as it was published. Cosignatures stay in it. */
  readonly checkpoint: string;
  /** What only the application understands. Nothing protects it. */
  readonly extra?: Uint8Array;
}

/** The text of a `.tlog-proof` file. Throws `RangeError` on an index or a checkpoint that has no spelling there. */
export function tlogProof({ index, hashes, checkpoint, extra }: OfflineProof): string {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`not an index: ${index}`);
  if (!checkpoint.endsWith('\n') || !checkpoint.includes('\n\n')) throw new RangeError('not a signed checkpoint');
  return [
    'c2sp.org/tlog-proof@v1',
    ...(extra === undefined ? [] : [`extra ${Buffer.from(extra).toString('base64')}`]),
    `index ${index}`,
    ...hashes.map((hash) => hash.toString('base64')),
    '',
    checkpoint,
  ].join('\n');
}
