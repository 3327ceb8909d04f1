import { IntegrityError } from '../core/error.ts';
import { HASH_SIZE, type Hash } from './merkle.ts';

/** c2sp.org/tlog-witness, the body of `add-checkpoint`: a checkpoint, and how it continues the one that the witness knows. */
export interface AddCheckpoint {
  /** Size of the tree that the witness saw last; 0 where it saw none. */
  readonly old: number;
  readonly proof: readonly Hash[];
  /** The signed note. */
  readonly note: string;
}

/** A tree of 2^63 leaves needs no more. */
const MAX_PROOF = 63;

export const formatAddCheckpoint = ({ old, proof, note }: AddCheckpoint): string =>
  `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;

/** Everything in it is attacker-controlled. Throws `IntegrityError`; the note is not read yet. */
export function parseAddCheckpoint(bytes: Buffer): AddCheckpoint {
  const whole = bytes.toString('utf8');
  const end = whole.indexOf('\n\n');
  const [first = '', ...lines] = end < 0 ? [] : whole.slice(0, end).split('\n', MAX_PROOF + 2);
  const [, size] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (size === undefined || !Number.isSafeInteger(Number(size))) throw new IntegrityError('REQUEST', 'the first line is not "old" and a size');
  if (lines.length > MAX_PROOF) throw new IntegrityError('REQUEST', `the proof has more than ${MAX_PROOF} hashes`);
  return { old: Number(size), proof: lines.map(readHash), note: whole.slice(end + 2) };
}

function readHash(line: string): Hash {
  const hash = Buffer.from(line, 'base64');
  if (hash.length !== HASH_SIZE || hash.toString('base64') !== line) throw new IntegrityError('REQUEST', 'a line of the proof is not a hash in base64');
  return hash;
}
