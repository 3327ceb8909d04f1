import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, count, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const WorkflowRun = z.object({
  systemId,
  runId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  name: text('Name of the workflow'),
  path: maybeText('File of the workflow'),
  trigger: text('Event that started it'),
  sha: text('Commit it ran on'),
  branch: maybeText('Branch'),
  attempt: count('Attempt'),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'skipped', 'cancelled', 'timed-out', 'action-required', 'stale', 'startup-failure', 'pending', 'unknown'])
    .describe('How it ended'),
  actorId: maybeText('Account that started it'),
  actor: text('Its login, or ghost'),
  startedAt: at('When it was created'),
  completedAt: maybeAt('When it was last changed, once it has ended'),
});
export type WorkflowRun = z.infer<typeof WorkflowRun>;

export const workflowRuns = defineDataset<WorkflowRun>({
  id: 'change.workflow-runs',
  title: 'One run of a pipeline on the default branch or for a release',
  row: WorkflowRun,
  key: ({ runId }) => runId,
  label: ({ name, repo, sha }) => `${name} in ${repo} (${sha.slice(0, 12)})`,
  freshness: hours(36),
  happened: ({ startedAt }) => startedAt,
});
