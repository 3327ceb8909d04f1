import { z } from 'zod';
import { hours, minutes } from '../../core/instant.ts';
import { workflowRuns } from '../../datasets/change/workflow-runs.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import { GITHUB, GithubConfig } from './answers.ts';
import { ask, replay } from './change-asking.ts';
import { runRow } from './run-rows.ts';
import { Mark, type Start, sweepRuns } from './run-sweep.ts';

/** GitHub's search by time may lag behind what happened for this long. */
const LATENESS = minutes(15);

export const RunsConfig = z.strictObject(GithubConfig);
type RunsConfig = z.infer<typeof RunsConfig>;

export const githubWorkflowRuns = defineCollector<RunsConfig, 'http'>({
  id: 'github/workflow-runs',
  title: 'Runs of workflows in those repositories of a GitHub organization that are deployed from',
  version: 1,
  ...GITHUB,
  permissions: [
    { right: 'Repository permissions: Actions, read (all repositories)', why: 'runs of workflows' },
    { right: 'Repository permissions: Deployments, read; Metadata, read', why: 'which repositories are deployed from' },
  ],
  credentials: { token: 'a fine-grained personal access token, or a token of an installed app' },
  every: '1d',
  config: RunsConfig,
  feeds: [workflowRuns],
  cannotTell: [
    'which jobs and steps a run had, and which of them failed: GitHub tells the end of the whole run',
    'earlier attempts of a run that was begun again: the last one is told',
    'that a run was begun again, where it had succeeded, or where more than three days lay between',
    'runs that were removed before they were read; GitHub keeps them for four hundred days at most',
    'runs of repositories that have neither an environment nor a deployment, and of pipelines other than GitHub Actions',
    'when a run ended: the time of its last change stands in',
    'by how much the search for runs by time lags: a run that is listed more than fifteen minutes after it was begun is missed, and GitHub promises no time',
  ],
  partitions: ({ org }) => [org],

  collect: (source, of) => ask(source, sweepRuns(startOf(of))),

  mark(artifacts, of) {
    const start = startOf(of);
    const { left, known, open } = replay(artifacts, sweepRuns(start));
    // A sweep that was taken up again long after it began tells nothing of the time since: another follows at once.
    const more = left !== null || of.at - start.sweep.begun > hours(1);
    return { after: JSON.stringify({ until: toldUntil(start, left), known, sweep: left, open } satisfies Mark), more };
  },

  witness(artifacts, of) {
    const { caller, organization, seen, total } = replay(artifacts, sweepRuns(startOf(of)));
    return { askedAs: caller, answeredBy: String(organization), granted: null, totals: { 'repositories 1': { received: seen, total } } };
  },

  normalize(artifacts, of) {
    const start = startOf(of);
    const { told, left } = replay(artifacts, sweepRuns(start));
    const rows = told.map(({ repository, run }) => runRow(repository, run, of.config.system));
    return [events(workflowRuns, rows, { from: start.until, to: toldUntil(start, left) })];
  },
});

function startOf({ config: { org }, at, since, after }: Of<RunsConfig>): Start {
  const { until, known, sweep, open } = after === null ? { until: since, known: [], sweep: null, open: [] } : Mark.parse(JSON.parse(after));
  return { org, at, since, until, known, sweep: sweep ?? { begun: at, done: [], part: null }, open };
}

/** All is told of the time up to the beginning of the sweep, less what may be late; of nothing more until the sweep has come to its end. */
const toldUntil = ({ until, sweep: { begun } }: Start, left: unknown): number => (left === null ? Math.max(until, begun - LATENESS) : until);
