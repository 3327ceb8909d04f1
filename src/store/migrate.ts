import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { ConfigurationError } from '../core/error.ts';
import * as cache from './migrations/0001-cache.ts';
import * as keys from './migrations/0002-keys.ts';
import * as partitions from './migrations/0003-partitions.ts';
import * as blocks from './migrations/0004-blocks.ts';
import * as auth from './migrations/0005-auth.ts';
import * as jobs from './migrations/0006-jobs.ts';
import * as alerts from './migrations/0007-alerts.ts';
import * as pins from './migrations/0008-pins.ts';
import * as asking from './migrations/0009-asking.ts';
import * as views from './migrations/0010-views.ts';
import * as said from './migrations/0011-said.ts';
import type { Tables } from './tables.ts';

const MIGRATIONS = {
  '0001-cache': cache,
  '0002-keys': keys,
  '0003-partitions': partitions,
  '0004-blocks': blocks,
  '0005-auth': auth,
  '0006-jobs': jobs,
  '0007-alerts': alerts,
  '0008-pins': pins,
  '0009-asking': asking,
  '0010-views': views,
  '0011-said': said,
};

/** SHA-256 over the code of all of them, hex, the beginning of it. */
export function digestOfMigrations(): string {
  const folder = join(import.meta.dirname, 'migrations');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Brings the tables up to date. Processes that come at once wait for each other. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  if (await isUpToDate(db)) return;
  const strange = (await appliedMigrations(db)).filter((name) => !(name in MIGRATIONS));
  if (strange.length > 0)
    throw new ConfigurationError(
      `the database was used by a newer version of Tickmark, and has tables that this one does not know (${strange.join(', ')}). Run the newer version.`,
    );
  const provider = { getMigrations: async () => MIGRATIONS };
  const { error } = await new Migrator({ db, provider, migrationTableSchema: 'public' }).migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

/** Makes the tables as an earlier version made them, in a database that holds none. Throws `ConfigurationError` where this version does not know how. */
export async function migrateTo(db: Kysely<Tables>, names: readonly string[]): Promise<void> {
  const strange = names.find((name) => !(name in MIGRATIONS));
  if (strange !== undefined) throw new ConfigurationError(`the tables were made by a newer version of Tickmark (${strange}). Restore them with that one.`);
  const chosen = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => names.includes(name)));
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => chosen }, migrationTableSchema: 'public' }).migrateToLatest();
  if (error) throw error instanceof Error ? error : new Error(String(error));
}

/** The migrations that a database holds, in order; none where it is new. */
export async function appliedMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows: table } = await sql<{ there: string | null }>`select to_regclass('public.kysely_migration')::text as there`.execute(db);
  if (table[0]?.there === null) return [];
  const { rows } = await sql<{ name: string }>`select name from public.kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Migrations that this version knows and the database does not hold, and those that it holds and this version does not know. */
export async function pendingMigrations(db: Kysely<Tables>): Promise<readonly string[]> {
  const done = new Set(await appliedMigrations(db));
  return [...new Set([...Object.keys(MIGRATIONS), ...done])].filter((name) => !done.has(name) || !(name in MIGRATIONS));
}

/** Asked by every process that opens the store: the migrator takes many questions to find that nothing is to be done. */
const isUpToDate = async (db: Kysely<Tables>): Promise<boolean> => (await appliedMigrations(db)).join() === Object.keys(MIGRATIONS).join();
