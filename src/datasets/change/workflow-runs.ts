import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, count, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const WorkflowRun = z.object({
  systemId,
  runId: text('Id of the host; it stays when the run is begun again'),
  attempt: count('How often it was begun: what the row says is of the last attempt that was seen'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  workflow: text('Name of the workflow'),
  file: maybeText('File in which it is written'),
  event: text('What set it going, in the words of the host: push, pull_request, schedule, workflow_dispatch'),
  sha: text('Commit it ran on'),
  branch: maybeText('Branch or tag it ran on'),
  actorId: maybeText('Account that set it going first'),
  actor: text('Its login, or ghost'),
  triggeringActorId: maybeText('Account that set the last attempt going'),
  triggeringActor: text('Its login, or ghost'),
  status: z.enum(['requested', 'queued', 'pending', 'waiting', 'in-progress', 'completed', 'unknown']).describe('How far it is'),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'cancelled', 'skipped', 'timed-out', 'action-required', 'stale', 'startup-failure', 'none', 'unknown'])
    .describe('How it ended; none while it has not'),
  startedAt: maybeAt('When the last attempt began'),
  updatedAt: at('When it changed last: of a completed run, when it ended'),
  createdAt: at('When it was begun first'),
});
export type WorkflowRun = z.infer<typeof WorkflowRun>;

export const workflowRuns = defineDataset<WorkflowRun>({
  id: 'change.workflow-runs',
  title: 'One run of a workflow in a repository that is deployed from',
  row: WorkflowRun,
  key: ({ runId }) => runId,
  label: ({ workflow, repo, sha }) => `${workflow} of ${repo} (${sha.slice(0, 12)})`,
  freshness: hours(36),
  happened: ({ createdAt }) => createdAt,
});
