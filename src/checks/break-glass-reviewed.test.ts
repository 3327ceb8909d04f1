import { checkTester } from '../../test/check-tester.ts';
import { privilegedSession, worker } from '../../test/rows.ts';
import { days, hours, instant } from '../core/instant.ts';
import { breakGlassReviewed } from './break-glass-reviewed.ts';

const startedAt = instant('2026-04-01T09:00:00Z');
const users = [worker()];
const item = privilegedSession({ startedAt, reviewerId: 'W-2', reviewedAt: startedAt + hours(48), approverEmails: ['boss@acme.example'] });

checkTester(breakGlassReviewed, {
  conforms: { 'within two days': { item, given: { users } }, 'at once': { item: { ...item, reviewedAt: startedAt }, given: { users }, at: startedAt } },
  deviates: {
    'without a ticket': { item: { ...item, ticketId: null }, given: { users }, because: 'it names no ticket' },
    'trap 7: looked into by nobody': {
      item: { ...item, reviewerId: null },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z, and nobody looked into it by 2026-04-03T09:00:00Z',
    },
    'looked into, and not when': {
      item: { ...item, reviewedAt: null },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z, and nobody looked into it by 2026-04-03T09:00:00Z',
    },
    'by oneself': { item: { ...item, reviewerId: 'W-1' }, given: { users }, because: 'W-1 looked into what they did themselves' },
    'too late': {
      item: { ...item, reviewedAt: startedAt + hours(48) + 1000 },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z, and was looked into on 2026-04-03T09:00:01Z',
    },
    'before it was used': {
      item: { ...item, reviewedAt: startedAt - 1000 },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z, and was looked into on 2026-04-01T08:59:59Z',
    },
  },
  unknown: {
    'by its own word': { item: { ...item, approverEmails: [] }, given: { users }, because: 'nothing but its own word shows that W-2 looked into it' },
    'approved by whoever used it': {
      item: { ...item, approverEmails: ['ines.duarte@acme.example'] },
      given: { users },
      because: 'nothing but its own word shows that W-2 looked into it',
    },
  },
  notYet: { 'until the registers are read': { item: { ...item, reviewerId: null }, given: { users }, at: startedAt + hours(48) + days(8) - 1 } },
  ignores: { 'a session of another kind': privilegedSession({ type: 'support' }) },
});
