import { localDate, startOfDay } from '../core/calendar.ts';
import { days, type Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { type Commit, commits } from '../datasets/change/commits.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Outcome, saidAt } from '../engine/series.ts';
import type { Ground } from './grounds.ts';

/** How changes of one week reached a default branch. */
export interface WeekOfMerges extends Period {
  /** By a pull request that somebody else had approved. */
  readonly reviewed: number;
  /** By a pull request that nobody else had approved. */
  readonly unapproved: number;
  /** Past every pull request. */
  readonly bypassed: number;
  /** Nobody can tell. */
  readonly unknown: number;
}

const COMMITS = commits as unknown as Dataset;
const REQUESTS = pullRequests as unknown as Dataset;

/** Week by week, from Monday to Monday by the company's time zone, those without a change included. What is said of each change is what is said at the instant. */
export function mergesByWeek(ground: Ground, period: Period, at: Instant, timezone: string): readonly WeekOfMerges[] {
  const until = Math.min(period.to, at + 1);
  const edges = weeksIn({ from: period.from, to: until }, timezone);
  const weeks = edges.slice(0, -1).map((from, place) => ({ from, to: edges[place + 1] ?? from, reviewed: 0, unapproved: 0, bypassed: 0, unknown: 0 }));
  const { facts } = ground.engine;
  if (!facts.reads(COMMITS.id)) return weeks;
  const landed = said(ground, 'commits-landed-through-review', at);
  const approved = said(ground, 'changes-independently-approved', at);
  for (const [place, told] of facts.table(COMMITS).entries()) {
    const row = told.at(-1)?.row as Commit | undefined;
    const how = landed.get(place);
    if (!row || how === undefined || !(period.from <= row.landedAt && row.landedAt < until)) continue;
    const week = weeks[edges.findLastIndex((edge) => edge <= row.landedAt)];
    const [request = -1] = how === 'conforms' && row.prId !== null ? facts.placesHaving({ dataset: REQUESTS }, 'prId', row.prId) : [];
    if (week) week[wayOf(how, approved.get(request))]++;
  }
  return weeks;
}

function wayOf(landed: Outcome, approved: Outcome | undefined): 'reviewed' | 'unapproved' | 'bypassed' | 'unknown' {
  if (landed === 'deviates' || landed === 'waived') return 'bypassed';
  if (landed === 'unknown' || approved === 'unknown' || approved === undefined) return 'unknown';
  return approved === 'conforms' ? 'reviewed' : 'unapproved';
}

const said = (ground: Ground, id: string, at: Instant): ReadonlyMap<number, Outcome> => {
  const check = ground.checks.find((its) => its.id === id);
  return new Map(check ? Iterator.from(saidAt(ground, check, at)).map(([place, its]) => [place, its] as const) : []);
};

/** More weeks than anybody looks at are a slip. */
const MOST = 1100;

/** Mondays from the one at or before the beginning to the first at or after the end. */
export function weeksIn({ from, to }: Period, timezone: string): readonly Instant[] {
  if (from >= to) return [];
  const first = Date.parse(`${localDate(from, timezone)}T00:00:00Z`);
  const monday = first - days((new Date(first).getUTCDay() + 6) % 7);
  const edges: Instant[] = [];
  for (let week = 0; week < MOST; week++) {
    const edge = startOfDay(new Date(monday + days(7 * week)).toISOString().slice(0, 10), timezone);
    edges.push(edge);
    if (edge >= to) break;
  }
  return edges;
}
