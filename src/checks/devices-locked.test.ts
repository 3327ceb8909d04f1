import { checkTester } from '../../test/check-tester.ts';
import { endpoint } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { devicesLocked } from './devices-locked.ts';

const given = { scope: [system({ systemId: 'fleet' })] };
const untold = 'whether, and after how long, it locks itself is not told by the device';

checkTester(devicesLocked, {
  conforms: { 'soon enough': { item: endpoint({ screenLockMinutes: 15 }), given } },
  deviates: {
    'not at all': { item: endpoint({ screenLock: 'no', screenLockMinutes: null }), given, because: 'does not lock itself' },
    'too late': { item: endpoint({ screenLockMinutes: 16 }), given, because: 'locks itself only after 16 minutes' },
    'too late, whether it is on or not': {
      item: endpoint({ screenLock: 'unknown', screenLockMinutes: 60 }),
      given,
      because: 'locks itself only after 60 minutes',
    },
  },
  unknown: {
    'it does not say after how long': { item: endpoint({ screenLockMinutes: null }), given, because: untold },
    'nor whether it does': { item: endpoint({ screenLock: 'unknown' }), given, because: untold },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a lost one': endpoint({ status: 'lost' }), 'a retired one': endpoint({ status: 'retired' }) },
});
