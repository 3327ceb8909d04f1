import { conforms, defineCheck, deviates, notYet } from '../../../checks/check.ts';
import { accounts, systems, workers } from './datasets.ts';

export const scopedAccountsActive = defineCheck({
  id: 'scoped-accounts-active',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Accounts of workers in a system that is in scope are active.',
  population: accounts,
  with: { scope: systems.where(({ inScope }) => inScope).on('id', 'system'), owners: workers.on('person') },

  examine({ id, state, login }, { scope, owners }) {
    if (scope.length === 0) return notYet({ rests: ['scope'] });
    if (id === login) return notYet({ rests: [] });
    if (owners.length === 0) return notYet();
    return state === 'active' ? conforms() : deviates('it is suspended');
  },
});
