import { type Kysely, sql } from 'kysely';

/** Looks, facts and verdicts in blocks instead of a row each. What was there is made again from the log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['look', 'fact', 'step']) await sql`drop table ${sql.id('cache', table)}`.execute(db);
  for (const table of ['position', 'unit', 'record']) await sql`truncate table ${sql.id('cache', table)}`.execute(db);
  await sql`create table cache.block (
    kind text collate "C" not null, name text collate "C" not null, block integer not null, bytes bytea not null,
    primary key (kind, name, block))`.execute(db);
  // What is compressed already is not compressed again.
  await sql`alter table cache.block alter column bytes set storage external`.execute(db);
}

/** What it leaves is empty, as the cache is before the log has been read. */
export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table cache.block`.execute(db);
}
