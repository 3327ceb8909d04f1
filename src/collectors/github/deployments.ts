import { z } from 'zod';
import { minutes } from '../../core/instant.ts';
import { deployments } from '../../datasets/change/deployments.ts';
import { environments } from '../../datasets/change/environments.ts';
import { releases } from '../../datasets/change/releases.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import { headers } from './answers.ts';
import { ask, replay } from './change-asking.ts';
import { type Known, sweepDeployments } from './deployment-sweep.ts';
import { DeploymentsConfig, deploymentRow, environmentRow, releaseRow } from './deployment-rows.ts';

/** GitHub's lists may lag behind what happened for this long. */
const LATENESS = minutes(15);

const Mark = z.object({
  until: z.int(),
  repositories: z.record(z.string(), z.object({ newest: z.int(), open: z.array(z.int()), release: z.int() })),
});

export const githubDeployments = defineCollector<DeploymentsConfig, 'http'>({
  id: 'github/deployments',
  title: 'Deployments of a GitHub organization with their states and approvals, environments with what protects them, releases',
  version: 1,
  transport: 'http',
  hosts: () => ['api.github.com'],
  operations: [],
  headers,
  permissions: [
    { right: 'Repository permissions: Deployments, read (all repositories)', why: 'deployments and their states' },
    { right: 'Repository permissions: Actions, read', why: 'environments, what protects them, and who approved a run' },
    { right: 'Repository permissions: Contents, read; Metadata, read', why: 'releases; the repositories' },
  ],
  credentials: { token: 'a fine-grained personal access token, or a token of an installed app' },
  every: '1d',
  config: DeploymentsConfig,
  feeds: [deployments, environments, releases],
  cannotTell: [
    'what was deployed without telling GitHub: from a laptop, by the console of the platform',
    'which artifact runs: GitHub knows the commit that was asked for',
    'a check of the running system that does not report to the deployment',
    'an approval of a run that is no workflow of GitHub',
    'states that a deployment takes more than three days after it was made',
  ],
  partitions: ({ org }) => [org],

  collect: (source, of) => ask(source, sweepDeployments(startOf(of))),

  mark(artifacts, of) {
    const start = startOf(of);
    const { left, ended } = replay(artifacts, sweepDeployments(start));
    return { after: JSON.stringify({ until: ended ? untilOf(start.until, of.at) : start.until, repositories: left }), more: !ended };
  },

  witness(artifacts, of) {
    const { organization } = replay(artifacts, sweepDeployments(startOf(of)));
    return { askedAs: null, answeredBy: String(organization), granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const start = startOf(of);
    const { told, ended } = replay(artifacts, sweepDeployments(start));
    const polled = { from: start.until, to: ended ? untilOf(start.until, of.at) : start.until };
    return [
      events(
        deployments,
        told.flatMap(({ repository, made }) => made.map((it) => deploymentRow(it, repository, of.config))),
        polled,
      ),
      table(
        environments,
        told.flatMap(({ repository, places }) => places.map((it) => environmentRow(it, repository, of.config))),
      ),
      events(
        releases,
        told.flatMap(({ repository, published }) => published.map((it) => releaseRow(it, repository, of.config.system))),
        polled,
      ),
    ];
  },
});

function startOf({ config: { org }, at, since, after }: Of<DeploymentsConfig>): {
  org: string;
  at: number;
  since: number;
  until: number;
  known: Readonly<Record<string, Known>>;
} {
  const { until, repositories } = after === null ? { until: since, repositories: {} } : Mark.parse(JSON.parse(after));
  return { org, at, since, until, known: repositories };
}

const untilOf = (until: number, at: number): number => Math.max(until, at - LATENESS);
