import { ConfigurationError } from '../core/error.ts';
import { type Duration, type Instant, minutes } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { findingsAt, findingsOfItems, findingsOver } from '../engine/assemble.ts';
import type { CaseList } from '../engine/case-list.ts';
import { type Case, casesAt, type TimeToFix, timesToFix } from '../engine/cases.ts';
import { nextChange } from '../engine/deadlines.ts';
import { bases } from '../engine/derive.ts';
import { type FindingList, findingList } from '../engine/finding-list.ts';
import type { CaseState } from '../engine/findings.ts';
import { collectionsOf, recurringOf, inOrder, type Occurrence } from '../engine/occurrences.ts';
import type { Finding } from '../engine/posture.ts';
import type { WaiverLine, WaiverState } from '../engine/waivers.ts';
import { type Ground, type Then, told } from './grounds.ts';
import { remembered } from './remembered.ts';

export type { Case, CaseList, CaseState, Occurrence, TimeToFix, WaiverLine };
export { type FindingList, keysOf } from '../engine/finding-list.ts';
export { CASE_STATES } from '../engine/findings.ts';
export { type OccurrenceSeries, seriesOf } from '../engine/occurrences.ts';

/** Waivers that somebody has to look at: they accept nothing, and were meant to. */
export const ATTENTION: readonly WaiverState[] = ['not approved', 'refused', 'ambiguous', 'matches nothing'];

export interface FindingsQuery {
  readonly then?: Then;
  readonly check?: string;
  /** Of these checks alone. */
  readonly among?: readonly string[];
  readonly verdict?: 'deviates' | 'unknown';
  /** About these alone, by their ids, in this order; at an instant. */
  readonly items?: readonly string[];
  readonly asOf?: Instant;
  readonly period?: Period;
}

export interface CasesQuery {
  readonly state?: CaseState | 'overdue';
  readonly control?: string;
  /** Those that nobody has undone and that began the last time at least so long ago. */
  readonly ageFrom?: Duration;
  /** The same, less long ago than this. */
  readonly ageTo?: Duration;
  /** Of any of these, and they alone are named. */
  readonly among?: readonly string[];
  readonly asOf?: Instant;
  readonly then?: Then;
  /** Cases that deviated at any time in it, as they stood at its end. */
  readonly period?: Period;
}

export interface CasesView {
  readonly asOf: Instant;
  /** To be read before anything else is asked. */
  readonly cases: CaseList;
  /** Of these cases, whatever their state. */
  readonly timesToFix: readonly TimeToFix[];
  /** What is wrong with entries of the register about findings. */
  readonly problems: readonly string[];
}

export interface OccurrencesQuery {
  readonly period: Period;
  /** Ids; `null`: all. */
  readonly controls: readonly string[] | null;
  readonly asOf?: Instant;
  readonly then?: Then;
}

/** So many lists are remembered for whoever pages through them. */
const LISTS = 2;
const casesOf = remembered<ReturnType<typeof casesAt>>(LISTS);
const views = remembered<CasesView>(2 * LISTS);

export function viewCases(ground: Ground, query: CasesQuery): CasesView {
  const { then: _, ...asked } = query;
  const at = asked.asOf ?? (asked.period ? Math.min(ground.asOf, asked.period.to - 1) : recent(ground));
  return views(ground.periods, JSON.stringify({ ...asked, asOf: at }), () => casesView(ground, asked, at));
}

const LISTED = new WeakMap<Ground['periods'], { readonly at: Instant; readonly until: Instant }>();

/** Now, or an instant of the last minute since which nothing was learned and no claim has changed: cases are not told apart anew for each who asks. */
function recent({ periods, asOf, waivers, ...its }: Ground): Instant {
  const last = LISTED.get(periods);
  if (last && last.at <= asOf && asOf < last.until) return last.at;
  LISTED.set(periods, { at: asOf, until: Math.min(asOf + minutes(1), nextChange({ ...its, also: waivers }, asOf)) });
  return asOf;
}

