import { checkTester } from '../../test/check-tester.ts';
import { campaign, system } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { systemsReviewedQuarterly } from './systems-reviewed-quarterly.ts';

const item = system({ accessReviewed: 'yes' });
const toAt = instant('2026-04-01T00:00:00Z');
const review = (over: Parameters<typeof campaign>[0] = {}) =>
  campaign({ toAt, completedAt: toAt + days(10), status: 'completed', approverEmails: ['boss@acme.example'], ...over });

checkTester(systemsReviewedQuarterly, {
  conforms: {
    'the last quarter': { item, given: { reviews: [review()] } },
    'the newest of two': { item, given: { reviews: [review({ toAt: toAt - days(91) }), review()] } },
    'up to the last moment': { item, given: { reviews: [review()] }, at: toAt + days(130) - 1 },
  },
  deviates: {
    never: { item, because: 'no review of access to it was finished and signed off' },
    'a quarter was left out': {
      item,
      given: { reviews: [review()] },
      at: toAt + days(130),
      because: 'the last review of access to it that was finished and signed off reaches to 2026-04-01T00:00:00Z',
    },
    'signed off by its author alone': {
      item,
      given: { reviews: [review({ approverEmails: [] })] },
      because: 'no review of access to it was finished and signed off',
    },
  },
  unknown: {
    'nobody can tell who approved': {
      item,
      given: { reviews: [review({ approverEmails: [], approved: 'unknown' })] },
      because: 'nothing tells whether anybody signed off the review that reaches to 2026-04-01T00:00:00Z',
    },
    'not declared': { item: system(), because: 'the configuration does not say whether access to it is to be reviewed' },
  },
  ignores: { 'a system whose access is not reviewed': system({ accessReviewed: 'no' }) },
});
