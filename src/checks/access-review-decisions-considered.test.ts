import { checkTester } from '../../test/check-tester.ts';
import { campaign, decision } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { accessReviewDecisionsConsidered } from './access-review-decisions-considered.ts';

const item = campaign({ status: 'completed', completedAt: instant('2026-04-09T00:00:00Z') });
const from = instant('2026-04-02T09:00:00Z');
const some = (count: number, gap: number, over: Parameters<typeof decision>[0] = {}) =>
  Array.from({ length: count }, (_, place) => decision({ decisionId: `D-${over.reviewerId ?? ''}${place}`, decidedAt: from + place * gap, ...over }));

checkTester(accessReviewDecisionsConsidered, {
  conforms: {
    'four seconds each': { item, given: { decided: some(20, 4000) } },
    'nineteen at once': { item, given: { decided: some(19, 0) } },
    'by two, nineteen each': { item, given: { decided: [...some(19, 0), ...some(19, 0, { reviewerId: 'W-3' })] } },
    'half of them at once, and the rest slowly': {
      item,
      given: { decided: [...some(10, 0), ...some(11, 60_000).map((it) => ({ ...it, decisionId: `${it.decisionId}b`, decidedAt: it.decidedAt + 60_000 }))] },
    },
  },
  deviates: {
    'approved in bulk': {
      item,
      given: { decided: some(20, 3999) },
      because: 'W-2 decided on 20 rights at 3.999 seconds each, in the median',
      cites: { decided: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19] },
    },
    'by one of two': {
      item,
      given: { decided: [...some(30, 10_000), ...some(25, 0, { reviewerId: 'W-3' })] },
      because: 'W-3 decided on 25 rights at 0 seconds each, in the median',
      cites: { decided: [30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54] },
    },
  },
  unknown: {
    'a register that keeps days': {
      item,
      given: { decided: some(20, 0, { decidedAt: Math.floor(from / days(1)) * days(1) }) },
      because: 'the decisions of W-2 bear a day and no hour',
    },
  },
  notYet: { 'without a decision': { item } },
  ignores: { 'one that is open': campaign() },
});
