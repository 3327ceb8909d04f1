import type { Instant } from './instant.ts';

/** How far local time is ahead of UTC at an instant, in milliseconds. `RangeError` for an unknown time zone. */
function offset(at: Instant, timezone: string): number {
  const parts = clockIn(timezone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((it) => it.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - Math.floor(at / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one costs ten times as much as reading it. */
function clockIn(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timezone, made);
  return made;
}

const starts = new Map<string, Instant>();

/** The first instant of a local date (`2026-03-29`) in an IANA time zone. `RangeError` where there is no such date or zone. */
export function startOfDay(date: string, timezone: string): Instant {
  const name = `${date} ${timezone}`;
  const known = starts.get(name);
  if (known !== undefined) return known;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date)
    throw new RangeError(`not a date: ${date} (write it like 2026-03-29)`);
  // Twice, because the offset that counts is that of the instant itself; where midnight is skipped the day starts later.
  const guess = midnight - offset(midnight, timezone);
  const start = midnight - offset(guess, timezone);
  const first = localDate(start, timezone) === date ? start : Math.max(guess, start);
  starts.set(name, first);
  return first;
}

/** The first instant after a local date. */
export function endOfDay(date: string, timezone: string): Instant {
  startOfDay(date, timezone); // the day after one that there is not would be another
  return startOfDay(nextDate(date), timezone);
}

/** What a clock there shows at a local date and time (`08:15:33`). Of an hour that is shown twice the first; `RangeError` where there is no such date or time. */
export function localInstant(date: string, time: string, timezone: string): Instant {
  startOfDay(date, timezone);
  const shown = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(shown)) throw new RangeError(`not a time: ${time} (write it like 08:15:33)`);
  const guess = shown - offset(shown - 86_400_000, timezone);
  return guess + offset(guess, timezone) === shown ? guess : shown - offset(guess, timezone);
}

export function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** The local date at an instant. */
export function localDate(at: Instant, timezone: string): string {
  return new Date(at + offset(at, timezone)).toISOString().slice(0, 10);
}

/** Whether Intl knows this time zone. */
export function isTimezone(timezone: string): boolean {
  zones ??= new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return zones.has(timezone);
}

let zones: Set<string> | null = null;

/** A month (`2026-03`) in a time zone, half-open. */
export function monthPeriod(month: string, timezone: string): { readonly from: Instant; readonly to: Instant } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: startOfDay(`${month}-01`, timezone), to: startOfDay(`${next}-01`, timezone) };
}

/** The UTC day that holds an instant: what changes by the second is kept by the day. */
export const utcDay = (at: Instant): Instant => Math.floor(at / 86_400_000) * 86_400_000;

/** `7 years`, `18 months`, `2 weeks`, `90 days` after an instant, by the calendar of UTC. A day that the month does not have is its last. */
export function afterSpan(at: Instant, span: string): Instant {
  const [, count = '', unit = ''] = /^(\d+) (day|week|month|year)s?$/.exec(span) ?? [];
  if (unit === '') throw new RangeError(`not a span of time: ${span} (write 7 years, 18 months or 90 days)`);
  if (unit === 'day' || unit === 'week') return at + Number(count) * (unit === 'day' ? 1 : 7) * 86_400_000;
  const date = new Date(at);
  const months = date.getUTCMonth() + Number(count) * (unit === 'year' ? 12 : 1);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const midnight = Date.UTC(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), lastDay));
  return midnight + (at - Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}
