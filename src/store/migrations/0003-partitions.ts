import { type Kysely, sql } from 'kysely';

/** So many parts each of facts and verdicts lie in: those of one dataset, or of one check, are always in one. */
const PARTS = 8;

/** Facts and verdicts in parts, and by which code they were made. What was there is made again from the log. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['fact', 'step']) await sql`drop table ${sql.id('cache', table)}`.execute(db);
  for (const table of ['position', 'look', 'record']) await sql`truncate table ${sql.id('cache', table)}`.execute(db);
  await sql`create table cache.unit (kind text collate "C" not null, id text collate "C" not null, version integer not null, digest text not null, primary key (kind, id))`.execute(
    db,
  );
  await sql`create table cache.fact (
    dataset text collate "C" not null, item text collate "C" not null, stream text collate "C" not null, from_at bigint not null, to_at bigint not null,
    row jsonb not null, records jsonb not null, needs jsonb not null, lacks jsonb not null, first bigint,
    primary key (dataset, item, from_at)) partition by hash (dataset)`.execute(db);
  await sql`create table cache.step (
    check_id text collate "C" not null, item text collate "C" not null, from_at bigint not null, to_at bigint not null,
    kind text not null, because text, needs jsonb not null, lacks jsonb not null, settled boolean not null, records jsonb not null,
    primary key (check_id, item, from_at)) partition by hash (check_id)`.execute(db);
  for (const table of ['fact', 'step'])
    for (let part = 0; part < PARTS; part++)
      await sql`create table ${sql.id('cache', `${table}_${part}`)} partition of ${sql.id('cache', table)} for values with (modulus ${sql.lit(PARTS)}, remainder ${sql.lit(part)})`.execute(
        db,
      );
}

/** What it leaves is empty, as the cache is before the log has been read. */
export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['unit', 'fact', 'step']) await sql`drop table ${sql.id('cache', table)}`.execute(db);
}
