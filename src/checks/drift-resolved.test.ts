import { checkTester } from '../../test/check-tester.ts';
import { drift, ticket } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { driftResolved } from './drift-resolved.ts';

const open = drift({ resolvedAt: null, ticketId: 'ACME-12' });
const named = (over: Parameters<typeof ticket>[0] = {}) => ({ named: [ticket({ approvedAt: instant('2026-05-12T09:00:00Z'), ...over })] });

checkTester(driftResolved, {
  conforms: {
    'gone the next day': { item: drift() },
    'gone at the last instant': { item: drift({ resolvedAt: instant('2026-05-14T06:00:00Z') }) },
    'let stand by an approved ticket': { item: open, given: named() },
  },
  deviates: {
    'still there': {
      item: drift({ resolvedAt: null }),
      because: 'was found on 2026-05-11T06:00:00Z, and is not resolved; no ticket let it stand',
    },
    'gone too late': {
      item: drift({ resolvedAt: instant('2026-05-14T06:00:01Z') }),
      because: 'was found on 2026-05-11T06:00:00Z, and resolved only on 2026-05-14T06:00:01Z; no ticket let it stand',
    },
    'a ticket that is none': { item: open, because: 'was found on 2026-05-11T06:00:00Z, and is not resolved; no tracker knows ACME-12' },
    'trap 38: a ticket approved when it was due already': {
      item: open,
      given: named({ approvedAt: instant('2026-05-14T06:00:01Z') }),
      because: 'was found on 2026-05-11T06:00:00Z, and is not resolved; nobody had approved ACME-12 by 2026-05-14T06:00:00Z',
      cites: { named: [0] },
    },
  },
  unknown: {
    'approvals are not asked for': { item: open, given: named({ approvedAt: null, told: [] }), because: 'whether ACME-12 was approved is not told' },
  },
  notYet: { 'there is time left': { item: open, at: instant('2026-05-14T05:59:59Z') } },
});
