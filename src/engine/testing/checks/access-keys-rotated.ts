import { conforms, defineCheck, deviates } from '../../../checks/check.ts';
import { days, iso } from '../../../core/instant.ts';
import { accessKeys } from './datasets.ts';

export const accessKeysRotated = defineCheck({
  id: 'access-keys-rotated',
  title: 'A check of the tests',
  version: 1,
  asserts: 'No active access key is older than 90 days.',
  population: accessKeys.where(({ state }) => state === 'active'),

  examine({ createdAt }, { at }) {
    const due = createdAt + days(90);
    return at < due ? conforms({ until: due }) : deviates(`was to be rotated by ${iso(due)}`);
  },
});
