import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const User = z.object({
  systemId,
  userId: text('Id of the account in its system'),
  login: text('Login name'),
  handles: list('Login and id, lower case: what a declaration may call it'),
  emails: list('All addresses the system knows of it, lower case'),
  displayName: maybeText('Name shown'),
  hrId: maybeText('Worker id that the system itself keeps, where it does (employee number)'),
  kind: z.enum(['human', 'service', 'external', 'unknown']).describe('What the source says the account is; unknown where it does not say'),
  status: z.enum(['active', 'suspended', 'deactivated', 'invited', 'unknown']).describe('State of the account'),
  privileged: said('It holds administrative rights by the system’s own word'),
  password: said('It can sign in with a password of this system'),
  createdAt: maybeAt('When it was created'),
});
export type User = z.infer<typeof User>;

export const users = defineDataset<User>({
  id: 'identity.users',
  title: 'One account in one system',
  row: User,
  key: ({ userId }) => userId,
  label: ({ login, systemId }) => `${login} in ${systemId}`,
  freshness: hours(36),
});
