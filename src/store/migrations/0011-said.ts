import { type Kysely, sql } from 'kysely';

/** What witnesses and authorities said of a log that lies in a bucket, at the paths that it has in a folder. No rebuild touches it: nobody says it twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table keys.said (origin text collate "C" not null, path text collate "C" not null, bytes bytea not null, primary key (origin, path))`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table keys.said`.execute(db);
}
