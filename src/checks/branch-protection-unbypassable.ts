import { systems } from '../datasets/asset/systems.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { repositories } from '../datasets/repo/repositories.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const branchProtectionUnbypassable = defineCheck({
  id: 'branch-protection-unbypassable',
  title: 'Nobody goes around the rules of a branch',
  version: 1,
  asserts: 'Where a rule binds a default branch it binds administrators too, lets nobody through, and forbids rewriting its history and deleting it.',
  population: repositories.where(({ archived, empty, fork }) => !archived && !empty && !fork),
  mustExist: true,
  with: { scope: systems.on('systemId'), rules: branchProtection.on('repoId') },

  examine({ systemId, defaultBranch }, { scope, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [rule] = rules.filter((row) => row.systemId === systemId && row.branch === defaultBranch);
    if (!rule || rule.inForce === 'unknown') return unknown(`the rules of ${defaultBranch} are not known`);
    if (rule.inForce !== 'yes') return deviates(`no rule in force binds ${defaultBranch}`, { cites: [rule] });
    const ways = [
      ...(rule.bypassActors.length > 0 ? [`may be bypassed by ${rule.bypassActors.join(', ')}`] : []),
      ...(rule.adminsBound === 'no' ? ['does not bind administrators'] : []),
      ...(rule.forcePush === 'yes' ? ['allows rewriting its history'] : []),
      ...(rule.deletion === 'yes' ? ['allows deleting it'] : []),
    ];
    if (ways.length > 0) return deviates(`${defaultBranch} ${ways.join('; ')}`, { cites: [rule] });
    return [rule.adminsBound, rule.forcePush, rule.deletion].includes('unknown') ? unknown(`not all is known of the rules of ${defaultBranch}`) : conforms();
  },
});
