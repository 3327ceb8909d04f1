import { CompiledQuery, type Kysely, sql, type Transaction } from 'kysely';
import type { Json } from '../core/canonical.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** How a slot stands. `skipping`: it is to be recorded as skipped, and whoever plans next does so if this process dies first. */
export type SlotState = 'queued' | 'running' | 'retry' | 'skipping' | 'skipped' | 'done' | 'failed';

/** One slot of a schedule: it is run once, whoever runs it, or recorded as skipped. */
export interface SlotRow {
  readonly schedule: string;
  readonly slot: Instant;
  /** Of several that were skipped together the first; else the slot itself. */
  readonly firstSlot: Instant;
  readonly kind: string;
  readonly state: SlotState;
  /** How often it was begun, from 0. */
  readonly attempt: number;
  /** Who asked for it out of turn; `null` of one of the schedule. */
  readonly byHand: string | null;
  readonly queuedAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly worker: string | null;
  /** What came of it, or why it was skipped or failed. */
  readonly note: string | null;
  readonly result: Json | null;
}

/** A schedule as whoever planned it last has told of it. */
export interface TimetableRow {
  readonly schedule: string;
  readonly kind: string;
  readonly says: string;
  /** The longest distance of two slots. */
  readonly interval: Duration;
  readonly next: Instant | null;
  readonly firstAt: Instant;
  readonly plannedAt: Instant;
  readonly paused: { readonly at: Instant; readonly by: string; readonly because: string } | null;
}

/** `beatAt` and `stoppedAt` are by the database's clock, as all that tells whether a process lives. */
export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: Instant;
  readonly beatAt: Instant;
  readonly stoppedAt: Instant | null;
  /** How far its clock is ahead of the database's. */
  readonly skew: Duration;
  readonly doing: readonly string[];
}

/** Asks the database within whatever transaction is going on. */
export type Execute = (text: string, values?: readonly unknown[]) => Promise<{ rows: unknown[] }>;

/** The attempt that holds a slot: a later one takes it away. */
export interface Hold {
  readonly schedule: string;
  readonly slot: Instant;
  readonly job: string;
  readonly attempt: number;
}

export type Again = 'ended' | 'lost';

export interface Roster {
  /** The database's own clock. */
  clock(): Promise<Instant>;
  timetable(): Promise<readonly TimetableRow[]>;
  /** Tells of the schedules that are planned now; those that nobody has planned for a day are forgotten. */
  announce(rows: readonly Omit<TimetableRow, 'firstAt' | 'plannedAt' | 'paused'>[], now: Instant): Promise<void>;
  pause(schedule: string, said: { readonly at: Instant; readonly by: string; readonly because: string } | null): Promise<boolean>;
  /** The newest slot of each schedule that was not asked for by hand. */
  newest(): Promise<ReadonlyMap<string, Instant>>;
  /** Schedules of which a process is at the thing itself, a job's or not: whoever is asked by hand has no job. */
  busy(): Promise<ReadonlySet<string>>;
  /** Every slot that is not finished. */
  open(): Promise<readonly SlotRow[]>;
  slot(schedule: string, slot: Instant): Promise<SlotRow | null>;
  /** The newest first; `after` a row that was given before. */
  slots(query: {
    readonly schedule?: string;
    readonly state?: SlotState;
    readonly after?: { readonly slot: Instant; readonly schedule: string };
    readonly limit: number;
  }): Promise<readonly SlotRow[]>;
  /** The newest slot of each schedule that is done, and the newest that is done or failed. */
  ended(): Promise<readonly SlotRow[]>;
  /**
   * Takes a slot for the queue unless it was taken before, and hands it over in the same transaction: both or neither.
   * `again` takes one that has ended without being done, or whose job was lost.
   */
  queue(
    row: Pick<SlotRow, 'schedule' | 'slot' | 'kind' | 'byHand'> & { readonly job: string; readonly now: Instant; readonly again?: Again },
    send: (execute: Execute) => Promise<void>,
  ): Promise<boolean>;
  /** Takes slots that will not be run. Resolves to those that nobody had taken. */
  skip(rows: readonly Pick<SlotRow, 'schedule' | 'slot' | 'firstSlot' | 'kind' | 'note'>[], now: Instant): Promise<readonly SlotRow[]>;
  /** What {@link skip} took is recorded now. */
  skipped(row: Pick<SlotRow, 'schedule' | 'slot'>): Promise<void>;
  /** Gives up a slot that waits: resolves to its job in the queue, `null` where it runs by now or has ended. */
  giveUp(row: Pick<SlotRow, 'schedule' | 'slot'>, to: 'skipping' | 'failed', note: string, now: Instant): Promise<string | null>;
  /** Whether the attempt may run: not where the slot has ended, or is another job's. */
  start(hold: Hold, worker: string, now: Instant): Promise<SlotRow | null>;
  /** Whether the attempt still held the slot. */
  end(
    hold: Hold,
    state: 'done' | 'failed' | 'retry' | 'queued',
    said: { readonly note: string | null; readonly result: Json | null },
    now: Instant,
  ): Promise<boolean>;
  /** The slot that is not finished and waits for this job. */
  ofJob(job: string): Promise<SlotRow | null>;
  /** The queue has given the job up, whoever held it. Resolves to whether its slot was not finished. */
  dead(job: string, note: string, now: Instant): Promise<boolean>;
  beat(worker: Pick<WorkerRow, 'id' | 'host' | 'pid' | 'version' | 'skew' | 'doing'>, stopped?: boolean): Promise<void>;
  workers(): Promise<readonly WorkerRow[]>;
  /** Open slots whose job the queue does not know, or has ended, and that no living worker is at: it was another database, or an older one. */
  lost(): Promise<readonly SlotRow[]>;
  /** Forgets ended slots that began before an instant, but never the newest of a schedule. */
  prune(kinds: readonly string[], before: Instant): Promise<number>;
}

