import type { Database } from './database.ts';

/** Secrets that were typed in, wrapped, by their paths. They lie where the other secrets of a log do, so that a new master key wraps them too. */
export interface CredentialRows {
  /** Those below a path: `credentials/okta/users/main/`. */
  below(path: string): Promise<readonly { readonly path: string; readonly bytes: Buffer }[]>;
  put(path: string, bytes: Buffer): Promise<void>;
  remove(path: string): Promise<void>;
}

export function credentialRows(origin: string, database: () => Pick<Database, 'sql'>): CredentialRows {
  return {
    async below(path) {
      const rows = await database().sql.selectFrom('keys.secrets').select(['path', 'bytes']).where('origin', '=', origin).orderBy('path').execute();
      return rows.filter((row) => row.path.startsWith(path));
    },
    async put(path, bytes) {
      await database()
        .sql.insertInto('keys.secrets')
        .values({ origin, path, bytes })
        .onConflict((conflict) => conflict.columns(['origin', 'path']).doUpdateSet({ bytes }))
        .execute();
    },
    async remove(path) {
      await database().sql.deleteFrom('keys.secrets').where('origin', '=', origin).where('path', '=', path).execute();
    },
  };
}
