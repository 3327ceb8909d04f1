import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, systemId, text } from '../fields.ts';

export const RepoMember = z.object({
  systemId,
  organization: text('Login of the organization'),
  userId: text('Id of the account, as in identity.users'),
  login: text('Login name'),
  role: z.enum(['owner', 'member', 'outside-collaborator']).describe('What it is to the organization'),
  principalIds: list('Under which ids rights are held: its own, those of its teams, and those of all teams above them'),
  teams: list('Its teams and those above them: id, blank, name, and by which team below it is in one'),
  unresolved: list('Its teams of which the one above is not described'),
});
export type RepoMember = z.infer<typeof RepoMember>;

export const repoMembers = defineDataset<RepoMember>({
  id: 'repo.members',
  title: 'One account of an organization that has repositories, with its role and its teams',
  row: RepoMember,
  key: ({ organization, userId }) => `${organization}/${userId}`,
  label: ({ login, organization }) => `${login} in ${organization}`,
  freshness: hours(36),
});
