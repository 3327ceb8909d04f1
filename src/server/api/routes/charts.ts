import { thenGiven, given } from '../asked.ts';
import { implementing } from '../asking.ts';
import { charts as contract } from '../contract/charts.ts';
import { spelledMoment } from '../spelled.ts';

const endpoints = implementing(contract);

export const chartRoutes = endpoints.router({
  statuses: endpoints.statuses.handler(async ({ input: { atMost, ...asked }, context: { reads } }) => {
    const { criteria, controls, ...rest } = await reads.statusChart(queryOf(asked), atMost);
    return { ...charted(rest), criteria: criteria.map(dated), controls: controls.map(dated) };
  }),

  deviations: endpoints.deviations.handler(async ({ input: { atMost, ...asked }, context: { reads } }) => {
    const { steps, ...rest } = await reads.deviationChart(queryOf(asked), atMost);
    return { ...charted(rest), steps: steps.map(dated) };
  }),

  ages: endpoints.ages.handler(async ({ input, context: { reads } }) => {
    const { asOf, open, fixed } = await reads.ageChart(queryOf(input));
    return { asOf: spelledMoment(asOf), open, fixed };
  }),

  outcomes: endpoints.outcomes.handler(async ({ input: { check, ...asked }, context: { reads } }) => {
    const { checks, ...rest } = await reads.outcomeChart({ ...queryOf(asked), checks: check });
    return { ...charted(rest), checks };
  }),

  merges: endpoints.merges.handler(async ({ input, context: { reads } }) => {
    const { weeks, ...rest } = await reads.mergeChart(queryOf(input));
    return { ...charted(rest), weeks: weeks.map(dated) };
  }),

  access: endpoints.access.handler(async ({ input, context: { reads } }) => {
    const { asOf, ...rest } = await reads.accessChart(queryOf(input));
    return { asOf: spelledMoment(asOf), ...rest };
  }),

  removals: endpoints.removals.handler(async ({ input, context: { reads } }) => {
    const { leavers, deadline, covered, gaps, ...rest } = await reads.removalChart(queryOf(input));
    return { ...charted(rest), covered, gaps, deadline, leavers: leavers.map(({ leftAt, ...leaver }) => ({ ...leaver, leftAt: spelledMoment(leftAt) })) };
  }),

  responses: endpoints.responses.handler(async ({ input: { system, ...asked }, context: { services } }) => {
    const { months, systems, ...rest } = await services.workspace.responseChart({ ...queryOf(asked), ...given({ systems: system }) });
    return { ...charted(rest), systems, months: months.map(dated) };
  }),

  changes: endpoints.changes.handler(async ({ input: { since, limit, ...asked }, context: { reads } }) => {
    const { asOf, changes } = await reads.changedSince(since, queryOf(asked));
    const told = changes.slice(0, limit).map((change) => ({ ...change, at: spelledMoment(change.at) }));
    return { asOf: spelledMoment(asOf), since: spelledMoment(since), count: changes.length, changes: told };
  }),
});

interface Asked {
  readonly period?: { readonly from: number; readonly to: number } | undefined;
  readonly asOf?: number | undefined;
  readonly asKnownAt?: number | undefined;
  readonly control?: readonly string[] | undefined;
}

const queryOf = ({ period, asOf, asKnownAt, control }: Asked) => ({ ...given({ period, asOf, controls: control }), ...thenGiven(asKnownAt) });

const dated = <Its extends { readonly from: number; readonly to: number }>({ from, to, ...its }: Its) => ({
  ...its,
  from: spelledMoment(from),
  to: spelledMoment(to),
});

const charted = ({
  asOf,
  period,
  until,
  timezone,
}: {
  readonly asOf: number;
  readonly period: { readonly from: number; readonly to: number };
  readonly until: number;
  readonly timezone: string;
}) => ({
  asOf: spelledMoment(asOf),
  period: dated(period),
  until: spelledMoment(until),
  timezone,
});
