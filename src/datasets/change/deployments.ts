import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Deployment = z.object({
  systemId,
  deploymentId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  environment: text('Environment'),
  production: z.boolean().describe('The environment is one of those that the configuration calls production'),
  sha: text('Commit deployed'),
  ref: maybeText('Branch or tag it was asked for by'),
  task: maybeText('What it was for, in the words of who made it: deploy, rollback'),
  creatorId: maybeText('Account that asked for it'),
  creator: text('Its login, or ghost'),
  creatorKind: z.enum(['pipeline', 'human', 'unknown']).describe('A pipeline, or a person by hand'),
  runId: maybeText('Run of a workflow that made it'),
  approvalsTold: said('The host still tells who approved the run; no where the run was removed'),
  approverIds: list('Accounts that approved the run for the environment'),
  approvedAt: maybeAt('When the last of them did'),
  state: z.enum(['success', 'failure', 'error', 'inactive', 'in-progress', 'queued', 'pending', 'waiting', 'destroyed', 'unknown']).describe('Its last state'),
  succeededAt: maybeAt('When it was first reported a success'),
  failedAt: maybeAt('When it was first reported a failure'),
  verification: z
    .enum(['passed', 'failed', 'none', 'unknown'])
    .describe('Outcome of the check after it, where one reports to the deployment; none where nothing does'),
  verifiedAt: maybeAt('When that was reported'),
  createdAt: at('When it was asked for'),
});
export type Deployment = z.infer<typeof Deployment>;

export const deployments = defineDataset<Deployment>({
  id: 'change.deployments',
  title: 'One deployment of a commit to an environment',
  row: Deployment,
  key: ({ deploymentId }) => deploymentId,
  label: ({ environment, repo, sha }) => `${repo} to ${environment} (${sha.slice(0, 12)})`,
  freshness: hours(36),
  happened: ({ createdAt }) => createdAt,
});
