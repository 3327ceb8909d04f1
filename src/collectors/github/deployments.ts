import { hours, minutes } from '../../core/instant.ts';
import { deployments } from '../../datasets/change/deployments.ts';
import { environments } from '../../datasets/change/environments.ts';
import { releases } from '../../datasets/change/releases.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { GITHUB } from './answers.ts';
import { ask, replay } from './change-asking.ts';
import { DeploymentsConfig, deploymentRow, environmentRow, releaseRow } from './deployment-rows.ts';
import { Mark, type Start, sweepDeployments } from './deployment-sweep.ts';

/** GitHub's lists may lag behind what happened for this long. */
const LATENESS = minutes(15);

export const githubDeployments = defineCollector<DeploymentsConfig, 'http'>({
  id: 'github/deployments',
  title: 'Deployments of a GitHub organization with their states and approvals, environments with what protects them, releases',
  version: 2,
  ...GITHUB,
  permissions: [
    { right: 'Repository permissions: Deployments, read (all repositories)', why: 'deployments and their states' },
    { right: 'Repository permissions: Actions, read', why: 'environments, what protects them, and who approved a run' },
    { right: 'Repository permissions: Checks, read', why: 'the runs on a deployed commit, and the checks that examine the running system' },
    { right: 'Repository permissions: Contents, read; Metadata, read', why: 'releases; the repositories' },
  ],
  credentials: { token: 'a fine-grained personal access token, or a token of an installed app' },
  every: '1d',
  config: DeploymentsConfig,
  feeds: [deployments, environments, releases],
  cannotTell: [
    'what was deployed without telling GitHub: from a laptop, by the console of the platform',
    'which artifact runs: GitHub knows the commit that was asked for',
    'a check of the running system that reports neither to the deployment nor by a name that the configuration gives',
    'which of two deployments of one commit within a day a check is about: the first result after each counts',
    'an approval of a run that is no workflow of GitHub',
    'a deployment that was removed before it was read, and what became of one afterwards; who approved a run that was removed',
    'that a person reported a deployment by hand under the address of a run on the same commit',
    'states that a deployment takes more than three days after it was made, once it has ended; while it waits it is followed for thirty-six',
    'a release of which fifty newer ones exist when it is published',
    'how far the list of deployments lags: one that is listed more than fifteen minutes after it was made is missed, and GitHub promises no time',
    'more than ten reviews of one run, and that a run is one on the deployed commit where a hundred others are listed before it',
  ],
  partitions: ({ org }) => [org],

  collect: (source, of) => ask(source, sweepDeployments(startOf(of))),

  mark(artifacts, of) {
    const start = startOf(of);
    const { left, open } = replay(artifacts, sweepDeployments(start));
    // A sweep that was taken up again long after it began tells nothing of the time since: another follows at once.
    const more = left !== null || of.at - start.sweep.begun > hours(1);
    return { after: JSON.stringify({ until: polledBy(artifacts, of).to, sweep: left, open } satisfies Mark), more };
  },

  witness(artifacts, of) {
    const { caller, organization, seen, total } = replay(artifacts, sweepDeployments(startOf(of)));
    return { askedAs: caller, answeredBy: String(organization), granted: null, totals: { 'repositories 1': { received: seen, total } } };
  },

  normalize(artifacts, of) {
    const { config } = of;
    const { told, places, published } = replay(artifacts, sweepDeployments(startOf(of)));
    const polled = polledBy(artifacts, of);
    return [
      events(
        deployments,
        told.map((it) => deploymentRow(it, config)),
        polled,
      ),
      table(
        environments,
        places.map((it) => environmentRow(it, config)),
      ),
      events(
        releases,
        published.map((it) => releaseRow(it, config.system)),
        polled,
      ),
    ];
  },
});

function startOf({ config: { org, checks }, at, since, after }: Of<DeploymentsConfig>): Start {
  const { until, sweep, open } = after === null ? { until: since, sweep: null, open: [] } : Mark.parse(JSON.parse(after));
  return { org, checks, at, until, sweep: sweep ?? { begun: at, done: [], part: null }, open };
}

/** All is told of the time up to the beginning of the sweep, less what may be late; of nothing until the sweep has come to its end. */
function polledBy(artifacts: readonly Artifact[], of: Of<DeploymentsConfig>): { readonly from: number; readonly to: number } {
  const start = startOf(of);
  const { left } = replay(artifacts, sweepDeployments(start));
  return { from: start.until, to: left === null ? Math.max(start.until, start.sweep.begun - LATENESS) : start.until };
}
