import { ConfigurationError, IntegrityError } from '../core/error.ts';
import type { Files } from '../evidence/files.ts';
import { type Checkpoint, readCheckpoint } from '../log/checkpoint.ts';
import { consistencyFrom, type ReadTile, rootFrom } from '../log/derive.ts';
import { EMPTY_ROOT, verifyConsistency } from '../log/merkle.ts';
import { type NoteVerifier, parseVerifierKey, verifierKey } from '../log/note.ts';
import { decodeTile, levelSize, TILE_WIDTH, tilePath } from '../log/tiles.ts';

/** The last checkpoint that somebody outside holds, and the key that it was signed with. */
export interface Pin {
  readonly key: NoteVerifier;
  readonly checkpoint: Checkpoint;
  /** The signed note. */
  readonly note: string;
}

/** A log that does not continue what was pinned; both notes together prove it to anyone. */
export class Contradiction extends IntegrityError {
  readonly note: string;

  constructor(code: 'ROLLBACK' | 'FORK', message: string, note: string) {
    super(code, message);
    this.note = note;
  }
}

/** `log <key>` as in a C2SP tlog-policy file, an empty line, and the note as it was. */
export const formatPin = ({ key, note }: Pin): string => `log ${verifierKey(key)}\n\n${note}`;

export function parsePin(text: string, file: string): Pin {
  const [, vkey = '', note = ''] = /^log (\S+)\n\n([\s\S]*)$/.exec(text) ?? [];
  try {
    const key = parseVerifierKey(vkey);
    return { key, checkpoint: readCheckpoint(Buffer.from(note), key), note };
  } catch (cause) {
    throw new IntegrityError('PIN', `${file} is not what "tickmark log pin" wrote: what it held cannot be known any more. Put it back from a copy.`, cause);
  }
}

/**
 * Reads the checkpoint of a log in a folder (C2SP tlog-tiles) and demands that it continues the pinned one. Without a pin
 * the key is taken as given, or else from the log's own `log.json`. Throws {@link Contradiction} where history was changed.
 */
export async function follow(log: Pick<Files, 'read'>, pinned: Pin | null, given: string | undefined): Promise<Pin> {
  const key = pinned?.key ?? parseGiven(given ?? (await keyIn(log)));
  if (pinned && given !== undefined && given !== verifierKey(pinned.key))
    throw new ConfigurationError('--key is not the key that was pinned. Pin another log to another file.');
  const bytes = await log.read('checkpoint');
  if (!bytes) throw new IntegrityError('CHECKPOINT', 'there is no checkpoint in the folder of the log');
  const next: Pin = { key, checkpoint: readCheckpoint(bytes, key), note: bytes.toString('utf8') };
  await requireOwnTiles(log, next.checkpoint);
  if (pinned) await requireContinued(log, pinned.checkpoint, next);
  return next;
}

function parseGiven(vkey: string): NoteVerifier {
  try {
    return parseVerifierKey(vkey);
  } catch (cause) {
    throw new ConfigurationError(`${vkey}: not the key of a log: name+id+base64.`, cause);
  }
}

async function keyIn(log: Pick<Files, 'read'>): Promise<string> {
  const bytes = await log.read('log.json');
  const { verifierKey: vkey } = bytes ? (JSON.parse(bytes.toString('utf8')) as { readonly verifierKey?: unknown }) : {};
  if (typeof vkey !== 'string') throw new ConfigurationError('the folder of the log has no log.json that names its key. Say it: --key KEY.');
  return vkey;
}

/** Damage is told apart from deceit: these tiles are what the log itself signed. */
async function requireOwnTiles(log: Pick<Files, 'read'>, { size, root }: Checkpoint): Promise<void> {
  const derived = size === 0 ? EMPTY_ROOT : await rootFrom(size, tilesOf(log, size));
  if (!derived.equals(root))
    throw new IntegrityError('TILE', `the tiles of the log do not give the root that is signed for size ${size}: the copy is damaged or incomplete`);
}

async function requireContinued(log: Pick<Files, 'read'>, pinned: Checkpoint, { checkpoint, note }: Pin): Promise<void> {
  const { size, root } = checkpoint;
  if (size < pinned.size)
    throw new Contradiction('ROLLBACK', `the log has ${size} records, but had ${pinned.size} when it was pinned: ${pinned.size - size} are gone`, note);
  if (pinned.size === 0) return;
  const proof = await consistencyFrom(pinned.size, size, tilesOf(log, size));
  if (!verifyConsistency(pinned.size, size, proof, pinned.root, root))
    throw new Contradiction(
      'FORK',
      `the log does not continue what was pinned: of its first ${pinned.size} records at least one was changed, dropped or added`,
      note,
    );
}

const tilesOf =
  (log: Pick<Files, 'read'>, size: number): ReadTile =>
  async (level, index) => {
    const width = Math.min(TILE_WIDTH, levelSize(level, size) - index * TILE_WIDTH);
    const path = tilePath(level, index, width);
    const bytes = (await log.read(path)) ?? (await log.read(tilePath(level, index, TILE_WIDTH)))?.subarray(0, width * 32);
    if (!bytes) throw new IntegrityError('MISSING', `${path} is missing from the folder of the log`);
    return decodeTile(bytes, width, path);
  };
