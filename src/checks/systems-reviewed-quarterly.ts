import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { campaigns } from '../datasets/review/campaigns.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { approvedByOthers, TOLD } from './stated.ts';

const INTERVAL = days(92 + 30 + TOLD);

export const systemsReviewedQuarterly = defineCheck({
  id: 'systems-reviewed-quarterly',
  title: 'Access to every system is reviewed each quarter',
  version: 1,
  asserts: 'Of every system in scope whose access is to be reviewed, a review that was finished and signed off covers the last quarter at every instant.',
  population: systems.where(({ accessReviewed }) => accessReviewed !== 'no'),
  mustExist: true,
  with: { reviews: campaigns.where(({ status, completedAt }) => status === 'completed' && completedAt !== null).on('systemIds', 'systemId') },
  parameters: { interval: '130 days after the end of the time that the last review is about: a quarter, 30 days to finish the next, 8 for the register' },

  examine({ accessReviewed }, { at, reviews }) {
    if (accessReviewed === 'unknown') return unknown('the configuration does not say whether access to it is to be reviewed');
    const last = Math.max(...reviews.filter((review) => approvedByOthers(review)).map(({ toAt }) => toAt));
    if (last === -Infinity) return deviates('no review of access to it was finished and signed off');
    const until = last + INTERVAL;
    return at < until ? conforms({ until }) : deviates(`the last review of access to it that was finished and signed off reaches to ${iso(last)}`);
  },
});
