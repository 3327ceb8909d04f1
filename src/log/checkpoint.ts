import { IntegrityError } from '../core/error.ts';
import { HASH_SIZE, type Hash } from './merkle.ts';
import { type NoteSigner, type NoteVerifier, parseNote, signNote, verifyNote } from './note.ts';

/** c2sp.org/tlog-checkpoint: what a log commits to. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root.toString('base64')}\n`;

/** A signed note; with a line for each key where the log's key is being replaced by another. */
export function signCheckpoint(checkpoint: Checkpoint, signers: NoteSigner | readonly NoteSigner[]): string {
  const text = checkpointText(checkpoint);
  const lines = [signers].flat().map((signer) => signNote(text, signer).slice(text.length + 1));
  return `${text}\n${lines.join('')}`;
}

/** Keys of a log, and for which sizes of it each signs. */
export interface LogVerifier extends NoteVerifier {
  readonly keys: readonly KeyPeriod[];
}

export interface KeyPeriod extends NoteVerifier {
  /** Sizes `[from, to)`; `null` while it signs. */
  readonly from: number;
  readonly to: number | null;
}

/** Reads a checkpoint that the log's key has signed: of several, one that signs at that size. Throws `IntegrityError`. */
export function readCheckpoint(bytes: Buffer, verifier: NoteVerifier | LogVerifier): Checkpoint {
  const keys = 'keys' in verifier ? verifier.keys : [{ ...verifier, from: 0, to: null }];
  const { signatures } = parseNote(bytes);
  const signed = keys.filter((key) => signatures.some(({ name, keyId }) => name === key.name && keyId.equals(key.keyId)));
  const [first = verifier] = signed;
  const checkpoint = parseCheckpoint(verifyNote(bytes, first), first);
  for (const key of signed.slice(1)) verifyNote(bytes, key);
  if (!signed.some(({ from, to }) => from <= checkpoint.size && (to === null || checkpoint.size < to)))
    throw new IntegrityError('KEY_PERIOD', `the checkpoint of size ${checkpoint.size} is signed by a key of ${first.name} that does not sign at that size`);
  return checkpoint;
}

/** What the text of a checkpoint says; whoever signed it. Throws `IntegrityError` where it is none of this log. */
export function parseCheckpoint(text: string, verifier: Pick<NoteVerifier, 'name'>): Checkpoint {
  const [origin = '', size = '', root = '', ...more] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  if (origin !== verifier.name) throw new IntegrityError('ORIGIN', `the checkpoint is of ${origin}, not of ${verifier.name}`);
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || !Number.isSafeInteger(Number(size))) throw new IntegrityError('CHECKPOINT', 'the checkpoint has no size');
  if (hash.length !== HASH_SIZE || hash.toString('base64') !== root || more.length !== 1 || more[0] !== '')
    throw new IntegrityError('CHECKPOINT', 'the checkpoint has no root');
  return { origin, size: Number(size), root: hash };
}

/** `checkpoints/<20-digit size>-<16 hex root>`. */
export const checkpointName = ({ size, root }: Pick<Checkpoint, 'size' | 'root'>): string =>
  `${String(size).padStart(20, '0')}-${root.toString('hex').slice(0, 16)}`;
