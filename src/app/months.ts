import { startOfDay } from '../core/calendar.ts';
import type { Instant } from '../core/instant.ts';

/** The month that ended with a slot: `2026-10`. */
export function monthBefore(slot: Instant, timezone: string): string {
  const date = new Date(slot - 1);
  const month = date.toISOString().slice(0, 7);
  const next = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)).toISOString().slice(0, 10);
  // West of Greenwich the last hours of a month are the first of the next by UTC.
  return startOfDay(next, timezone) <= slot ? month : new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}
