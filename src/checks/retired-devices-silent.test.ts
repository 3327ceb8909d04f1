import { checkTester } from '../../test/check-tester.ts';
import { endpoint, endpointActivity } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { retiredDevicesSilent } from './retired-devices-silent.ts';

const scope = [system({ systemId: 'fleet' })];
const retired = endpoint({ status: 'retired', retiredAt: instant('2026-05-20T10:00:00Z') });
const seen = (at: string) => ({ scope, activity: [endpointActivity({ lastSeenAt: instant(at) })] });

checkTester(retiredDevicesSilent, {
  conforms: { 'heard of last on that day': { item: retired, given: seen('2026-05-20T00:00:00Z') } },
  deviates: {
    'trap 74: retired, and in use': {
      item: retired,
      given: seen('2026-05-29T00:00:00Z'),
      because: 'was retired on 2026-05-20T10:00:00Z and reported on 2026-05-29T00:00:00Z',
      cites: { activity: [0] },
    },
  },
  unknown: {
    'nobody says when it was retired': {
      item: { ...retired, retiredAt: null },
      given: seen('2026-05-20T00:00:00Z'),
      because: 'when it was retired is not told',
    },
    'nor when it reported': { item: retired, given: { scope }, because: 'when it last reported is not told' },
  },
  notYet: { 'a system out of scope': { item: retired } },
  ignores: { 'one in use': endpoint(), 'a lost one': endpoint({ status: 'lost' }) },
});
