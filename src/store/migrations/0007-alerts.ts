import { type Kysely, sql } from 'kysely';

/**
 * Alerts, what was done to each, and what is to be told to whom. No rebuild touches them: whom an alert reaches next
 * stands in no record. What was done does, and is made again from the log where these tables were lost.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists alerts`.execute(db);
  // `name` is what an alert is about; those about the same are numbered, and the highest number is the one that counts.
  await sql`create table alerts.alert (
    id text collate "C" primary key, name text collate "C" not null, ordinal integer not null, seq integer not null,
    state text not null, lasts boolean not null, changed_at bigint not null, body jsonb not null, unique (name, ordinal))`.execute(db);
  await sql`create index alert_live on alerts.alert (changed_at) where state <> 'resolved' or lasts`.execute(db);
  await sql`create table alerts.act (
    alert text collate "C" not null references alerts.alert (id), seq integer not null, at bigint not null, by text not null,
    deed jsonb not null, record bigint, primary key (alert, seq))`.execute(db);
  await sql`create index act_unsealed on alerts.act (at) where record is null`.execute(db);
  await sql`create table alerts.notice (
    id text collate "C" primary key, alert text collate "C" not null references alerts.alert (id), round integer not null, step integer not null,
    channel text collate "C" not null, says text not null, due bigint not null, state text not null default 'waiting', attempts integer not null default 0,
    next_at bigint not null, holder text, lease_until bigint, error text, done_at bigint)`.execute(db);
  await sql`create index notice_waiting on alerts.notice (next_at) where state = 'waiting'`.execute(db);
  await sql`create index notice_of_channel on alerts.notice (channel, done_at) where done_at is not null`.execute(db);
  // Who looks at what is so: one at a time, so that none decides by an older look than another's.
  await sql`create table alerts.turn (one boolean primary key default true check (one), holder text not null, until bigint not null)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop schema alerts cascade`.execute(db);
}
