import { checkTester } from '../../test/check-tester.ts';
import { account, alias, system, worker } from '../../test/rows.ts';
import { accountsIndividual } from './accounts-individual.ts';

checkTester(accountsIndividual, {
  conforms: {
    'one person': { item: account(), given: { scope: [system()] } },
    'a declared machine': { item: account({ kind: 'service', login: 'admin' }), given: { scope: [system()] } },
    'somebody who is called Dev, tied by the number HR gave': {
      item: account({ login: 'dev.patel@acme.example', rule: 'hr-id' }),
      given: { scope: [system()] },
    },
    'somebody who is called Dev, by the address HR has': {
      item: account({ login: 'Dev.Patel@acme.example', rule: 'email' }),
      given: { scope: [system()], owners: [worker({ emails: ['dev.patel@acme.example'] })] },
    },
    'written as another system writes it': {
      item: account({ systemId: 'github', login: 'dev-patel', rule: 'email' }),
      given: { scope: [system({ systemId: 'github' })], owners: [worker({ emails: ['dev.patel@acme.example'] })] },
    },
    'by a declared alias': {
      item: account({ login: 'dev.former@acme.example', rule: 'alias' }),
      given: { scope: [system()], owners: [worker()], others: [alias({ emails: ['dev.former@acme.example'] })] },
    },
    'a name that only begins like one': { item: account({ login: 'teamira.novak' }), given: { scope: [system()] } },
  },
  deviates: {
    'declared to be shared': { item: account({ kind: 'shared' }), given: { scope: [system()] }, because: 'is declared to be shared' },
    'named like one': {
      item: account({ login: 'ops@acme.example' }),
      given: { scope: [system()] },
      because: 'is named like a shared account, and nobody declares what ops@acme.example is',
    },
    'named like one, with the address of somebody beside it': {
      item: account({ login: 'ops@acme.example', rule: 'email' }),
      given: { scope: [system()], owners: [worker({ emails: ['ines.duarte@acme.example'] })] },
      because: 'is named like a shared account, and nobody declares what ops@acme.example is',
    },
    'named like one, with a declared alias beside it': {
      item: account({ login: 'ops@acme.example', rule: 'alias' }),
      given: { scope: [system()], owners: [worker({ emails: [] })], others: [alias({ emails: ['ines@home.example'] })] },
      because: 'is named like a shared account, and nobody declares what ops@acme.example is',
    },
  },
  unknown: { 'two people fit': { item: account({ personId: null, rule: 'ambiguous' }), given: { scope: [system()] }, because: 'two people fit this account' } },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: { 'a suspended account': account({ status: 'suspended' }) },
});
