import { type Kysely, sql } from 'kysely';

/**
 * What was due, who ran it and how it ended. It cannot be made again: no rebuild touches it. The queue itself makes its
 * own tables in the same schema.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists jobs`.execute(db);
  await sql`create table jobs.timetable (
    schedule text collate "C" primary key, kind text collate "C" not null, says text not null, "interval" bigint not null,
    next bigint, first_at bigint not null, planned_at bigint not null,
    paused_at bigint, paused_by text, paused_because text)`.execute(db);
  // One row a slot, or one of several that were skipped together: those from first_slot on.
  await sql`create table jobs.slots (
    schedule text collate "C" not null, slot bigint not null, first_slot bigint not null, kind text collate "C" not null,
    state text collate "C" not null, attempt integer not null default 0, job uuid, by_hand text,
    queued_at bigint not null, started_at bigint, finished_at bigint, worker text, note text, result jsonb,
    primary key (schedule, slot))`.execute(db);
  await sql`create index slots_open on jobs.slots (state) where state in ('queued', 'running', 'retry', 'skipping')`.execute(db);
  await sql`create table jobs.workers (
    id text collate "C" primary key, host text not null, pid integer not null, version text not null,
    started_at bigint not null, beat_at bigint not null, stopped_at bigint, skew bigint not null default 0, doing jsonb not null)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ['workers', 'slots', 'timetable']) await sql`drop table ${sql.id('jobs', table)}`.execute(db);
}
