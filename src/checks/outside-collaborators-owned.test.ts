import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, system, worker } from '../../test/rows.ts';
import { outsideCollaboratorsOwned } from './outside-collaborators-owned.ts';

checkTester(outsideCollaboratorsOwned, {
  conforms: {
    'somebody who works here answers for it': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()], owners: [worker()] },
    },
  },
  deviates: {
    'nobody answers for it': {
      item: account({ kind: 'external', personId: null, ownerId: null, purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()] },
      because: 'nobody is declared to answer for it',
    },
    'no purpose': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: null, password: 'unknown' }),
      given: { scope: [system()], owners: [worker()] },
      because: 'no purpose is declared',
    },
    'somebody HR does not know': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()] },
      because: 'W-1 is declared to answer for it, whom HR does not know',
    },
    'who answers for it has not begun': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()], owners: [worker({ startAt: instant('2026-08-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, does not work here yet',
      cites: { owners: [0] },
    },
    'who answers for it left': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }),
      given: { scope: [system()], owners: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z',
      cites: { owners: [0] },
    },
  },
  unknown: {
    'nobody answers for it, and nobody says whether it is alive': {
      item: account({ kind: 'external', personId: null, ownerId: null, purpose: 'a purpose', status: 'unknown' }),
      given: { scope: [system()] },
      because: 'nobody is declared to answer for it; its system does not say whether it can still be used',
    },
    'who answers for it left, and nobody says whether it is alive': {
      item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', status: 'unknown' }),
      given: { scope: [system()], owners: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'W-1, who answers for it, left on 2026-05-01T00:00:00Z; its system does not say whether it can still be used',
    },
  },
  notYet: { 'a system out of scope': { item: account({ kind: 'external', personId: null, ownerId: 'W-1', purpose: 'a purpose', password: 'unknown' }) } },
  ignores: { 'a person': account() },
});
