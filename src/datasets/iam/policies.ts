import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { count, systemId, text } from '../fields.ts';

export const Policy = z.object({
  systemId,
  accountId: text('Cloud account'),
  policyId: text('ARN; of an inline policy `<ARN of its holder>#<name>`'),
  name: text('Name'),
  managedBy: z.enum(['provider', 'customer', 'inline']).describe('Who wrote it'),
  attachments: count('How many users, groups and roles hold it'),
  boundaries: count('How many principals it bounds'),
  document: text('The default version of its document, canonical JSON'),
});
export type Policy = z.infer<typeof Policy>;

export const policies = defineDataset<Policy>({
  id: 'iam.policies',
  title: 'One permission policy of a cloud account',
  row: Policy,
  key: ({ policyId }) => policyId,
  label: ({ name, accountId }) => `policy ${name} in ${accountId}`,
  freshness: hours(36),
});
