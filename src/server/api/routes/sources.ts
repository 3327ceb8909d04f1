import { implementing, principalOf } from '../asking.ts';
import { sources as contract } from '../contract/sources.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { askHere, handIn } from '../collecting.ts';
import { notFound } from '../problem.ts';
import { spelled, spelledMoment } from '../spelled.ts';
import { slotOf } from './jobs.ts';

const endpoints = implementing(contract);

export const sourceRoutes = endpoints.router({
  list: endpoints.list.handler(async ({ context: { reads } }) => {
    const lines = await reads.sources();
    const sources = (await reads.aboutSources()).map((about) => {
      const its = lines.filter(({ collector, name }) => collector === about.collector && name === about.name);
      return { ...about, partitions: its.map(({ partition, last, nextAt }) => spelled({ partition, last, nextAt })) };
    });
    return { sources };
  }),

  runs: endpoints.runs.handler(async ({ input: { limit, cursor, ...asked }, context: { reads } }) => {
    const { vendor, kind, name, period } = asked;
    const collector = `${vendor}/${kind}`;
    if (!(await reads.aboutSources()).some((about) => about.collector === collector && about.name === name))
      throw notFound(`source ${collector}/${name}`, 'in the configuration, among those you may see');
    const [before = null] = placeOf(asked, cursor)?.after ?? [];
    const runs = await reads.runsOf({
      collector,
      name,
      before: typeof before === 'number' ? before : null,
      limit,
      ...(period ? { since: period.from, until: period.to } : {}),
    });
    const last = runs.at(-1);
    return {
      runs: runs.map(({ slot, startedAt, finishedAt, ...run }) => ({
        ...run,
        slot: spelledMoment(slot),
        startedAt: spelledMoment(startedAt),
        finishedAt: spelledMoment(finishedAt),
      })),
      next: last && runs.length === limit ? cursorOf(asked, { after: [last.record], asOf: null }) : null,
    };
  }),

  permissions: endpoints.permissions.handler(({ input: { vendor, kind }, context: { services } }) => services.workspace.leastPrivilege(`${vendor}/${kind}`)),

  collect: endpoints.collect.handler(async ({ input: { source }, context }) => {
    const { services } = context;
    const { workspace } = services;
    const all = workspace.sourcesAbout().filter(({ retired }) => retired === null);
    const asked = all.filter(({ collector, name }) => source === undefined || source === collector || source === `${collector}/${name}`);
    if (asked.length === 0) throw notFound(`source ${source ?? ''}`.trim(), 'in the configuration that is asked');
    const { name: by } = principalOf(context);
    const act = () => workspace.recordActs([{ act: 'collect', by, target: source === undefined ? null : `sources/${source}`, says: null }]);
    const jobs = await handIn(services, source, by, act);
    if (jobs === null) await askHere(services, source, act);
    return { begun: true, asked: asked.map(({ collector, name }) => `${collector}/${name}`), jobs: (jobs ?? []).map(slotOf) };
  }),
});
