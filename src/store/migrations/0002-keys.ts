import { type Kysely, sql } from 'kysely';

/** What several processes share of a log beside its public files. It cannot be made again: no rebuild touches it. Bytes that are secret are wrapped before they come here. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Whose row is locked has the turn. It is not the row of the checkpoint, which is committed while the turn goes on.
  await sql`create table keys.turn (origin text collate "C" primary key)`.execute(db);
  await sql`create table keys.coordination (origin text collate "C" primary key, note bytea not null, committed_at timestamptz not null default now())`.execute(
    db,
  );
  await sql`create table keys.secrets (origin text collate "C" not null, path text collate "C" not null, bytes bytea not null, primary key (origin, path))`.execute(
    db,
  );
  await sql`create table keys.payload_keys (
    origin text collate "C" not null, era text collate "C" not null, digest bytea not null, fingerprint bytea,
    wrapped bytea not null, pack bytea, "offset" bigint not null, length bigint not null,
    primary key (origin, era, digest))`.execute(db);
  await sql`create index payload_keys_fingerprint on keys.payload_keys (origin, era, fingerprint) where fingerprint is not null`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['payload_keys', 'secrets', 'coordination', 'turn']) await sql`drop table ${sql.id('keys', table)}`.execute(db);
}