const COLUMNS = sql`schedule, slot, first_slot, kind, state, attempt, by_hand, queued_at, started_at, finished_at, worker, note, result`;
const NOW = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
const DAY = 86_400_000;
/** A worker that was heard so short a time ago lives. */
const LIVES = 30_000;

/** The roster in the schema `jobs`. The embedded database may be another one after a disposal: it is asked for each time. */
export async function openRoster(database: () => Database): Promise<Roster> {
  await migrate(database().sql);
  const db = () => database().sql;
  return { ...slotsOf(db), ...timesOf(db), ...workersOf(db) };
}

type Ask = () => Kysely<Tables>;

function timesOf(db: Ask): Pick<Roster, 'clock' | 'timetable' | 'announce' | 'pause'> {
  return {
    async clock() {
      const { rows } = await sql<{ now: number }>`select ${NOW} as now`.execute(db());
      return rows[0]?.now ?? 0;
    },
    async timetable() {
      const { rows } = await sql<TimetableRaw>`select * from jobs.timetable order by kind, schedule`.execute(db());
      return rows.map(timetableRow);
    },
    async announce(rows, now) {
      const its = rows.map(({ schedule, kind, says, interval, next }) => ({ schedule, kind, says, interval, next }));
      await sql`insert into jobs.timetable (schedule, kind, says, "interval", next, first_at, planned_at)
        select it.schedule, it.kind, it.says, it.interval, it.next, ${now}::bigint, ${now}::bigint
        from jsonb_to_recordset(${JSON.stringify(its)}::jsonb) as it (schedule text, kind text, says text, "interval" bigint, next bigint)
        on conflict (schedule) do update set kind = excluded.kind, says = excluded.says, "interval" = excluded."interval", next = excluded.next, planned_at = excluded.planned_at`.execute(
        db(),
      );
      await sql`delete from jobs.timetable where planned_at < ${now - DAY}::bigint and paused_at is null`.execute(db());
    },
    async pause(schedule, said) {
      const { numAffectedRows } =
        await sql`update jobs.timetable set paused_at = ${said?.at ?? null}::bigint, paused_by = ${said?.by ?? null}, paused_because = ${said?.because ?? null}
          where schedule = ${schedule} and (paused_at is null) = ${said !== null}::boolean`.execute(db());
      return numAffectedRows === 1n;
    },
  };
}

