import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { working } from './working.ts';

export const serviceAccountsOwned = defineCheck({
  id: 'service-accounts-owned',
  title: 'Somebody answers for every machine account',
  version: 3,
  asserts:
    'Every active service account in a system in scope is declared with a purpose and with a person who works here and answers for it, and has no password.',
  population: accounts.where(({ status, kind }) => status === 'active' && kind === 'service'),
  with: { scope: systems.on('systemId'), owners: workers.on('workerId', 'ownerId') },

  examine({ systemId, ownerId, purpose, password }, { at, scope, owners }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (ownerId === null) return deviates('nobody is declared to answer for it');
    if (purpose === null) return deviates('no purpose is declared');
    if (password === 'yes') return deviates('somebody can sign in with its password');
    if (owners.length === 0) return deviates(`${ownerId} is declared to answer for it, whom HR does not know`);
    const { here, until, stands } = working(owners, at);
    if (!here) return deviates(`${ownerId}, who answers for it, ${stands}`, { cites: owners, ...until });
    return password === 'no' ? conforms(until) : unknown(`${systemId} does not say whether anybody can sign in with its password`, until);
  },
});
