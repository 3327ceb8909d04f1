import { checkTester } from '../../test/check-tester.ts';
import { endpoint } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { devicesSupported } from './devices-supported.ts';

const given = { scope: [system({ systemId: 'fleet' })] };

checkTester(devicesSupported, {
  conforms: { 'still mended': { item: endpoint(), given } },
  deviates: {
    'no longer': { item: endpoint({ osSupported: 'no', osVersion: '11.7' }), given, because: 'runs macos 11.7, which is no longer mended' },
    'of a version that it does not tell': {
      item: endpoint({ osSupported: 'no', osVersion: null, platform: 'android' }),
      given,
      because: 'runs android, which is no longer mended',
    },
  },
  unknown: {
    'nobody says': { item: endpoint({ osSupported: 'unknown' }), given, because: 'whether its operating system is still mended is not told by the device' },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a lost one': endpoint({ status: 'lost' }), 'a retired one': endpoint({ status: 'retired' }) },
});
