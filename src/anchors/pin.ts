import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { type Checkpoint, parseCheckpoint, readCheckpoint } from '../log/checkpoint.ts';
import { consistencyFrom, type ReadTile, rootFrom } from '../log/derive.ts';
import { isKey } from '../log/disposal.ts';
import { EMPTY_ROOT, leafHash, verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { type NoteVerifier, parseNote, parseVerifierKey, signaturesOf, verifierKey } from '../log/note.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { statementIn, type Unsealed, unsealStatement } from '../log/statement.ts';
import { archivedNotes, notFollowed, type Succeeded, successionOf } from '../log/succession.ts';
import { TILE_WIDTH } from '../log/tiles.ts';

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

/** A log that goes on from what was pinned, by which keys. */
export interface Followed extends Pin {
  /** Keys that took the place of the known one, in order; the last of them signs now. */
  readonly followed: readonly Succeeded[];
}

/**
 * Reads the checkpoint of a log in a folder (C2SP tlog-tiles) and demands that it continues the pinned one, and that it is
 * signed by the known key, or by one that records introduce under it. Without a pin the known key is the one that is given,
 * or else that of the log's own `log.json`. Throws {@link Contradiction} where history was changed, `IntegrityError` with
 * SIGNATURE where another key signs and nothing shows that it follows.
 */
export async function follow(folder: Reading, pinned: Pin | null, given: string | undefined): Promise<Followed> {
  const known = pinned?.key ?? parseGiven(given ?? (await keyIn(folder)));
  const log = new LogReader(asInWorkspace(folder), known);
  const bytes = await folder.read('checkpoint');
  if (!bytes) throw new IntegrityError('CHECKPOINT', 'there is no checkpoint in the folder of the log');
  const { key, followed } = hasSigned(bytes, known) ? { key: known, followed: [] } : await successor({ log, folder, known, pinned, bytes });
  if (pinned && given !== undefined && given !== verifierKey(pinned.key) && given !== verifierKey(key))
    throw new ConfigurationError('--key is not the key that was pinned, nor the one that took its place. Pin another log to another file.');
  const next: Followed = { key, checkpoint: readCheckpoint(bytes, key), note: bytes.toString('utf8'), followed };
  await requireOwnTiles(log, next.checkpoint);
  if (pinned) await requireContinued(log, pinned.checkpoint, next);
  return next;
}

const hasSigned = (note: Buffer, key: NoteVerifier): boolean => signaturesOf(parseNote(note), key).length > 0;

interface Unknown {
  readonly log: LogReader;
  readonly folder: Reading;
  readonly known: NoteVerifier;
  readonly pinned: Pin | null;
  /** The newest checkpoint, which the known key has not signed. */
  readonly bytes: Buffer;
}

/** The key that signed the checkpoint in the place of the known one. */
async function successor({ log, folder, known, pinned, bytes }: Unknown): Promise<Pick<Followed, 'key' | 'followed'>> {
  const claimed = parseCheckpoint(parseNote(bytes).text, known);
  await requireOwnTiles(log, claimed);
  const succession = await successionOf(known, {
    about: await keyRecords(log, claimed),
    async *notes(from, to) {
      yield* archivedNotes(asInWorkspace(folder), from, to);
      if (pinned) yield Buffer.from(pinned.note);
    },
    holds: (checkpoint) => isContinued(log, checkpoint, claimed),
  });
  const { verifier, followed } = succession;
  const place = verifier.keys.findIndex((key) => hasSigned(bytes, key));
  const key = verifier.keys[place];
  if (!key) throw new IntegrityError('SIGNATURE', notFollowed(succession));
  readCheckpoint(bytes, verifier); // one that was retired does not sign any more
  return { key, followed: followed.slice(0, place) };
}

/** The records of keys, each in the tree of this checkpoint. */
async function keyRecords(log: LogReader, { size, root }: Checkpoint): Promise<readonly Unsealed[]> {
  const found: Unsealed[] = [];
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++)
    for (const [place, envelope] of (await statementsOf(log, bundle, size)).entries()) {
      if (!statementIn(envelope).includes('"kind":"key"')) continue;
      const index = bundle * TILE_WIDTH + place;
      const entry = (await log.entries(bundle, size))[place] ?? Buffer.alloc(0);
      if (!verifyInclusion(leafHash(entry), index, size, (await log.inclusion(index, size)).hashes, root))
        throw new IntegrityError('ENTRY', `entry ${index} in the folder of the log is not the one that its tree commits to: the copy is damaged or incomplete`);
      const statement = unsealStatement(index, entry, envelope);
      if (isKey(statement.head)) found.push(statement);
    }
  return found;
}

async function statementsOf(log: LogReader, bundle: number, size: number): Promise<readonly Buffer[]> {
  try {
    return await log.statements(bundle, size);
  } catch (cause) {
    if (!(cause instanceof IntegrityError)) throw cause;
    const [key, says] = [verifierKey(log.verifier), cause.message];
    throw new IntegrityError(
      'SIGNATURE',
      `the checkpoint is not signed by ${key}, and whether the key that signed it follows from that one cannot be seen: ${says}. Take a copy of the whole folder of the log.`,
      cause,
    );
  }
}

function parseGiven(vkey: string): NoteVerifier {
  try {
    return parseVerifierKey(vkey);
  } catch (cause) {
    throw new ConfigurationError(`${vkey}: not the key of a log: name+id+base64.`, cause);
  }
}

async function keyIn(folder: Reading): Promise<string> {
  const bytes = await folder.read('log.json');
  const { verifierKey: vkey } = bytes ? (JSON.parse(bytes.toString('utf8')) as { readonly verifierKey?: unknown }) : {};
  if (typeof vkey !== 'string') throw new ConfigurationError('the folder of the log has no log.json that names its key. Say it: --key KEY.');
  return vkey;
}

/** Damage is told apart from deceit: these tiles are what the log itself signed. */
async function requireOwnTiles(log: LogReader, { size, root }: Checkpoint): Promise<void> {
  const derived = size === 0 ? EMPTY_ROOT : await rootFrom(size, tilesOf(log, size));
  if (!derived.equals(root))
    throw new IntegrityError('TILE', `the tiles of the log do not give the root that is signed for size ${size}: the copy is damaged or incomplete`);
}

async function requireContinued(log: LogReader, pinned: Checkpoint, { checkpoint, note }: Pin): Promise<void> {
  const { size } = checkpoint;
  if (size < pinned.size)
    throw new Contradiction('ROLLBACK', `the log has ${size} records, but had ${pinned.size} when it was pinned: ${pinned.size - size} are gone`, note);
  if (!(await isContinued(log, pinned, checkpoint)))
    throw new Contradiction(
      'FORK',
      `the log does not continue what was pinned: of its first ${pinned.size} records at least one was changed, dropped or added`,
      note,
    );
}

async function isContinued(log: LogReader, earlier: Checkpoint, { size, root }: Checkpoint): Promise<boolean> {
  if (earlier.size === 0 || earlier.size > size) return earlier.size === 0;
  return verifyConsistency(earlier.size, size, await consistencyFrom(earlier.size, size, tilesOf(log, size)), earlier.root, root);
}

const tilesOf =
  (log: LogReader, size: number): ReadTile =>
  (level, index) =>
    log.tile(level, index, size);

/** The folder of a log by the paths that it has within a workspace. */
function asInWorkspace(folder: Reading): Reading {
  const within = (path: string) => path.replace(/^log\//, '');
  return {
    read: (path) => folder.read(within(path)),
    readPart: (path, offset, length) => folder.readPart(within(path), offset, length),
    list: (path) => folder.list(within(path)),
  };
}
