import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, system, worker } from '../../test/rows.ts';
import { serviceAccountsOwned } from './service-accounts-owned.ts';

checkTester(serviceAccountsOwned, {
  conforms: {
    'somebody who works here answers for it': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'no' }),
      given: { scope: [system()], owners: [worker()] },
    },
  },
  deviates: {
    'nobody answers for it': {
      item: account({ kind: 'service', personId: null, ownerId: null, purpose: 'a purpose', password: 'no' }),
      given: { scope: [system()] },
      because: 'nobody is declared to answer for it',
    },
    'no purpose': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: null, password: 'no' }),
      given: { scope: [system()], owners: [worker()] },
      because: 'no purpose is declared',
    },
    'trap 6: a password': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'deploys', password: 'yes' }),
      given: { scope: [system()], owners: [worker()] },
      because: 'somebody can sign in with its password',
    },
    'somebody HR does not know': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'no' }),
      given: { scope: [system()] },
      because: 'W-1 is declared to answer for it, whom HR does not know',
    },
    'who answers for it left': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'no' }),
      given: { scope: [system()], owners: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z',
      cites: { owners: [0] },
    },
  },
  unknown: {
    'trap 6: nobody says whether it has a password': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()], owners: [worker()] },
      because: 'okta does not say whether anybody can sign in with its password',
    },
  },
  notYet: { 'a system out of scope': { item: account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'no' }) } },
  ignores: { 'a person': account() },
});
