import { systems } from '../datasets/asset/systems.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** Nobody labels a shared login as shared: names that speak for themselves. */
const SHARED = /^(admin|administrator|root|ops|it|dev|devops|shared|team|support|office|info|test|demo)(?=$|[@._\-\d])|[._-](shared|team)(?=$|[@._-])/i;

export const accountsIndividual = defineCheck({
  id: 'accounts-individual',
  title: 'Nobody shares an account',
  version: 1,
  asserts: 'No active account in a system in scope is shared: what is done with it can be told of one person or one machine.',
  population: accounts.where(({ status }) => status === 'active'),
  with: { scope: systems.on('systemId') },

  examine({ kind, login, rule }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (kind === 'shared') return deviates('is declared to be shared');
    if (kind === 'service' || rule === 'declared') return conforms();
    if (rule === 'ambiguous') return unknown('two people fit this account');
    return SHARED.test(login) ? deviates(`is named like a shared account, and nobody declares what ${login} is`) : conforms();
  },
});
