import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { LOCK } from '../log/paths.ts';
import { admit, noteDoubt } from './disk.ts';
import { takeFolder } from './exclusive.ts';
import { type Files, FsyncFailed } from './files.ts';
import { Keys } from './keys.ts';
import type { PublicPlace } from './objects.ts';
import type { Coordination } from './place.ts';
import { Writer } from './writer.ts';

export const die = (error: unknown): never => {
  process.stderr.write(`tickmark: ${String(error)}: stopping at once, so that nothing is claimed that is not on the disk\n`);
  process.abort();
};

/** Makes a log, or goes on where making it was interrupted. */
export async function begin(files: Files, its: PublicPlace, origin: string, abort: (error: unknown) => never): Promise<Keys> {
  const unlock = takeLock(files.root);
  if (!unlock) throw new ConfigurationError(`another process is making the log in ${files.root}; try again`);
  try {
    return (await Keys.open(its.objects, files)) ?? (await makeLog(files, its, origin)); // another process may have made it meanwhile
  } catch (error) {
    throw endWhereFatal(error, files.root, abort);
  } finally {
    unlock();
  }
}

/** Everything in one folder. */
export async function inFolder(files: Files): Promise<PublicPlace> {
  return { objects: files, reading: files, admit: async () => undefined, problems: () => [], close: () => undefined };
}

/** The description comes last: it is what makes a folder a log. What is interrupted before it is begun anew. */
async function makeLog(files: Files, { objects, admit: admitted }: PublicPlace, origin: string): Promise<Keys> {
  await admit(files);
  await admitted();
  if ((await objects.list('log/checkpoints')).some((name) => Number(name.slice(0, 20)) > 0))
    throw new IntegrityError(
      'DESCRIPTION',
      'log/log.json is missing, and log/checkpoints is of a log that holds records. Put log/log.json back from a backup.',
    );
  const committed = await files.read(LOCK);
  if (committed && committed.toString('utf8').split('\n')[1] !== '0')
    throw new ConfigurationError(
      `the state folder ${files.root} belongs to a log, but there is none where it should lie. Put archive.url in tickmark.yaml back to where the log is, or copy the folders log, packs and payloads there first.`,
    );
  await files.anchor();
  const keys = await Keys.create(objects, files, origin);
  await Writer.initialize(objects, lockFile(files), keys);
  await keys.publish();
  return keys;
}

/** After a write that the disk did not confirm the process says nothing more. Any other error is answered as it is. */
export function endWhereFatal(error: unknown, dir: string, abort: (error: unknown) => never): unknown {
  if (!(error instanceof FsyncFailed)) return error;
  try {
    noteDoubt(dir);
  } catch {
    // the disk does not take the note either: to stop is all the more needed
  }
  return abort(error);
}

/** The checkpoint that is committed, in a file: only the holder of the folder's lock replaces it. */
export function lockFile(files: Files): Coordination {
  return {
    committed: () => files.read(LOCK),
    ready: (after) => files.hold([], [LOCK, after]),
    async commit(before, after, ready) {
      const now = await files.read(LOCK);
      if (before === null ? now !== null : !now?.equals(before))
        throw new IntegrityError('RACE', 'somebody else has written to the log: its lock is not the one that was read');
      await (ready ? ready.place() : files.replace(LOCK, after));
    },
  };
}

/** The turn to write in a state folder. */
export const takeLock = (dir: string): (() => void) | null => takeFolder(dir, 'writer.lock');
