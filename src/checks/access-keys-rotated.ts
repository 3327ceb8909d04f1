import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { accessKeys } from '../datasets/iam/access-keys.ts';
import { conforms, defineCheck, span } from './check.ts';
import { wrongWith } from './keys.ts';
import { outOfScope } from './scope.ts';

export const accessKeysRotated = defineCheck({
  id: 'access-keys-rotated',
  title: 'Access keys are replaced within {maxAge}',
  version: 2,
  asserts: 'No access key that is not switched off is older than {maxAge}.',
  population: accessKeys.where(({ status }) => status !== 'inactive'),
  with: { scope: systems.on('systemId') },
  parameters: { maxAge: span('90 days') },

  examine({ createdAt, status }, { at, scope }, { maxAge }) {
    const out = outOfScope(scope);
    if (out) return out;
    const due = createdAt + maxAge;
    return at < due ? conforms({ until: due }) : wrongWith({ status })(`was made on ${iso(createdAt)} and was to be replaced by ${iso(due)}`);
  },
});
