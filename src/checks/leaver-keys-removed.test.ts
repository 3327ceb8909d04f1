import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, key, worker } from '../../test/rows.ts';
import { leaverKeysRemoved } from './leaver-keys-removed.ts';

checkTester(leaverKeysRemoved, {
  conforms: {
    'its holder works here': { item: key({ systemId: 'okta' }), given: { holders: [account()], people: [worker()] } },
    'within the deadline': {
      item: key({ systemId: 'okta' }),
      given: { holders: [account()], people: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      at: instant('2026-05-01T12:00:00Z'),
    },
  },
  deviates: {
    'trap 19: a key of somebody who left': {
      item: key({ systemId: 'okta' }),
      given: { holders: [account()], people: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1 left on 2026-05-01T00:00:00Z',
      cites: { people: [0] },
    },
    'who answers for it left': {
      item: key({ systemId: 'okta' }),
      given: {
        holders: [account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'deploys' })],
        people: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })],
      },
      because: 'W-1 left on 2026-05-01T00:00:00Z',
      cites: { people: [0] },
    },
  },
  unknown: {
    'nobody answers for it': {
      item: key({ systemId: 'okta' }),
      given: { holders: [account({ personId: null })] },
      because: 'nobody is known who answers for it',
    },
    'its holder left, and nobody says whether it is switched off': {
      item: key({ systemId: 'okta', status: 'unknown' }),
      given: { holders: [account()], people: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1 left on 2026-05-01T00:00:00Z; its source does not say whether it is switched off',
    },
    'an unknown account': { item: key(), because: 'the account that holds it is not known' },
    'somebody HR does not know': {
      item: key({ systemId: 'okta' }),
      given: { holders: [account()] },
      because: 'HR does not know W-1, who is declared to answer for it',
    },
  },
  ignores: { 'a key that is switched off': key({ status: 'inactive' }) },
});
