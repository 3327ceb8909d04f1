import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';

export const branchProtectionUnbypassable = defineCheck({
  id: 'branch-protection-unbypassable',
  title: 'Nobody goes around the rules of a branch',
  version: 1,
  asserts: 'Where a rule binds a default branch it binds administrators too, lets nobody through, and forbids rewriting its history and deleting it.',
  ...DEFAULT_BRANCHES,

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch } = rule;
      if (rule.inForce !== 'yes') return deviates(`no rule in force binds ${branch}`, { cites: [rule] });
      const ways = [
        ...(rule.bypassActors.length > 0 ? [`may be bypassed by ${rule.bypassActors.join(', ')}`] : []),
        ...(rule.adminsBound === 'no' ? ['does not bind administrators'] : []),
        ...(rule.forcePush === 'yes' ? ['allows rewriting its history'] : []),
        ...(rule.deletion === 'yes' ? ['allows deleting it'] : []),
      ];
      if (ways.length > 0) return deviates(`${branch} ${ways.join('; ')}`, { cites: [rule] });
      return [rule.adminsBound, rule.forcePush, rule.deletion].includes('unknown') ? unknown(`not all is known of the rules of ${branch}`) : conforms();
    }),
});
