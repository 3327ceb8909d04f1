import { checkTester } from '../../test/check-tester.ts';
import { endpoint, endpointActivity } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { devicesProtected } from './devices-protected.ts';

const scope = [system({ systemId: 'fleet' })];
const activity = [endpointActivity()];

checkTester(devicesProtected, {
  conforms: {
    'it runs and reported': { item: endpoint(), given: { scope, activity } },
    'on the last day of the week': {
      item: endpoint(),
      given: { scope, activity: [endpointActivity({ protectionSeenAt: instant('2026-05-25T00:00:00Z') })] },
    },
  },
  deviates: {
    'it does not run': {
      item: endpoint({ malwareProtection: 'no' }),
      given: { scope, activity },
      because: 'no protection against malicious software is running',
    },
    'installed, and silent': {
      item: endpoint(),
      given: { scope, activity: [endpointActivity({ protectionSeenAt: instant('2026-05-24T00:00:00Z') })] },
      because: 'its protection against malicious software last reported on 2026-05-24T00:00:00Z',
      cites: { activity: [0] },
    },
  },
  unknown: {
    'trap 71: it does not say': {
      item: endpoint({ malwareProtection: 'unknown' }),
      given: { scope, activity },
      because: 'whether protection against malicious software is running is not told',
    },
    'nobody says when it reported': {
      item: endpoint(),
      given: { scope, activity: [endpointActivity({ protectionSeenAt: null })] },
      because: 'when its protection against malicious software last reported is not told',
    },
    'the report is of a device of another tool': {
      item: endpoint(),
      given: { scope, activity: [endpointActivity({ systemId: 'jamf' })] },
      because: 'when its protection against malicious software last reported is not told',
    },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a phone': endpoint({ platform: 'android' }), 'a lost one': endpoint({ status: 'lost' }) },
});
