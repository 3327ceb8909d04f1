import type { Json } from '../core/canonical.ts';
import { calendarPeriods } from '../core/cadence.ts';
import { days, type Duration, type Instant } from '../core/instant.ts';

/** What there is to do by itself. */
export const KINDS = ['collect', 'report', 'occurrence', 'watch', 'attend', 'upkeep', 'send'] as const;
export type JobKind = (typeof KINDS)[number];

/** When something is due. Its slots follow from it alone, so that every process computes the same. */
export interface Schedule {
  /** `collect okta/users acme`; nothing else is called so. */
  readonly id: string;
  readonly kind: JobKind;
  /** `every 1d`. */
  readonly says: string;
  /** What the job is told beside its slot. */
  readonly data: Json;
  /** The higher go first. */
  readonly priority: number;
  /** The longest distance of two slots. */
  readonly interval: Duration;
  /** Of several missed slots each is made up, one after the other, or the newest alone and the others are recorded as skipped. */
  readonly makesUp: 'each' | 'newest';
  /** Slots that are skipped are recorded one by one, or those that touch as one. */
  readonly tells: 'each' | 'together';
  /** The slot that was filled last by the log's word; `null`: none, and the newest slot is due at once. Counts only where no slot is known yet. */
  readonly filled: Instant | null;
  /** Slots after one instant and up to another, in order; of more than `limit` the newest. */
  slots(after: Instant, until: Instant, limit: number): readonly Instant[];
}

type Slots = Schedule['slots'];

/** Slots a fixed distance apart, counted from 1970, so that they need no memory. The offset keeps sources apart that are asked equally often. */
export function gridSlots(every: Duration, offset: Duration): Slots {
  const shift = ((offset % every) + every) % every;
  return (after, until, limit) => {
    const last = Math.floor((until - shift) / every);
    const first = Math.max(Math.floor((after - shift) / every) + 1, last - limit + 1);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => (first + place) * every + shift);
  };
}

/** The first instant of each month in a time zone. */
export function monthlySlots(timezone: string): Slots {
  return (after, until, limit) =>
    calendarPeriods('monthly', timezone, { from: Math.max(after + 1, until - limit * days(31)), to: until + 1 })
      .map(({ from }) => from)
      .slice(-limit);
}

/** The same slots, each so much later. */
export const laterSlots =
  (slots: Slots, by: Duration): Slots =>
  (after, until, limit) =>
    slots(after - by, until - by, limit).map((slot) => slot + by);

/** Instants that are known one by one. */
export function listedSlots(instants: readonly Instant[]): Slots {
  const all = [...new Set(instants)].sort((a, b) => a - b);
  return (after, until, limit) => all.filter((at) => at > after && at <= until).slice(-limit);
}

/** Far enough to meet the next slot of anything that recurs. */
const AHEAD = days(800);

/** The first slot after an instant; `null` where none is known. */
export function nextSlot({ slots, interval }: Pick<Schedule, 'slots' | 'interval'>, after: Instant): Instant | null {
  for (let reach = Math.min(interval, AHEAD); ; reach = Math.min(reach * 2, AHEAD)) {
    const [first] = slots(after, after + reach, Number.MAX_SAFE_INTEGER);
    if (first !== undefined || reach === AHEAD) return first ?? null;
  }
}

/** The newest slot up to an instant; `null` where there is none. */
export const newestSlot = ({ slots }: Pick<Schedule, 'slots'>, until: Instant): Instant | null => slots(until - AHEAD, until, 1)[0] ?? null;
