import { checkTester } from '../../test/check-tester.ts';
import { endpoint, endpointActivity } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { devicesManaged } from './devices-managed.ts';

const scope = [system({ systemId: 'fleet' })];
const activity = [endpointActivity()];

checkTester(devicesManaged, {
  conforms: {
    'enrolled, and heard of': { item: endpoint(), given: { scope, activity } },
    'on the last day of the fortnight': { item: endpoint(), given: { scope, activity: [endpointActivity({ lastSeenAt: instant('2026-05-18T00:00:00Z') })] } },
  },
  deviates: {
    'not enrolled': { item: endpoint({ managed: 'no' }), given: { scope, activity }, because: 'is not enrolled in device management' },
    silent: {
      item: endpoint(),
      given: { scope, activity: [endpointActivity({ lastSeenAt: instant('2026-05-17T00:00:00Z') })] },
      because: 'last reported on 2026-05-17T00:00:00Z',
      cites: { activity: [0] },
    },
  },
  unknown: {
    'nobody says whether it is enrolled': {
      item: endpoint({ managed: 'unknown' }),
      given: { scope, activity },
      because: 'whether it is enrolled in device management is not told',
    },
    'nobody says when it reported': { item: endpoint(), given: { scope }, because: 'when it last reported is not told' },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a lost one': endpoint({ status: 'lost' }), 'a retired one': endpoint({ status: 'retired' }) },
});
