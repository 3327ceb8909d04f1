import { type Kysely, sql } from 'kysely';

/** Which version of each locked file of a bucket was written, known to every process that shares its log. No rebuild touches it: the bucket's keeper could tell another story. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table keys.pins (origin text collate "C" not null, path text collate "C" not null, version text collate "C", digest bytea not null, primary key (origin, path))`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table keys.pins`.execute(db);
}
