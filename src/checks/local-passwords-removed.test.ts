import { checkTester } from '../../test/check-tester.ts';
import { account, system } from '../../test/rows.ts';
import { localPasswordsRemoved } from './local-passwords-removed.ts';

const scope = [system({ systemId: 'crm', identityProvider: false, ssoRequired: 'yes' })];

checkTester(localPasswordsRemoved, {
  conforms: { 'without a password': { item: account({ systemId: 'crm', password: 'no' }), given: { scope } } },
  deviates: {
    'trap 4: made before the switch': {
      item: account({ systemId: 'crm', password: 'yes' }),
      given: { scope },
      because: 'it can sign in with a password of its own',
    },
  },
  unknown: {
    'a product that never tells': {
      item: account({ systemId: 'crm', password: 'unknown' }),
      given: { scope },
      because: 'the source does not say whether it has a password',
    },
  },
  notYet: { 'a system of which it is not demanded': { item: account() } },
  ignores: { 'a machine': account({ kind: 'service' }), 'an account that is switched off': account({ status: 'suspended' }) },
});
