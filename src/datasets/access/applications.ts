import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const Application = z.object({
  systemId,
  applicationId: text('Id of the application in the identity provider'),
  name: text('Name shown to people'),
  product: maybeText('Which product it is, by the catalogue of the identity provider; null where it does not say'),
  signOn: z
    .enum(['federated', 'stored-password', 'link', 'unknown'])
    .describe('How people get in: by a signed statement of the identity provider, by a password that it types for them, or by a mere link'),
  signOnMode: maybeText('The same in the words of the source'),
  status: z.enum(['active', 'inactive', 'unknown']).describe('Whether people can sign in to it'),
  features: list('What the identity provider does there by itself (create accounts, close them), in its own words'),
  policyId: maybeText('Id of the authentication policy that binds it; null where the source does not say'),
  createdAt: maybeAt('When it was added'),
});
export type Application = z.infer<typeof Application>;

export const applications = defineDataset<Application>({
  id: 'access.applications',
  title: 'One application that people reach through an identity provider',
  row: Application,
  key: ({ applicationId }) => applicationId,
  label: ({ name, systemId: system }) => `${name} in ${system}`,
  freshness: hours(36),
});
