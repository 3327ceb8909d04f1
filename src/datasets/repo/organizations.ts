import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { systemId, text } from '../fields.ts';

export const RepoOrganization = z.object({
  systemId,
  organizationId: text('Id that survives renaming'),
  name: text('Login of the organization'),
  basePermission: z
    .enum(['admin', 'write', 'read', 'none', 'unknown'])
    .describe('What every member may do in every repository, whatever else he holds; unknown where the source does not say'),
});
export type RepoOrganization = z.infer<typeof RepoOrganization>;

export const repoOrganizations = defineDataset<RepoOrganization>({
  id: 'repo.organizations',
  title: 'What an organization grants all of its members in its repositories',
  row: RepoOrganization,
  key: ({ organizationId }) => organizationId,
  label: ({ name }) => name,
  freshness: hours(36),
});
