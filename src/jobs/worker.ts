import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { trace } from '@opentelemetry/api';
import type { Duration } from '../core/instant.ts';
import type { Hold, SlotRow } from '../store/roster.ts';
import type { Outcome, WorkerMeans } from './means.ts';
import { plan } from './plan.ts';
import type { Handed } from './queue.ts';
import type { JobKind } from './schedule.ts';

export interface RunningWorker {
  readonly id: string;
  /** Asks for nothing more, waits so long for what runs, and hands back the rest. */
  stop(patience: Duration): Promise<void>;
}

/** Spans go nowhere unless whoever starts the process brings an SDK. */
const tracer = trace.getTracer('tickmark');

export const TOLERANCE: Duration = 30_000;
const LOOK: Duration = 5000;

interface Running {
  readonly hold: Hold;
  readonly kind: JobKind;
  readonly done: Promise<void>;
  lost: boolean;
}

/** Plans what is due and runs what the queue hands over, until it is stopped. Nothing that fails ends it. */
export async function startWorker(means: WorkerMeans): Promise<RunningWorker> {
  const { roster, queue, clock, tell, version, tolerance = TOLERANCE, look = LOOK } = means;
  const id = `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`;
  const running = new Map<string, Running>();
  let stopping = false;
  let resting = true;
  let beating: Promise<void> | null = null;

  const beat = (skew: Duration) =>
    roster.beat({ id, host: hostname(), pid: process.pid, version, skew, doing: [...running.values()].map(({ hold }) => hold.schedule) }, stopping);

  /** A machine whose clock was put wrong would run what is not due, or date what it saw wrongly. */
  async function turn(): Promise<void> {
    if (stopping) return;
    try {
      const skew = clock() - (await roster.clock());
      await beat(skew);
      if (Math.abs(skew) > tolerance) {
        if (!resting)
          tell({
            what: 'clock',
            note: `this machine's clock is ${Math.round(Math.abs(skew) / 1000)} seconds ${skew > 0 ? 'ahead of' : 'behind'} the database's: nothing is run here until they agree`,
          });
        if (!resting) await queue.rest();
        resting = true;
        return;
      }
      if (await queue.renew()) resting = true;
      if (resting) await queue.work(run, dead);
      resting = false;
      await plan(means, clock());
    } catch (error) {
      tell({ what: 'problem', note: `what is due could not be planned: ${said(error)}` });
    }
  }

  async function run(handed: Handed): Promise<void> {
    const { job, kind, schedule, slot, attempt } = handed;
    const hold: Hold = { schedule, slot, job, attempt };
    const started = clock();
    const row = await roster.start(hold, id, started);
    if (!row) return; // it has ended, or another attempt holds it
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const its: Running = { hold, kind, done, lost: false };
    running.set(job, its);
    try {
      const outcome = await attempted(handed, row);
      if (its.lost) return;
      const state = stateOf(outcome, handed);
      if (state === 'failed') await means.failed({ schedule, slot, kind, result: outcome.result ?? null, note: outcome.note });
      const held = await roster.end(hold, state, { note: outcome.note, result: outcome.result ?? null }, clock());
      if (held) tell({ what: 'ended', schedule, slot, state, note: outcome.note, attempt, took: clock() - started });
      if (state !== 'done' && outcome.hopeless !== true) throw new Error(outcome.note); // the queue tries it again, or has a dead letter
    } finally {
      running.delete(job);
      resolve();
    }
  }

  async function attempted(handed: Handed, row: SlotRow): Promise<Outcome> {
    try {
      return await tracer.startActiveSpan(
        `job ${handed.kind}`,
        { attributes: { 'tickmark.schedule': handed.schedule, 'tickmark.attempt': handed.attempt } },
        (span) => handle(handed, row).finally(() => span.end()),
      );
    } catch (error) {
      return { note: said(error), again: true };
    }
  }

  async function handle(handed: Handed, row: SlotRow): Promise<Outcome> {
    const [before] = (await roster.ended()).filter(({ schedule, state }) => schedule === handed.schedule && state === 'done');
    return means.handlers[handed.kind]({ ...handed, byHand: row.byHand, before: before?.result ?? null });
  }

  /** Nobody lived to say how it ended. */
  async function dead(job: string): Promise<void> {
    const note = 'each attempt was cut short: its process ended, or took too long';
    const row = await roster.ofJob(job);
    if (!row) return; // it has ended, or was handed in again
    await means.failed({ ...row, note });
    if (await roster.dead(job, note, clock()))
      tell({ what: 'ended', schedule: row.schedule, slot: row.slot, state: 'failed', note, attempt: row.attempt, took: 0 });
  }

  await turn();
  // A look may take longer than the time between two: those that would begin meanwhile are left out.
  const timer = setInterval(() => {
    beating ??= turn().finally(() => {
      beating = null;
    });
  }, look);

  return {
    id,
    async stop(patience) {
      clearInterval(timer);
      stopping = true;
      await beating;
      await queue.rest();
      const all = [...running.values()];
      await Promise.race([Promise.all(all.map(({ done }) => done)), new Promise((resolve) => setTimeout(resolve, patience).unref())]);
      for (const [job, its] of running) {
        its.lost = true;
        if (await roster.end(its.hold, 'queued', { note: 'handed back: its process was stopped', result: null }, clock())) await queue.handBack(its.kind, job);
      }
      running.clear();
      await beat(0);
      await queue.close();
    },
  };
}

function stateOf({ again, hopeless }: Outcome, { last }: Pick<Handed, 'last'>): 'done' | 'failed' | 'retry' {
  if (hopeless === true) return 'failed';
  if (again !== true) return 'done';
  return last ? 'failed' : 'retry';
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
