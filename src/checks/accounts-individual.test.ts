import { checkTester } from '../../test/check-tester.ts';
import { account, system } from '../../test/rows.ts';
import { accountsIndividual } from './accounts-individual.ts';

checkTester(accountsIndividual, {
  conforms: {
    'one person': { item: account(), given: { scope: [system()] } },
    'a declared machine': { item: account({ kind: 'service', login: 'admin' }), given: { scope: [system()] } },
    'a name that only begins like one': { item: account({ login: 'teamira.novak' }), given: { scope: [system()] } },
  },
  deviates: {
    'declared to be shared': { item: account({ kind: 'shared' }), given: { scope: [system()] }, because: 'is declared to be shared' },
    'named like one': {
      item: account({ login: 'ops@acme.example' }),
      given: { scope: [system()] },
      because: 'is named like a shared account, and nobody declares what ops@acme.example is',
    },
  },
  unknown: { 'two people fit': { item: account({ personId: null, rule: 'ambiguous' }), given: { scope: [system()] }, because: 'two people fit this account' } },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: { 'a suspended account': account({ status: 'suspended' }) },
});
