import { localDate, localInstant, nextDate, startOfDay } from '../core/calendar.ts';
import { type Duration, days, type Instant } from '../core/instant.ts';
import { holds, type Period, type Periods, union } from '../core/interval.ts';
import type { Quiet } from './policy.ts';

/** So many local days are looked at, from the one before on: no quiet lasts as long, a weekend between two nights included. */
const DAYS = 7;

/** The first instant from this one on at which people may be disturbed. */
export function audible(at: Instant, quiet: Quiet | null): Instant {
  return quiet === null ? at : (quietAround(at, quiet).periods.find((period) => holds(period, at))?.to ?? at);
}

/** The instant at which so much audible time has passed: the clock of an escalation stands still while it is quiet. */
export function afterAudible(since: Instant, lasted: Duration, quiet: Quiet | null): Instant {
  if (quiet === null) return since + lasted;
  for (let [at, left] = [audible(since, quiet), lasted]; ; at = audible(at, quiet)) {
    const { periods, until } = quietAround(at, quiet);
    const next = periods.find(({ from }) => from > at)?.from ?? until;
    if (at + left < next) return at + left;
    left -= next - at;
    at = next;
  }
}

/** What is quiet in the days around an instant, known up to the end of the last of them. */
function quietAround(at: Instant, { from, to, weekends, timezone }: Quiet): { readonly periods: Periods; readonly until: Instant } {
  const periods: Period[] = [];
  let date = localDate(at - days(1), timezone);
  for (let day = 0; day < DAYS; day++, date = nextDate(date)) {
    const night = { from: clock(date, from, timezone), to: clock(from < to ? date : nextDate(date), to, timezone) };
    if (night.from < night.to) periods.push(night); // an hour that the clock skips is no time
    if (weekends && isWeekend(date)) periods.push({ from: startOfDay(date, timezone), to: startOfDay(nextDate(date), timezone) });
  }
  const until = startOfDay(date, timezone);
  return { periods: union(periods).filter((period) => period.from < until), until };
}

const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());

function clock(date: string, minute: number, timezone: string): Instant {
  const two = (number: number) => String(number).padStart(2, '0');
  return localInstant(date, `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`, timezone);
}
