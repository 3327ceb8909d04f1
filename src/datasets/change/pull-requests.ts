import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, count, list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const PullRequest = z.object({
  systemId,
  prId: text('Id of the host'),
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  number: count('Number within the repository'),
  title: text('Title, as it is now'),
  branch: text('Branch it was merged into'),
  authorId: maybeText('Account of the author; null where it was deleted'),
  author: text('Login of the author, or ghost'),
  authorKind: z.enum(['human', 'bot', 'unknown']).describe('What the host says the author is'),
  contributorIds: list('Accounts of the author and of everyone who authored, co-authored or committed a commit of it'),
  strangers: list('Names in commits that the host ties to no account'),
  reviewerIds: list('Accounts that gave a review'),
  mergedById: maybeText('Account that merged; null where it was deleted'),
  mergedBy: text('Its login, or ghost'),
  headSha: text('Last commit of the pull request'),
  mergeSha: maybeText('Commit that it became on the branch'),
  labels: list('Labels, lower case'),
  tickets: list('Tickets it is linked to: closed issues, and keys in title, branch and text'),
  createdAt: at('When it was opened'),
  lastPushAt: maybeAt('When its last commit was pushed, or committed where the host does not tell'),
  mergedAt: at('When it was merged'),
});
export type PullRequest = z.infer<typeof PullRequest>;

export const pullRequests = defineDataset<PullRequest>({
  id: 'change.pull-requests',
  title: 'One pull request that was merged into a default branch',
  row: PullRequest,
  key: ({ prId }) => prId,
  label: ({ number, repo }) => `#${number} in ${repo}`,
  freshness: hours(36),
  happened: ({ mergedAt }) => mergedAt,
});
