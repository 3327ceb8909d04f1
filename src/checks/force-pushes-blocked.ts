import { systems } from '../datasets/asset/systems.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const forcePushesBlocked = defineCheck({
  id: 'force-pushes-blocked',
  title: 'The history of a default branch cannot be rewritten',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork can be neither rewritten nor deleted.',
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },

  examine({ systemId, defaultBranch }, { scope, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const rule = rules.find((row) => row.systemId === systemId && row.branch === defaultBranch);
    if (!rule) return unknown(`the rules of ${defaultBranch} are not known`);
    const { forcePush, deletion } = rule;
    if (forcePush === 'yes') return deviates(`${defaultBranch} can be rewritten`, { cites: [rule] });
    if (deletion === 'yes') return deviates(`${defaultBranch} can be deleted`, { cites: [rule] });
    return forcePush === 'no' && deletion === 'no' ? conforms() : unknown(`it is not known whether ${defaultBranch} can be rewritten or deleted`);
  },
});
