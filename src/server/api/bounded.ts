import type { FindingsQuery } from '../../app/findings.ts';
import type { Workspace } from '../../app/views.ts';
import type { Instant } from '../../core/instant.ts';
import { worstOfControls } from '../../core/status.ts';
import type { Posture } from '../../engine/posture.ts';
import { boundedEvidence, type EvidenceReads, wholeEvidence } from './bounded-evidence.ts';
import { boundedCharts, type ChartReads } from './bounded-charts.ts';
import { type Bounds, boundsOf } from './bounds.ts';

/** A posture without what is said of single items: that is asked for by itself. */
type Told = Omit<Posture, 'findings' | 'unwaived'>;

/** What the API reads of a workspace. */
export type Reads = EvidenceReads &
  ChartReads & { posture(...asked: Parameters<Workspace['posture']>): Promise<Told> } & Pick<
    Workspace,
    | 'spoken'
    | 'upcoming'
    | 'statuses'
    | 'period'
    | 'populations'
    | 'populationTable'
    | 'eachFinding'
    | 'findingList'
    | 'cases'
    | 'casesFound'
    | 'waivers'
    | 'occurrences'
    | 'item'
  >;

/** The same reads, made of what lies within some bounds. What is asked beyond them is refused, with their extent; what is asked of nothing in particular is told of the part that lies within. */
export function bounded(workspace: Workspace, bounds: Bounds | null): Reads {
  if (!bounds) return Object.assign(Object.create(workspace) as Workspace, wholeEvidence(workspace));
  const { controls, period } = bounds;
  const here = boundsOf(bounds);
  const sees = (id: string) => controls === null || controls.includes(id);
  const asOf = (asked: Instant | undefined) => here.asOf(asked, workspace.now());

  const observed = async () => (await workspace.posture()).period;

  const evidence = boundedEvidence(workspace, bounds);
  const known = async <Then extends { readonly record: number }>(then: Then | undefined) => {
    if (then) await evidence.admit(then.record);
    return then ? { then } : {};
  };

  async function findingsWithin({ period: span, ...query }: FindingsQuery): Promise<FindingsQuery> {
    const asked = span ? { period: here.period(span, span) } : { asOf: asOf(query.asOf) };
    const checks = controls === null ? null : [...(await checksOf(workspace, controls))];
    const among = checks === null ? {} : { among: query.among?.filter((id) => checks.includes(id)) ?? checks };
    return { ...query, ...asked, ...among, ...(await known(query.then)) };
  }

  return {
    async posture(at, then) {
      return clipped(await workspace.posture(asOf(at), (await known(then)).then), bounds);
    },

    async spoken(at, then) {
      const told = await workspace.spoken(asOf(at), (await known(then)).then);
      return { ...told, controls: told.controls.filter(({ id }) => sees(id)) };
    },

    async upcoming({ within, asOf: at, most }) {
      const now = asOf(at);
      const checks = clipped(await workspace.posture(now), bounds).controls.flatMap((control) => control.checks);
      const ends = period === null ? Infinity : period.to - 1 - (now ?? workspace.now());
      return workspace.upcoming({ within: Math.min(within, ends), ...(now === undefined ? {} : { asOf: now }), checks, most });
    },

    async statuses(query = {}) {
      const at = asOf(query.asOf);
      const view = await workspace.statuses({ asOf: at, period: here.period(query.period, await observed()), ...(await known(query.then)) });
      const shown = view.controls.filter(({ id }) => sees(id));
      return {
        ...view,
        criteria: controls === null ? view.criteria : [],
        controls: shown,
        checks: view.checks.filter(({ id }) => controls === null || shown.some((control) => control.checks.includes(id))),
      };
    },

    async period(query = {}) {
      const at = asOf(query.asOf);
      for (const id of query.controls ?? []) here.control(id);
      const view = await workspace.period({
        asOf: at,
        period: here.period(query.period, await observed()),
        ...(query.controls ? { controls: query.controls } : controls ? { controls } : {}),
        ...(await known(query.then)),
      });
      return view;
    },

    async populations(query) {
      here.control(query.control);
      const at = asOf(query.asOf);
      return workspace.populations({ ...query, asOf: at, period: here.period(query.period, await observed()), ...(await known(query.then)) });
    },

    async populationTable(query) {
      here.control(query.control);
      const at = asOf(query.asOf);
      return workspace.populationTable({ ...query, asOf: at, period: here.period(query.period, await observed()), ...(await known(query.then)) });
    },

    eachFinding: async (query) => workspace.eachFinding(await findingsWithin(query)),
    findingList: async (query) => workspace.findingList(await findingsWithin(query)),

    async cases(query) {
      if (query.control !== undefined) here.control(query.control);
      const { period: span, ...rest } = query;
      const asked = span ? { period: here.period(span, span) } : { asOf: asOf(query.asOf) };
      const view = await workspace.cases({ ...rest, ...asked, ...(controls === null ? {} : { among: controls }), ...(await known(query.then)) });
      return controls === null ? view : { ...view, timesToFix: [], problems: [] };
    },

    casesFound: async (query, asked) =>
      workspace.casesFound({ ...query, asOf: asOf(query.asOf), ...(controls === null ? {} : { among: controls }), ...(await known(query.then)) }, asked),

    async item(query) {
      if (controls !== null && !(await checksOf(workspace, controls)).has(query.check)) throw here.beyond(query.check);
      return workspace.item({ ...query, asOf: asOf(query.asOf), ...(await known(query.then)) });
    },

    async waivers(at, then) {
      const lines = await workspace.waivers(asOf(at), (await known(then)).then);
      const checks = controls === null ? null : await checksOf(workspace, controls);
      return lines.filter(({ check }) => checks === null || checks.has(check));
    },

    async occurrences(query) {
      for (const id of query.controls ?? []) here.control(id);
      const then = await known(query.then);
      const asked = { ...query, ...then, asOf: asOf(query.asOf), period: here.period(query.period, query.period), controls: query.controls ?? controls };
      return (await workspace.occurrences(asked)).map((one) => ({ ...one, controls: one.controls.filter(sees) }));
    },

    ...evidence,
    ...boundedCharts(workspace, bounds, evidence),
  };
}

/** A posture of the controls within the bounds alone: what a criterion is said to be follows from those. */
function clipped(posture: Told, { controls, period }: Bounds): Told {
  const observed = period ? { from: Math.max(posture.period.from, period.from), to: Math.min(posture.period.to, period.to) } : posture.period;
  const within = { ...posture, period: observed.from < observed.to ? observed : (period ?? posture.period) };
  if (controls === null) return within;
  const shown = posture.controls.filter(({ id }) => controls.includes(id));
  const checks = new Set(shown.flatMap((control) => control.checks));
  return {
    ...within,
    criteria: posture.criteria.flatMap((criterion) => {
      const its = shown.filter(({ id }) => criterion.controls.includes(id));
      if (its.length === 0) return [];
      return [{ ...criterion, controls: its.map(({ id }) => id), status: criterion.status && worstOfControls(its.map(({ status }) => status)) }];
    }),
    controls: shown,
    checks: posture.checks.filter(({ id }) => checks.has(id)),
  };
}

async function checksOf(workspace: Pick<Workspace, 'posture'>, controls: readonly string[]): Promise<ReadonlySet<string>> {
  const posture = await workspace.posture();
  return new Set(posture.controls.filter(({ id }) => controls.includes(id)).flatMap(({ checks }) => checks));
}
