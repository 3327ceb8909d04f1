import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { list, maybeCount, said, systemId, text } from '../fields.ts';

export const BranchProtection = z.object({
  systemId,
  repoId: text('Repository'),
  repo: text('Owner and name of the repository'),
  branch: text('Branch'),
  sources: list('classic, and each active ruleset that binds the branch'),
  inForce: z.enum(['yes', 'no', 'evaluate', 'unknown']).describe('A rule binds the branch; evaluate mode blocks nothing'),
  requiredApprovals: maybeCount('Approvals needed before a merge; null where not said'),
  staleReviewsDismissed: said('New commits cancel approvals, or the last push needs approval by another'),
  requiredChecks: list('Checks that must succeed'),
  adminsBound: said('Administrators are bound too'),
  bypassActors: list('People, teams, apps and roles that may go around a rule'),
  forcePush: said('History can be rewritten'),
  deletion: said('The branch can be deleted'),
});
export type BranchProtection = z.infer<typeof BranchProtection>;

export const branchProtection = defineDataset<BranchProtection>({
  id: 'repo.branch-protection',
  title: 'The rules that bind the default branch of one repository, classic protection and rulesets together',
  row: BranchProtection,
  key: ({ repoId, branch }) => `${repoId}/${branch}`,
  label: ({ repo, branch }) => `${branch} of ${repo}`,
  freshness: hours(36),
});
