import { conforms, defineCheck, deviates } from '../../../checks/check.ts';
import { owned } from './datasets.ts';

export const ownedBySomeone = defineCheck({
  id: 'owned-by-someone',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Every active account has an owner.',
  population: owned.where(({ state }) => state === 'active'),

  examine({ owner }) {
    return owner === null ? deviates('belongs to nobody') : conforms();
  },
});
