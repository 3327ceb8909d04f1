import { rootAccounts } from '../datasets/iam/root-accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

export const rootMfaEnabled = defineCheck({
  id: 'root-mfa-enabled',
  title: 'Root identities have a second factor, or nothing to sign in with',
  version: 1,
  asserts: 'The root identity of every cloud account has a second factor, or no credentials at all.',
  population: rootAccounts,
  mustExist: true,

  examine({ credentials, mfa, keys }) {
    if (mfa === 'yes' || (credentials === 'no' && keys === 'no')) return conforms();
    if (mfa === 'unknown') return unknown('the account summary does not say whether root has a second factor');
    return deviates(
      credentials === 'unknown'
        ? 'root has no second factor, and nothing shows that its credentials were removed'
        : 'root has credentials and no second factor',
    );
  },
});
