import type { Duration, Instant } from '../core/instant.ts';
import type { ControlStatus } from '../core/status.ts';
import type { JobEvent } from '../jobs/means.ts';
import type { Patience } from '../jobs/queue.ts';
import type { JobTrouble } from '../jobs/trouble.ts';
import type { RunningWorker } from '../jobs/worker.ts';
import type { SlotRow, SlotState, TimetableRow, WorkerRow } from '../store/roster.ts';
import type { ToldCall } from './told-calls.ts';
import type { RunResult } from './run-result.ts';

export type { JobEvent, JobTrouble, RunningWorker, SlotRow, SlotState, TimetableRow, WorkerRow };

/** A report that made itself, and the record that keeps it. */
export interface PublishedReport {
  readonly report: 'access-review';
  readonly month: string;
  readonly record: number;
  /** Name of the artifact of that record: the report as HTML. */
  readonly artifact: string;
  readonly sha256: string;
}

/** Statuses of controls that became others between two looks, each told once, whichever process looked. */
export interface StatusChange {
  readonly control: string;
  readonly before: ControlStatus;
  readonly after: ControlStatus;
}

/** Who else wants to know. What they throw fails the job, which is tried again. */
export interface JobHooks {
  readonly collected?: (run: RunResult) => void;
  /** Of each request, as it is answered. */
  readonly asked?: (call: ToldCall) => void;
  readonly reported?: (report: PublishedReport) => Promise<void>;
  /** Once a minute on one of all processes; `changes` since it was looked last. */
  readonly watched?: (changes: readonly StatusChange[], at: Instant) => Promise<void>;
}

/** A schedule, and what came of its newest slots. */
export interface ScheduleLine extends TimetableRow {
  readonly open: SlotRow | null;
  /** The newest that has ended, and the newest that is done. */
  readonly last: SlotRow | null;
  readonly lastDone: SlotRow | null;
}

export interface JobsView {
  readonly asOf: Instant;
  readonly schedules: readonly ScheduleLine[];
  readonly workers: readonly (WorkerRow & { readonly alive: boolean })[];
  readonly troubles: readonly JobTrouble[];
}

export interface WorkerOptions {
  readonly tell: (event: JobEvent) => void;
  readonly hooks?: JobHooks;
  readonly patience?: Patience;
  readonly look?: Duration;
  readonly tolerance?: Duration;
  /** Beside no server: with the embedded database, which ends with the process that opened it, that is a mistake. */
  readonly alone?: boolean;
}

/** What Tickmark does by itself: seen, and steered. Each act is a record in the log. */
export interface Jobs {
  view(): Promise<JobsView>;
  /** The newest first. */
  slots(query: {
    readonly schedule?: string;
    readonly state?: SlotState;
    readonly after?: { readonly slot: Instant; readonly schedule: string };
    readonly limit: number;
  }): Promise<readonly SlotRow[]>;
  troubles(): Promise<readonly JobTrouble[]>;
  /** The newest slot of each schedule that was taken, but by hand: what comes next follows from it. */
  taken(): Promise<ReadonlyMap<string, Instant>>;
  /**
   * Hands sources in out of turn, a job for each partition: `github/organization`, `github/organization/acme`, all unless
   * said. What waits or runs already is that job. `null` where no worker lives to do it; else `act` comes before.
   */
  collect(only: string | undefined, by: string, act: () => Promise<unknown>): Promise<readonly SlotRow[] | null>;
  /** How jobs stand that were handed in. */
  follow(jobs: readonly Pick<SlotRow, 'schedule' | 'slot'>[]): Promise<readonly SlotRow[]>;
  /** Runs a schedule out of turn. Resolves to the slot. Throws `ConfigurationError` where it runs already. */
  run(schedule: string, by: string): Promise<Instant>;
  /** Tries a slot again that has failed or was skipped. */
  retry(schedule: string, slot: Instant, by: string): Promise<void>;
  /** Until it is resumed its slots are recorded as skipped, with this reason. */
  pause(schedule: string, said: { readonly by: string; readonly because: string }): Promise<void>;
  resume(schedule: string, by: string): Promise<void>;
  /** Runs jobs in this process until it is stopped. */
  work(options: WorkerOptions): Promise<RunningWorker>;
}

/** One thing that has to hold before this process should be asked anything. */
export interface HealthCheck {
  readonly what: 'database' | 'schema' | 'log' | 'disk' | 'worker';
  readonly ok: boolean;
  readonly says: string;
}

export interface Health {
  readonly ready: boolean;
  readonly checks: readonly HealthCheck[];
  /** What stands in the way of the schedule. It takes nobody's readiness, and wants somebody. */
  readonly troubles: readonly JobTrouble[];
}
