import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import * as cache from './migrations/0001-cache.ts';
import * as keys from './migrations/0002-keys.ts';
import * as partitions from './migrations/0003-partitions.ts';
import * as blocks from './migrations/0004-blocks.ts';
import type { Tables } from './tables.ts';

const MIGRATIONS = { '0001-cache': cache, '0002-keys': keys, '0003-partitions': partitions, '0004-blocks': blocks };

/** Brings the tables up to date. Processes that come at once wait for each other. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  if (await isUpToDate(db)) return;
  const provider = { getMigrations: async () => MIGRATIONS };
  const { error } = await new Migrator({ db, provider, migrationTableSchema: 'public' }).migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

/** Asked by every process that opens the store: the migrator takes many questions to find that nothing is to be done. */
async function isUpToDate(db: Kysely<Tables>): Promise<boolean> {
  const { rows: table } = await sql<{ there: string | null }>`select to_regclass('public.kysely_migration')::text as there`.execute(db);
  if (table[0]?.there === null) return false;
  const { rows } = await sql<{ name: string }>`select name from public.kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name).join() === Object.keys(MIGRATIONS).join();
}
