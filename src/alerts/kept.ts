import { createHash } from 'node:crypto';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { Duration, Instant } from '../core/instant.ts';
import type { Database } from '../store/database.ts';
import { type Act, type Alert, after, type Deed, type Delivered, type Saying } from './alert.ts';
import type { Notice } from './steps.ts';

type Db = Database['sql'];
type Session = Kysely<DbTables> | Transaction<DbTables>;
type DbTables = Db extends Kysely<infer Tables> ? Tables : never;

/** An act as it is kept: which record sealed it, once one has. */
export interface KeptAct extends Act {
  readonly alert: string;
  readonly record: number | null;
}

/** A notification as it is kept. */
export interface KeptNotice extends Notice {
  readonly alert: string;
  /** Withheld: somebody took the alert, or it was over, before it could be brought. */
  readonly state: 'waiting' | 'sent' | 'failed' | 'withheld';
  readonly attempts: number;
  readonly nextAt: Instant;
  readonly error: string | null;
  readonly doneAt: Instant | null;
}

/** What is to be done to an alert, decided on what it is when it is written. */
export interface Decided {
  readonly deed: Deed;
  readonly by: string;
}

/** How an attempt to bring a notification ended. */
export type Outcome =
  | { readonly state: 'sent' }
  | { readonly state: 'withheld' | 'failed'; readonly because: string }
  | { readonly state: 'waiting'; readonly because: string; readonly nextAt: Instant };

/** What several servers share of alerts. */
export interface Kept {
  /** The newest alert about each thing, of those that are open, last, or changed since. */
  live(since: Instant): Promise<ReadonlyMap<string, Alert>>;
  /** Makes another alert about the same, unless one was made meanwhile or `decide` finds the newest one otherwise. */
  begin(name: string, at: Instant, decide: (newest: Alert | null) => Decided | null): Promise<Alert | null>;
  /** Applies what is decided on the alert as it is; `null` where there is no such alert or nothing was decided. */
  change(id: string, at: Instant, decide: (alert: Alert) => Decided | null, then?: (alert: Alert) => readonly Notice[]): Promise<Alert | null>;
  /** Notes what is to be brought, once each. */
  plan(id: string, decide: (alert: Alert) => readonly Notice[]): Promise<void>;
  /** Takes one notification that nobody else holds, for as long as the lease; `null` where none is due. */
  claim(holder: string, now: Instant, lease: Duration): Promise<KeptNotice | null>;
  /** Notes how it ended. False where the lease was lost meanwhile: then another server answers for it. */
  finish(notice: KeptNotice, holder: string, now: Instant, outcome: Outcome): Promise<boolean>;
  /** Whether this server may look now: none else does for as long as the lease. */
  turn(holder: string, now: Instant, lease: Duration): Promise<boolean>;
  endTurn(holder: string): Promise<void>;
  unsealed(limit: number): Promise<readonly KeptAct[]>;
  sealed(acts: readonly Pick<KeptAct, 'alert' | 'seq'>[], records: readonly number[]): Promise<void>;
  list(open: boolean): Promise<readonly Alert[]>;
  alert(id: string): Promise<Alert | null>;
  acts(id: string): Promise<readonly KeptAct[]>;
  notices(id: string): Promise<readonly KeptNotice[]>;
  /** The end of the newest notification of each channel that ended, and since when none got through. */
  undelivered(): Promise<readonly { readonly channel: string; readonly since: Instant }[]>;
  /** The next instant at which a notification waits to be tried. */
  nextTry(): Promise<Instant | null>;
  isEmpty(): Promise<boolean>;
  /** Puts back what the log tells, where nothing is kept. */
  restore(name: string, ordinal: number, alert: Alert, acts: readonly KeptAct[]): Promise<void>;
}

