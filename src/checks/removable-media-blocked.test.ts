import { checkTester } from '../../test/check-tester.ts';
import { endpoint } from '../../test/operation-rows.ts';
import { system } from '../../test/rows.ts';
import { removableMediaBlocked } from './removable-media-blocked.ts';

const given = { scope: [system({ systemId: 'fleet' })] };

checkTester(removableMediaBlocked, {
  conforms: { 'it refuses': { item: endpoint(), given } },
  deviates: { 'it writes': { item: endpoint({ removableMediaBlocked: 'no', platform: 'linux' }), given, because: 'can write to removable media' } },
  unknown: {
    'it does not say': {
      item: endpoint({ removableMediaBlocked: 'unknown', platform: 'unknown' }),
      given,
      because: 'whether it can write to removable media is not told by the device',
    },
  },
  notYet: { 'a system out of scope': { item: endpoint() } },
  ignores: { 'a phone': endpoint({ platform: 'ios' }), 'a lost one': endpoint({ status: 'lost' }), 'a retired one': endpoint({ status: 'retired' }) },
});
