import { checkTester } from '../../test/check-tester.ts';
import { account, factor, system } from '../../test/rows.ts';
import { adminFactorsStrong } from './admin-factors-strong.ts';

const scope = [system()];
const item = account({ privileged: 'yes' });

checkTester(adminFactorsStrong, {
  conforms: {
    'a security key': { item, given: { scope, factors: [factor()] } },
    'two of them': { item, given: { scope, factors: [factor(), factor({ factorId: 'f2' })] } },
    'another system has a weaker one': { item, given: { scope, factors: [factor(), factor({ systemId: 'google', type: 'sms' })] } },
    'rights that nobody knows, and a security key': { item: account({ privileged: 'unknown' }), given: { scope, factors: [factor()] } },
  },
  deviates: {
    'trap 2: push is accepted as well': {
      item,
      given: { scope, factors: [factor(), factor({ factorId: 'f2', type: 'push' })] },
      because: 'it can sign in with push',
      cites: { factors: [1] },
    },
    'trap 7: an emergency account with a code': {
      item: account({ kind: 'shared', personId: null, ownerId: 'W-1', purpose: 'emergencies', privileged: 'yes' }),
      given: { scope, factors: [factor({ type: 'totp' })] },
      because: 'it can sign in with totp',
      cites: { factors: [0] },
    },
    'trap 6: a machine with a password': {
      item: account({ kind: 'service', privileged: 'yes' }),
      given: { scope, factors: [factor({ type: 'totp' })] },
      because: 'it can sign in with totp',
      cites: { factors: [0] },
    },
    'codes only': {
      item,
      given: { scope, factors: [factor({ type: 'totp' }), factor({ factorId: 'f2', type: 'sms' })] },
      because: 'it can sign in with sms, totp',
      cites: { factors: [0, 1] },
    },
  },
  unknown: {
    'a system that names no kind': { item, given: { scope }, because: 'okta does not say which kind of factor it signs in with' },
    'a factor of no known kind': {
      item,
      given: { scope, factors: [factor(), factor({ factorId: 'f2', type: 'unknown' })] },
      because: 'okta does not say which kind of factor it signs in with',
    },
    'trap 6: a machine of which nobody says whether it has a password': {
      item: account({ kind: 'service', privileged: 'yes', password: 'unknown' }),
      given: { scope, factors: [factor({ type: 'totp' })] },
      because: 'okta does not say whether anybody can sign in with it',
    },
    'rights that nobody knows': {
      item: account({ privileged: 'unknown' }),
      given: { scope, factors: [factor({ type: 'totp' })] },
      because: 'the source does not say whether it has administrative rights',
    },
  },
  notYet: { 'a system out of scope': { item } },
  notJoined: { factors: { 'trap 2: a pending factor': factor({ status: 'pending' }) } },
  ignores: { 'a machine without a password': account({ kind: 'service', privileged: 'yes', password: 'no' }), 'no administrator': account() },
});
