import { checkTester } from '../../test/check-tester.ts';
import { cloudAccount } from '../../test/operation-rows.ts';
import { root, system } from '../../test/rows.ts';
import { cloudAccountsDeclared } from './cloud-accounts-declared.ts';

const scope = [system({ systemId: 'aws' })];

checkTester(cloudAccountsDeclared, {
  conforms: { 'in the register': { item: root(), given: { scope, declared: [cloudAccount()] } } },
  deviates: {
    'trap 40: an account that the register leaves out': {
      item: root(),
      given: { scope },
      because: '123456789012 is not in the register of cloud accounts',
    },
    'trap 74: said to be closed, and answers': {
      item: root(),
      given: { scope, declared: [cloudAccount({ status: 'closed' })] },
      because: 'is said to be closed, and answers',
      cites: { declared: [0] },
    },
    'nobody answers for it': {
      item: root(),
      given: { scope, declared: [cloudAccount({ ownerId: null })] },
      because: 'nobody is named who answers for it',
      cites: { declared: [0] },
    },
  },
  notYet: { 'a system out of scope': { item: root() } },
});
