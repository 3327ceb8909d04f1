import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { LOCK } from '../log/paths.ts';
import type { Files } from './files.ts';
import { FileKeystore, type KeyEncryption } from './keystore.ts';
import type { SharedKeystore, SharedSecrets } from './shared-keys.ts';
import type { Coordination } from './place.ts';

/** Stands where the log is written by way of a database. */
const MARK = 'log/.state/shared';
const ERAS = 'keys/payloads';

/** Throws `ConfigurationError` where the log in this folder is written by way of a database: two ways at once would fork it. */
export async function refuseMoved(files: Files): Promise<void> {
  if (await isMoved(files))
    throw new ConfigurationError(
      `the log in ${files.root} is written by way of a PostgreSQL database, which holds its keys. Set DATABASE_URL to that database, and TICKMARK_MASTER_KEY_FILE to the file of its master key.`,
    );
}

export const isMoved = async (files: Files): Promise<boolean> => (await files.read(MARK)) !== null;

export const markMoved = (files: Files, origin: string): Promise<void> =>
  files.replace(MARK, Buffer.from(`${origin} is written by way of a PostgreSQL database.\n`));

export const hasLock = async (files: Files): Promise<boolean> => (await files.read(LOCK)) !== null;

interface Into {
  readonly origin: string;
  readonly coordination: Coordination;
  readonly secrets: SharedSecrets;
  readonly keystore: SharedKeystore;
  /** What wraps the keys of eras, in the folder and in the database. */
  readonly encryption: KeyEncryption;
}

/**
 * Moves a log that the folder's own lock guarded into a database: keys, keystore, committed checkpoint; the public files
 * stay. The caller holds both turns. Interrupted anywhere it is taken up again: the folder is marked first, so that its
 * own lock refuses; the checkpoint is committed when all else is there; and only then are the secrets of the folder
 * destroyed, for what the database disposes of must not live on in a file.
 */
export async function moveIn(files: Files, { origin, coordination, secrets, keystore, encryption }: Into): Promise<void> {
  const lock = await files.read(LOCK);
  if (!lock) return;
  await markMoved(files, origin);
  const eras = await erasOf(files);
  if (!(await coordination.committed())) {
    for (const path of await pemsOf(files)) await moveSecret(files, secrets, path);
    const theirs = new FileKeystore(files, encryption);
    for (const era of eras) {
      const all = await theirs.all(era);
      if (all) await keystore.adopt(era, all.key, all.keys);
      const receipt = await theirs.receipt(era);
      if (receipt !== null) await keystore.keepReceipt(era, receipt);
    }
    await coordination.commit(null, lock);
  }
  for (const path of [...(await pemsOf(files)), ...eras.flatMap((era) => [`${ERAS}/${era}/entries`, `${ERAS}/${era}/key`, `${ERAS}/${era}/receipt`])])
    await erase(files, path);
  await files.remove(LOCK);
}

async function moveSecret(files: Files, secrets: SharedSecrets, path: string): Promise<void> {
  const [mine, theirs] = [await files.read(path), await secrets.read(path)];
  if (!mine || isGone(mine) || theirs?.equals(mine)) return;
  if (theirs) throw new IntegrityError('KEY', `${path} in ${files.root} is not the key that the database holds of the same log`);
  await secrets.replace(path, mine, 0);
}

/** A key that was replaced: what is left of its file is overwritten. */
const isGone = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

async function pemsOf(files: Files): Promise<readonly string[]> {
  return (await files.list('keys')).filter((name) => name.endsWith('.pem')).map((name) => `keys/${name}`);
}

async function erasOf(files: Files): Promise<readonly string[]> {
  const eras: string[] = [];
  for (const retention of await files.list(ERAS)) for (const quarter of await files.list(`${ERAS}/${retention}`)) eras.push(`${retention}/${quarter}`);
  return eras;
}

async function erase(files: Files, path: string): Promise<void> {
  const bytes = await files.read(path);
  if (!bytes) return;
  await files.overwrite(path, 0, Buffer.alloc(bytes.length));
  await files.remove(path);
}
