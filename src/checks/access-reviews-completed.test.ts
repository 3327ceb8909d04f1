import { checkTester } from '../../test/check-tester.ts';
import { campaign } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { accessReviewsCompleted } from './access-reviews-completed.ts';

const toAt = instant('2026-04-01T00:00:00Z');
const due = toAt + days(20);
const done = (over: Parameters<typeof campaign>[0] = {}) =>
  campaign({ toAt, dueAt: due, completedAt: due, status: 'completed', approverEmails: ['boss@acme.example'], ...over });

checkTester(accessReviewsCompleted, {
  conforms: {
    'on its due date': { item: done() },
    'on the thirtieth day': { item: done({ dueAt: toAt + days(90), completedAt: toAt + days(30) }) },
    'at once': { item: done(), at: due },
  },
  deviates: {
    open: { item: done({ status: 'open', completedAt: null }), because: 'it was not finished by 2026-04-21T00:00:00Z' },
    'finished, without a date': { item: done({ completedAt: null }), because: 'it was not finished by 2026-04-21T00:00:00Z' },
    'a due date that was chosen generously': {
      item: done({ dueAt: toAt + days(90), completedAt: toAt + days(30) + 1000 }),
      because: 'it was finished on 2026-05-01T00:00:01Z, and was due on 2026-05-01T00:00:00Z',
    },
    late: { item: done({ completedAt: due + 1000 }), because: 'it was finished on 2026-04-21T00:00:01Z, and was due on 2026-04-21T00:00:00Z' },
    'given up': { item: done({ status: 'abandoned', completedAt: null }), because: 'it was abandoned, and was due on 2026-04-21T00:00:00Z' },
    'signed off by its author alone': { item: done({ approverEmails: [], signedOffById: 'W-2' }), because: 'nobody but its author signed it off' },
  },
  unknown: {
    'a register of which nobody can tell who approved': {
      item: done({ approverEmails: [], approved: 'unknown' }),
      because: 'nothing tells whether anybody but its author signed it off',
    },
  },
  notYet: {
    'until the registers are read': { item: done({ status: 'open', completedAt: null }), at: due + days(8) - 1 },
    'until it is signed off': { item: done({ approverEmails: [] }), at: due + days(8) - 1 },
  },
});
