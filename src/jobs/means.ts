import type { Json } from '../core/canonical.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Roster, SlotRow } from '../store/roster.ts';
import type { Handed, Queue } from './queue.ts';
import type { JobKind, Schedule } from './schedule.ts';

/** What came of a job. Where it is to be tried `again`, the queue does so after a while, as often as its kind is tried. */
export interface Outcome {
  readonly note: string;
  readonly result?: Json;
  readonly again?: boolean;
  /** It has failed for good, however often its kind is tried. */
  readonly hopeless?: boolean;
}

export interface Job extends Omit<Handed, 'job' | 'last'> {
  /** Who asked for it out of turn. */
  readonly byHand: string | null;
  /** What came of the newest slot of the same schedule that is done. */
  readonly before: Json | null;
}

export type Handlers = Readonly<Record<JobKind, (job: Job) => Promise<Outcome>>>;

/** What a worker tells of itself. */
export type JobEvent =
  | {
      readonly what: 'ended';
      readonly schedule: string;
      readonly slot: Instant;
      readonly state: 'done' | 'failed' | 'retry';
      readonly note: string;
      readonly attempt: number;
      readonly took: Duration;
    }
  | { readonly what: 'skipped'; readonly schedule: string; readonly slot: Instant; readonly firstSlot: Instant; readonly note: string }
  | { readonly what: 'problem'; readonly note: string }
  | { readonly what: 'clock'; readonly note: string };

export interface WorkerMeans {
  readonly roster: Roster;
  readonly queue: Queue;
  readonly schedules: () => Promise<readonly Schedule[]>;
  readonly handlers: Handlers;
  /** Records that slots were skipped, where the log has to say so. Again is fine. */
  readonly skipped: (schedule: Schedule, slots: Pick<SlotRow, 'slot' | 'firstSlot' | 'note'>) => Promise<void>;
  /** Records that a slot has failed for good. Again is fine. */
  readonly failed: (slot: Pick<SlotRow, 'schedule' | 'slot' | 'kind' | 'result'> & { readonly note: string }) => Promise<void>;
  readonly clock: () => Instant;
  readonly version: string;
  readonly tell: (event: JobEvent) => void;
  /** How far this clock may be from the database's; further, and nothing is run here. */
  readonly tolerance?: Duration;
  /** How often it is looked what is due, and said that this worker lives. */
  readonly look?: Duration;
}
