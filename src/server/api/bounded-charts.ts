import type { ChartQuery, Charts } from '../../app/charts.ts';
import type { Workspace } from '../../app/views.ts';
import type { EvidenceReads } from './bounded-evidence.ts';
import { type Bounds, boundsOf } from './bounds.ts';

/** What the API draws of a workspace. Response times tell of all alerts: whoever is bounded is not served them. */
export type ChartReads = Omit<Charts, 'responseChart'>;

/** What the graph of people is read from. */
const GRAPH = 'people.accounts';
/** What tells how changes came. */
const COMMITS = 'change.commits';

/** The charts of what lies within some bounds. */
export function boundedCharts(workspace: Workspace, bounds: Bounds, { admit, admitDataset }: Pick<EvidenceReads, 'admit' | 'admitDataset'>): ChartReads {
  const here = boundsOf(bounds);

  const within = async ({ controls, period, asOf, then }: ChartQuery): Promise<ChartQuery> => {
    for (const id of controls ?? []) here.control(id);
    if (then) await admit(then.record);
    const mine = controls ?? bounds.controls;
    return {
      asOf: here.asOf(asOf, workspace.now()),
      period: here.period(period, (await workspace.posture()).period),
      ...(mine ? { controls: mine } : {}),
      ...(then ? { then } : {}),
    };
  };
  const people = async (query: ChartQuery) => {
    await admitDataset(GRAPH, 'Whose an account is');
    return within(query);
  };

  return {
    statusChart: async (query, atMost) => workspace.statusChart(await within(query), atMost),
    deviationChart: async (query, atMost) => workspace.deviationChart(await within(query), atMost),
    ageChart: async (query) => workspace.ageChart(await within(query)),
    outcomeChart: async ({ checks, ...query }) => workspace.outcomeChart({ ...(await within(query)), checks }),
    accessChart: async (query) => workspace.accessChart(await people(query)),
    removalChart: async (query) => workspace.removalChart(await people(query)),

    async mergeChart(query) {
      await admitDataset(COMMITS, 'How changes came');
      return workspace.mergeChart(await within(query));
    },

    async changedSince(since, query) {
      const { period } = bounds;
      return workspace.changedSince(period ? Math.max(since, period.from) : since, await within(query));
    },
  };
}
