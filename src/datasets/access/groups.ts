import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Group = z.object({
  systemId,
  groupId: text('Id of the group in its system'),
  name: text('Name'),
  description: maybeText('What it is for, where somebody wrote it down'),
  origin: z.enum(['own', 'application', 'built-in', 'unknown']).describe('Made here, brought in from an application or directory, or there from the beginning'),
  ruleIds: list('Active rules that put people into it by themselves; somebody may be in it by hand all the same'),
  privileged: said('It gives an administrator role to its members'),
  createdAt: maybeAt('When it was made'),
});
export type Group = z.infer<typeof Group>;

export const groups = defineDataset<Group>({
  id: 'access.groups',
  title: 'One group of accounts through which access is given',
  row: Group,
  key: ({ groupId }) => groupId,
  label: ({ name, systemId: system }) => `group ${name} in ${system}`,
  freshness: hours(36),
});
