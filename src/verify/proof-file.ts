import { IntegrityError } from '../core/error.ts';
import { HASH_SIZE, type Hash } from '../log/merkle.ts';

const HEADER = 'c2sp.org/tlog-proof@v1\n';
/** A tree of 2^53 leaves needs no more. */
const MOST = 64;

/**
 * The hashes of a `.tlog-proof` (c2sp.org/tlog-proof) that is about this record and holds this very checkpoint.
 * Whether they lead to its root is for the caller to see. Throws `IntegrityError`.
 */
export function readProof(bytes: Buffer, index: number, checkpoint: Buffer): readonly Hash[] {
  const fails = (says: string) => new IntegrityError('PROOF', `its proof ${says}`);
  if (bytes.length < checkpoint.length || !bytes.subarray(-checkpoint.length).equals(checkpoint)) throw fails('does not end with the checkpoint of the bundle');
  const head = bytes.toString('latin1', 0, bytes.length - checkpoint.length);
  const start = `${HEADER}index ${index}\n`;
  if (!head.startsWith(start) || !head.endsWith('\n\n')) throw fails(`is not a proof of record ${index}`);
  const lines = head
    .slice(start.length, -1)
    .split('\n', MOST + 2)
    .slice(0, -1);
  if (lines.length > MOST) throw fails(`has more than ${MOST} hashes`);
  return lines.map((line) => {
    const hash = Buffer.from(line, 'base64');
    if (hash.length !== HASH_SIZE || hash.toString('base64') !== line) throw fails('has a line that is not a hash in base64');
    return hash;
  });
}
