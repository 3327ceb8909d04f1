import { checkTester } from '../../test/check-tester.ts';
import { authSetting } from '../../test/rows.ts';
import { customerSignInHardened } from './customer-sign-in-hardened.ts';

checkTester(customerSignInHardened, {
  conforms: { 'all of it': { item: authSetting() }, 'without passwords': { item: authSetting({ passwordHash: 'None' }) } },
  deviates: {
    'rows hashed years ago': { item: authSetting({ passwordHash: 'sha1' }), because: 'it keeps passwords by sha1' },
    'no second factor': { item: authSetting({ mfaAvailable: 'no' }), because: 'customers cannot demand a second factor or single sign-on' },
    'no lockout': { item: authSetting({ lockout: 'no', mfaAvailable: 'unknown' }), because: 'it does not lock out who guesses' },
    'anybody may come': { item: authSetting({ adminInvitesOnly: 'no' }), because: 'users come without invitation or verified registration' },
  },
  unknown: {
    'of the second factor': { item: authSetting({ mfaAvailable: 'unknown' }), because: 'nobody says whether a second factor can be demanded' },
    'of lockout': { item: authSetting({ lockout: 'unknown' }), because: 'nobody says whether who guesses is locked out' },
    'of invitations': { item: authSetting({ adminInvitesOnly: 'unknown' }), because: 'nobody says whether users come by invitation alone' },
  },
});
