import { IntegrityError } from '../core/error.ts';
import { HASH_SIZE, type Hash } from './merkle.ts';
import { type NoteSigner, type NoteVerifier, signNote, verifyNote } from './note.ts';

/** c2sp.org/tlog-checkpoint: what a log commits to. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root.toString('base64')}\n`;

export const signCheckpoint = (checkpoint: Checkpoint, signer: NoteSigner): string => signNote(checkpointText(checkpoint), signer);

/** Reads a checkpoint that the log's key has signed. Throws `IntegrityError`. */
export function readCheckpoint(bytes: Buffer, verifier: NoteVerifier): Checkpoint {
  const [origin = '', size = '', root = '', ...more] = verifyNote(bytes, verifier).split('\n');
  const hash = Buffer.from(root, 'base64');
  if (origin !== verifier.name) throw new IntegrityError('ORIGIN', `the checkpoint is of ${origin}, not of ${verifier.name}`);
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) throw new IntegrityError('CHECKPOINT', 'the checkpoint has no size');
  if (hash.length !== HASH_SIZE || hash.toString('base64') !== root || more.join('') !== '')
    throw new IntegrityError('CHECKPOINT', 'the checkpoint has no root');
  return { origin, size: Number(size), root: hash };
}

/** `checkpoints/<20-digit size>-<16 hex root>`. */
export const checkpointName = ({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string =>
  `${String(size).padStart(20, '0')}-${root.toString('hex').slice(0, 16)}`;
