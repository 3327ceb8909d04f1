import { IntegrityError } from '../core/error.ts';
import { type Checkpoint, type KeyPeriod, type LogVerifier, readCheckpoint } from './checkpoint.ts';
import { isKey, type KeyHead, periodsOf } from './disposal.ts';
import { type NoteVerifier, parseVerifierKey, verifierKey } from './note.ts';
import type { Reading } from './reader.ts';
import type { Unsealed } from './statement.ts';

/** A key of a log in the place of another. */
export interface Succeeded {
  /** The record that introduces it. */
  readonly record: number;
  /** As c2sp.org/signed-note writes keys, both of them. */
  readonly key: string;
  readonly replaces: string;
  /** Size of the checkpoint that the replaced key signed, with that record in it. */
  readonly checkpoint: number;
}

/** What a log shows to whoever knows one of its keys. */
export interface Shown {
  /** Its records of keys, in their order: each is in the tree. */
  readonly about: Iterable<Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>>;
  /** Notes that may be checkpoints of a size in `[from, to)`; `null`: of any size from there on. Nothing in them is believed. */
  notes(from: number, to: number | null): AsyncIterable<Buffer> | Iterable<Buffer>;
  /** Whether the first records of the tree give the root of this checkpoint. */
  holds(checkpoint: Checkpoint): Promise<boolean>;
}

export interface Succession {
  /** The known key and those that follow it, with the sizes at which each signs. */
  readonly verifier: LogVerifier;
  /** From the known key on. */
  readonly followed: readonly Succeeded[];
  /** The first record that names a successor of the last of these keys, without a checkpoint of that key over it; `null` where none does. */
  readonly unshown: number | null;
}

/**
 * Follows the keys of a log from one that its reader knows. A successor counts where the record that introduces it is below
 * a checkpoint that the key before it signed while it did sign: whoever lacks that key cannot make one.
 */
export async function successionOf(known: NoteVerifier, { about, notes, holds }: Shown): Promise<Succession> {
  const told = [...about];
  const periods = new Map(periodsOf(told).flatMap((it) => (it.role === 'log' && it.who === known.name ? [[it.key, it] as const] : [])));
  const signing = (key: NoteVerifier): KeyPeriod => {
    const { from = 0, to = null } = periods.get(verifierKey(key)) ?? {};
    return { ...key, from, to };
  };
  const [keys, followed] = [[signing(known)], [] as Succeeded[]];
  let unshown: number | null = null;
  for (const { index, head } of told) {
    const last = keys.at(-1) as KeyPeriod;
    const next = isKey(head) ? successorIn(head, last) : null;
    if (!next) continue;
    const checkpoint = await over(index, last, { notes, holds });
    if (checkpoint === null) unshown ??= index;
    else {
      followed.push({ record: index, key: verifierKey(next), replaces: verifierKey(last), checkpoint });
      keys.push(signing(next));
      unshown = null;
    }
  }
  return { verifier: { ...(keys.at(-1) as KeyPeriod), keys }, followed, unshown };
}

function successorIn({ role, step, who, key, replaces }: KeyHead, last: NoteVerifier): NoteVerifier | null {
  if (role !== 'log' || step !== 'introduced' || who !== last.name || replaces !== verifierKey(last)) return null;
  const next = read(() => parseVerifierKey(key));
  return next?.name === last.name ? next : null;
}

/** Size of a checkpoint that this key signed over the record. */
async function over(record: number, key: KeyPeriod, { notes, holds }: Pick<Shown, 'notes' | 'holds'>): Promise<number | null> {
  for await (const note of notes(record + 1, key.to)) {
    const checkpoint = read(() => readCheckpoint(note, { ...key, keys: [key] }));
    if (checkpoint && checkpoint.size > record && (await holds(checkpoint))) return checkpoint.size;
  }
  return null;
}

function read<Read>(act: () => Read): Read | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof IntegrityError) return null; // whoever wrote it: it shows nothing
    throw error;
  }
}

/** Notes that an archive has kept, by the size that their names say. */
export async function* archivedNotes(files: Pick<Reading, 'list' | 'readPart'>, from: number, to: number | null): AsyncIterable<Buffer> {
  for (const name of await files.list('log/checkpoints')) {
    const size = Number(/^(\d{20})-[0-9a-f]{16}$/.exec(name)?.[1] ?? -1);
    const bytes = size >= from && (to === null || size < to) ? await files.readPart(`log/checkpoints/${name}`, 0, NOTE) : null;
    if (bytes) yield bytes;
  }
}

/** A note of 100 signatures needs less. */
const NOTE = 64 * 1024;

/** Why the newest checkpoint is not believed by whoever knows the first of these keys, and what to do. */
export function notFollowed({ verifier, followed, unshown }: Succession): string {
  const key = verifierKey(verifier);
  const last = followed.length === 0 ? key : `${key}, to which the key that is known leads`;
  return unshown === null
    ? `the newest checkpoint is not signed by ${last}, and no record introduces a key in the place of that one. Ask the company, on another way, which key signs now and which record says so.`
    : `the newest checkpoint is not signed by ${last}. Record ${unshown} says that another key takes the place of that one, but no checkpoint signed by it holds the record, so that anybody could have written it. Ask the company for the checkpoint of size ${unshown + 1} of its log/checkpoints, which that key must have signed.`;
}
