import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const CheckRun = z.object({
  systemId,
  checkRunId: text('Id of the host'),
  prId: text('Pull request'),
  sha: text('Commit that was checked'),
  mergeSha: maybeText('Commit that the pull request became on the branch'),
  name: text('Name of the check'),
  app: maybeText('Application that ran it'),
  required: said('The rules of the branch require it for this pull request'),
  conclusion: z
    .enum(['success', 'failure', 'neutral', 'skipped', 'cancelled', 'timed-out', 'action-required', 'stale', 'startup-failure', 'pending', 'unknown'])
    .describe('How it ended'),
  completedAt: maybeAt('When it ended; null while it has not'),
  startedAt: at('When it began, or was reported'),
});
export type CheckRun = z.infer<typeof CheckRun>;

export const checkRuns = defineDataset<CheckRun>({
  id: 'change.check-runs',
  title: 'One result of an automated check on the last commit of a merged pull request',
  row: CheckRun,
  key: ({ checkRunId, prId }) => `${prId}/${checkRunId}`,
  label: ({ name, conclusion }) => `${name}: ${conclusion}`,
  freshness: hours(36),
  happened: ({ startedAt }) => startedAt,
});
