import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { said, systemId, text } from '../fields.ts';

export const RootAccount = z.object({
  systemId,
  accountId: text('Cloud account'),
  credentials: said('It has a password'),
  mfa: said('It has a second factor'),
  keys: said('It has access keys, active or not'),
});
export type RootAccount = z.infer<typeof RootAccount>;

export const rootAccounts = defineDataset<RootAccount>({
  id: 'iam.root-accounts',
  title: 'The root identity of one cloud account',
  row: RootAccount,
  key: ({ accountId }) => accountId,
  label: ({ accountId }) => `root of ${accountId}`,
  freshness: hours(36),
});
