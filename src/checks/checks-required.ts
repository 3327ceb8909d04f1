import { systems } from '../datasets/asset/systems.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const checksRequired = defineCheck({
  id: 'checks-required',
  title: 'Default branches ask for a passed check',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork asks for at least one automated check to succeed before a merge.',
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },

  examine({ systemId, defaultBranch }, { scope, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const rule = rules.find((row) => row.systemId === systemId && row.branch === defaultBranch);
    if (!rule || rule.inForce === 'unknown') return unknown(`the rules of ${defaultBranch} are not known`);
    if (rule.inForce === 'evaluate') return deviates(`the rules of ${defaultBranch} are only evaluated and block nothing`, { cites: [rule] });
    return rule.requiredChecks.length > 0 ? conforms() : deviates(`${defaultBranch} asks for no check`, { cites: [rule] });
  },
});
