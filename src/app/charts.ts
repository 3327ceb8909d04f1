import type { Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import { type AlertEvent, alertEvents } from '../datasets/alert/events.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { type AgeBucket, agesOf, type FixBucket, fixesOf } from '../engine/ages.ts';
import { viewCases } from './findings.ts';
import { type Changed, changing } from '../engine/changed.ts';
import type { CountStep } from '../engine/counts.ts';
import { bases } from '../engine/derive.ts';
import { type CheckOutcomes, type CountedKind, deviationSeries, type Drawn, outcomesAt, statusSeries } from '../engine/series.ts';
import { accessBySystem, type SystemAccess } from './access-by-system.ts';
import type { Ground, Then } from './grounds.ts';
import { mergesByWeek, type WeekOfMerges } from './merges.ts';
import { type Removals, removing } from './removals.ts';
import { type MonthOfResponses, responsesByMonth } from './responses-by-month.ts';
import { calmly } from './warm.ts';

/** What a chart is a function of, besides the log. */
export interface ChartQuery {
  /** The observation period, unless said. */
  readonly period?: Period;
  readonly asOf?: Instant;
  readonly then?: Then;
  /** Ids; all controls unless said. Those that are not there count for nothing. */
  readonly controls?: readonly string[];
}

/** What a chart speaks of. */
export interface Charted {
  readonly asOf: Instant;
  readonly period: Period;
  /** Up to there something is said. */
  readonly until: Instant;
  readonly timezone: string;
}

/** Whether all that something rests on was told by then. */
interface Told {
  readonly covered: boolean;
  readonly gaps: readonly string[];
}

export interface StatusChart extends Charted {
  /** Of the criteria in scope. */
  readonly criteria: readonly CountStep<Drawn>[];
  readonly controls: readonly CountStep<Drawn>[];
}

/** Figures that pages draw. Each is reckoned from intervals, never sampled. */
export interface Charts {
  /** How many criteria and controls stood how, at every instant of a period. At most so many steps of each. */
  statusChart(query: ChartQuery, atMost: number): Promise<StatusChart>;
  /** How many items deviated or were unknown. */
  deviationChart(query: ChartQuery, atMost: number): Promise<Charted & { readonly steps: readonly CountStep<CountedKind>[] }>;
  /** How old deviations are that nobody has undone, and how long it took to undo others. */
  ageChart(query: Omit<ChartQuery, 'period'>): Promise<{ readonly asOf: Instant; readonly open: readonly AgeBucket[]; readonly fixed: readonly FixBucket[] }>;
  outcomeChart(query: ChartQuery & { readonly checks: readonly string[] }): Promise<Charted & { readonly checks: readonly CheckOutcomes[] }>;
  mergeChart(query: ChartQuery): Promise<Charted & { readonly weeks: readonly WeekOfMerges[] }>;
  accessChart(query: Omit<ChartQuery, 'period' | 'controls'>): Promise<Told & { readonly asOf: Instant; readonly systems: readonly SystemAccess[] }>;
  removalChart(query: Omit<ChartQuery, 'controls'>): Promise<Told & Charted & Removals>;
  responseChart(
    query: Omit<ChartQuery, 'controls'> & { readonly systems?: readonly string[] },
  ): Promise<Charted & { readonly systems: readonly string[]; readonly months: readonly MonthOfResponses[] }>;
  /** What became otherwise after an instant, the newest first. */
  changedSince(since: Instant, query: Omit<ChartQuery, 'period'>): Promise<{ readonly asOf: Instant; readonly changes: readonly Changed[] }>;
}

export function chartsOf(grounds: (then?: Then) => Promise<Ground>): Charts {
  const asked = async ({ period, asOf, then }: Omit<ChartQuery, 'controls'>) => {
    const on = await grounds(then);
    const at = asOf ?? on.asOf;
    const stamp = await on.stamp(at);
    const span = period ?? on.period;
    const charted: Charted = { asOf: at, period: span, until: Math.max(span.from, Math.min(span.to, at + 1)), timezone: stamp.timezone };
    return { on, at, span, charted, stamp: { ...stamp, period: span } };
  };

  return {
    async statusChart(query, atMost) {
      const { on, stamp, charted } = await asked(query);
      const { criteria, controls } = on.periods.statuses(stamp);
      const span = { from: charted.period.from, to: charted.until };
      const its = controls.filter(({ id }) => query.controls?.includes(id) ?? true);
      return { ...charted, criteria: query.controls ? [] : statusSeries(criteria, span, atMost), controls: statusSeries(its, span, atMost) };
    },

    async deviationChart(query, atMost) {
      const { on, at, span, charted } = await asked(query);
      return { ...charted, steps: deviationSeries(on, checksOf(on, query.controls), span, at, atMost) };
    },

    async ageChart({ controls, ...query }) {
      const { on, at } = await asked(query);
      const { asOf, cases: all } = viewCases(on, query.asOf === undefined ? {} : { asOf: at });
      const cases = all.where({ controls });
      return { asOf, open: agesOf(cases, asOf), fixed: fixesOf(cases.standings()) };
    },

    async outcomeChart({ checks: named, ...query }) {
      const { on, at, span, charted } = await asked(query);
      const its = checksOf(on, query.controls).filter(({ id }) => named.includes(id));
      const inOrder = its.toSorted((a, b) => named.indexOf(a.id) - named.indexOf(b.id));
      return { ...charted, checks: outcomesAt(on, inOrder, at, span) };
    },

    async mergeChart(query) {
      const { on, at, span, charted } = await asked(query);
      return { ...charted, weeks: mergesByWeek(on, span, at, charted.timezone) };
    },

    async accessChart(query) {
      const { on, at } = await asked(query);
      return { asOf: at, ...toldBy(on, accounts as unknown as Dataset, at), systems: accessBySystem(on, at) };
    },

    async removalChart(query) {
      const { at, span, charted } = await asked(query);
      const { on, its } = await calmly(
        () => grounds(query.then),
        (ground) => removing(ground, span, at),
      );
      return { ...charted, ...toldBy(on, accounts as unknown as Dataset, at), ...its };
    },

    async responseChart({ systems = null, ...query }) {
      const { on, at, span, charted } = await asked(query);
      const { facts } = on.engine;
      const dataset = alertEvents as unknown as Dataset;
      const told = facts.reads(dataset.id) ? [...facts.table(dataset).entries()].flatMap(([, its]) => its.slice(-1)) : [];
      const all = told.map(({ row }) => row as AlertEvent);
      const months = responsesByMonth(all, span, { at, timezone: charted.timezone, systems });
      return { ...charted, systems: [...new Set(all.map(({ systemId }) => systemId))].sort(), months };
    },

    async changedSince(since, { controls, ...query }) {
      const { at } = await asked(query);
      const { its: changes } = await calmly(
        () => grounds(query.then),
        (on) => changing(on, since, at),
      );
      const mine = (ids: readonly string[]) => ids.filter((id) => controls === undefined || controls.includes(id));
      return { asOf: at, changes: changes.map((change) => ({ ...change, controls: mine(change.controls) })).filter((change) => change.controls.length > 0) };
    },
  };
}

/** Those of some controls; each once. */
function checksOf({ checks, catalog }: Ground, controls: readonly string[] | undefined): Ground['checks'] {
  const named = new Set(catalog.controls.filter(({ id }) => controls === undefined || controls.includes(id)).flatMap((control) => control.checks));
  return checks.filter(({ id }) => named.has(id));
}

function toldBy({ coverage }: Ground, dataset: Dataset, at: Instant): Told {
  const silent = bases(dataset).filter((id) => !coverage.dataset(id).some((span) => holds(span, at)));
  return { covered: silent.length === 0, gaps: silent.flatMap((id) => coverage.explain(id, at)) };
}
