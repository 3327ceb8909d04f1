import { conforms, defineCheck, deviates } from '../../../checks/check.ts';
import { accounts, workers } from './datasets.ts';

export const accountsOwned = defineCheck({
  id: 'accounts-owned',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Every active account belongs to a worker whom HR knows.',
  population: accounts.where(({ state }) => state === 'active'),
  with: { owners: workers.on('person') },

  examine({ login, system }, { owners }) {
    return owners.length > 0 ? conforms() : deviates(`${login} in ${system} belongs to nobody`);
  },
});
