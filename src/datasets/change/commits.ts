import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeCount, maybeText, said, systemId, text } from '../fields.ts';

export const Commit = z.object({
  systemId,
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  sha: text('Commit'),
  branch: text('Default branch it reached'),
  first: z.boolean().describe('It is on the first-parent line of the branch: a change of its own. Others were brought by one'),
  broughtBy: maybeText('The commit of the first-parent line that brought it; its own id where it is one itself'),
  prId: maybeText('Pull request through which it came, by the id of the host; null of what came through none'),
  prNumber: maybeCount('Number of that pull request'),
  how: z
    .enum(['merged', 'merge-queue', 'pushed', 'force-pushed', 'created', 'unexplained'])
    .describe(
      'How the branch was moved: by a merge, by a push to the branch, by a rewrite of it, with the creation of the branch; unexplained where the host names no update that did it',
    ),
  pusherId: maybeText('Account that moved the branch'),
  pusher: maybeText('Its login'),
  authorId: maybeText('Account of the author, where the host ties the commit to one'),
  author: text('Login, or the name in the commit'),
  verified: said('The host has verified the signature'),
  parents: list('Ids of the parents'),
  committedAt: at('Committer date, as written in the commit'),
  landedAt: at('When it reached the branch: the time of the update, by the host'),
});
export type Commit = z.infer<typeof Commit>;

export const commits = defineDataset<Commit>({
  id: 'change.commits',
  title: 'One commit that reached a default branch, and how it got there, as the host of the repository tells',
  row: Commit,
  key: ({ repoId, sha }) => `${repoId}/${sha}`,
  label: ({ sha, repo }) => `${sha.slice(0, 12)} in ${repo}`,
  freshness: hours(36),
  happened: ({ landedAt }) => landedAt,
});
