import { checkTester } from '../../test/check-tester.ts';
import { bruno, endpoint, ines } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { devicesAssigned } from './devices-assigned.ts';

const scope = [system({ systemId: 'fleet' })];
const left = (at: string) => ({ ...ines, terminationAt: instant(at) });

checkTester(devicesAssigned, {
  conforms: {
    'somebody who works here': { item: endpoint(), given: { scope, holders: [ines] } },
    'who left a little ago': { item: endpoint(), given: { scope, holders: [left('2026-05-25T00:00:00Z')] } },
    'of two, one stayed': {
      item: endpoint({ userEmails: ['ines.duarte@acme.example', 'bruno.novak@acme.example'] }),
      given: { scope, holders: [left('2026-02-01T00:00:00Z'), bruno] },
    },
    'trap 13: under an alias': {
      item: endpoint({ userEmails: ['ines@acme.example'] }),
      given: { scope, holders: [{ ...ines, emails: ['ines.duarte@acme.example', 'ines@acme.example'] }] },
    },
  },
  deviates: {
    nobody: { item: endpoint({ userEmails: [] }), given: { scope }, because: 'is assigned to nobody' },
    'somebody whom HR does not know': {
      item: endpoint(),
      given: { scope },
      because: 'is assigned to ines.duarte@acme.example, whom HR does not know',
    },
    'somebody who left': {
      item: endpoint(),
      given: { scope, holders: [left('2026-05-18T00:00:00Z')] },
      because: 'is still assigned to Ines Duarte, who left on 2026-05-18T00:00:00Z',
      cites: { holders: [0] },
    },
  },
  unknown: {
    'nobody, and its tool does not say whether it is in use': {
      item: endpoint({ userEmails: [], status: 'unknown' }),
      given: { scope },
      because: 'is assigned to nobody; its tool does not say whether it is in use',
    },
    'somebody who left, and its tool does not say whether it is in use': {
      item: endpoint({ status: 'unknown' }),
      given: { scope, holders: [left('2026-05-18T00:00:00Z')] },
      because: 'is still assigned to Ines Duarte, who left on 2026-05-18T00:00:00Z; its tool does not say whether it is in use',
    },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a lost one': endpoint({ status: 'lost' }), 'a retired one': endpoint({ status: 'retired' }) },
});
