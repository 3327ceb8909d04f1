import { type Kysely, sql } from 'kysely';

/** How somebody looks at a page: its name and its address. It says nothing of evidence, stands in no record, and no rebuild touches it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists views`.execute(db);
  await sql`create table views.view (
    id text collate "C" primary key, owner text collate "C" not null, owner_name text not null, shared boolean not null default false,
    page text collate "C" not null, name text not null, search text not null, created_at bigint not null, changed_at bigint not null)`.execute(db);
  await sql`create unique index view_of_owner on views.view (owner, page, name)`.execute(db);
  await sql`create index view_shared on views.view (page) where shared`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema views cascade`.execute(db);
}
