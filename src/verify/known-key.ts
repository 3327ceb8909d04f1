import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { readCheckpoint } from '../log/checkpoint.ts';
import { type DescribedKey, DESCRIPTION, type LogDescription, logVerifier } from '../log/description.ts';
import { type NoteVerifier, parseNote, parseVerifierKey, signaturesOf, verifierKey } from '../log/note.ts';
import { archivedNotes, notFollowed, type Succeeded, successionOf } from '../log/succession.ts';
import type { Tree } from '../log/tree.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { RecordsTold } from './bundle-records.ts';
import { CHECKPOINT, EARLIER, YOURS } from './format.ts';
import type { Verdicts } from './verdict.ts';

/**
 * By which keys the newest checkpoint is read, before anything shows whose they are: by the one that its reader brings where
 * that has signed it, by those that the bundle names otherwise. {@link vouchedFor} says whether these follow from what its
 * reader knows. Throws `ConfigurationError` where there is no key at all.
 */
export function readingKeys(key: string | null, description: LogDescription | null, note: Buffer | null, said: Verdicts): NoteVerifier {
  const named = description && logVerifier(description);
  if (key === null) {
    if (named) return named;
    throw new ConfigurationError(`${DESCRIPTION} of the bundle cannot be read, and it would name the key of the log. Bring the key with --key.`);
  }
  const brought = keyBrought(key);
  if (!named) return brought;
  const isNamed = named.keys.some((its) => verifierKey(its) === key);
  if (!isNamed) said.say(DESCRIPTION, 'ALTERED', `it names another key of the log than ${key}`);
  return isNamed && note && !hasSigned(note, brought) ? named : brought;
}

function keyBrought(key: string): NoteVerifier {
  try {
    return parseVerifierKey(key);
  } catch (cause) {
    throw new ConfigurationError(`--key ${key}: ${(cause as Error).message}`, cause);
  }
}

/** Whether a line of the note is of this key: not yet that it fits. */
function hasSigned(note: Buffer, key: NoteVerifier): boolean {
  try {
    return signaturesOf(parseNote(note), key).length > 0;
  } catch (error) {
    if (error instanceof IntegrityError) return false; // no note at all: said by whoever reads it
    throw error;
  }
}

export interface Vouching {
  readonly files: BundleFiles;
  /** The newest checkpoint, read by {@link readingKeys}. */
  readonly note: Buffer;
  readonly reading: NoteVerifier;
  readonly key: string | null;
  readonly pin: Buffer | null;
  readonly tree: Tree | null;
  readonly told: Pick<RecordsTold, 'about' | 'keys'> | null;
}

export interface Vouched {
  /** All keys of the log, with the sizes at which they sign. */
  readonly verifier: NoteVerifier;
  /** Keys that took the place of the one that its reader knows, up to the one that signed the newest checkpoint. */
  readonly followed: readonly Succeeded[];
}

/**
 * Whether the newest checkpoint is signed by the key that its reader knows, or by one that follows it: by the key that was
 * brought or, without one, by that of the checkpoint that was brought. Says what is wrong where it is not.
 */
export async function vouchedFor({ files, note, reading, key, pin, tree, told }: Vouching, said: Verdicts): Promise<Vouched> {
  const known = key === null ? signerOf(pin, reading) : keyBrought(key);
  if (!known) return { verifier: reading, followed: [] };
  const succession = await successionOf(known, {
    about: told?.about ?? [],
    notes: (from, to) => notesIn(files, pin, from, to),
    holds: async ({ size, root }) => tree !== null && size <= tree.size && tree.rootAt(size).equals(root),
  });
  const { verifier, followed } = succession;
  const place = verifier.keys.findIndex((its) => hasSigned(note, its));
  const signed = verifier.keys[place];
  if (signed)
    said.attempt(CHECKPOINT, () => readCheckpoint(note, verifier)); // one that was retired does not sign any more
  else said.say(key === null ? YOURS : CHECKPOINT, 'ALTERED', notFollowed(succession));
  return { verifier: key === null ? reading : withOthers(signed ?? known, told?.keys ?? []), followed: followed.slice(0, Math.max(place, 0)) };
}

/** The key that signed the checkpoint which its reader has kept; `null` where the bundle names none that did: that is said of it. */
function signerOf(pin: Buffer | null, reading: NoteVerifier): NoteVerifier | null {
  const keys = 'keys' in reading ? (reading as ReturnType<typeof logVerifier>).keys : [reading];
  return (pin && keys.find((its) => hasSigned(pin, its))) ?? null;
}

/** What may be a checkpoint over the record of a key: what the bundle holds of the archive, and what its reader and its maker have kept. */
async function* notesIn(files: BundleFiles, pin: Buffer | null, from: number, to: number | null): AsyncIterable<Buffer> {
  yield* archivedNotes(files, from, to);
  const earlier = await files.readPart(EARLIER, 0, NOTE);
  for (const bytes of [pin, earlier]) if (bytes) yield bytes;
}

/** A note of 100 signatures needs less. */
const NOTE = 64 * 1024;

/** The log's other keys, as records name them in a tree that the known key vouches for: what was signed before it, and beside it, is verified by those. */
function withOthers(known: NoteVerifier, keys: readonly DescribedKey[]): NoteVerifier {
  const periods = keys.filter(({ role, who }) => role === 'log' && who === known.name);
  return periods.some(({ key }) => key === verifierKey(known))
    ? { ...known, ...logVerifier({ origin: known.name, verifierKey: verifierKey(known), periods }) }
    : known;
}

/** That a key took the place of another, and how that is shown. */
export const succeededLine = ({ record, key, replaces, checkpoint }: Succeeded): string =>
  `The key ${replaces} was replaced: record ${record} introduces ${key}, below the checkpoint of size ${checkpoint}, which the replaced key signed. Know the log by the newer key from now on.`;
