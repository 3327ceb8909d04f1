import { checkTester } from '../../test/check-tester.ts';
import { decision } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { reviewRevocationsExecuted } from './review-revocations-executed.ts';

const decidedAt = instant('2026-04-01T00:00:00Z');
const item = decision({ decision: 'revoke', decidedAt, executedAt: decidedAt + days(7) });

checkTester(reviewRevocationsExecuted, {
  conforms: { 'on the last day': { item }, 'at once': { item: { ...item, decision: 'modify', executedAt: decidedAt } } },
  deviates: {
    'too late': {
      item: { ...item, executedAt: decidedAt + days(7) + 1000 },
      because: 'it was carried out on 2026-04-08T00:00:01Z, and was due on 2026-04-08T00:00:00Z',
    },
    'not at all': { item: { ...item, executedAt: null }, because: 'it was decided on 2026-04-01T00:00:00Z, and nobody says that it was carried out' },
    'before it was decided': {
      item: { ...item, executedAt: decidedAt - 1000 },
      because: 'it is said to have been carried out on 2026-03-31T23:59:59Z, before it was decided on 2026-04-01T00:00:00Z',
    },
  },
  notYet: { 'until the registers are read': { item: { ...item, executedAt: null }, at: decidedAt + days(15) - 1 } },
  ignores: { 'what is kept': decision() },
});
