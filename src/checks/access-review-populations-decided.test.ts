import { checkTester } from '../../test/check-tester.ts';
import { campaign, decision } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { accessReviewPopulationsDecided } from './access-review-populations-decided.ts';

const launchedAt = instant('2026-04-01T00:00:00Z');
const completedAt = launchedAt + days(9);
const item = campaign({ launchedAt, completedAt, status: 'completed', items: 2 });
const first = decision({ decidedAt: launchedAt });
const second = decision({ decisionId: 'D-2', userId: 'u2', decidedAt: completedAt });

checkTester(accessReviewPopulationsDecided, {
  conforms: { 'each right, from the first moment to the last': { item, given: { decided: [first, second] } } },
  deviates: {
    'an empty list': { item: { ...item, items: 0 }, because: 'its list is empty' },
    'trap 26: rights that were left open when it was closed': {
      item,
      given: { decided: [first] },
      because: '1 of 2 rights were decided on while it ran',
      cites: { decided: [0] },
    },
    'the same right twice': {
      item,
      given: { decided: [first, decision({ decisionId: 'D-2', decidedAt: completedAt })] },
      because: '1 of 2 rights were decided on while it ran',
      cites: { decided: [0, 1] },
    },
    'decided after its end': {
      item,
      given: { decided: [first, decision({ decisionId: 'D-2', userId: 'u2', decidedAt: completedAt + 1 })] },
      because: '1 of 2 rights were decided on while it ran',
      cites: { decided: [0, 1] },
    },
    'decided before it began': {
      item,
      given: { decided: [decision({ decidedAt: launchedAt - 1 }), second] },
      because: '1 of 2 rights were decided on while it ran',
      cites: { decided: [0, 1] },
    },
    'more than were on the list': {
      item: { ...item, items: 1 },
      given: { decided: [first, second] },
      because: '2 rights were decided on, and its list has 1',
      cites: { decided: [0, 1] },
    },
  },
  unknown: {
    'trap 26: a list from a sheet that somebody edited': {
      item: { ...item, populationDigest: null },
      given: { decided: [first, second] },
      because: 'it does not say by a digest which list was decided on, so that nobody can tell whether that was complete',
    },
  },
  notYet: { 'finished, and not when': { item: { ...item, completedAt: null } } },
  ignores: { 'one that is open': campaign() },
});