function casesView(ground: Ground, { state, control, among, ageFrom, ageTo, period }: CasesQuery, at: Instant): CasesView {
  known(ground, control === undefined ? [] : [control]);
  const { cases, problems } = casesOf(ground.periods, JSON.stringify([at, period ?? null]), () => casesAt(ground, at, period ?? null));
  const its = cases.where({ controls: control === undefined ? among : [control], named: among });
  const ages = ageFrom === undefined && ageTo === undefined ? undefined : { at, from: ageFrom ?? 0, to: ageTo ?? Number.POSITIVE_INFINITY };
  return { asOf: at, cases: its.where({ state, ages }), timesToFix: timesToFix(its.standings()), problems };
}

/** Every item that deviates or is unknown, one by one. */
export function eachFinding(ground: Ground, query: FindingsQuery): Iterable<Finding> {
  const { asking, span } = askedOf(ground, query);
  if (query.items) return findingsOfItems(ground, span, query.items, asking);
  return query.period ? findingsOver(ground, query.period, ground.asOf, asking) : findingsAt(ground, span, asking);
}

const findingLists = remembered<FindingList>(LISTS);

/** The same in the order of checks and items, to be paged through. */
export function viewFindings(ground: Ground, query: FindingsQuery): FindingList {
  const { asking, span } = askedOf(ground, query);
  const { assessor, asOf } = ground;
  const { period } = query;
  return findingLists(ground.periods, JSON.stringify([asking, period ?? null, span]), () =>
    period
      ? findingList(ground, (check) => assessor.over(check, period, asOf), asOf, asking)
      : findingList(ground, (check) => assessor.at(check, span.asOf, span.period), span.asOf, asking),
  );
}

function askedOf({ checks, asOf: now, period }: Ground, { check, among, verdict, asOf = now }: FindingsQuery) {
  if (check !== undefined && !checks.some(({ id }) => id === check))
    throw new ConfigurationError(`no check is called ${check}. There are: ${checks.map(({ id }) => id).join(', ')}.`);
  const asked = check === undefined ? among : [check].filter((id) => among?.includes(id) ?? true);
  return { asking: { checks: asked, verdict }, span: { asOf, period } };
}

/** What had to happen in a period and did, did not, is not known to, or is still due, in order. */
export function viewOccurrences(ground: Ground, { period, controls }: OccurrencesQuery, timezone: string, now: Instant): readonly Occurrence[] {
  known(ground, controls ?? []);
  const { engine, coverage, catalog, schedules } = ground;
  const on = { facts: engine.facts, coverage, datasets: told as readonly Dataset[] };
  const asked = catalog.controls.filter(({ id }) => controls === null || controls.includes(id));
  const duties = dutiesOf(ground, asked, { period, timezone, now });
  const reads = new Map(asked.map(({ id, checks }) => [id, readBy(ground, checks)]));
  const collections = schedules.flatMap((schedule) => {
    const its = [...reads].filter(([, read]) => schedule.datasets.some((dataset) => read.has(dataset))).map(([id]) => id);
    return its.length === 0 && controls !== null ? [] : collectionsOf(on, schedule, its, period, now);
  });
  return inOrder([...duties, ...collections]);
}

/** What the controls demand by the calendar, without the slots of sources, which are many. */
export function dutiesOf(
  { engine, coverage }: Pick<Ground, 'engine' | 'coverage'>,
  controls: Ground['catalog']['controls'],
  { period, timezone, now }: { readonly period: Period; readonly timezone: string; readonly now: Instant },
): readonly Occurrence[] {
  const on = { facts: engine.facts, coverage, datasets: told as readonly Dataset[] };
  return controls.flatMap(({ id, occurs }) => occurs.flatMap((duty) => recurringOf(on, duty, id, timezone, period, now)));
}

/** The datasets that sources tell of and that these checks rest on. */
function readBy({ checks }: Ground, ids: readonly string[]): ReadonlySet<string> {
  const read = checks.filter(({ id }) => ids.includes(id)).flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)]);
  return new Set(read.flatMap(({ dataset }) => bases(dataset)));
}

function known({ catalog }: Ground, controls: readonly string[]): void {
  const strange = controls.find((id) => !catalog.controls.some((control) => control.id === id));
  if (strange !== undefined) throw new ConfigurationError(`no control is called ${strange}. There are: ${catalog.controls.map(({ id }) => id).join(', ')}.`);
}