/** In the schema `alerts`. The database is asked for each time: it is another one after the embedded one was wiped. */
export function keptIn(database: () => Pick<Database, 'sql'>): Kept {
  const db = () => database().sql;
  const within = <Result>(act: (session: Session) => Promise<Result>) =>
    db()
      .transaction()
      .execute((session) => act(session));

  return {
    async live(since) {
      const { rows } = await sql<{ name: string; body: Alert }>`select distinct on (name) name, body from alerts.alert
        where state <> 'resolved' or lasts or changed_at > ${since} order by name, ordinal desc`.execute(db());
      return new Map(rows.map(({ name, body }) => [name, body]));
    },

    begin: (name, at, decide) =>
      within(async (session) => {
        const { rows } = await sql<{ ordinal: number; body: Alert }>`select ordinal, body from alerts.alert where name = ${name}
          order by ordinal desc limit 1 for update`.execute(session);
        const decided = decide(rows[0]?.body ?? null);
        if (decided === null) return null;
        const ordinal = (rows[0]?.ordinal ?? 0) + 1;
        const act = { seq: 1, at, ...decided };
        const alert = after(alertId(name, ordinal), null, act);
        const made = await sql`insert into alerts.alert (id, name, ordinal, seq, state, lasts, changed_at, body)
          values (${alert.id}, ${name}, ${ordinal}, 1, ${alert.state}, ${alert.lasts}, ${at}, ${JSON.stringify(alert)}::jsonb) on conflict do nothing`.execute(
          session,
        );
        if (made.numAffectedRows !== 1n) return null;
        await addAct(session, alert.id, act, null);
        return alert;
      }),

    change: (id, at, decide, then = () => []) =>
      within(async (session) => {
        const alert = await locked(session, id);
        const decided = alert && decide(alert);
        if (!alert || !decided) return null;
        const next = await applied(session, alert, { at, ...decided });
        await addNotices(session, id, then(next));
        return next;
      }),

    plan: (id, decide) =>
      within(async (session) => {
        const alert = await locked(session, id);
        if (alert) await addNotices(session, id, decide(alert));
      }),

    async claim(holder, now, lease) {
      const { rows } = await sql<NoticeRow>`update alerts.notice set holder = ${holder}, lease_until = ${now + lease}, attempts = attempts + 1
        where id = (select id from alerts.notice where state = 'waiting' and next_at <= ${now} and (lease_until is null or lease_until <= ${now})
          order by next_at, id limit 1 for update skip locked) returning *`.execute(db());
      return rows[0] ? noticeOf(rows[0]) : null;
    },

    finish: (notice, holder, now, outcome) =>
      within(async (session) => {
        // The alert first, as everything else does: two that wait for each other would wait for ever.
        const alert = await locked(session, notice.alert);
        const because = 'because' in outcome ? outcome.because : null;
        const nextAt = outcome.state === 'waiting' ? outcome.nextAt : notice.nextAt;
        const done = outcome.state === 'waiting' ? null : now;
        const ended =
          await sql`update alerts.notice set state = ${outcome.state}, error = ${because}, next_at = ${nextAt}, done_at = ${done}, holder = null, lease_until = null
          where id = ${notice.id} and state = 'waiting' and holder = ${holder} and attempts = ${notice.attempts}`.execute(session);
        if (ended.numAffectedRows !== 1n) return false;
        if (alert && outcome.state !== 'waiting') await applied(session, alert, { at: now, by: 'tickmark', deed: deedOf(notice, outcome.state, because) });
        return true;
      }),

    async turn(holder, now, lease) {
      const taken = await sql`insert into alerts.turn (holder, until) values (${holder}, ${now + lease})
        on conflict (one) do update set holder = excluded.holder, until = excluded.until where turn.until <= ${now} or turn.holder = excluded.holder`.execute(
        db(),
      );
      return taken.numAffectedRows === 1n;
    },

    async endTurn(holder) {
      await sql`delete from alerts.turn where holder = ${holder}`.execute(db());
    },

    async unsealed(limit) {
      const { rows } = await sql<ActRow>`select * from alerts.act where record is null order by at, alert, seq limit ${limit}`.execute(db());
      return rows.map(actOf);
    },

    sealed: (acts, records) =>
      within(async (session) => {
        for (const [place, { alert, seq }] of acts.entries())
          await sql`update alerts.act set record = ${records[place]} where alert = ${alert} and seq = ${seq}`.execute(session);
      }),

    async list(open) {
      const { rows } = open
        ? await sql<{ body: Alert }>`select body from alerts.alert where state <> 'resolved' order by changed_at desc, id`.execute(db())
        : await sql<{ body: Alert }>`select body from alerts.alert order by changed_at desc, id`.execute(db());
      return rows.map(({ body }) => body);
    },

    async alert(id) {
      const { rows } = await sql<{ body: Alert }>`select body from alerts.alert where id = ${id}`.execute(db());
      return rows[0]?.body ?? null;
    },

    async acts(id) {
      const { rows } = await sql<ActRow>`select * from alerts.act where alert = ${id} order by seq`.execute(db());
      return rows.map(actOf);
    },

    async notices(id) {
      const { rows } = await sql<NoticeRow>`select * from alerts.notice where alert = ${id} order by due, id`.execute(db());
      return rows.map(noticeOf);
    },

    async undelivered() {
      const { rows } = await sql<{ channel: string; since: Instant }>`select failed.channel, min(failed.done_at)::bigint as since from alerts.notice failed
        where failed.state = 'failed' and failed.done_at > coalesce(
          (select max(sent.done_at) from alerts.notice sent where sent.channel = failed.channel and sent.state = 'sent'), -1)
        group by failed.channel order by failed.channel`.execute(db());
      return rows;
    },

    async nextTry() {
      const { rows } = await sql<{
        next: Instant | null;
      }>`select min(greatest(next_at, coalesce(lease_until, 0)))::bigint as next from alerts.notice where state = 'waiting'`.execute(db());
      return rows[0]?.next ?? null;
    },

    async isEmpty() {
      const { rows } = await sql<{ some: boolean }>`select exists (select from alerts.alert) as some`.execute(db());
      return rows[0]?.some !== true;
    },

    restore: (name, ordinal, alert, acts) =>
      within(async (session) => {
        const { id, seq, state, lasts, changedAt } = alert;
        const made = await sql`insert into alerts.alert (id, name, ordinal, seq, state, lasts, changed_at, body)
          values (${id}, ${name}, ${ordinal}, ${seq}, ${state}, ${lasts}, ${changedAt}, ${JSON.stringify(alert)}::jsonb) on conflict do nothing`.execute(
          session,
        );
        if (made.numAffectedRows !== 1n) return;
        for (const act of acts) await addAct(session, id, act, act.record);
      }),
  };
}

