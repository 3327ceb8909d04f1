import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { type Campaign, campaigns } from '../datasets/review/campaigns.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { approvedByOthers } from './stated.ts';
import { firstOf } from './until.ts';

export const systemsReviewedQuarterly = defineCheck({
  id: 'systems-reviewed-quarterly',
  title: 'Access to every system is reviewed each quarter',
  version: 1,
  asserts: 'Of every system in scope whose access is to be reviewed, a review that was finished and signed off covers the last quarter at every instant.',
  population: systems.where(({ accessReviewed }) => accessReviewed !== 'no'),
  mustExist: true,
  with: { reviews: campaigns.where(({ status, completedAt }) => status === 'completed' && completedAt !== null).on('systemIds', 'systemId') },
  parameters: {
    interval: span('130 days', 'after the end of the time that the last review is about: a quarter, 30 days to finish the next, 8 for the register'),
  },

  examine({ accessReviewed }, { at, reviews }, { interval }) {
    if (accessReviewed === 'unknown') return unknown('the configuration does not say whether access to it is to be reviewed');
    const turn = (until: number) => firstOf(at, until, ...reviews.map(({ completedAt }) => completedAt));
    const done = reviews.filter(({ completedAt }) => completedAt !== null && completedAt <= at);
    const lastOf = (those: readonly Campaign[]) => Math.max(...those.map(({ toAt }) => toAt));
    const last = lastOf(done.filter((review) => approvedByOthers(review) === 'yes'));
    const perhaps = lastOf(done.filter((review) => approvedByOthers(review) === 'unknown'));
    if (at >= last + interval && at < perhaps + interval)
      return unknown(`nothing tells whether anybody signed off the review that reaches to ${iso(perhaps)}`, turn(perhaps + interval));
    if (last === -Infinity) return deviates('no review of access to it was finished and signed off', turn(at));
    const until = last + interval;
    return at < until ? conforms(turn(until)) : deviates(`the last review of access to it that was finished and signed off reaches to ${iso(last)}`, turn(at));
  },
});
