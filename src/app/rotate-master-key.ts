import { ConfigurationError } from '../core/error.ts';
import { readMasterKey } from '../evidence/master-key.ts';
import { rewrapped } from '../evidence/shared-keys.ts';
import { openDatabase } from '../store/database.ts';
import { rewrapSecrets } from '../store/shared-state.ts';

/** Wraps the secrets of every log in the database by another master key. Resolves to how many there are. */
export async function rotateMasterKey(to: string, env: Readonly<Record<string, string | undefined>> = process.env): Promise<number> {
  if (!env.DATABASE_URL)
    throw new ConfigurationError('DATABASE_URL is not set: a master key wraps what lies in a PostgreSQL database, and without one there is none to replace.');
  const [old, next] = [readMasterKey(env.TICKMARK_MASTER_KEY_FILE), readMasterKey(to)];
  const database = await openDatabase({ url: env.DATABASE_URL });
  try {
    return await rewrapSecrets(database, (origin, path, bytes) => rewrapped(origin, path, bytes, old, next));
  } finally {
    await database.close();
  }
}
