import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { DEFAULT_BRANCHES, underRules } from './default-branches.ts';

export const forcePushesBlocked = defineCheck({
  id: 'force-pushes-blocked',
  title: 'The history of a default branch cannot be rewritten',
  version: 2,
  asserts: 'The default branch of every repository that is neither archived, empty nor a fork can be neither rewritten nor deleted.',
  ...DEFAULT_BRANCHES,

  examine: (repository, given) =>
    underRules(repository, given, (rule) => {
      const { branch, forcePush, deletion } = rule;
      if (forcePush === 'yes') return deviates(`${branch} can be rewritten`, { cites: [rule] });
      if (deletion === 'yes') return deviates(`${branch} can be deleted`, { cites: [rule] });
      return forcePush === 'no' && deletion === 'no' ? conforms() : unknown(`it is not known whether ${branch} can be rewritten or deleted`);
    }),
});
