import { z } from 'zod';
import { NEVER } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeText, systemId, text } from '../fields.ts';

export const Declaration = z.object({
  systemId,
  account: text('Login or id of the account, as its system writes it, lower case'),
  meaning: z.enum(['person', 'service', 'external', 'shared']).describe('What the company declares the account to be'),
  workerId: maybeText('The person it belongs to, or who answers for it'),
  purpose: maybeText('What it is for; needed for all but a person’s own'),
});
export type Declaration = z.infer<typeof Declaration>;

export const declarations = defineDataset<Declaration>({
  id: 'people.declarations',
  title: 'What the company declares of one account: whose it is, or who owns it and why it exists',
  row: Declaration,
  key: ({ systemId, account }) => `${systemId}/${account}`,
  label: ({ account, systemId }) => `${account} in ${systemId}, as declared`,
  freshness: NEVER,
});
