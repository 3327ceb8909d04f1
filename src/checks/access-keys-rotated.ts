import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { accessKeys } from '../datasets/iam/access-keys.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

const MAX_AGE = days(90);

export const accessKeysRotated = defineCheck({
  id: 'access-keys-rotated',
  title: 'Access keys are replaced within 90 days',
  version: 1,
  asserts: 'No access key that is not switched off is older than 90 days.',
  population: accessKeys.where(({ status }) => status !== 'inactive'),
  with: { scope: systems.on('systemId') },
  parameters: { maxAge: '90 days' },

  examine({ createdAt }, { at, scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    const due = createdAt + MAX_AGE;
    return at < due ? conforms({ until: due }) : deviates(`was made on ${iso(createdAt)} and was to be replaced by ${iso(due)}`);
  },
});
