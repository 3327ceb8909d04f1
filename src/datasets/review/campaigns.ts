import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, count, list, maybeAt, maybeText, text } from '../fields.ts';
import { stated } from '../stated.ts';

const Campaign = z.object({
  campaignId: text('Id of the review'),
  title: text('What is reviewed'),
  systemIds: list('Systems that it covers'),
  fromAt: at('Start of the time it is about'),
  toAt: at('End of that time'),
  items: count('Rights to decide'),
  populationDigest: maybeText('SHA-256 of the list that was decided on, hex, as "tickmark population" prints it'),
  launchedAt: at('When it was begun'),
  dueAt: at('When it was to be done'),
  completedAt: maybeAt('When it was done'),
  status: z.enum(['open', 'completed', 'abandoned']).describe('How it stands'),
  signedOffById: maybeText('Worker id of who signed it off, by the word of the entry'),
  ...stated,
});
export type Campaign = z.infer<typeof Campaign>;

export const campaigns = defineDataset<Campaign>({
  id: 'review.campaigns',
  title: 'One access review: which systems, which list, from when to when',
  row: Campaign,
  key: ({ campaignId }) => campaignId,
  label: ({ title }) => title,
  freshness: days(11),
  happened: ({ launchedAt }) => launchedAt,
});
