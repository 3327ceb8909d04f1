import { conforms, defineCheck, deviates } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';
import { isSecurityCheck, SECURITY_WORDS } from './security-names.ts';

export const securityChecksRequired = defineCheck({
  id: 'security-checks-required',
  title: 'Default branches ask for a passed security check',
  version: 1,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork asks for a security check to succeed before a merge.',
  ...DEFAULT_BRANCHES,
  parameters: { security: SECURITY_WORDS },

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch, requiredChecks } = rule;
      if (rule.inForce === 'evaluate') return deviates(`the rules of ${branch} are only evaluated and block nothing`, { cites: [rule] });
      if (requiredChecks.length === 0) return deviates(`${branch} asks for no check`, { cites: [rule] });
      if (requiredChecks.some((name) => isSecurityCheck(name))) return conforms();
      return deviates(`${branch} asks for ${[...requiredChecks].sort().join(', ')}, none of which is a security check by its name`, { cites: [rule] });
    }),
});
