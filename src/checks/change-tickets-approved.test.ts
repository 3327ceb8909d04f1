import { checkTester } from '../../test/check-tester.ts';
import { ticket } from '../../test/operation-rows.ts';
import { pullRequest, system } from '../../test/rows.ts';
import { instant, minutes } from '../core/instant.ts';
import { changeTicketsApproved } from './change-tickets-approved.ts';

const scope = [system({ systemId: 'github' })];
const merged = instant('2026-05-20T12:00:00Z');
const was = 'was merged by bruno-novak on 2026-05-20T12:00:00Z';
const doubt = 'it cannot be told whether ACME-12 had been approved when it was merged';

checkTester(changeTicketsApproved, {
  conforms: {
    'approved before the merge': { item: pullRequest(), given: { scope, named: [ticket()] } },
    'of a kind that is approved beforehand': { item: pullRequest(), given: { scope, named: [ticket({ type: 'standard', approvedAt: null })] } },
    'an emergency owes a review and no approval': { item: pullRequest(), given: { scope, named: [ticket({ type: 'emergency', approvedAt: null })] } },
    'one of two': {
      item: pullRequest({ tickets: ['ACME-12', 'ACME-13'] }),
      given: { scope, named: [ticket({ approvedAt: null }), ticket({ issueId: '10013', ticketId: 'ACME-13', ticketIds: ['ACME-13'] })] },
    },
    'a ticket, and an issue of the host that it closes': {
      item: pullRequest({ tickets: ['acme/web#5', 'ACME-12'] }),
      given: { scope, named: [ticket()] },
    },
    'under the key that it had before': { item: pullRequest(), given: { scope, named: [ticket({ ticketId: 'OPS-3', ticketIds: ['OPS-3', 'ACME-12'] })] } },
  },
  deviates: {
    'no such ticket': { item: pullRequest(), given: { scope }, because: `${was} and names ACME-12, which no tracker knows` },
    'one of two, and no such ticket as the other': {
      item: pullRequest({ tickets: ['ACME-99', 'ACME-12'] }),
      given: { scope, named: [ticket()] },
      because: `${was} and names ACME-99, which no tracker knows`,
    },
    'an issue of the host alone': {
      item: pullRequest({ tickets: ['acme/web#5'] }),
      given: { scope },
      because: `${was} and names acme/web#5, which no tracker knows`,
    },
    'trap 38: approved after the merge, by the history of the tracker': {
      item: pullRequest(),
      given: { scope, named: [ticket({ approvedAt: instant('2026-05-20T15:00:00Z') })] },
      because: `${was} under ACME-12, approved only on 2026-05-20T15:00:00Z`,
      cites: { named: [0] },
    },
    'nobody approved': {
      item: pullRequest(),
      given: { scope, named: [ticket({ approvedAt: null })] },
      because: `${was} under ACME-12, which nobody approved`,
      cites: { named: [0] },
    },
    'a ticket that is of no change at all': {
      item: pullRequest(),
      given: { scope, named: [ticket({ type: 'other', approvedAt: null })] },
      because: `${was} under ACME-12, which nobody approved`,
      cites: { named: [0] },
    },
  },
  unknown: {
    'trap 64: so close to the merge that the clocks decide': {
      item: pullRequest(),
      given: { scope, named: [ticket({ approvedAt: merged - minutes(5) + 1 })] },
      because: doubt,
    },
    'the tracker is not asked for approvals': {
      item: pullRequest(),
      given: { scope, named: [ticket({ told: ['implementation'], approvedAt: null })] },
      because: doubt,
    },
    'two kinds fit it': { item: pullRequest(), given: { scope, named: [ticket({ type: 'unknown', approvedAt: null })] }, because: doubt },
  },
  notYet: {
    'the ticket of an emergency may still be written': { item: pullRequest(), given: { scope }, at: instant('2026-05-21T11:59:59Z') },
    'the second of two may still be written': {
      item: pullRequest({ tickets: ['ACME-99', 'ACME-12'] }),
      given: { scope, named: [ticket()] },
      at: instant('2026-05-21T11:59:59Z'),
    },
    'a system out of scope': { item: pullRequest() },
  },
  ignores: { 'what names no ticket, which another check finds': pullRequest({ tickets: [] }) },
});
