import { IntegrityError } from '../core/error.ts';
import { type Checkpoint, checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { rootFrom } from '../log/derive.ts';
import { EMPTY_ROOT, type Hash } from '../log/merkle.ts';
import { STAGING } from '../log/paths.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { decodeBundle, encodeBundle } from '../log/tiles.ts';
import { edgeRoot, readEdge, type Staged } from './edge.ts';
import type { Keys } from './keys.ts';
import type { Objects } from './objects.ts';
import type { Place } from './place.ts';

/** Makes a committed batch public, its checkpoint last. Again is fine. */
export async function publish(files: Objects, staged: Staged, note: Buffer): Promise<void> {
  await files.create(staged);
  await files.replace('log/checkpoint', note);
}

/** The table of what an interruption may have left behind, and what to do. */
export async function recover({ objects: files, coordination, keys }: Place): Promise<Buffer> {
  const [lock, published] = [await coordination.committed(), await files.read('log/checkpoint')];
  if (!lock) throw new IntegrityError('LOCK', 'there is no committed checkpoint: the state folder or the database was moved or restored in part');
  const committed = readCheckpoint(lock, keys.verifier);
  const shown = published ? readCheckpoint(published, keys.verifier) : { ...committed, size: 0, root: EMPTY_ROOT };
  if (shown.size > committed.size) throw rolledBack(shown.size, committed.size);
  if (shown.size === committed.size && !shown.root.equals(committed.root)) throw new IntegrityError('FORK', `two roots are signed for size ${shown.size}`);
  const name = checkpointName(committed);
  if (shown.size < committed.size || !published) {
    const staging = await files.read(`${STAGING}/${name}`);
    const staged = staging ? decodeStaging(staging) : [];
    if (shown.size > 0 && !(await rootAt(shown.size, committed, overlaid(files, staged), keys)).equals(shown.root))
      throw new IntegrityError('FORK', `the log is published up to ${shown.size}, and what was committed up to ${committed.size} does not continue it`);
    if (staging) await publish(files, staged, lock);
    else {
      const reader = new LogReader(files, keys.verifier);
      if (!edgeRoot(await readEdge(reader, committed)).equals(committed.root))
        throw new IntegrityError('TORN', `the batch up to ${committed.size} was committed, but its tiles are not there`);
      await files.create([[`log/checkpoints/${name}`, lock]]);
      await files.replace('log/checkpoint', lock);
    }
  }
  // A larger batch may be that of a process which has lost its turn and does not know yet: it goes when the log is past it.
  for (const left of await files.list(STAGING)) if (Number(left.slice(0, 20)) <= committed.size) await files.remove(`${STAGING}/${left}`);
  return lock;
}

export const rolledBack = (published: number, committed: number): IntegrityError =>
  new IntegrityError(
    'ROLLBACK',
    `the log is published up to ${published}, but its lock stands at ${committed}: an older state folder, or an older database, was put back`,
  );

/** The root that the log had at a smaller size, by the tiles of the larger one. */
function rootAt(size: number, { size: whole }: Checkpoint, files: Reading, keys: Keys): Promise<Hash> {
  const reader = new LogReader(files, keys.verifier);
  return rootFrom(size, (level, index) => reader.tile(level, index, whole));
}

/** The files as they will be once these are written. */
function overlaid(files: Objects, staged: Staged): Reading {
  const over = new Map(staged);
  return {
    read: async (path) => over.get(path) ?? files.read(path),
    readPart: (path, offset, length) => files.readPart(path, offset, length),
    list: (path) => files.list(path),
  };
}

export const encodeStaging = (staged: Staged): Buffer =>
  encodeBundle(
    staged.flatMap(([path, bytes]) => [Buffer.from(path), bytes]),
    4,
  );

function decodeStaging(bytes: Buffer): Staged {
  let count = 0;
  for (let place = 0; place + 4 <= bytes.length; place += 4 + bytes.readUInt32BE(place)) count++;
  const items = decodeBundle(bytes, 4, count, STAGING);
  return items.flatMap((item, place) => (place % 2 === 0 ? [[item.toString('utf8'), items[place + 1] ?? Buffer.alloc(0)] as const] : []));
}
