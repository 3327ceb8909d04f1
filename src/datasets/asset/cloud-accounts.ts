import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeText, said, text } from '../fields.ts';
import { stated } from '../stated.ts';

const CloudAccount = z.object({
  accountId: text('Id of the account, as the provider writes it'),
  title: text('What people call it'),
  provider: z.enum(['aws', 'gcp', 'azure', 'other']).describe('Provider'),
  status: z.enum(['active', 'suspended', 'closed']).describe('How it stands'),
  environment: z.enum(['production', 'nonproduction', 'corporate', 'security', 'unknown']).describe('What it is for'),
  mixed: said('Production and other work lie in it together'),
  systemId: maybeText('System that it belongs to, as named in the scope of the configuration'),
  ownerId: maybeText('Worker id of who answers for it'),
  ...stated,
});
export type CloudAccount = z.infer<typeof CloudAccount>;

export const cloudAccounts = defineDataset<CloudAccount>({
  id: 'asset.cloud-accounts',
  title: 'One account, subscription or project of a cloud',
  row: CloudAccount,
  key: ({ accountId }) => accountId,
  label: ({ title, accountId }) => `${title} (${accountId})`,
  freshness: days(11),
});
