import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { staleApprovalsDismissed } from './stale-approvals-dismissed.ts';

const scope = [system({ systemId: 'github' })];

checkTester(staleApprovalsDismissed, {
  conforms: { 'a new commit cancels them': { item: repository(), given: { scope, rules: [protection()] } } },
  deviates: {
    'trap 29: they stand': {
      item: repository(),
      given: { scope, rules: [protection({ staleReviewsDismissed: 'no' })] },
      because: 'an approval for main outlives the commits it was given for',
      cites: { rules: [0] },
    },
    'no rule binds the branch': {
      item: repository(),
      given: { scope, rules: [protection({ inForce: 'no' })] },
      because: 'no rule in force binds main',
      cites: { rules: [0] },
    },
    'trap 35: rules that are only evaluated': {
      item: repository(),
      given: { scope, rules: [protection({ inForce: 'evaluate' })] },
      because: 'no rule in force binds main',
      cites: { rules: [0] },
    },
  },
  unknown: {
    'the rules are not known': { item: repository(), given: { scope }, because: 'the rules of main are not known' },
    'the source does not say': {
      item: repository(),
      given: { scope, rules: [protection({ staleReviewsDismissed: 'unknown' })] },
      because: 'it is not known whether a new commit cancels an approval for main',
    },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archived repository': repository({ archived: true }), 'an empty one': repository({ empty: true }), 'a fork': repository({ fork: true }) },
});
