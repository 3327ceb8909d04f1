import { rootAccounts } from '../datasets/iam/root-accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

export const rootKeysRemoved = defineCheck({
  id: 'root-keys-removed',
  title: 'Root identities hold no access keys',
  version: 1,
  asserts: 'No cloud account has access keys on its root identity, active or not.',
  population: rootAccounts,
  mustExist: true,

  examine({ keys }) {
    if (keys === 'unknown') return unknown('the account summary does not say whether root has keys');
    return keys === 'no' ? conforms() : deviates('root has access keys');
  },
});
