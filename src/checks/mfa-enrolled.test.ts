import { checkTester } from '../../test/check-tester.ts';
import { account, enforcement, factor, system } from '../../test/rows.ts';
import { mfaEnrolled } from './mfa-enrolled.ts';

const guest = account({ kind: 'external', personId: null, ownerId: 'W-2', purpose: 'audits', password: 'unknown' });
const machine = (password: 'yes' | 'no' | 'unknown') => account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'deploys', password });

checkTester(mfaEnrolled, {
  conforms: {
    'a security key': { item: account(), given: { scope: [system()], factors: [factor()], told: [enforcement()] } },
    'the system’s own word': { item: account(), given: { scope: [system()], told: [enforcement({ enrolled: 'yes' })] } },
    'trap 5: a guest with a security key': { item: guest, given: { scope: [system()], factors: [factor()], told: [enforcement({ enrolled: 'yes' })] } },
    'a machine with a second factor, with or without a password': {
      item: machine('unknown'),
      given: { scope: [system()], told: [enforcement({ enrolled: 'yes' })] },
    },
    'a strong factor beside one of no known kind': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'unknown', factorId: 'f2' }), factor()], told: [enforcement()] },
    },
    'a strong factor beside a weak one': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'sms', factorId: 'f2' }), factor()], told: [enforcement()] },
    },
  },
  deviates: {
    'trap 2: only messages': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'sms' })], told: [enforcement()] },
      because: 'only sms is enrolled',
      cites: { factors: [0] },
    },
    'trap 1: required of it, and not enrolled': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'no', enforced: 'yes' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
    'trap 5: a guest who has none': {
      item: guest,
      given: { scope: [system()], told: [enforcement({ enrolled: 'no' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
    'trap 6: a machine with a password': {
      item: machine('yes'),
      given: { scope: [system()], told: [enforcement({ enrolled: 'no' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
    'the system says no': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'no' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
    'a factor of the same id in another system': {
      item: account(),
      given: { scope: [system()], factors: [factor({ systemId: 'aws' })], told: [enforcement({ enrolled: 'no' })] },
      because: 'no second factor is enrolled',
      cites: { told: [0] },
    },
  },
  unknown: {
    'a factor of another provider, Duo for one, which asks by its own means': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'unknown' })], told: [enforcement()] },
      because: 'okta does not say of what kind a factor is that is enrolled',
    },
    'one of no known kind beside a weak one': {
      item: account(),
      given: { scope: [system()], factors: [factor({ type: 'unknown' }), factor({ type: 'sms', factorId: 'f2' })], told: [enforcement()] },
      because: 'okta does not say of what kind a factor is that is enrolled',
    },
    'a silent system': { item: account(), given: { scope: [system()] }, because: 'okta does not say whether a second factor is enrolled' },
    'trap 71: a system that says nothing of it is no system that says no': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'unknown' })] },
      because: 'okta does not say whether a second factor is enrolled',
    },
    'trap 5: a guest whose home asks for factors': {
      item: guest,
      given: { scope: [system()], told: [enforcement({ enrolled: 'unknown' })] },
      because: 'okta does not say whether a second factor is enrolled',
    },
    'trap 8: GitHub, asked by somebody who is no owner': {
      item: account({ systemId: 'github' }),
      given: { scope: [system({ systemId: 'github' })], told: [enforcement({ systemId: 'github', enrolled: 'unknown' })] },
      because: 'github does not say whether a second factor is enrolled',
    },
    'trap 6: a machine without a factor, and nobody says whether it has a password': {
      item: machine('unknown'),
      given: { scope: [system()], told: [enforcement({ enrolled: 'no' })] },
      because: 'okta does not say whether anybody can sign in with it',
    },
  },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: {
    'trap 6: a machine without a password': machine('no'),
    'a suspended account': account({ status: 'suspended' }),
    'nothing to sign in with': account({ password: 'no' }),
  },
  notJoined: {
    factors: {
      'trap 2: a pending factor': factor({ status: 'pending' }),
      'one that was taken away': factor({ status: 'inactive' }),
      'one of which nothing is known': factor({ status: 'unknown' }),
    },
  },
});
