import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';

export const staleApprovalsDismissed = defineCheck({
  id: 'stale-approvals-dismissed',
  title: 'New commits cancel approvals',
  version: 1,
  asserts:
    'On the default branch of every repository that is neither archived, empty nor a fork a new commit cancels the approvals before it, or needs one of its own.',
  ...DEFAULT_BRANCHES,

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch } = rule;
      if (rule.inForce !== 'yes') return deviates(`no rule in force binds ${branch}`, { cites: [rule] });
      if (rule.staleReviewsDismissed === 'no') return deviates(`an approval for ${branch} outlives the commits it was given for`, { cites: [rule] });
      return rule.staleReviewsDismissed === 'yes' ? conforms() : unknown(`it is not known whether a new commit cancels an approval for ${branch}`);
    }),
});
