import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';

export const branchProtectionEnforced = defineCheck({
  id: 'branch-protection-enforced',
  title: 'Default branches ask for an approval',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork is bound by a rule in force that asks for at least one approval.',
  ...DEFAULT_BRANCHES,
  parameters: { minApprovals: '1 approval' },

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch } = rule;
      if (rule.inForce === 'no') return deviates(`no rule binds ${branch}`, { cites: [rule] });
      if (rule.inForce === 'evaluate') return deviates(`the rules of ${branch} are only evaluated and block nothing`, { cites: [rule] });
      if (rule.requiredApprovals === null) return unknown(`it is not known how many approvals ${branch} asks for`);
      return rule.requiredApprovals >= 1 ? conforms() : deviates(`${branch} asks for no approval`, { cites: [rule] });
    }),
});
