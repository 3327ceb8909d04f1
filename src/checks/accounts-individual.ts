import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

/** Nobody labels a shared login as shared: names that speak for themselves. */
const SHARED = /^(admin|administrator|root|ops|it|dev|devops|shared|team|support|office|info|test|demo)(?=$|[@._\-\d])|[._-](shared|team)(?=$|[@._-])/i;

/** However a system writes what stands before the "@": `dev.patel`, `dev-patel`. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9@]/g, '');

export const accountsIndividual = defineCheck({
  id: 'accounts-individual',
  title: 'Nobody shares an account',
  version: 2,
  asserts: 'No active account in a system in scope is shared: what is done with it can be told of one person or one machine.',
  population: accounts.where(({ status }) => status === 'active'),
  with: { scope: systems.on('systemId'), owners: workers.on('workerId', 'personId'), others: aliases.on('workerId', 'personId') },

  examine({ kind, login, rule }, { scope, owners, others }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (kind === 'shared') return deviates('is declared to be shared');
    if (kind === 'service' || rule === 'declared' || rule === 'hr-id') return conforms();
    if (rule === 'ambiguous') return unknown('two people fit this account');
    const theirs = [...owners, ...others].flatMap(({ emails }) => emails).flatMap((email) => [plain(email), plain(email.split('@')[0] ?? email)]);
    return SHARED.test(login) && !theirs.includes(plain(login)) ? deviates(`is named like a shared account, and nobody declares what ${login} is`) : conforms();
  },
});
