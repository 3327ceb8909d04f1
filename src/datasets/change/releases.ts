import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeText, systemId, text } from '../fields.ts';

export const Release = z.object({
  systemId,
  releaseId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  tag: text('Tag'),
  sha: maybeText('Commit or branch that the tag was made from'),
  authorId: maybeText('Account that published it'),
  author: text('Its login, or ghost'),
  prerelease: z.boolean().describe('Not meant for production'),
  publishedAt: at('When'),
});
export type Release = z.infer<typeof Release>;

export const releases = defineDataset<Release>({
  id: 'change.releases',
  title: 'One published release',
  row: Release,
  key: ({ releaseId }) => releaseId,
  label: ({ tag, repo }) => `${tag} of ${repo}`,
  freshness: hours(36),
  happened: ({ publishedAt }) => publishedAt,
});
