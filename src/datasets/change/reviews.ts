import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Review = z.object({
  systemId,
  reviewId: text('Id of the host'),
  prId: text('Pull request'),
  reviewerId: maybeText('Account of the reviewer; null where it was deleted'),
  reviewer: text('Its login, or ghost'),
  reviewerKind: z.enum(['human', 'bot', 'unknown']).describe('What the host says the reviewer is'),
  mayApprove: said('The reviewer may write to the repository, so that the approval counts'),
  state: z.enum(['approved', 'changes-requested', 'commented', 'dismissed', 'pending', 'unknown']).describe('Verdict, as it is now'),
  dismissedAt: maybeAt('When it was dismissed: until then it counted'),
  stateBefore: z
    .enum(['approved', 'changes-requested', 'commented', 'unknown'])
    .describe('Verdict before it was dismissed; the verdict itself where it was not'),
  sha: maybeText('Commit that was reviewed'),
  submittedAt: at('When it was given'),
});
export type Review = z.infer<typeof Review>;

export const reviews = defineDataset<Review>({
  id: 'change.reviews',
  title: 'One review of a merged pull request',
  row: Review,
  key: ({ reviewId }) => reviewId,
  label: ({ reviewer, state }) => `${state} by ${reviewer}`,
  freshness: hours(36),
  happened: ({ submittedAt }) => submittedAt,
});