async function locked(session: Session, id: string): Promise<Alert | null> {
  const { rows } = await sql<{ body: Alert }>`select body from alerts.alert where id = ${id} for update`.execute(session);
  return rows[0]?.body ?? null;
}

async function applied(session: Session, alert: Alert, { at, by, deed }: Decided & { readonly at: Instant }): Promise<Alert> {
  const act = { seq: alert.seq + 1, at, by, deed };
  const next = after(alert.id, alert, act);
  await addAct(session, alert.id, act, null);
  await sql`update alerts.alert set seq = ${next.seq}, state = ${next.state}, lasts = ${next.lasts}, changed_at = ${at}, body = ${JSON.stringify(next)}::jsonb
    where id = ${alert.id}`.execute(session);
  return next;
}

const addAct = (session: Session, alert: string, { seq, at, by, deed }: Act, record: number | null) =>
  sql`insert into alerts.act (alert, seq, at, by, deed, record) values (${alert}, ${seq}, ${at}, ${by}, ${JSON.stringify(deed)}::jsonb, ${record})`.execute(
    session,
  );

async function addNotices(session: Session, alert: string, notices: readonly Notice[]): Promise<void> {
  for (const { id, round, step, channel, says, due } of notices)
    await sql`insert into alerts.notice (id, alert, round, step, channel, says, due, next_at)
      values (${id}, ${alert}, ${round}, ${step}, ${channel}, ${says}, ${due}, ${due}) on conflict do nothing`.execute(session);
}

const DEEDS = { sent: 'notify', failed: 'fail', withheld: 'withhold' } as const;

function deedOf({ round, step, channel, says, attempts }: KeptNotice, state: keyof typeof DEEDS, because: string | null): Deed {
  const delivery: Delivered = { round, step, channel, says, attempts, because };
  return { do: DEEDS[state], delivery };
}

const ALPHABET = 'abcdefghjkmnpqrstvwxyz0123456789';

/** Follows from what it is about and its number: the same on every server, and never given twice. */
export function alertId(name: string, ordinal: number): string {
  const digest = createHash('sha256').update(`${name}\n${ordinal}`).digest();
  return `A-${[...digest.subarray(0, 10)].map((byte) => ALPHABET[byte & 31]).join('')}`;
}

interface ActRow {
  readonly alert: string;
  readonly seq: number;
  readonly at: Instant;
  readonly by: string;
  readonly deed: Deed;
  readonly record: number | null;
}
const actOf = ({ alert, seq, at, by, deed, record }: ActRow): KeptAct => ({ alert, seq, at, by, deed, record });

interface NoticeRow {
  readonly id: string;
  readonly alert: string;
  readonly round: number;
  readonly step: number;
  readonly channel: string;
  readonly says: Saying;
  readonly due: Instant;
  readonly state: KeptNotice['state'];
  readonly attempts: number;
  readonly next_at: Instant;
  readonly error: string | null;
  readonly done_at: Instant | null;
}
const noticeOf = ({ next_at: nextAt, done_at: doneAt, ...row }: NoticeRow): KeptNotice => {
  const { id, alert, round, step, channel, says, due, state, attempts, error } = row;
  return { id, alert, round, step, channel, says, due, state, attempts, error, nextAt, doneAt };
};
