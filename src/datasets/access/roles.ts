import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeAt, maybeText, systemId, text } from '../fields.ts';

export const Role = z.object({
  systemId,
  roleId: text('Id of the role in its system'),
  name: text('Name'),
  description: maybeText('What it is for, where somebody wrote it down'),
  origin: z.enum(['built-in', 'custom', 'unknown']).describe('Defined by the vendor, or by the company'),
  permissions: list('What a role of the company’s own allows, in the words of the source; empty of a built-in one, which the vendor describes'),
  createdAt: maybeAt('When it was made; null of a built-in one'),
});
export type Role = z.infer<typeof Role>;

export const roles = defineDataset<Role>({
  id: 'access.roles',
  title: 'One administrator role: each of the company’s own, and each built-in one that somebody holds',
  row: Role,
  key: ({ roleId }) => roleId,
  label: ({ name, systemId: system }) => `role ${name} in ${system}`,
  freshness: hours(36),
});
