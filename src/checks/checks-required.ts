import { conforms, defineCheck, deviates } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';

export const checksRequired = defineCheck({
  id: 'checks-required',
  title: 'Default branches ask for a passed check',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork asks for at least one automated check to succeed before a merge.',
  ...DEFAULT_BRANCHES,

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch } = rule;
      if (rule.inForce === 'evaluate') return deviates(`the rules of ${branch} are only evaluated and block nothing`, { cites: [rule] });
      return rule.requiredChecks.length > 0 ? conforms() : deviates(`${branch} asks for no check`, { cites: [rule] });
    }),
});