function slotsOf(db: Ask): Omit<Roster, 'clock' | 'timetable' | 'announce' | 'pause' | 'beat' | 'workers'> {
  const rowsOf = async (query: ReturnType<typeof sql<SlotRaw>>) => (await query.execute(db())).rows.map(slotRow);
  return {
    async newest() {
      const { rows } = await sql<{
        schedule: string;
        slot: number;
      }>`select schedule, max(slot) as slot from jobs.slots where by_hand is null group by schedule`.execute(db());
      return new Map(rows.map(({ schedule, slot }) => [schedule, slot]));
    },
    async busy() {
      const { rows } = await sql<{ what: string }>`select what from jobs.asking where until > ${NOW}`.execute(db());
      return new Set(rows.map(({ what }) => what));
    },
    open: () => rowsOf(sql`select ${COLUMNS} from jobs.slots where state in ('queued', 'running', 'retry', 'skipping') order by schedule, slot`),
    slot: async (schedule, slot) => (await rowsOf(sql`select ${COLUMNS} from jobs.slots where schedule = ${schedule} and slot = ${slot}`))[0] ?? null,
    slots: ({ schedule, state, after, limit }) =>
      rowsOf(sql`select ${COLUMNS} from jobs.slots
        where (${schedule ?? null}::text is null or schedule = ${schedule ?? null}) and (${state ?? null}::text is null or state = ${state ?? null})
          and (${after?.slot ?? null}::bigint is null or (slot, ${after?.schedule ?? ''}::text collate "C") < (${after?.slot ?? null}::bigint, schedule))
        order by slot desc, schedule limit ${limit}`),
    ended: () =>
      rowsOf(sql`(select distinct on (schedule) ${COLUMNS} from jobs.slots where state = 'done' order by schedule, slot desc)
        union (select distinct on (schedule) ${COLUMNS} from jobs.slots where state in ('done', 'failed') order by schedule, slot desc)`),

    queue: ({ schedule, slot, kind, byHand, job, now, again }, send) =>
      db()
        .transaction()
        .execute(async (transaction) => {
          const { numAffectedRows } = again
            ? await sql`update jobs.slots set state = 'queued', job = ${job}::uuid, attempt = 0, queued_at = ${now}::bigint, started_at = null, finished_at = null, worker = null, by_hand = coalesce(${byHand}, by_hand)
                where schedule = ${schedule} and slot = ${slot} and state = any(${again === 'ended' ? ['failed', 'skipped'] : ['queued', 'running', 'retry']}::text[])`.execute(
                transaction,
              )
            : await sql`insert into jobs.slots (schedule, slot, first_slot, kind, state, job, by_hand, queued_at)
                values (${schedule}, ${slot}, ${slot}, ${kind}, 'queued', ${job}::uuid, ${byHand}, ${now}::bigint) on conflict do nothing`.execute(transaction);
          if (numAffectedRows !== 1n) return false;
          await send(executing(transaction));
          return true;
        }),

    async skip(rows, now) {
      if (rows.length === 0) return [];
      const its = rows.map(({ schedule, slot, firstSlot, kind, note }) => ({ schedule, slot, first_slot: firstSlot, kind, note }));
      return rowsOf(sql`insert into jobs.slots (schedule, slot, first_slot, kind, state, note, queued_at)
        select it.schedule, it.slot, it.first_slot, it.kind, 'skipping', it.note, ${now}::bigint
        from jsonb_to_recordset(${JSON.stringify(its)}::jsonb) as it (schedule text, slot bigint, first_slot bigint, kind text, note text)
        on conflict do nothing returning ${COLUMNS}`);
    },
    async skipped({ schedule, slot }) {
      await sql`update jobs.slots set state = 'skipped', finished_at = coalesce(finished_at, queued_at)
        where schedule = ${schedule} and slot = ${slot} and state = 'skipping'`.execute(db());
    },
    async giveUp({ schedule, slot }, to, note, now) {
      const { rows } = await sql<{ job: string }>`update jobs.slots set state = ${to}, note = ${note}, finished_at = ${now}::bigint
        where schedule = ${schedule} and slot = ${slot} and state in ('queued', 'retry') returning job`.execute(db());
      return rows[0]?.job ?? null;
    },

    async start({ schedule, slot, job, attempt }, worker, now) {
      const rows = await rowsOf(sql`update jobs.slots set state = 'running', attempt = ${attempt}, started_at = ${now}::bigint, worker = ${worker}
        where schedule = ${schedule} and slot = ${slot} and job = ${job}::uuid and attempt <= ${attempt} and state in ('queued', 'running', 'retry') returning ${COLUMNS}`);
      return rows[0] ?? null;
    },
    async end({ schedule, slot, job, attempt }, state, { note, result }, now) {
      const { numAffectedRows } =
        await sql`update jobs.slots set state = ${state}, note = ${note}, result = ${result === null ? null : JSON.stringify(result)}::jsonb, finished_at = ${state === 'done' || state === 'failed' ? now : null}::bigint
          where schedule = ${schedule} and slot = ${slot} and job = ${job}::uuid and attempt = ${attempt} and state = 'running'`.execute(db());
      return numAffectedRows === 1n;
    },
    ofJob: async (job) =>
      (await rowsOf(sql`select ${COLUMNS} from jobs.slots where job = ${job}::uuid and state in ('queued', 'running', 'retry')`))[0] ?? null,
    async dead(job, note, now) {
      const { numAffectedRows } = await sql`update jobs.slots set state = 'failed', note = coalesce(note, ${note}), finished_at = ${now}::bigint
        where job = ${job}::uuid and state in ('queued', 'running', 'retry')`.execute(db());
      return numAffectedRows === 1n;
    },
    lost: () =>
      rowsOf(sql`select ${COLUMNS} from jobs.slots it where state in ('queued', 'running', 'retry')
          and not exists (select from jobs.job its where its.id = it.job and its.state in ('created', 'retry', 'active', 'failed'))
          and not exists (select from jobs.workers w where w.id = it.worker and w.stopped_at is null and w.beat_at > ${NOW} - ${LIVES}::bigint and w.doing ? it.schedule)`),
    async prune(kinds, before) {
      const { numAffectedRows } =
        await sql`delete from jobs.slots it where kind = any(${kinds}::text[]) and slot < ${before}::bigint and state in ('done', 'failed', 'skipped')
          and exists (select from jobs.slots newer where newer.schedule = it.schedule and newer.slot > it.slot and newer.state = 'done')`.execute(db());
      return Number(numAffectedRows ?? 0n);
    },
  };
}

