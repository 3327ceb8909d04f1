import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Periods } from '../core/interval.ts';
import { STATUSES, worst } from '../core/status.ts';
import { statusOf } from './assess.ts';
import { type Claims, KIND } from './claims.ts';
import type { StatusInterval } from './period-posture.ts';

/**
 * The status of a check at every instant of all time, in half-open intervals: by what is claimed of its items then, and
 * where its population is not known. `counts` says which items count at all.
 */
export function timelineOf(check: Check, claims: Claims, gaps: Periods, counts: (item: number) => boolean): readonly StatusInterval[] {
  return swept(check, [...tallies(claims, counts), tally(gaps)]);
}

/** The worst of several timelines at every instant of a period. Where there is none, nothing is known. */
export function worstOf(timelines: readonly (readonly StatusInterval[])[], { from, to }: { readonly from: Instant; readonly to: Instant }): StatusInterval[] {
  if (from >= to) return [];
  const [only] = timelines;
  if (timelines.length === 0) return [{ from, to, status: worst([]), alert: worst([]) }];
  if (timelines.length === 1 && only) return [...only];
  const edges = [...new Set([from, ...timelines.flatMap((timeline) => timeline.map((interval) => interval.from))])].sort((a, b) => a - b);
  const places = timelines.map(() => 0);
  const intervals = edges.map((at, edge): StatusInterval => {
    let [status, alert] = [LAST, LAST];
    for (const [line, timeline] of timelines.entries()) {
      while ((timeline[places[line] ?? 0]?.to ?? NEVER) <= at) places[line] = (places[line] ?? 0) + 1;
      const then = timeline[places[line] ?? 0];
      status = Math.min(status, STATUSES.indexOf(then?.status ?? 'unknown'));
      alert = Math.min(alert, STATUSES.indexOf(then?.alert ?? 'unknown'));
    }
    return { from: at, to: edges[edge + 1] ?? to, status: STATUSES[status] ?? 'unknown', alert: STATUSES[alert] ?? 'unknown' };
  });
  return merged(intervals);
}

const LAST = STATUSES.length - 1;

function merged(intervals: readonly StatusInterval[]): StatusInterval[] {
  const joined: StatusInterval[] = [];
  for (const interval of intervals) {
    const last = joined.at(-1);
    if (last && last.status === interval.status && last.alert === interval.alert) joined[joined.length - 1] = { ...last, to: interval.to };
    else joined.push(interval);
  }
  return joined;
}

/** When something begins and when it ends, each in order of time. */
interface Tally {
  readonly begins: Float64Array;
  readonly ends: Float64Array;
}

const tally = (periods: Periods): Tally => ({ begins: Float64Array.from(periods, ({ from }) => from), ends: Float64Array.from(periods, ({ to }) => to) });

/** Items, those that deviate, those that do so without a waiver, those that are unknown. */
function tallies({ items, starts, from, to, kind }: Claims, counts: (item: number) => boolean): Tally[] {
  const lists = Array.from({ length: 4 }, () => ({ begins: [] as number[], ends: [] as number[] }));
  const [present, deviating, unwaived, unknown] = lists;
  const put = (list: (typeof lists)[number] | undefined, claim: number) => {
    list?.begins.push(from[claim] ?? 0);
    list?.ends.push(to[claim] ?? 0);
  };
  for (let item = 0; item < items.length; item++) {
    if (!counts(item)) continue;
    for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
      // An item that is there before and after is there: nothing is begun or ended.
      if (claim > (starts[item] ?? 0) && to[claim - 1] === from[claim]) present?.ends.pop();
      else present?.begins.push(from[claim] ?? 0);
      present?.ends.push(to[claim] ?? 0);
      if (kind[claim] === KIND.deviates) put(unwaived, claim);
      if (kind[claim] === KIND.deviates || kind[claim] === KIND.waived) put(deviating, claim);
      if (kind[claim] === KIND.unknown) put(unknown, claim);
    }
  }
  return lists.map(({ begins, ends }) => ({ begins: Float64Array.from(begins).sort(), ends: Float64Array.from(ends).sort() }));
}

/** Goes once through all beginnings and ends in order of time, and notes where the status becomes another. */
function swept(check: Check, all: readonly Tally[]): StatusInterval[] {
  const [begun, ended] = [all.map(() => 0), all.map(() => 0)];
  const count = (place: number) => (begun[place] ?? 0) - (ended[place] ?? 0);
  const now = () => {
    const [items, uncertain] = [count(0), count(3) + count(4) > 0];
    const of = (deviating: number) => statusOf(check, { items, deviating, uncertain });
    return { status: of(count(1)), alert: of(count(2)) };
  };
  const intervals: StatusInterval[] = [];
  let [since, last] = [-NEVER, now()];
  for (;;) {
    let at = NEVER;
    for (const [place, { begins, ends }] of all.entries()) at = Math.min(at, begins[begun[place] ?? 0] ?? NEVER, ends[ended[place] ?? 0] ?? NEVER);
    if (at === NEVER) return merged([...intervals, { from: since, to: NEVER, ...last }]);
    for (const [place, { begins, ends }] of all.entries()) {
      while (begins[begun[place] ?? 0] === at) begun[place] = (begun[place] ?? 0) + 1;
      while (ends[ended[place] ?? 0] === at) ended[place] = (ended[place] ?? 0) + 1;
    }
    const next = now();
    if (next.status === last.status && next.alert === last.alert) continue;
    if (since < at) intervals.push({ from: since, to: at, ...last });
    [since, last] = [at, next];
  }
}
