import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, system, worker } from '../../test/rows.ts';
import { accountsOwned } from './accounts-owned.ts';

checkTester(accountsOwned, {
  conforms: {
    'somebody who works here': { item: account(), given: { scope: [system()], holders: [worker()] } },
    'a machine that somebody answers for': {
      item: account({ kind: 'service', personId: null, ownerId: 'W-2', purpose: 'deploys' }),
      given: { scope: [system()] },
    },
    'an earlier engagement that ended': {
      item: account(),
      given: { scope: [system()], holders: [worker({ startAt: 0, terminationAt: instant('2026-05-01T00:00:00Z') }), worker()] },
    },
  },
  deviates: {
    'an orphan': {
      item: account({ personId: null, rule: 'none' }),
      given: { scope: [system()] },
      because: 'belongs to nobody that HR knows, and nobody is declared to answer for it',
    },
    'trap 18: of somebody who left, found from the account': {
      item: account(),
      given: { scope: [system()], holders: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'belongs to W-1, who left on 2026-05-01T00:00:00Z',
      cites: { holders: [0] },
    },
    'a declaration of nobody': {
      item: account({ rule: 'declared' }),
      given: { scope: [system()] },
      because: 'is declared to belong to W-1, whom HR does not know',
    },
  },
  unknown: {
    'an orphan of which nobody says whether it is alive': {
      item: account({ personId: null, rule: 'none', status: 'unknown' }),
      given: { scope: [system()] },
      because: 'belongs to nobody that HR knows, and nobody is declared to answer for it; its system does not say whether it can still be used',
    },
    'two people fit': {
      item: account({ personId: null, rule: 'ambiguous' }),
      given: { scope: [system()] },
      because: 'two people fit this account: declare whose it is',
    },
  },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: { 'a deactivated account': account({ status: 'deactivated' }) },
});
