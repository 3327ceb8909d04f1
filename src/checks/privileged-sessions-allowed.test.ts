import { checkTester } from '../../test/check-tester.ts';
import { privilegedSession, worker } from '../../test/rows.ts';
import { days, hours, instant, minutes } from '../core/instant.ts';
import { privilegedSessionsAllowed } from './privileged-sessions-allowed.ts';

const startedAt = instant('2026-04-01T09:00:00Z');
const users = [worker()];
const item = privilegedSession({
  type: 'just-in-time',
  startedAt,
  endedAt: startedAt + hours(8),
  allowedAt: startedAt + minutes(5),
  approverEmails: ['boss@acme.example'],
});

checkTester(privilegedSessionsAllowed, {
  conforms: { 'allowed and ended': { item, given: { users } } },
  deviates: {
    'without a ticket': { item: { ...item, ticketId: null }, given: { users }, because: 'it names no ticket' },
    'allowed by nobody': { item: { ...item, allowedById: null }, given: { users }, because: 'nobody allowed it' },
    'allowed, and not when': { item: { ...item, allowedAt: null }, given: { users }, because: 'nobody allowed it' },
    'trap 24: allowed by oneself': { item: { ...item, allowedById: 'W-1' }, given: { users }, because: 'W-1 allowed it for themselves' },
    'allowed afterwards': {
      item: { ...item, allowedAt: startedAt + minutes(5) + 1000 },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z, and was allowed on 2026-04-01T09:05:01Z',
    },
    'too long': {
      item: { ...item, endedAt: startedAt + hours(8) + 1000 },
      given: { users },
      because: 'it began on 2026-04-01T09:00:00Z and ended on 2026-04-01T17:00:01Z',
    },
    'without an end': { item: { ...item, endedAt: null }, given: { users }, because: 'it began on 2026-04-01T09:00:00Z, and nobody says that it ended' },
  },
  unknown: {
    'by its own word': { item: { ...item, approverEmails: [] }, given: { users }, because: 'nothing but its own word shows that W-2 allowed it' },
    'approved by whoever used it': {
      item: { ...item, approverEmails: ['ines.duarte@acme.example'] },
      given: { users },
      because: 'nothing but its own word shows that W-2 allowed it',
    },
  },
  notYet: { 'until the registers are read': { item: { ...item, endedAt: null }, given: { users }, at: startedAt + hours(8) + days(8) - 1 } },
  ignores: { 'an emergency': privilegedSession() },
});
