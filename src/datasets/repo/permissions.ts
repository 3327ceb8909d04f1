import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { systemId, text } from '../fields.ts';

export const RepoPermission = z.object({
  systemId,
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  kind: z.enum(['user', 'team', 'outside-collaborator']).describe('Who holds it'),
  principalId: text('Id of the account or team'),
  principal: text('Login or team name'),
  permission: z.enum(['admin', 'maintain', 'write', 'triage', 'read', 'unknown']).describe('Level; of a custom role, its base'),
  via: z.enum(['direct', 'team', 'organization']).describe('How it is held'),
  archived: z.boolean().describe('The repository is read-only'),
});
export type RepoPermission = z.infer<typeof RepoPermission>;

export const repoPermissions = defineDataset<RepoPermission>({
  id: 'repo.permissions',
  title: 'One right of one account or team on one repository',
  row: RepoPermission,
  key: ({ repoId, kind, principalId, via }) => `${repoId}/${kind}/${principalId}/${via}`,
  label: ({ principal, permission, repo }) => `${principal}: ${permission} on ${repo}`,
  freshness: hours(36),
});
