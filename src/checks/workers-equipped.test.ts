import { checkTester } from '../../test/check-tester.ts';
import { endpoint, ines } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { workersEquipped } from './workers-equipped.ts';

checkTester(workersEquipped, {
  conforms: {
    'a managed laptop': { item: ines, given: { devices: [endpoint()] } },
    'one of their own beside it': { item: ines, given: { devices: [endpoint({ deviceId: '8', name: 'own', managed: 'no' }), endpoint()] } },
  },
  deviates: {
    none: { item: ines, because: 'began on 2026-01-01T00:00:00Z, and no device in use is assigned to them' },
    'trap 16: a contractor is no exception': {
      item: { ...ines, employmentType: 'contractor' },
      because: 'began on 2026-01-01T00:00:00Z, and no device in use is assigned to them',
    },
    'one that nobody enrolled': {
      item: ines,
      given: { devices: [endpoint({ name: 'own', managed: 'no' })] },
      because: 'works from own, which is not enrolled in device management',
      cites: { devices: [0] },
    },
  },
  unknown: {
    'nobody says whether it is managed': {
      item: ines,
      given: { devices: [endpoint({ managed: 'unknown' })] },
      because: 'whether acme-mac-07 is managed and in use is not told',
    },
    'nor whether it is in use': {
      item: ines,
      given: { devices: [endpoint({ status: 'unknown' })] },
      because: 'whether acme-mac-07 is managed and in use is not told',
    },
  },
  notYet: {
    'in the first week': { item: { ...ines, startAt: instant('2026-05-28T00:00:00Z') } },
    'left since': { item: { ...ines, terminationAt: instant('2026-05-01T00:00:00Z') } },
  },
});
