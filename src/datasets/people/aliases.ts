import { z } from 'zod';
import { NEVER } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, text } from '../fields.ts';

export const Alias = z.object({
  workerId: text('Worker id in the HR system'),
  emails: list('Further addresses that are the person’s own, lower case'),
});
export type Alias = z.infer<typeof Alias>;

export const aliases = defineDataset<Alias>({
  id: 'people.aliases',
  title: 'Further addresses of one person, as the company declares them',
  row: Alias,
  key: ({ workerId }) => workerId,
  label: ({ workerId }) => `aliases of ${workerId}`,
  freshness: NEVER,
});
