import { systems } from '../datasets/asset/systems.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const branchProtectionEnforced = defineCheck({
  id: 'branch-protection-enforced',
  title: 'Default branches ask for an approval',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork is bound by a rule in force that asks for at least one approval.',
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },
  parameters: { minApprovals: '1 approval' },

  examine({ systemId, defaultBranch }, { scope, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [rule] = rules.filter((row) => row.systemId === systemId && row.branch === defaultBranch);
    if (!rule || rule.inForce === 'unknown') return unknown(`the rules of ${defaultBranch} are not known`);
    if (rule.inForce === 'no') return deviates(`no rule binds ${defaultBranch}`, { cites: [rule] });
    if (rule.inForce === 'evaluate') return deviates(`the rules of ${defaultBranch} are only evaluated and block nothing`, { cites: [rule] });
    if (rule.requiredApprovals === null) return unknown(`it is not known how many approvals ${defaultBranch} asks for`);
    return rule.requiredApprovals >= 1 ? conforms() : deviates(`${defaultBranch} asks for no approval`, { cites: [rule] });
  },
});
