import { checkTester } from '../../test/check-tester.ts';
import { accessRequest, decision, jobChange, worker } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { moverAccessReviewed } from './mover-access-reviewed.ts';

const moved = instant('2026-04-01T00:00:00Z');
const item = jobChange({ effectiveAt: moved });
const movers = [worker()];
const ticket = (over: Parameters<typeof accessRequest>[0] = {}) =>
  accessRequest({
    type: 'mover-review',
    beneficiaryEmails: ['ines.duarte@acme.example'],
    requestedAt: moved,
    decision: 'approved',
    approverEmail: 'boss@acme.example',
    decidedAt: moved + days(14),
    ...over,
  });
const decided = (over: Parameters<typeof decision>[0] = {}) =>
  decision({ workerId: 'W-1', decidedAt: moved, authorEmail: 'boss@acme.example', knownBy: 'commit', ...over });
const because = 'moved from Support to Engineering on 2026-04-01T00:00:00Z, and nobody else had decided by 2026-04-15T00:00:00Z on the access held before';

checkTester(moverAccessReviewed, {
  conforms: {
    'by a ticket on the last day': { item, given: { movers, tickets: [ticket()] } },
    'by a ticket that was opened before': { item, given: { movers, tickets: [ticket({ requestedAt: moved - days(30), decidedAt: moved - days(1) })] } },
    'right by right, in a review': { item, given: { movers, decided: [decided()] } },
    'right by right, on the last day, under a key': { item, given: { movers, decided: [decided({ decidedAt: moved + days(14), knownBy: 'key' })] } },
  },
  deviates: {
    'what movers kept left no request behind': { item, given: { movers }, because },
    'too late': { item, given: { movers, tickets: [ticket({ decidedAt: moved + days(14) + 1 })] }, because },
    'a ticket of an earlier move': { item, given: { movers, tickets: [ticket({ requestedAt: moved - days(30) - 1 })] }, because },
    'about somebody else': { item, given: { movers, tickets: [ticket({ beneficiaryEmails: ['other@acme.example'] })] }, because },
    'rejected, and nothing else': { item, given: { movers, tickets: [ticket({ decision: 'rejected' })] }, because },
    'approved by whom it is about': { item, given: { movers, tickets: [ticket({ approverEmail: 'ines.duarte@acme.example' })] }, because },
    'decided by whom it is about': { item, given: { movers, decided: [decided({ authorEmail: 'ines.duarte@acme.example' })] }, because },
    'decided by nobody who is known': { item, given: { movers, decided: [decided({ knownBy: 'none' })] }, because },
    'decided before the move': { item, given: { movers, decided: [decided({ decidedAt: moved - 1 })] }, because },
    'decided too late': { item, given: { movers, decided: [decided({ decidedAt: moved + days(14) + 1 })] }, because },
  },
  unknown: {
    'a worker nobody knows': { item, given: { decided: [decided()] }, because: 'HR knows no worker W-1, and so nobody can tell who may not decide' },
    'a tracker that does not say who approved': {
      item,
      given: { movers, tickets: [ticket({ approverEmail: null })] },
      because: 'ACC-1 is about this access, and its tracker does not say who decided',
    },
    'a tracker that is not asked about approvals': {
      item,
      given: { movers, tickets: [ticket({ decision: 'unknown', approverEmail: null, decidedAt: null })] },
      because: 'ACC-1 is about this access, and its tracker does not say who decided',
    },
  },
  notYet: { 'until the registers are read': { item, given: { movers }, at: moved + days(22) - 1 } },
});
