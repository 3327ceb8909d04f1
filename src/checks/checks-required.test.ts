import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { checksRequired } from './checks-required.ts';

const scope = [system({ systemId: 'github' })];

checkTester(checksRequired, {
  conforms: { 'a check must succeed': { item: repository(), given: { scope, rules: [protection()] } } },
  deviates: {
    'no check is asked for': {
      item: repository(),
      given: { scope, rules: [protection({ requiredChecks: [] })] },
      because: 'main asks for no check',
      cites: { rules: [0] },
    },
    'rules are only evaluated': {
      item: repository(),
      given: { scope, rules: [protection({ inForce: 'evaluate' })] },
      because: 'the rules of main are only evaluated and block nothing',
      cites: { rules: [0] },
    },
  },
  unknown: { 'the rules are not known': { item: repository(), given: { scope }, because: 'the rules of main are not known' } },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archived repository': repository({ archived: true }), 'an empty one': repository({ empty: true }), 'a fork': repository({ fork: true }) },
});
