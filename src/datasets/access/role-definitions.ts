import { z } from 'zod';
import { days } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeText, systemId, text } from '../fields.ts';
import { stated } from '../stated.ts';

const RoleDefinition = z.object({
  roleId: text('Id of the role'),
  systemId,
  title: text('What people call it'),
  description: maybeText('What it allows, and for which work'),
  grants: list('Groups, roles or rights that it gives, by id or name, as the system writes them'),
  ownerId: maybeText('Worker id of who answers for the definition'),
  ...stated,
});
export type RoleDefinition = z.infer<typeof RoleDefinition>;

export const roleDefinitions = defineDataset<RoleDefinition>({
  id: 'access.role-definitions',
  title: 'One role as the company defines it: what it allows, and who answers for it',
  row: RoleDefinition,
  key: ({ roleId }) => roleId,
  label: ({ title, systemId: system }) => `${title} in ${system}`,
  freshness: days(11),
});
