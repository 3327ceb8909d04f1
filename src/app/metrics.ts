import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Duration } from '../core/instant.ts';
import type { JobEvent, JobsView } from './job-views.ts';
import type { Workspace } from './views.ts';

/** What is counted of this process, and what is asked for when somebody scrapes. */
export interface Metrics {
  readonly contentType: string;
  job(event: JobEvent): void;
  request(method: string, status: number, took: Duration): void;
  /** In the text format of Prometheus. */
  scrape(): Promise<string>;
}

const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const JOB_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];
const STATUSES = ['fail', 'unknown', 'pass', 'empty', 'excluded'];

export function openMetrics(workspace: Pick<Workspace, 'jobs' | 'posture' | 'logStatus' | 'now'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tickmark_' });
  const registers = [registry];
  const ended = new Counter({
    name: 'tickmark_jobs_ended_total',
    help: 'Attempts at slots by this process, by how they ended',
    labelNames: ['kind', 'state'],
    registers,
  });
  const took = new Histogram({ name: 'tickmark_job_seconds', help: 'How long attempts took', labelNames: ['kind'], buckets: JOB_SECONDS, registers });
  const skipped = new Counter({
    name: 'tickmark_slots_skipped_total',
    help: 'Rows of slots that were recorded as skipped by this process',
    labelNames: ['kind'],
    registers,
  });
  const problems = new Counter({ name: 'tickmark_job_problems_total', help: 'Times that planning or the queue failed in this process', registers });
  const requests = new Histogram({
    name: 'tickmark_http_request_seconds',
    help: 'How long answers took',
    labelNames: ['method', 'status'],
    buckets: SECONDS,
    registers,
  });
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) => new Gauge({ name, help, labelNames: [...labelNames], registers });
  const gauges = {
    size: gauge('tickmark_log_records', 'Records in the log'),
    sealed: gauge('tickmark_log_sealed_timestamp_seconds', 'When the newest record was sealed'),
    controls: gauge('tickmark_controls', 'Controls by status', ['status']),
    open: gauge('tickmark_slots_open', 'Slots that are not finished, by state', ['state']),
    workers: gauge('tickmark_workers_alive', 'Workers that are alive, in all processes'),
    troubles: gauge('tickmark_job_troubles', 'What stands in the way of the schedule, by kind', ['kind']),
    done: gauge('tickmark_schedule_done_timestamp_seconds', 'When a slot of the schedule was last done', ['schedule']),
    paused: gauge('tickmark_schedules_paused', 'Schedules that are paused'),
  };

  return {
    contentType: registry.contentType,
    job(event) {
      if (event.what === 'ended') {
        ended.inc({ kind: kindOf(event.schedule), state: event.state });
        took.observe({ kind: kindOf(event.schedule) }, event.took / 1000);
      } else if (event.what === 'skipped') skipped.inc({ kind: kindOf(event.schedule) });
      else problems.inc();
    },
    request: (method, status, lasted) => requests.observe({ method, status: String(status) }, lasted / 1000),
    async scrape() {
      const [view, posture, { checkpoint, sealedAt }] = [await workspace.jobs().view(), await workspace.posture(), await workspace.logStatus()];
      gauges.size.set(checkpoint.size);
      if (sealedAt !== null) gauges.sealed.set(sealedAt / 1000);
      for (const status of STATUSES) gauges.controls.set({ status }, posture.controls.filter((control) => control.status === status).length);
      ofJobs(gauges, view);
      return registry.metrics();
    },
  };
}

function ofJobs({ open, workers, troubles, done, paused }: Readonly<Record<'open' | 'workers' | 'troubles' | 'done' | 'paused', Gauge>>, view: JobsView): void {
  const states = view.schedules.flatMap((line) => line.open?.state ?? []);
  for (const state of ['queued', 'running', 'retry']) open.set({ state }, states.filter((its) => its === state).length);
  workers.set(view.workers.filter(({ alive }) => alive).length);
  for (const kind of ['schedule', 'job', 'queue', 'worker', 'clock']) troubles.set({ kind }, view.troubles.filter((trouble) => trouble.kind === kind).length);
  done.reset();
  for (const { schedule, lastDone } of view.schedules) if (lastDone?.finishedAt) done.set({ schedule }, lastDone.finishedAt / 1000);
  paused.set(view.schedules.filter((line) => line.paused !== null).length);
}

/** The first word of a schedule is its kind. */
const kindOf = (schedule: string): string => schedule.split(' ', 1)[0] ?? schedule;
