import { checkTester } from '../../test/check-tester.ts';
import { root } from '../../test/rows.ts';
import { rootMfaEnabled } from './root-mfa-enabled.ts';

checkTester(rootMfaEnabled, {
  conforms: { 'a second factor': { item: root() }, 'trap 11: nothing to sign in with': { item: root({ mfa: 'no', credentials: 'no' }) } },
  deviates: {
    'a password alone': { item: root({ mfa: 'no' }), because: 'root has credentials and no second factor' },
    'trap 11: nothing shows that credentials are gone': {
      item: root({ mfa: 'no', credentials: 'unknown' }),
      because: 'root has no second factor, and nothing shows that its credentials were removed',
    },
  },
  unknown: { 'a silent summary': { item: root({ mfa: 'unknown' }), because: 'the account summary does not say whether root has a second factor' } },
});
