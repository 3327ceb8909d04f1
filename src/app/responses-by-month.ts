import type { Instant } from '../core/instant.ts';
import { localDate, monthPeriod } from '../core/calendar.ts';
import type { Period } from '../core/interval.ts';
import type { AlertEvent } from '../datasets/alert/events.ts';
import { acknowledgementOf, resolutionOf, type Times, timesOf } from './alert-words.ts';

/** How long people took for the alerts that were raised in one month. */
export interface MonthOfResponses extends Period {
  /** `2026-03`, of the company's time zone. */
  readonly month: string;
  readonly raised: number;
  readonly acknowledge: Times;
  readonly resolve: Times;
}

/** Every month that has a part in a period, those without an alert included. @param systems which told; `null`: all */
export function responsesByMonth(
  events: readonly AlertEvent[],
  period: Period,
  { at, timezone, systems }: { readonly at: Instant; readonly timezone: string; readonly systems: readonly string[] | null },
): readonly MonthOfResponses[] {
  const until = Math.min(period.to, at + 1);
  const asOf = (event: AlertEvent): AlertEvent => ({ ...event, acknowledgedAt: by(event.acknowledgedAt, at), resolvedAt: by(event.resolvedAt, at) });
  const its = events.filter(({ firedAt, systemId }) => period.from <= firedAt && firedAt < until && (systems === null || systems.includes(systemId))).map(asOf);
  return monthsIn({ from: period.from, to: until }, timezone).map((month) => {
    const span = monthPeriod(month, timezone);
    const raised = its.filter(({ firedAt }) => span.from <= firedAt && firedAt < span.to);
    return { month, ...span, raised: raised.length, acknowledge: timesOf(raised, acknowledgementOf), resolve: timesOf(raised, resolutionOf) };
  });
}

/** What was done later had not been done then. */
const by = (when: Instant | null, at: Instant): Instant | null => (when !== null && when <= at ? when : null);

/** More months than anybody looks at are a slip. */
const MOST = 240;

function monthsIn({ from, to }: Period, timezone: string): readonly string[] {
  if (from >= to) return [];
  const [first, last] = [localDate(from, timezone).slice(0, 7), localDate(to - 1, timezone).slice(0, 7)];
  const months: string[] = [];
  for (let month = first; month <= last && months.length < MOST; month = localDate(monthPeriod(month, timezone).to, timezone).slice(0, 7)) months.push(month);
  return months;
}
