import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, seconds } from '../core/instant.ts';
import { enqueue } from '../jobs/plan.ts';
import { openQueue, PATIENCE, type Queue } from '../jobs/queue.ts';
import type { Schedule } from '../jobs/schedule.ts';
import { SILENT, troubles } from '../jobs/trouble.ts';
import { startWorker, TOLERANCE } from '../jobs/worker.ts';
import type { Database } from '../store/database.ts';
import { type Roster, openRoster, type SlotRow, type WorkerRow } from '../store/roster.ts';
import { chosen, partitionsOf } from './collect.ts';
import { failureRecorder, handlersOf, skipRecorder } from './job-handlers.ts';
import { schedulesOf } from './job-schedules.ts';
import type { Jobs, ScheduleLine } from './job-views.ts';
import type { Context } from './schedule.ts';
import { collectId } from './source-schedules.ts';
import { VERSION } from './version.ts';
import type { Workspace } from './views.ts';

interface Means {
  readonly context: Context;
  readonly database: () => Database;
  readonly workspace: Workspace;
  readonly ready: () => void;
}

/** The jobs of a workspace: seen by anyone, run where {@link Jobs.work} is called. */
export function openJobs({ context, database, workspace, ready }: Means): Jobs {
  const { clock } = context;
  const schedules = schedulesOf(context, workspace);
  let opened: Promise<Roster> | null = null;
  const roster = () => {
    opened ??= openRoster(database);
    return opened;
  };
  const named = async (id: string): Promise<Schedule> => {
    const all = await schedules();
    const its = all.find((schedule) => schedule.id === id);
    if (!its)
      throw new ConfigurationError(`no schedule is called "${id}". "tickmark jobs" lists them: ${all.map((schedule) => `"${schedule.id}"`).join(', ')}.`);
    return its;
  };
  const dataOf = async (id: string): Promise<Json | null> => (await schedules()).find((schedule) => schedule.id === id)?.data ?? null;
  const acted = (what: string, { by, schedule, says }: { readonly by: string; readonly schedule: string; readonly says: Readonly<Record<string, Json>> }) =>
    workspace.recordActs([{ act: what, by, target: `jobs/${schedule}`, says }]);

  return {
    async view() {
      const its = await roster();
      const [snapshot, database] = [await snapshotOf(its), await its.clock()];
      const lines = snapshot.timetable.map((row): ScheduleLine => {
        const ended = snapshot.ended.filter(({ schedule }) => schedule === row.schedule).toSorted((a, b) => b.slot - a.slot);
        return {
          ...row,
          open: snapshot.open.find(({ schedule }) => schedule === row.schedule) ?? null,
          last: ended[0] ?? null,
          lastDone: ended.find(({ state }) => state === 'done') ?? null,
        };
      });
      const now = clock();
      return {
        asOf: now,
        schedules: lines,
        workers: snapshot.workers.map((worker) => ({ ...worker, alive: isAlive(worker, database) })),
        troubles: troubles(snapshot, { now, database, tolerance: TOLERANCE }),
      };
    },

    slots: async (query) => (await roster()).slots(query),

    async troubles() {
      const its = await roster();
      return troubles(await snapshotOf(its), { now: clock(), database: await its.clock(), tolerance: TOLERANCE });
    },

    taken: async () => (await roster()).newest(),

    async collect(only, by, act) {
      const ids = new Set(partitionsOf(chosen(context.configuration.sources, only)).map(({ source, partition }) => collectId(source, partition)));
      const its = await roster();
      const there = await its.clock();
      if (!(await its.workers()).some((worker) => isAlive(worker, there))) return null;
      await act();
      const open = (await its.open()).filter(({ schedule, state }) => ids.has(schedule) && state !== 'skipping');
      const asked = (await schedules()).filter(({ id }) => ids.has(id) && !open.some(({ schedule }) => schedule === id));
      const slot = clock();
      await withQueue(database, async (queue) => {
        for (const schedule of asked) await enqueue({ roster: its, queue }, schedule, { slot, byHand: by, now: slot });
      });
      return followed(its, [...open, ...asked.map(({ id }) => ({ schedule: id, slot }))]);
    },

    follow: async (jobs) => followed(await roster(), jobs),

    async run(id, by) {
      const [schedule, its, slot] = [await named(id), await roster(), clock()];
      const open = (await its.open()).find((row) => row.schedule === id && row.state !== 'skipping');
      if (open) throw new ConfigurationError(`"${id}" ${open.state === 'running' ? 'runs' : 'waits'} already. "tickmark jobs" tells what comes of it.`);
      await acted('job-run', { by, schedule: id, says: { slot: new Date(slot).toISOString() } });
      await withQueue(database, (queue) => enqueue({ roster: its, queue }, schedule, { slot, byHand: by, now: slot }));
      return slot;
    },

    async retry(id, slot, by) {
      const [schedule, its] = [await named(id), await roster()];
      const row = await its.slot(id, slot);
      if (!row || (row.state !== 'failed' && row.state !== 'skipped'))
        throw new ConfigurationError(
          row
            ? `the slot is ${row.state}: only one that failed or was skipped is tried again.`
            : `"${id}" has no slot of ${new Date(slot).toISOString()}. "tickmark jobs list" shows its slots.`,
        );
      await acted('job-retry', { by, schedule: id, says: { slot: new Date(slot).toISOString(), was: row.state, note: row.note } });
      await withQueue(database, (queue) => enqueue({ roster: its, queue }, schedule, { slot, byHand: by, now: clock(), again: 'ended' }));
    },

    async pause(id, { by, because }) {
      await named(id);
      const at = clock();
      if (!(await (await roster()).pause(id, { at, by, because }))) throw new ConfigurationError(`"${id}" is paused already, or no worker has planned it yet.`);
      await acted('job-pause', { by, schedule: id, says: { because } });
    },

    async resume(id, by) {
      await named(id);
      if (!(await (await roster()).pause(id, null))) throw new ConfigurationError(`"${id}" is not paused.`);
      await acted('job-resume', { by, schedule: id, says: {} });
    },

    async work({ tell, hooks = {}, patience, look, tolerance, alone = false }) {
      if (alone && database().kind === 'embedded' && !database().owned)
        throw new ConfigurationError(
          'a running "tickmark serve" holds the embedded database, and works already. Several processes share a PostgreSQL server: set DATABASE_URL.',
        );
      const its = await roster();
      const failed = (error: Error) => tell({ what: 'problem', note: `the queue: ${error.message}` });
      const queue = await openQueue(database, { works: true, failed, ...(patience ? { patience } : {}) });
      const lasts = seconds((patience ?? PATIENCE).heartbeat);
      const means = { context, workspace, roster: its, hooks, ready, lasts };
      return startWorker({
        roster: its,
        queue,
        schedules,
        handlers: handlersOf(means),
        skipped: skipRecorder(context),
        failed: failureRecorder(context, dataOf),
        clock,
        version: VERSION,
        tell,
        ...(look === undefined ? {} : { look }),
        ...(tolerance === undefined ? {} : { tolerance }),
      });
    },
  };
}

const isAlive = ({ stoppedAt, beatAt }: WorkerRow, database: Instant): boolean => stoppedAt === null && database - beatAt <= SILENT;

async function followed(roster: Roster, jobs: readonly Pick<SlotRow, 'schedule' | 'slot'>[]): Promise<readonly SlotRow[]> {
  const rows: SlotRow[] = [];
  for (const { schedule, slot } of jobs) {
    const row = await roster.slot(schedule, slot);
    if (row) rows.push(row);
  }
  return rows;
}

const snapshotOf = async (roster: Roster) => ({
  timetable: await roster.timetable(),
  open: await roster.open(),
  ended: await roster.ended(),
  workers: await roster.workers(),
});

/** Hands something in, and runs nothing. */
async function withQueue<Result>(database: () => Database, use: (queue: Queue) => Promise<Result>): Promise<Result> {
  const queue = await openQueue(database, { works: false, failed: () => undefined });
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}
