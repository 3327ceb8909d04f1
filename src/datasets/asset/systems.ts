import { z } from 'zod';
import { NEVER } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeText, said, systemId, text } from '../fields.ts';

export const System = z.object({
  systemId,
  name: text('Name'),
  critical: z.boolean().describe('Its loss or abuse would break a commitment to customers'),
  identityProvider: z.boolean().describe('Others sign in through it'),
  environment: z.enum(['production', 'nonproduction', 'corporate', 'unknown']).describe('What it is for'),
  ownerId: maybeText('Worker id of who answers for it'),
  ssoRequired: said('Policy demands that people sign in to it through the identity provider alone'),
  ssoEnforced: said('Nobody can sign in to it otherwise'),
  accessReviewed: said('Access to it is reviewed regularly'),
  deployed: said('The company deploys code of its own to it'),
  provisioning: z.enum(['automatic', 'manual', 'unknown']).describe('How accounts come to be and go: by the identity provider itself, or by hand'),
  dataClasses: list('Classes of data that it holds'),
});
export type System = z.infer<typeof System>;

export const systems = defineDataset<System>({
  id: 'asset.systems',
  title: 'One system in scope, as the company declares it in its configuration',
  row: System,
  key: ({ systemId }) => systemId,
  label: ({ name }) => name,
  freshness: NEVER,
});
