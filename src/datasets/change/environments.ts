import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeCount, said, systemId, text } from '../fields.ts';

export const Environment = z.object({
  systemId,
  environmentId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  environment: text('Name'),
  production: z.boolean().describe('It is one of those that the configuration calls production'),
  reviewers: list('People and teams of whom one must approve; empty where none is asked for'),
  selfReviewPrevented: said('Who started a run cannot approve it'),
  adminsBypass: said('Administrators may go around the rules'),
  branches: list('Branches and tags that may be deployed; empty where all may'),
  waitMinutes: maybeCount('How long a run waits'),
});
export type Environment = z.infer<typeof Environment>;

export const environments = defineDataset<Environment>({
  id: 'change.environments',
  title: 'One environment that is deployed to, and what protects it',
  row: Environment,
  key: ({ environmentId }) => environmentId,
  label: ({ environment, repo }) => `${environment} of ${repo}`,
  freshness: hours(36),
});
