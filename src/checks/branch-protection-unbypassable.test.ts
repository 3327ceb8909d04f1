import { checkTester } from '../../test/check-tester.ts';
import { protection, repository, system } from '../../test/rows.ts';
import { branchProtectionUnbypassable } from './branch-protection-unbypassable.ts';

checkTester(branchProtectionUnbypassable, {
  conforms: { 'all are bound': { item: repository(), given: { scope: [system({ systemId: 'github' })], rules: [protection()] } } },
  deviates: {
    'no rule': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ inForce: 'no' })] },
      because: 'no rule in force binds main',
      cites: { rules: [0] },
    },
    'trap 28: somebody may bypass it': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ bypassActors: ['team core'] })] },
      because: 'main may be bypassed by team core',
      cites: { rules: [0] },
    },
    'trap 28: administrators are free': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ adminsBound: 'no', forcePush: 'yes', deletion: 'yes' })] },
      because: 'main does not bind administrators; allows rewriting its history; allows deleting it',
      cites: { rules: [0] },
    },
  },
  unknown: {
    'nothing is known': { item: repository(), given: { scope: [system({ systemId: 'github' })] }, because: 'the rules of main are not known' },
    'not all is told': {
      item: repository(),
      given: { scope: [system({ systemId: 'github' })], rules: [protection({ adminsBound: 'unknown' })] },
      because: 'not all is known of the rules of main',
    },
  },
  notYet: { 'a system out of scope': { item: repository() } },
  ignores: { 'an archive': repository({ archived: true }) },
});
