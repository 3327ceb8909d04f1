import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { branchProtectionEnforced } from './branch-protection-enforced.ts';

checkTester(branchProtectionEnforced, {
  conforms: {
    'a rule asks for an approval': { item: repository(), given: { scope: [system({ systemId: 'github' })], rules: [protection()] } },
    'trap 35: renamed since, and known by its id': {
      item: repository({ name: 'acme/site' }),
      given: { scope: [system({ systemId: 'github' })], rules: [protection()] },
    },
  },
  deviates: {
    'no rule': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ inForce: 'no', sources: [], requiredApprovals: 0 })] },
      because: 'no rule binds main',
      cites: { rules: [0] },
    },
    'trap 35: evaluated only': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ inForce: 'evaluate' })] },
      because: 'the rules of main are only evaluated and block nothing',
      cites: { rules: [0] },
    },
    'no approval': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ requiredApprovals: 0 })] },
      because: 'main asks for no approval',
      cites: { rules: [0] },
    },
  },
  unknown: {
    'trap 39: nothing is known': { item: repository(), given: { scope: [system({ systemId: 'github' })] }, because: 'the rules of main are not known' },
    'approvals are not told': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ requiredApprovals: null })] },
      because: 'it is not known how many approvals main asks for',
    },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archive': repository({ archived: true }), 'an empty one': repository({ empty: true }), 'a fork': repository({ fork: true }) },
});
