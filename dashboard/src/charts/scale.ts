/** The least of 1, 2 and 5 times a power of ten that holds a count; at least 1. */
export function niceMax(most: number): number {
  if (most <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 3, 5, 10].map((times) => times * power).find((max) => max >= most) ?? most;
}

/** Where lines are drawn from nothing up to a maximum: whole numbers, at most five of them. */
export function countTicks(max: number): readonly number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((its) => max / its <= 4) ?? niceMax(max / 4);
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, tick) => tick * step);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LENGTHS = [MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY];

/** The same of lengths of time, in units that people think in. */
export function durationTicks(longest: number): readonly number[] {
  const step = LENGTHS.find((its) => longest / its <= 4) ?? Math.ceil(longest / 4 / (90 * DAY)) * 90 * DAY;
  return Array.from({ length: Math.max(1, Math.ceil(longest / step)) + 1 }, (_, tick) => tick * step);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
export const monthName = (month: number): string => MONTHS[month] ?? '';

export interface TimeTick {
  readonly at: number;
  readonly name: string;
}

/** Days, weeks or months of a time in UTC, of each so many that few lines are drawn. */
export function timeTicks(from: number, to: number): readonly TimeTick[] {
  const days = (to - from) / DAY;
  if (days > 120) return monthTicks(from, to, [1, 2, 3, 6, 12].find((every) => days / 30 / every <= 9) ?? 60);
  const every = [1, 2, 7, 14].find((its) => days / its <= 9) ?? 14;
  const first = Math.ceil(from / DAY);
  // Weeks begin on Mondays; the first day of 1970 was a Thursday.
  const start = every < 7 ? first : first + ((4 - (first % 7) + 7) % 7);
  const count = Math.max(0, Math.ceil((to / DAY - start) / every));
  return Array.from({ length: count }, (_, tick) => (start + tick * every) * DAY).map((at) => ({
    at,
    name: `${new Date(at).getUTCDate()} ${monthName(new Date(at).getUTCMonth())}`,
  }));
}

function monthTicks(from: number, to: number, every: number): readonly TimeTick[] {
  const first = new Date(from);
  const all = Array.from({ length: 1300 }, (_, place) => Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + place, 1));
  return all
    .filter((at) => from <= at && at < to && new Date(at).getUTCMonth() % Math.min(every, 12) === 0)
    .map((at) => ({ at, name: new Date(at).getUTCMonth() === 0 ? String(new Date(at).getUTCFullYear()) : monthName(new Date(at).getUTCMonth()) }));
}

/** Percent of the way, to a thousandth: geometry of SVG in a box of any width. */
export const percent = (at: number, from: number, to: number): number =>
  to <= from ? 0 : Math.round(((Math.min(Math.max(at, from), to) - from) / (to - from)) * 100_000) / 1000;

/** Heights at which labels stand that would lie upon each other, moved apart as little as need be, in their order. */
export function apart(heights: readonly number[], least: number, lowest: number): readonly number[] {
  const order = heights.map((_, place) => place).toSorted((a, b) => (heights[b] ?? 0) - (heights[a] ?? 0));
  const placed = [...heights];
  let below = lowest + least;
  for (const place of order) {
    placed[place] = Math.min(placed[place] ?? 0, below - least);
    below = placed[place] ?? 0;
  }
  return placed;
}

/** Steps that follow each other and reach from one height to another, all of them the same. */
export interface Run {
  readonly from: string;
  readonly to: string;
  readonly lower: number;
  readonly upper: number;
}

/** Of most changes one kind alone is changed: the others are drawn as one shape across them. Where nothing is high, nothing is drawn. */
export function runsOf<Its extends Pick<Run, 'from' | 'to'>>(
  steps: readonly Its[],
  heightOf: (step: Its) => readonly [lower: number, upper: number],
): readonly Run[] {
  const runs: Run[] = [];
  for (const step of steps) {
    const [lower, upper] = heightOf(step);
    const last = runs.at(-1);
    if (last?.lower === lower && last.upper === upper && last.to === step.from) runs.splice(-1, 1, { ...last, to: step.to });
    else if (upper > lower) runs.push({ from: step.from, to: step.to, lower, upper });
  }
  return runs;
}
