import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { forcePushesBlocked } from './force-pushes-blocked.ts';

const scope = [system({ systemId: 'github' })];

checkTester(forcePushesBlocked, {
  conforms: { 'neither is possible': { item: repository(), given: { scope, rules: [protection()] } } },
  deviates: {
    'it can be rewritten': {
      item: repository(),
      given: { scope, rules: [protection({ forcePush: 'yes' })] },
      because: 'main can be rewritten',
      cites: { rules: [0] },
    },
    'it can be deleted': {
      item: repository(),
      given: { scope, rules: [protection({ deletion: 'yes' })] },
      because: 'main can be deleted',
      cites: { rules: [0] },
    },
  },
  unknown: {
    'only the rules of another branch, and of the same branch in another system': {
      item: repository(),
      given: { scope, rules: [protection({ branch: 'release' }), protection({ systemId: 'gitlab' })] },
      because: 'the rules of main are not known',
    },
    'the rules are not known': { item: repository(), given: { scope }, because: 'the rules of main are not known' },
    'whether the rules are in force is not known': {
      item: repository(),
      given: { scope, rules: [protection({ inForce: 'unknown', forcePush: 'yes' })] },
      because: 'the rules of main are not known',
    },
    'the source does not say': {
      item: repository(),
      given: { scope, rules: [protection({ deletion: 'unknown' })] },
      because: 'it is not known whether main can be rewritten or deleted',
    },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archived repository': repository({ archived: true }) },
});
