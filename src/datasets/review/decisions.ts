import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, maybeAt, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Decision = z.object({
  decisionId: text('Id of the decision'),
  campaignId: text('Review that it belongs to'),
  systemId,
  userId: text('Account, as the system writes it'),
  right: text('Group, role or right that it is about, by id or name, as the system writes it'),
  workerId: maybeText('Worker id of whose account it is'),
  reviewerId: text('Worker id of who decided, by the word of the entry: its author has to be the same person'),
  decision: z.enum(['keep', 'revoke', 'modify']).describe('What was decided'),
  decidedAt: at('When'),
  reason: maybeText('Why'),
  executedAt: maybeAt('When it was carried out, by the word of the entry: a later collection proves it'),
  ...stated,
});
export type Decision = z.infer<typeof Decision>;

export const decisions = defineDataset<Decision>({
  id: 'review.decisions',
  title: 'What a reviewer decided of one right of one account',
  row: Decision,
  key: ({ decisionId }) => decisionId,
  label: ({ decision, right, userId, systemId: system }) => `${decision} ${right} of ${userId} in ${system}`,
  freshness: days(11),
  happened: ({ decidedAt }) => decidedAt,
});
