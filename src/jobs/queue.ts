import { PgBoss, type WorkOptions } from 'pg-boss';
import type { Json } from '../core/canonical.ts';
import type { Instant } from '../core/instant.ts';
import type { Database } from '../store/database.ts';
import type { Execute } from '../store/roster.ts';
import type { JobKind } from './schedule.ts';

/** What a worker is handed: a slot to run, and whether it still holds it. */
export interface Handed {
  readonly job: string;
  readonly kind: JobKind;
  readonly schedule: string;
  readonly slot: Instant;
  readonly data: Json;
  /** From 0: so many attempts came before. */
  readonly attempt: number;
  readonly last: boolean;
  /** Aborted where another attempt holds the job by now, where it took too long, or where this process stops. */
  readonly signal: AbortSignal;
}

/** The job queue of all processes: leases, heartbeats, retries and the dead letter are pg-boss's. */
export interface Queue {
  /** Within the transaction of whoever hands it in. */
  send(execute: Execute, job: Omit<Handed, 'attempt' | 'last' | 'signal'> & { readonly priority: number }): Promise<void>;
  cancel(kind: JobKind, job: string): Promise<void>;
  /** Gives a job back unfinished: another worker takes it as another attempt. */
  handBack(kind: JobKind, job: string): Promise<void>;
  /** Begins anew where the database is another one by now. Resolves to whether it was: {@link work} has to be called again then. */
  renew(): Promise<boolean>;
  /** Asks for jobs until {@link rest}. */
  work(run: (handed: Handed) => Promise<void>, dead: (job: string) => Promise<void>): Promise<void>;
  /** Asks for no more, and does not wait for those that run. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

/** How patient the queue is, in seconds. */
export interface Patience {
  /** A worker that says nothing for so long has lost its job. At least 10. */
  readonly heartbeat: number;
  /** So often it is looked whether one has. */
  readonly supervise: number;
  /** Between two looks for a job. At least 0.5. */
  readonly poll: number;
  /** Before the first retry; doubled each time, up to a quarter of an hour. */
  readonly retryDelay: number;
}

export const PATIENCE: Patience = { heartbeat: 30, supervise: 15, poll: 2, retryDelay: 60 };

/** Asking sources takes long, and must not keep the house waiting. */
const COLLECT = 'collect';
const HOUSE = 'house';
const DEAD = 'dead';
const queueOf = (kind: JobKind) => (kind === 'collect' ? COLLECT : HOUSE);

const HOUR = 3600;
const DAY = 86_400;
/** How often each is tried again, and how long it may take in seconds. What comes again in a minute is not tried again. */
const LIMITS: Readonly<Record<JobKind, { readonly retries: number; readonly expires: number }>> = {
  collect: { retries: 3, expires: 2 * HOUR },
  report: { retries: 5, expires: HOUR },
  send: { retries: 8, expires: HOUR / 4 },
  occurrence: { retries: 3, expires: HOUR / 2 },
  upkeep: { retries: 1, expires: 4 * HOUR },
  watch: { retries: 0, expires: HOUR / 4 },
  attend: { retries: 0, expires: HOUR / 6 },
};
/** Sources that are asked at once by one process, and how many other jobs run beside. */
const AT_ONCE = { [COLLECT]: 2, [HOUSE]: 2 };

type Options = WorkOptions & { readonly includeMetadata: true };

interface Payload {
  readonly kind: JobKind;
  readonly schedule: string;
  readonly slot: Instant;
  readonly data: Json;
}

/** `works`: this process runs jobs and looks after those of others; one that only hands some in does neither. */
export async function openQueue(
  database: () => Database,
  { works, patience = PATIENCE, failed }: { readonly works: boolean; readonly patience?: Patience; readonly failed: (error: Error) => void },
): Promise<Queue> {
  let { boss, of } = await openBoss(database(), { works, patience, failed });

  return {
    async send(execute, { job, kind, schedule, slot, data, priority }) {
      const { retries, expires } = LIMITS[kind];
      const payload: Payload = { kind, schedule, slot, data };
      await boss.send(queueOf(kind), payload, {
        id: job,
        priority,
        retryLimit: retries,
        expireInSeconds: expires,
        db: { executeSql: async (text, values) => ({ rows: [...(await execute(text, values)).rows] }) },
      });
    },
    async cancel(kind, job) {
      await boss.cancel(queueOf(kind), job);
    },
    async handBack(kind, job) {
      await boss.cancel(queueOf(kind), job);
      await boss.resume(queueOf(kind), job);
    },
    async renew() {
      if (of === database()) return false;
      await boss.stop(AT_ONCE_AND_QUIETLY).catch(() => undefined); // its database is gone
      ({ boss, of } = await openBoss(database(), { works, patience, failed }));
      return true;
    },
    async work(run, dead) {
      const options: Options = { includeMetadata: true, pollingIntervalSeconds: patience.poll };
      for (const queue of [COLLECT, HOUSE] as const)
        await boss.work<Payload, void, Options>(queue, { ...options, localConcurrency: AT_ONCE[queue] }, async (jobs) => {
          for (const { id, data, retryCount, retryLimit, signal } of jobs)
            await run({ ...data, job: id, attempt: retryCount, last: retryCount >= retryLimit, signal });
        });
      await boss.work<Payload, void, Options>(DEAD, options, async (jobs) => {
        for (const { sourceId } of jobs) if (sourceId !== null) await dead(sourceId);
      });
    },
    async rest() {
      for (const queue of [COLLECT, HOUSE, DEAD]) await boss.offWork(queue, { wait: false });
    },
    close: () => boss.stop(AT_ONCE_AND_QUIETLY),
  };
}

/** What runs was waited for by whoever stops it, and the database is not the queue's to close. */
const AT_ONCE_AND_QUIETLY = { graceful: false, close: false };

/** On one database: the embedded one is another after a disposal. */
async function openBoss(
  of: Database,
  { works, patience, failed }: { readonly works: boolean; readonly patience: Patience; readonly failed: (error: Error) => void },
): Promise<{ readonly boss: PgBoss; readonly of: Database }> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => of.query(text, values) },
    backend: of.kind === 'embedded' ? 'pglite' : 'postgres',
    schema: 'jobs',
    createSchema: false,
    schedule: false, // what is due when is ours: every slot is run once or recorded as skipped
    supervise: works,
    superviseIntervalSeconds: patience.supervise,
    monitorIntervalSeconds: patience.supervise,
    useListenNotify: false,
  });
  boss.on('error', failed);
  await boss.start();
  await prepare(boss, patience);
  return { boss, of };
}

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The queues themselves, made by whoever comes first. */
async function prepare(boss: PgBoss, { heartbeat, retryDelay }: Patience): Promise<void> {
  const kept = { deleteAfterSeconds: 7 * DAY, retentionSeconds: 30 * DAY };
  await boss.createQueue(DEAD, { ...kept, retryLimit: 20, retryDelay: 10 });
  const options = { ...kept, heartbeatSeconds: heartbeat, retryDelay, retryBackoff: true, retryDelayMax: HOUR / 4, deadLetter: DEAD };
  for (const queue of [COLLECT, HOUSE]) {
    await boss.createQueue(queue, options);
    await boss.updateQueue(queue, options); // by an earlier version, perhaps
    // Known from now on: whoever hands a job in holds a transaction, and the embedded database answers nobody else meanwhile.
    await boss.getJobById(queue, NOBODY);
  }
}
