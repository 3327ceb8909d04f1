import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { firstAfter, type Periods } from '../core/interval.ts';
import { STATUSES, worst } from '../core/status.ts';
import { statusOf } from './assess.ts';
import type { StatusInterval } from './period-posture.ts';
import { NOTHING, type Tallied, type Tally } from './tally.ts';

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

/**
 * The status of a check at every instant of all time, in half-open intervals: by what is claimed of its items then, and
 * where its population is not known.
 */
export function timelineOf(check: Pick<Check, 'tolerates' | 'mustExist'>, tally: Tally, gaps: Periods): readonly StatusInterval[] {
  const stands = ({ items, deviating, unwaived, unknown }: Tallied, isGap: boolean) => {
    const of = (those: number) => statusOf(check, { items, deviating: those, uncertain: unknown > 0 || isGap });
    return { status: of(deviating), alert: of(unwaived) };
  };
  const intervals: StatusInterval[] = [];
  let [since, last] = [-NEVER, stands(NOTHING, false)];
  for (const at of Float64Array.from([...tally.instants, ...gaps.flatMap(({ from, to }) => [from, to])]).sort()) {
    if (at === NEVER) break;
    const gap = gaps[firstAfter(gaps, at)];
    const next = stands(tally.at(at), gap !== undefined && gap.from <= at);
    if (next.status === last.status && next.alert === last.alert) continue;
    if (since < at) intervals.push({ from: since, to: at, ...last });
    [since, last] = [at, next];
  }
  return merged([...intervals, { from: since, to: NEVER, ...last }]);
}
