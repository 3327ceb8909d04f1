import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const Principal = z.object({
  systemId,
  accountId: text('Cloud account'),
  principalId: text('ARN'),
  userId: text('Id of the account it is in identity.users; of a role, its ARN'),
  kind: z.enum(['user', 'role']).describe('Kind of principal'),
  name: text('Name'),
  policyIds: list('Every identity policy it holds: attached, inline, and through its groups'),
  directPolicyIds: list('Those of them that are attached to it or written into it, not to a group'),
  groupPolicies: list('Those that it holds through a group: group, blank, policy id'),
  groups: list('Groups it is in'),
  boundaryId: maybeText('Permissions boundary'),
  trust: maybeText('Trust policy of a role, canonical JSON'),
  createdAt: maybeAt('When it was created'),
});
export type Principal = z.infer<typeof Principal>;

export const principals = defineDataset<Principal>({
  id: 'iam.principals',
  title: 'One user or role of a cloud account, with the policies it holds',
  row: Principal,
  key: ({ principalId }) => principalId,
  label: ({ name, kind, accountId }) => `${kind} ${name} in ${accountId}`,
  freshness: hours(36),
});
