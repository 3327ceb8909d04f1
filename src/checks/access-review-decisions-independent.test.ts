import { checkTester } from '../../test/check-tester.ts';
import { campaign, decision, engagement, worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { accessReviewDecisionsIndependent } from './access-review-decisions-independent.ts';

const launchedAt = instant('2026-04-01T00:00:00Z');
const item = decision({ decidedAt: launchedAt, workerId: 'W-1', reviewerId: 'W-2', authorEmail: 'boss@acme.example', knownBy: 'commit' });
const reviewers = [worker({ workerId: 'W-2', emails: ['boss@acme.example'] })];
const holders = [engagement()];
const reviews = [campaign({ launchedAt })];

checkTester(accessReviewDecisionsIndependent, {
  conforms: {
    'by another person': { item, given: { reviewers, holders, reviews } },
    'under a key, of an account that is gone': { item: { ...item, knownBy: 'key' }, given: { reviewers, reviews } },
    'of a machine': { item: { ...item, workerId: null }, given: { reviewers, holders: [engagement({ personId: null, ownerId: 'W-2' })], reviews } },
  },
  deviates: {
    'trap 26: of oneself, by the entry': { item: { ...item, reviewerId: 'W-1' }, given: { holders: [] }, because: 'W-1 decided on an account of their own' },
    'trap 26: of oneself, by the people graph': {
      item: { ...item, workerId: null },
      given: { reviewers, holders: [engagement({ personId: 'W-2' })], reviews },
      because: 'W-2 decided on an account of their own',
      cites: { holders: [0] },
    },
    'a reviewer nobody knows': { item, given: { holders, reviews }, because: 'W-2 decided, whom HR does not know' },
    'a sheet that somebody else filled in': {
      item: { ...item, authorEmail: 'ines.duarte@acme.example' },
      given: { reviewers, holders, reviews },
      because: 'it says that W-2 decided, and was written by ines.duarte@acme.example',
      cites: { reviewers: [0] },
    },
    'a decision with a date of before': {
      item: { ...item, decidedAt: launchedAt - 1000 },
      given: { reviewers, holders, reviews },
      because: 'it was decided on 2026-03-31T23:59:59Z, before the review began on 2026-04-01T00:00:00Z',
      cites: { reviews: [0] },
    },
  },
  unknown: {
    'a review that is not on record': { item, given: { reviewers, holders }, because: 'no review Q2 is on record' },
    'the word of the entry alone': {
      item: { ...item, knownBy: 'none' },
      given: { reviewers, holders, reviews },
      because: 'nothing but its own word shows that W-2 decided',
    },
    'an account that nobody knows': {
      item: { ...item, workerId: null },
      given: { reviewers, reviews, holders: [engagement({ systemId: 'github' })] },
      because: 'nobody knows whose account it is about',
    },
  },
});
