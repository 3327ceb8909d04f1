import { localDate, startOfDay } from '../core/calendar.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { several, spokenInstant } from '../core/spoken.ts';
import type { CheckResults, Observed, PeriodStamp } from './period-posture.ts';

/**
 * The one sentence about a control and a period that an auditor can quote: counts with their source, what is missing and
 * why, the period as auditors write it (both days included) and as it is reckoned. It forms no opinion.
 */
export function quoteOf(
  { period, until, asOf, timezone }: Pick<PeriodStamp, 'period' | 'until' | 'asOf' | 'timezone'>,
  { id, title }: Pick<Observed, 'id' | 'title'>,
  checks: readonly CheckResults[],
): string {
  const lead = `${id} (${title}), ${spokenPeriod(period, timezone)}`;
  if (until === period.from) return `${lead}: the period had not begun at ${spokenInstant(asOf)}, so nothing is known of it.`;
  const known = until < period.to ? `, of which nothing is said after ${spokenInstant(asOf)}` : '';
  if (checks.length === 0) return `${lead}${known}: no check examines this control, so whether it operated is not known from here.`;
  return `${lead}${known}: ${checks.map(ofCheck).join('; ')}.`;
}

/** Both days included, as auditors write, and half-open, as it is reckoned. Only the latter where it does not begin and end with a day. */
export function spokenPeriod({ from, to }: Period, timezone: string): string {
  const reckoned = `[${iso(from)}, ${iso(to)})`;
  const [first, last] = [localDate(from, timezone), localDate(to - 1, timezone)];
  const whole = (at: Instant) => startOfDay(localDate(at, timezone), timezone) === at;
  return whole(from) && whole(to) ? `${spokenDate(first)} to ${spokenDate(last)}, both days included (${timezone}; ${reckoned})` : `${reckoned} (${timezone})`;
}

function ofCheck({ id, dataset, status, examined, conform, deviate, undetermined, deviations, tolerance, gaps, population }: CheckResults): string {
  const missing = gaps.map(
    ({ from, to, because }) =>
      `evidence missing ${spokenInstant(from)} up to ${spokenInstant(to)} because ${because.replace(/\.$/, '').replaceAll('. ', ', and ')}`,
  );
  const also = missing.length === 0 ? '' : `, and with ${missing.join(' and ')}`;
  if (status === 'empty') return `${id} found no occurrences according to ${dataset}, covered without gap, so that operation could not be examined`;
  if (examined === 0) return `${id} examined no item of ${dataset}${also || ', and it cannot be empty'}, so that its status is unknown`;
  const waived = new Set(deviations.filter(({ waiver }) => waiver).map(({ item }) => `${item.source} ${item.partition} ${item.key}`)).size;
  const parts = [
    `${conform} ${conform === 1 ? 'conforms' : 'conform'}`,
    `${deviate} ${deviate === 1 ? 'deviates' : 'deviate'}${waived > 0 ? ` (${waived} of them at some time under a waiver, and still a deviation)` : ''}`,
    `${undetermined} could not be determined`,
  ];
  const open = population.kind === 'events' && population.open > 0 ? `, while of ${several(population.open, 'more event')} nothing is due to be said yet` : '';
  const none = deviate === 0 ? '; no deviations noted in the evidence examined' : '';
  const tolerated = tolerance ? `, of which the check tolerates ${tolerance.share * 100} %, ${tolerance.within ? 'not exceeded' : 'exceeded'}` : '';
  return `${id} examined ${examined} of ${several(examined, 'item')} of ${dataset}: ${parts.join(', ')}${tolerated}${open}${also}${none}`;
}

function spokenDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
