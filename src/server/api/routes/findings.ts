import { type Case, keysOf, seriesOf } from '../../../app/findings.ts';
import { days } from '../../../core/instant.ts';
import type { Period } from '../../../core/interval.ts';
import { given, thenGiven } from '../asked.ts';
import { type Asking, implementing } from '../asking.ts';
import { findings as contract } from '../contract/findings.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import { paged, windowed } from '../pages.ts';
import { notFound, problem } from '../problem.ts';
import { spelled, spelledMoment, spelledRow } from '../spelled.ts';

const endpoints = implementing(contract);

export const findingRoutes = endpoints.router({
  deviations: endpoints.deviations.handler(async ({ input: { limit, cursor, ...asked }, context }) => {
    const place = placeOf(asked, cursor);
    const { list, spoken } = await deviating(context, asked, (place ? place.asOf : asked.asOf) ?? undefined);
    const found = list.page(place?.after ?? null, limit + 1);
    const given = found.slice(0, limit);
    const [asOf, last] = [spoken.asOf, given.at(-1)];
    const next = last && found.length > limit ? cursorOf(asked, { after: keysOf(last), asOf }) : null;
    return { asOf: spelledMoment(asOf), checkpoint: spoken.checkpoint, deviations: spelled(given), next };
  }),

  list: endpoints.list.handler(async ({ input: { limit, cursor, skip, ...asked }, context }) => {
    const { state, control, ageFrom, ageTo, asOf, asKnownAt, period } = asked;
    const ages = { ageFrom: ageFrom === undefined ? ageFrom : days(ageFrom), ageTo: ageTo === undefined ? ageTo : days(ageTo) };
    if (asOf !== undefined && period !== undefined)
      throw problem('invalid-request', 'An instant or a period, not both.', [{ name: 'period', says: 'excludes asOf' }]);
    const { entries, next, about, count } = await windowed({ question: asked, limit, cursor, skip }, async (at) => {
      const view = await context.reads.cases({
        ...given({ state, control, period, ...ages }),
        ...(period ? {} : given({ asOf: at })),
        ...thenGiven(asKnownAt),
      });
      const timesToFix = view.timesToFix.map(({ mean, longest, ...its }) => ({ ...its, meanMs: mean, longestMs: longest }));
      return { list: view.cases.paged(), asOf: view.asOf, about: { asOf: spelledMoment(view.asOf), timesToFix, problems: view.problems } };
    });
    return { ...about, count, findings: entries.map(findingOf), next };
  }),

  read: endpoints.read.handler(async ({ input: { id, asOf, asKnownAt }, context: { reads, services } }) => {
    const view = await reads.cases({ ...given({ asOf }), ...thenGiven(asKnownAt) });
    const one = view.cases.byId(id);
    if (!one) throw notFound(`finding ${id}`, 'by this instant, among those you may see');
    const history = (await services.workspace.findingHistory(one, view.asOf)).map(({ at, ...line }) => ({ ...line, at: spelledMoment(at) }));
    return {
      asOf: spelledMoment(view.asOf),
      finding: { ...findingOf(one), spells: spelled(one.spells), entries: spelled(one.notes), history, event: one.event },
    };
  }),

  item: endpoints.item.handler(async ({ input: { asKnownAt, ...asked }, context: { reads, services } }) => {
    const { catalog, datasets } = services.workspace;
    if (!catalog().checks.some(({ id }) => id === asked.check)) throw notFound(`check ${asked.check}`, 'in the catalogue');
    const { asOf, rows, joined, steps, ...about } = await reads.item({ ...given(asked), ...thenGiven(asKnownAt) });
    const tables = await datasets();
    const fieldsOf = (dataset: string) => tables.find(({ id }) => id === dataset)?.fields ?? [];
    return {
      ...about,
      asOf: spelledMoment(asOf),
      steps: spelled(steps),
      rows: rows.map((line) => spelledRow(line, fieldsOf(about.dataset))),
      joined: joined.map((its) => ({ ...its, rows: its.rows?.map((line) => spelledRow(line, fieldsOf(its.dataset))) ?? null })),
    };
  }),

  waivers: endpoints.waivers.handler(async ({ input: { asOf, asKnownAt }, context: { reads } }) => ({
    waivers: spelled(await reads.waivers(asOf, thenGiven(asKnownAt).then)),
  })),

  occurrences: endpoints.occurrences.handler(async ({ input: { limit, cursor, ...asked }, context }) => {
    const { period, control, state, asKnownAt } = asked;
    const controls = control === undefined ? null : [control];
    const { entries, next, about } = await paged(
      context,
      { name: 'occurrences', question: asked, limit, cursor },
      async (at) => {
        const all = await context.reads.occurrences({ period, controls, ...given({ asOf: at }), ...thenGiven(asKnownAt) });
        const shown = state === undefined ? all : all.filter((one) => one.state === state);
        const series = seriesOf(all).map(({ kind, what, controls: its, expected, met, missed, unknown, due }) => {
          return { kind, what, controls: its, expected, met, missed, unknown, due };
        });
        return { entries: shown, asOf: at ?? null, about: { series } };
      },
      ({ from, kind, what }) => [from, kind, what],
    );
    return { ...about, occurrences: spelled(entries), next };
  }),
});

/** What deviates at the instant or at any time in the period, of one control where that is asked. */
async function deviating({ reads, services }: Pick<Asking, 'reads' | 'services'>, asked: AskedDeviations, at: number | undefined) {
  const { check, control, verdict, period, asKnownAt } = asked;
  const spoken = await reads.spoken(at, thenGiven(asKnownAt).then);
  const checks = control === undefined ? null : spoken.controls.find(({ id }) => id === control)?.checks;
  if (checks === undefined) throw notFound(`control ${control}`, 'in the catalogue, among those you may see');
  if (check !== undefined && !services.workspace.catalog().checks.some(({ id }) => id === check)) throw notFound(`check ${check}`, 'in the catalogue');
  const among = checks === null ? {} : { among: checks };
  const list = await reads.findingList({ ...given({ check, verdict, period }), ...among, asOf: spoken.asOf, ...thenGiven(asKnownAt) });
  return { list, spoken };
}

interface AskedDeviations {
  readonly check?: string | undefined;
  readonly control?: string | undefined;
  readonly verdict?: 'deviates' | 'unknown' | undefined;
  readonly period?: Period | undefined;
  readonly asKnownAt?: number | undefined;
}

const findingOf = ({ timeToFix, notes: _, spells: __, ...one }: Case) => ({ ...spelled(one), timeToFixMs: timeToFix });
