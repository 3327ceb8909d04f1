import { type System, systems } from '../datasets/asset/systems.ts';
import { type BranchProtection, branchProtection } from '../datasets/repo/branch-protection.ts';
import { type Repository, repositories } from '../datasets/repo/repositories.ts';
import { unknown, type Verdict } from './check.ts';
import { outOfScope } from './scope.ts';

/** What examines the rules of default branches has this population: every repository that is neither archived, empty nor a fork. */
export const DEFAULT_BRANCHES = {
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },
} as const;

interface Given {
  readonly scope: readonly System[];
  readonly rules: readonly BranchProtection[];
}

/** Judges the rules of a default branch where it is in scope and they are known. */
export function underRules({ systemId, defaultBranch }: Repository, { scope, rules }: Given, judge: (rule: BranchProtection) => Verdict): Verdict {
  const out = outOfScope(scope);
  if (out) return out;
  const rule = rules.find((row) => row.systemId === systemId && row.branch === defaultBranch);
  return !rule || rule.inForce === 'unknown' ? unknown(`the rules of ${defaultBranch} are not known`) : judge(rule);
}
