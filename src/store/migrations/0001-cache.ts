import { type Kysely, sql } from 'kysely';

/** `cache` can be made again from the log at any time. `keys`, `auth` and `jobs` cannot, and a rebuild never touches them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const schema of ['cache', 'keys', 'auth', 'jobs']) await sql`create schema if not exists ${sql.id(schema)}`.execute(db);
  await sql`create table cache.position (one boolean primary key default true check (one), size bigint not null, root text not null, code text not null, catalog text not null)`.execute(
    db,
  );
  await sql`create table cache.look (
    dataset text collate "C" not null, source text collate "C" not null, partition text collate "C" not null, at bigint not null,
    complete boolean not null, reason text, polled_from bigint, polled_to bigint, record bigint not null,
    primary key (dataset, source, partition, at, record))`.execute(db);
  await sql`create table cache.fact (
    dataset text collate "C" not null, item text collate "C" not null, stream text collate "C" not null, from_at bigint not null, to_at bigint not null,
    row jsonb not null, records jsonb not null, needs jsonb not null, lacks jsonb not null,
    primary key (dataset, item, from_at))`.execute(db);
  await sql`create table cache.step (
    check_id text collate "C" not null, item text collate "C" not null, from_at bigint not null, to_at bigint not null,
    kind text not null, because text, needs jsonb not null, lacks jsonb not null, settled boolean not null, records jsonb not null,
    primary key (check_id, item, from_at))`.execute(db);
  await sql`create table cache.record (index bigint primary key, title text not null, outcome text not null, sealed_at bigint not null, reason text, unreadable text, rows jsonb)`.execute(
    db,
  );
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema cache cascade`.execute(db);
}
