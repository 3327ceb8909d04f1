import { type Kysely, sql } from 'kysely';

/** Who asks a source at the moment, so that no two do. It is forgotten as soon as it is told, and is in no backup. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table jobs.asking (
    what text collate "C" primary key, holder text not null, since bigint not null, until bigint not null)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table jobs.asking`.execute(db);
}
