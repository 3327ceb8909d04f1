import { endOfDay, localDate, startOfDay } from './calendar.ts';
import type { Instant } from './instant.ts';
import type { Period } from './interval.ts';

export const CADENCES = ['daily', 'weekly', 'monthly', 'quarterly', 'half-yearly', 'yearly'] as const;
export type Cadence = (typeof CADENCES)[number];

const MONTHS: Readonly<Record<Exclude<Cadence, 'daily' | 'weekly'>, number>> = { monthly: 1, quarterly: 3, 'half-yearly': 6, yearly: 12 };

/** The calendar periods of a cadence that begin within a period, in a time zone; weeks begin on Monday. Each touches the next. */
export function calendarPeriods(cadence: Cadence, timezone: string, { from, to }: Period): readonly Period[] {
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw new RangeError('calendar periods within a period without end');
  const periods: Period[] = [];
  for (let date = firstDate(cadence, localDate(from, timezone)); ; date = nextStart(cadence, date)) {
    const period = { from: startOfDay(date, timezone), to: startOfDay(nextStart(cadence, date), timezone) };
    if (period.from >= to) return periods;
    if (period.from >= from) periods.push(period);
  }
}

/** The first instant after so many local days that follow an instant at which a day begins. */
export function daysAfter(at: Instant, days: number, timezone: string): Instant {
  return days === 0 ? at : endOfDay(addDays(localDate(at, timezone), days - 1), timezone);
}

/** First day of the calendar period that holds a date. */
function firstDate(cadence: Cadence, date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  if (cadence === 'daily') return date;
  if (cadence === 'weekly') return addDays(date, -((day.getUTCDay() + 6) % 7));
  const months = MONTHS[cadence];
  return new Date(Date.UTC(day.getUTCFullYear(), Math.floor(day.getUTCMonth() / months) * months, 1)).toISOString().slice(0, 10);
}

function nextStart(cadence: Cadence, date: string): string {
  if (cadence === 'daily') return addDays(date, 1);
  if (cadence === 'weekly') return addDays(date, 7);
  const day = new Date(`${date}T00:00:00Z`);
  return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + MONTHS[cadence], 1)).toISOString().slice(0, 10);
}

const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
