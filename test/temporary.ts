import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A file system in memory, where there is one: a workspace has a database of a thousand files, each confirmed to the disk. */
const MEMORY = '/dev/shm';
/** Bytes that have to be free there: a container often has 64 MiB. */
const ROOM = 4 * 2 ** 30;

/** Lays what tests write into memory. Tests of the disk itself run in other lanes. */
export default function temporary(): (() => void) | undefined {
  if (!hasRoom()) return undefined;
  const [before, folder] = [process.env.TMPDIR, mkdtempSync(join(MEMORY, 'tickmark-'))];
  process.env.TMPDIR = folder;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true });
  };
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false; // no such place
  }
}
