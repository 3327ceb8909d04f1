import { checkTester } from '../../test/check-tester.ts';
import { endpoint } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { devicesEncrypted } from './devices-encrypted.ts';

const given = { scope: [system({ systemId: 'fleet' })] };

checkTester(devicesEncrypted, {
  conforms: { 'it says so': { item: endpoint(), given } },
  deviates: {
    'it says not': { item: endpoint({ diskEncrypted: 'no' }), given, because: 'its disk is not encrypted' },
    'a lost one is examined as it last reported': { item: endpoint({ status: 'lost', diskEncrypted: 'no' }), given, because: 'its disk is not encrypted' },
  },
  unknown: {
    'trap 71: it does not say': { item: endpoint({ diskEncrypted: 'unknown' }), given, because: 'whether its disk is encrypted is not told by the device' },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a retired one': endpoint({ status: 'retired' }) },
});
