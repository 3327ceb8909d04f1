import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, systemId, text } from '../fields.ts';

export const RootUse = z.object({
  systemId,
  accountId: text('Cloud account'),
  credential: z.enum(['password', 'access-key-1', 'access-key-2', 'any']).describe('What it was used by; any where the source does not speak of root at all'),
  told: z.boolean().describe('The source says when that was last used; false where what it says cannot be read, or it says nothing'),
  usedAt: at('When it was used; of what was not told, when the source spoke'),
});
export type RootUse = z.infer<typeof RootUse>;

export const rootUses = defineDataset<RootUse>({
  id: 'iam.root-uses',
  title: 'One use of the root identity of one cloud account, the newest by one credential when it was read',
  row: RootUse,
  key: ({ accountId, credential, usedAt }) => `${accountId} ${credential} ${usedAt}`,
  label: ({ accountId, credential, told, usedAt }) => `root of ${accountId} by ${credential}${told ? '' : ', not told'}, ${new Date(usedAt).toISOString()}`,
  freshness: hours(36),
  happened: ({ usedAt }) => usedAt,
});
