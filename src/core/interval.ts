import type { Duration, Instant } from './instant.ts';

/** Half-open: `from` belongs to it, `to` does not. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** In order, none empty, none touching another. What {@link union} yields. */
export type Periods = readonly Period[];

export const ALWAYS: Period = { from: -Infinity, to: Infinity };
export const moment = (at: Instant): Period => ({ from: at, to: at + 1 });
export const holds = ({ from, to }: Period, at: Instant): boolean => from <= at && at < to;

export function union(periods: Iterable<Period>): Periods {
  const joined: Period[] = [];
  for (const { from, to } of [...periods].filter((p) => p.from < p.to).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else joined.push({ from, to });
  }
  return joined;
}

export function intersect(a: Periods, b: Periods): Periods {
  const common: Period[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [x, y] = [a[i]!, b[j]!];
    const [from, to] = [Math.max(x.from, y.from), Math.min(x.to, y.to)];
    if (from < to) common.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return common;
}

/** The parts of ordered periods that lie in one, found without reading through the others. */
export function within(periods: Periods, { from, to }: Period): Periods {
  const parts: Period[] = [];
  for (let place = firstAfter(periods, from); place < periods.length && periods[place]!.from < to; place++) {
    const part = periods[place]!;
    parts.push({ from: Math.max(part.from, from), to: Math.min(part.to, to) });
  }
  return from < to ? parts : [];
}

/** Place of the first of some ordered periods that ends after an instant; their number where none does. */
export function firstAfter(periods: Periods, at: Instant): number {
  let [low, high] = [0, periods.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (periods[middle]!.to <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How long ordered periods last together. */
export const total = (periods: Periods): Duration => periods.reduce((sum, { from, to }) => sum + (to - from), 0);

export const subtract = (a: Periods, b: Periods): Periods => intersect(a, complement(b));

/** The parts of some steps that lie in a period, each keeping what else it carries. */
export function clip<Step extends Period>(steps: readonly Step[], { from, to }: Period): Step[] {
  return steps
    .filter((step) => step.from < to && from < step.to)
    .map((step) => (from <= step.from && step.to <= to ? step : { ...step, from: Math.max(step.from, from), to: Math.min(step.to, to) }));
}

function complement(periods: Periods): Periods {
  const gaps: Period[] = [];
  let since = -Infinity;
  for (const { from, to } of periods) {
    if (since < from) gaps.push({ from: since, to: from });
    since = to;
  }
  if (since < Infinity) gaps.push({ from: since, to: Infinity });
  return gaps;
}
