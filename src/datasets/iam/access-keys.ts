import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, systemId, text } from '../fields.ts';

export const AccessKey = z.object({
  systemId,
  accountId: text('Cloud account'),
  userId: text('Account that holds it, as in identity.users'),
  login: text('Login name of its holder'),
  keyId: text('Id of the key, never the secret'),
  status: z.enum(['active', 'inactive', 'unknown']).describe('State'),
  createdAt: at('When it was made'),
});
export type AccessKey = z.infer<typeof AccessKey>;

export const accessKeys = defineDataset<AccessKey>({
  id: 'iam.access-keys',
  title: 'One long-lived key of one account',
  row: AccessKey,
  key: ({ keyId }) => keyId,
  label: ({ keyId, login, accountId }) => `key ${keyId} of ${login} in ${accountId}`,
  freshness: hours(36),
});
