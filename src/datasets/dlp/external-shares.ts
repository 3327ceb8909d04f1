import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, maybeText, said, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const ExternalShare = z.object({
  shareId: text('Id of the share'),
  item: text('What is shared'),
  systemId,
  publicLink: said('Whoever has the link can read it'),
  classification: z.enum(['public', 'internal', 'confidential', 'restricted', 'unknown']).describe('Class of the data'),
  ownerId: maybeText('Worker id of who answers for it'),
  reviewedAt: maybeAt('When somebody last looked whether it is still needed, by the word of the entry'),
  ...stated,
});
export type ExternalShare = z.infer<typeof ExternalShare>;

export const externalShares = defineDataset<ExternalShare>({
  id: 'dlp.external-shares',
  title: 'One thing that is shared with people outside',
  row: ExternalShare,
  key: ({ shareId }) => shareId,
  label: ({ item }) => item,
  freshness: days(11),
});
