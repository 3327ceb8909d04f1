import type { WorkerOptions } from '../../src/app/job-views.ts';
import type { Instant } from '../../src/core/instant.ts';

/** So many seconds pass in one: a slot that comes each minute comes every two seconds. */
export const SPEED = 30;

export const quickClock =
  (base: Instant): (() => Instant) =>
  () =>
    base + (Date.now() - base) * SPEED;

/** As impatient as the queue may be; a clock that runs fast is apart from the database's on purpose. */
export const quickly = {
  look: 300,
  tolerance: Number.MAX_SAFE_INTEGER,
  patience: { heartbeat: 10, supervise: 1, poll: 0.5, retryDelay: 1 },
} as const satisfies Omit<WorkerOptions, 'tell'>;
