import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Periods } from '../core/interval.ts';
import { STATUSES, worst } from '../core/status.ts';
import { statusOf } from './assess.ts';
import { type Claims, KIND } from './claims.ts';
import type { StatusInterval } from './period-posture.ts';

/**
 * The status of a check at every instant of all time, in half-open intervals: by what is claimed of its items then, and
 * where its population is not known. `counts` says of events by when they happened which of them count at all.
 */
export function timelineOf(check: Check, claims: Claims, gaps: Periods, counts: (happened: Instant) => boolean): readonly StatusInterval[] {
  return swept(check, changesOf(claims, gaps, counts));
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

/** What is counted at every instant: items, those that deviate, those that do so without a waiver, what is not known. */
const LINES = { items: 0, deviating: 1, unwaived: 2, unknown: 3 } as const;
const WIDTH = 4;

/** By how much each count changes at an instant. Most claims begin and end at the instants of few runs. */
interface Changes {
  readonly places: Map<Instant, number>;
  /** `WIDTH` numbers for each instant. */
  readonly deltas: number[];
}

function changesOf(claims: Claims, gaps: Periods, counts: (happened: Instant) => boolean): Changes {
  const [places, deltas] = [new Map<Instant, number>(), [] as number[]];
  const placeOf = (at: Instant): number => {
    const known = places.get(at);
    if (known !== undefined) return known;
    places.set(at, deltas.length);
    deltas.push(0, 0, 0, 0);
    return deltas.length - WIDTH;
  };
  const count = (begins: number, ends: number, line: number) => {
    deltas[begins + line] = (deltas[begins + line] ?? 0) + 1;
    deltas[ends + line] = (deltas[ends + line] ?? 0) - 1;
  };
  for (const { places: items, starts, from, to, kind, happened } of claims.blocks())
    for (let item = 0; item < items.length; item++) {
      if (happened && !counts(happened[item] ?? -NEVER)) continue;
      for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
        const [begins, ends, said] = [placeOf(from[claim] ?? 0), placeOf(to[claim] ?? 0), kind[claim]];
        count(begins, ends, LINES.items);
        if (said === KIND.unknown) count(begins, ends, LINES.unknown);
        else if (said !== KIND.conforms) count(begins, ends, LINES.deviating);
        if (said === KIND.deviates) count(begins, ends, LINES.unwaived);
      }
    }
  for (const gap of gaps) count(placeOf(gap.from), placeOf(gap.to), LINES.unknown);
  return { places, deltas };
}

/** Goes once through all changes in order of time, and notes where the status becomes another. */
function swept(check: Check, { places, deltas }: Changes): StatusInterval[] {
  const counts = [0, 0, 0, 0];
  const now = () => {
    const [items = 0, deviating = 0, unwaived = 0, unknown = 0] = counts;
    const of = (those: number) => statusOf(check, { items, deviating: those, uncertain: unknown > 0 });
    return { status: of(deviating), alert: of(unwaived) };
  };
  const intervals: StatusInterval[] = [];
  let [since, last] = [-NEVER, now()];
  for (const at of Float64Array.from(places.keys()).sort()) {
    if (at === NEVER) break;
    const place = places.get(at) ?? 0;
    for (let line = 0; line < WIDTH; line++) counts[line] = (counts[line] ?? 0) + (deltas[place + line] ?? 0);
    const next = now();
    if (next.status === last.status && next.alert === last.alert) continue;
    if (since < at) intervals.push({ from: since, to: at, ...last });
    [since, last] = [at, next];
  }
  return merged([...intervals, { from: since, to: NEVER, ...last }]);
}
