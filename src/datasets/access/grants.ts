import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Grant = z.object({
  systemId,
  grantId: text('Id of the grant, made of those that the source gives to its parts'),
  userId: text('Id of the account that holds it'),
  login: text('Login name of that account; its id where the source lists no such account'),
  kind: z.enum(['application', 'role']).describe('Use of an application, or an administrator role'),
  roleId: text('Id of the application or role'),
  role: text('Its name'),
  limitedTo: maybeText('What an administrator role is limited to, by the id that the source gives it; null where the source does not say'),
  status: z.enum(['active', 'inactive', 'unknown']).describe('Whether it can be used now'),
  via: z
    .enum(['direct', 'group', 'unknown'])
    .describe('Given to the account itself (and perhaps through groups as well), or only through groups; unknown where no group explains it'),
  groupIds: list('Groups through which the account holds it'),
  groups: list('Their names'),
  ruleIds: list('Active rules that put people into those groups by themselves; this account may be in them by hand all the same'),
  privileged: said(
    'It gives administrative rights in the system that grants it; unknown of an application, whose own rights the identity provider does not know',
  ),
  grantedAt: maybeAt('When the account was given it; null of what came through a group where only the group’s own date is known'),
});
export type Grant = z.infer<typeof Grant>;

export const grants = defineDataset<Grant>({
  id: 'access.grants',
  title: 'One application or administrator role that one account holds, and how it came to it',
  row: Grant,
  key: ({ grantId }) => grantId,
  label: ({ login, role, systemId: system }) => `${role} of ${login} in ${system}`,
  freshness: hours(36),
});
