import { systems } from '../datasets/asset/systems.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const staleApprovalsDismissed = defineCheck({
  id: 'stale-approvals-dismissed',
  title: 'New commits cancel approvals',
  version: 1,
  asserts:
    'On the default branch of every repository that is neither archived, empty nor a fork a new commit cancels the approvals before it, or needs one of its own.',
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },

  examine({ systemId, defaultBranch }, { scope, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const rule = rules.find((row) => row.systemId === systemId && row.branch === defaultBranch);
    if (!rule || rule.inForce === 'unknown') return unknown(`the rules of ${defaultBranch} are not known`);
    if (rule.inForce !== 'yes') return deviates(`no rule in force binds ${defaultBranch}`, { cites: [rule] });
    if (rule.staleReviewsDismissed === 'no') return deviates(`an approval for ${defaultBranch} outlives the commits it was given for`, { cites: [rule] });
    return rule.staleReviewsDismissed === 'yes' ? conforms() : unknown(`it is not known whether a new commit cancels an approval for ${defaultBranch}`);
  },
});