function workersOf(db: Ask): Pick<Roster, 'beat' | 'workers'> {
  return {
    async beat({ id, host, pid, version, skew, doing }, stopped = false) {
      await sql`insert into jobs.workers (id, host, pid, version, started_at, beat_at, stopped_at, skew, doing)
        values (${id}, ${host}, ${pid}, ${version}, ${NOW}, ${NOW}, case when ${stopped}::boolean then ${NOW} end, ${skew}::bigint, ${JSON.stringify(doing)}::jsonb)
        on conflict (id) do update set beat_at = excluded.beat_at, stopped_at = excluded.stopped_at, skew = excluded.skew, doing = excluded.doing`.execute(
        db(),
      );
      await sql`delete from jobs.workers where beat_at < ${NOW} - ${DAY}::bigint`.execute(db());
    },
    async workers() {
      const { rows } = await sql<WorkerRaw>`select * from jobs.workers order by started_at, id`.execute(db());
      return rows.map(({ id, host, pid, version, started_at, beat_at, stopped_at, skew, doing }) => ({
        id,
        host,
        pid,
        version,
        startedAt: started_at,
        beatAt: beat_at,
        stoppedAt: stopped_at,
        skew,
        doing,
      }));
    },
  };
}

const executing =
  (transaction: Transaction<Tables>): Execute =>
  async (text, values = []) => {
    const { rows } = await transaction.executeQuery(CompiledQuery.raw(text, [...values]));
    return { rows };
  };

interface SlotRaw {
  readonly schedule: string;
  readonly slot: number;
  readonly first_slot: number;
  readonly kind: string;
  readonly state: SlotState;
  readonly attempt: number;
  readonly by_hand: string | null;
  readonly queued_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly worker: string | null;
  readonly note: string | null;
  readonly result: Json | null;
}

const slotRow = ({ first_slot, by_hand, queued_at, started_at, finished_at, ...row }: SlotRaw): SlotRow => ({
  ...row,
  firstSlot: first_slot,
  byHand: by_hand,
  queuedAt: queued_at,
  startedAt: started_at,
  finishedAt: finished_at,
});

interface TimetableRaw {
  readonly schedule: string;
  readonly kind: string;
  readonly says: string;
  readonly interval: number;
  readonly next: number | null;
  readonly first_at: number;
  readonly planned_at: number;
  readonly paused_at: number | null;
  readonly paused_by: string | null;
  readonly paused_because: string | null;
}

const timetableRow = ({ schedule, kind, says, interval, next, first_at, planned_at, paused_at, paused_by, paused_because }: TimetableRaw): TimetableRow => ({
  schedule,
  kind,
  says,
  interval,
  next,
  firstAt: first_at,
  plannedAt: planned_at,
  paused: paused_at === null ? null : { at: paused_at, by: paused_by ?? '', because: paused_because ?? '' },
});

interface WorkerRaw {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly started_at: number;
  readonly beat_at: number;
  readonly stopped_at: number | null;
  readonly skew: number;
  readonly doing: readonly string[];
}
