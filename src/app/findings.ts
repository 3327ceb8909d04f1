import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type Case, casesAt, type TimeToFix, timesToFix } from '../engine/cases.ts';
import { bases } from '../engine/derive.ts';
import type { CaseState } from '../engine/findings.ts';
import { collectionsOf, recurringOf, inOrder, type Occurrence } from '../engine/occurrences.ts';
import type { WaiverLine, WaiverState } from '../engine/waivers.ts';
import { type Ground, type Then, told } from './grounds.ts';

export type { Case, CaseState, Occurrence, TimeToFix, WaiverLine };
export { CASE_STATES } from '../engine/findings.ts';
export { type OccurrenceSeries, seriesOf } from '../engine/occurrences.ts';

/** Waivers that somebody has to look at: they accept nothing, and were meant to. */
export const ATTENTION: readonly WaiverState[] = ['not approved', 'refused', 'ambiguous', 'matches nothing'];

export interface CasesQuery {
  readonly state?: CaseState | 'overdue';
  readonly control?: string;
  readonly asOf?: Instant;
  readonly then?: Then;
  /** Cases that deviated at any time in it, as they stood at its end. */
  readonly period?: Period;
}

export interface CasesView {
  readonly asOf: Instant;
  readonly cases: readonly Case[];
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
}

export function viewCases(ground: Ground, { state, control, asOf, period }: CasesQuery): CasesView {
  const now = ground.asOf;
  known(ground, control === undefined ? [] : [control]);
  const at = asOf ?? (period ? Math.min(now, period.to - 1) : now);
  const { cases, problems } = casesAt(ground, at, period ?? null);
  const its = cases.filter(({ controls }) => control === undefined || controls.includes(control));
  const shown = its.filter((one) => state === undefined || (state === 'overdue' ? one.overdue : one.state === state));
  return { asOf: at, cases: shown, timesToFix: timesToFix(its), problems };
}

/** What had to happen in a period and did, did not, is not known to, or is still due, in order. */
export function viewOccurrences(ground: Ground, { period, controls }: OccurrencesQuery, timezone: string, now: Instant): readonly Occurrence[] {
  known(ground, controls ?? []);
  const { engine, coverage, catalog, schedules } = ground;
  const on = { facts: engine.facts, coverage, datasets: told as readonly Dataset[] };
  const asked = catalog.controls.filter(({ id }) => controls === null || controls.includes(id));
  const duties = asked.flatMap(({ id, occurs }) => occurs.flatMap((duty) => recurringOf(on, duty, id, timezone, period, now)));
  const reads = new Map(asked.map(({ id, checks }) => [id, readBy(ground, checks)]));
  const collections = schedules.flatMap((schedule) => {
    const its = [...reads].filter(([, read]) => schedule.datasets.some((dataset) => read.has(dataset))).map(([id]) => id);
    return its.length === 0 && controls !== null ? [] : collectionsOf(on, schedule, its, period, now);
  });
  return inOrder([...duties, ...collections]);
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
