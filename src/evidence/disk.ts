import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IntegrityError } from '../core/error.ts';
import type { Files } from './files.ts';
import type { Reading } from '../log/reader.ts';
import { verifyLog } from '../verify/log.ts';

const DOUBT = 'log/.state/unconfirmed';
const BALLAST = 'log/.state/ballast';
const BALLAST_SIZE = 1024 * 1024;

/** Tells one start of the machine from another; `null` where the system does not say. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // not Linux: every doubt is then settled by verifying
  }
}

/**
 * Notes that the disk did not confirm a write. Only this start of the machine needs to see the note, so it need not
 * survive a power cut, and it must not wait for the disk that just failed.
 */
export function noteDoubt(root: string): void {
  mkdirSync(join(root, dirname(DOUBT)), { recursive: true });
  writeFileSync(join(root, DOUBT), bootId() ?? '');
}

/**
 * After an unconfirmed write what is read back may exist in memory alone. So nothing is written until the machine has
 * been started again.
 */
export async function admit(files: Files): Promise<void> {
  const [doubt, boot] = [await files.read(DOUBT), bootId()];
  if (doubt && boot !== null && doubt.toString('utf8') === boot) {
    throw new IntegrityError(
      'UNCONFIRMED',
      'the disk did not confirm a write, and what is read back may be in memory alone. Check the disk, start the machine again, and try again: nothing is written until then.',
    );
  }
}

/** What records say of their own times, schedules and disposals no disk can have changed: they were signed so. */
const SAID: ReadonlySet<string> = new Set(['SLOT', 'SILENT', 'SCHEDULE', 'LATE', 'AHEAD', 'BACKWARDS', 'ERA', 'EARLY', 'UNPLANNED', 'UNDER_HOLD']);

/** Then, once what was interrupted is finished, the doubt ends where the whole archive verifies from the disk. */
export async function settle(files: Files, objects: Reading): Promise<void> {
  if (!(await files.read(DOUBT))) return;
  const first = (await verifyLog(objects)).problems.find(({ code }) => !SAID.has(code));
  if (first)
    throw new IntegrityError(
      'UNCONFIRMED',
      `the disk did not confirm a write, and the archive does not verify: ${first.says}${first.file === null ? '' : ` (${first.file})`}`,
    );
  await files.remove(DOUBT);
}

/** Where names lie that are read when a log is opened and relied upon: its keys and its description, its lock, and in which versions of a bucket it lies. */
const RELIED_UPON = ['', 'keys', 'log', 'log/.state', 'bucket', 'bucket/versions'];

/** What a killed writer gave a name may have it in memory alone, and a power cut would take it from under whoever goes on. So the disk confirms it first. */
export const confirm = (files: Files): Promise<void> => files.confirm(RELIED_UPON);

/** What killed writers left half: of keys every byte goes, of what is public the room that it takes. */
export async function sweep(files: Files): Promise<void> {
  await files.sweep('keys');
  for (const folder of ['log', 'packs', 'payloads']) await files.sweepOld(folder);
}

/** Keeps some room, so that a full disk can still be written about. */
export async function reserve(files: Files): Promise<void> {
  if ((await files.read(BALLAST))?.length === BALLAST_SIZE) return;
  try {
    await files.replace(BALLAST, Buffer.alloc(BALLAST_SIZE, 1));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** Gives the kept room up. */
export const release = (files: Files): Promise<void> => files.remove(BALLAST);
