import { checkTester } from '../../test/check-tester.ts';
import { account, enforcement, factor, system } from '../../test/rows.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';

checkTester(mfaEnrolled, {
  conforms: {
    'a security key': { item: account(), given: { scope: [system()], factors: [factor()], told: [enforcement()] } },
    'the system’s own word': { item: account(), given: { scope: [system()], told: [enforcement({ enrolled: 'yes' })] } },
    'a strong factor beside a weak one': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'sms', factorId: 'f2' }), factor()], told: [enforcement()] },
    },
  },
  deviates: {
    'only messages': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'sms' })], told: [enforcement()] },
      because: 'only sms is enrolled',
      cites: { factors: [0] },
    },
    'no factor': { item: account(), given: { scope: [system()], told: [enforcement()] }, because: 'no second factor is enrolled' },
    'the system says no': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'no' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
    'a factor of the same id in another system': {
      item: account(),
      given: { scope: [system()], factors: [factor({ systemId: 'aws' })], told: [enforcement()] },
      because: 'no second factor is enrolled',
    },
  },
  unknown: { 'a silent system': { item: account(), given: { scope: [system()] }, because: 'okta does not say whether a second factor is enrolled' } },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: {
    'a machine': account({ kind: 'service' }),
    'a suspended account': account({ status: 'suspended' }),
    'nothing to sign in with': account({ password: 'no' }),
  },
});
