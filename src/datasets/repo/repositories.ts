import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { maybeAt, systemId, text } from '../fields.ts';

export const Repository = z.object({
  systemId,
  repoId: text('Id that survives renaming'),
  name: text('Owner and name'),
  defaultBranch: text('Default branch'),
  archived: z.boolean().describe('Read-only'),
  fork: z.boolean().describe('A fork of another repository'),
  visibility: z.enum(['public', 'internal', 'private', 'unknown']).describe('Who may read it'),
  empty: z.boolean().describe('It has no commit yet, so no branch to protect'),
  createdAt: maybeAt('When it was created'),
});
export type Repository = z.infer<typeof Repository>;

export const repositories = defineDataset<Repository>({
  id: 'repo.repositories',
  title: 'One repository of the organization',
  row: Repository,
  key: ({ repoId }) => repoId,
  label: ({ name }) => name,
  freshness: hours(36),
});
