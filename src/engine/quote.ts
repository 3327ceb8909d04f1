import { localDate, startOfDay } from '../core/calendar.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { several, spokenInstant, spokenRate } from '../core/spoken.ts';
import type { CheckResults, ControlResults, PeriodStamp } from './period-posture.ts';

interface About extends Pick<PeriodStamp, 'period' | 'until' | 'asOf'> {
  /** The period as {@link spokenPeriod} says it. */
  readonly when: string;
}

/**
 * What an auditor can quote of a control and a period: counts with their source, what is missing and why, the period as
 * auditors write it (both days included) and as it is reckoned. It forms no opinion.
 */
export function quoteOf(
  { period, until, asOf, when }: About,
  control: Pick<ControlResults, 'id' | 'title' | 'status' | 'excluded' | 'duties'>,
  checks: readonly CheckResults[],
): string {
  const lead = `${control.id} (${control.title}), ${when}`;
  if (until === period.from) return `${lead}: the period had not begun at ${spokenInstant(asOf)}, so nothing is known of it.`;
  const known = until < period.to ? `, as far as it was known at ${spokenInstant(asOf)}` : '';
  if (control.status === 'excluded') return `${lead}${known}:${leftOut(control)}`;
  if (checks.length === 0)
    return `${lead}${known}: no check examines this control, so whether it operated is not known from here.${missed(control)}${leftOut(control)}`;
  const none =
    checks.every(({ deviate, status }) => deviate === 0 && status !== 'empty') && control.duties.length === 0
      ? ' No deviations noted in the evidence examined.'
      : '';
  return `${lead}${known}: ${checks.map(ofCheck).join('; ')}.${none}${missed(control)}${missing(checks)}${leftOut(control)}`;
}

/** Each time that something recurs and was not done when it was due. */
const missed = ({ duties }: Pick<ControlResults, 'duties'>): string =>
  duties
    .map(({ what, from, to, status, because }) =>
      status === 'fail'
        ? ` ${what}: not done by ${spokenInstant(from)}, ${Number.isFinite(to) ? `done on ${spokenInstant(to)}` : 'and not since'}; a deviation in between.`
        : ` ${what}: ${because}; status unknown.`,
    )
    .join('');

const leftOut = ({ excluded }: Pick<ControlResults, 'excluded'>): string =>
  excluded
    ? ` Excluded by the company since ${spokenInstant(excluded.since)} because "${excluded.because}", approved by ${excluded.by}; nothing is said of its operation from then on.`
    : '';

/** Each time in which a population was not known, once, with the first clause of the reason: the rest stands with the results. */
function missing(checks: readonly CheckResults[]): string {
  const gaps = checks.flatMap((check) =>
    check.gaps.map(({ from, to, because }) => ({
      from,
      says: `Evidence missing ${spokenInstant(from)} up to ${spokenInstant(to)} because ${clause(because)}; status unknown.`,
    })),
  );
  return [...new Map(gaps.map((gap) => [gap.says, gap])).values()]
    .sort((a, b) => a.from - b.from)
    .map(({ says }) => ` ${says}`)
    .join('');
}

const clause = (because: string): string => /^.*?(?=: "|: |\.( |$)|$)/.exec(because)?.[0] ?? because;

/** Both days included, as auditors write, and half-open, as it is reckoned. Only the latter where it does not begin and end with a day. */
export function spokenPeriod({ from, to }: Period, timezone: string): string {
  const reckoned = `[${iso(from)}, ${iso(to)})`;
  const [first, last] = [localDate(from, timezone), localDate(to - 1, timezone)];
  const whole = (at: Instant) => startOfDay(localDate(at, timezone), timezone) === at;
  return whole(from) && whole(to) ? `${spokenDate(first)} to ${spokenDate(last)}, both days included (${timezone}; ${reckoned})` : `${reckoned} (${timezone})`;
}

function ofCheck({ id, dataset, status, examined, conform, deviate, undetermined, waived, tolerance, population, gaps }: CheckResults): string {
  if (status === 'empty') return `${id} found no occurrences according to ${dataset}, covered without gap, so that operation could not be examined`;
  if (examined === 0) return `${id} examined no item of ${dataset}${gaps.length > 0 ? '' : ', which cannot be without any'}, and its status is unknown`;
  const parts = [
    `${conform} ${conform === 1 ? 'conforms' : 'conform'}`,
    `${deviate} ${deviate === 1 ? 'deviates' : 'deviate'}${waived > 0 ? ` (${waived} under a waiver, and still a deviation)` : ''}`,
    `${undetermined} could not be determined`,
  ];
  const tolerated = tolerance ? `; ${spokenRate(tolerance)}` : '';
  const open = population.kind === 'events' && population.open > 0 ? `; ${several(population.open, 'more event')} cannot be decided yet` : '';
  return `${id} examined ${examined} of ${several(examined, 'item')} of ${dataset} (${parts.join(', ')}${tolerated}${open})`;
}

function spokenDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
