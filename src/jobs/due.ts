import type { Instant } from '../core/instant.ts';
import { newestSlot, nextSlot, type Schedule } from './schedule.ts';

/** A slot that the roster holds as not finished. */
export interface OpenSlot {
  readonly slot: Instant;
  readonly state: 'queued' | 'running' | 'retry' | 'skipping';
  /** By hand or of the schedule. */
  readonly byHand: boolean;
}

/** What is to be done about a schedule now. */
export interface Decision {
  /** Slots that will not be run, and why: each row one slot, or several that touch. */
  readonly skip: readonly { readonly slot: Instant; readonly firstSlot: Instant; readonly because: string }[];
  /** A slot that waits and is overtaken: it is given up for a newer one. `tried`: it was begun and failed. */
  readonly giveUp: { readonly slot: Instant; readonly tried: boolean; readonly because: string } | null;
  readonly queue: Instant | null;
}

const NOTHING: Decision = { skip: [], giveUp: null, queue: null };

/** At most this many missed slots of one schedule are told one by one: after a year away the newest are enough. */
export const MISSED = 400;
/** Of those that are told together so many are counted. */
const FEWER = 100_000;

/**
 * Which slots of a schedule are due, and which will never be run. At most one slot of a schedule is open at a time; where
 * one runs, nothing new is begun.
 */
export function decide(
  schedule: Schedule,
  { newest, open, paused, now }: { readonly newest: Instant | null; readonly open: readonly OpenSlot[]; readonly paused: string | null; readonly now: Instant },
): Decision {
  const due = dueSlots(schedule, newest, now);
  const last = due.at(-1);
  if (last === undefined) return NOTHING;
  if (paused !== null) return { ...NOTHING, skip: rows(schedule, due, paused) };
  if (open.some(({ state }) => state === 'running')) return NOTHING;
  const waiting = open.find(({ state, byHand }) => (state === 'queued' || state === 'retry') && !byHand);
  if (schedule.makesUp === 'each') {
    const [first = last] = due;
    return waiting ? NOTHING : { ...NOTHING, queue: first };
  }
  return {
    skip: rows(schedule, due.slice(0, -1), 'no worker was there, or each was at the slot before it'),
    giveUp: waiting
      ? {
          slot: waiting.slot,
          tried: waiting.state === 'retry',
          because: waiting.state === 'retry' ? 'the next slot came before it succeeded' : 'no worker took it before the next slot',
        }
      : null,
    queue: last,
  };
}

/**
 * The slot that comes next, `null` where none is known: of those that have passed and that nobody has taken the one that
 * will be run, else the first ahead.
 *
 * @param newest the newest slot that is known, as for {@link decide}
 */
export function nextDue(schedule: Schedule, newest: Instant | null, now: Instant): Instant | null {
  const [after, passed] = [newest ?? schedule.filled, newestSlot(schedule, now)];
  if (passed === null || (after !== null && passed <= after)) return nextSlot(schedule, Math.max(now, after ?? now));
  return schedule.makesUp === 'newest' || after === null ? passed : (nextSlot(schedule, after) ?? passed);
}

/** The slots since the newest that is known, in order. Of a schedule without any the newest alone: it did not exist before. */
function dueSlots(schedule: Schedule, newest: Instant | null, now: Instant): readonly Instant[] {
  const after = newest ?? schedule.filled;
  if (after !== null) return schedule.slots(after, now, schedule.tells === 'each' ? MISSED : FEWER);
  const first = newestSlot(schedule, now);
  return first === null ? [] : [first];
}

function rows({ tells }: Schedule, slots: readonly Instant[], because: string): Decision['skip'] {
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return [];
  return tells === 'each' ? slots.map((slot) => ({ slot, firstSlot: slot, because })) : [{ slot: last, firstSlot: first, because }];
}
