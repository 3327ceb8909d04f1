import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import * as cache from './migrations/0001-cache.ts';
import * as keys from './migrations/0002-keys.ts';
import * as partitions from './migrations/0003-partitions.ts';
import * as blocks from './migrations/0004-blocks.ts';
import type { Tables } from './tables.ts';

/** Brings the tables up to date. Processes that come at once wait for each other. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrations = { '0001-cache': cache, '0002-keys': keys, '0003-partitions': partitions, '0004-blocks': blocks };
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations }, migrationTableSchema: 'public' }).migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}
