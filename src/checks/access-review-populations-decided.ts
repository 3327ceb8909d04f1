import { campaigns } from '../datasets/review/campaigns.ts';
import { type Decision, decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';

export const accessReviewPopulationsDecided = defineCheck({
  id: 'access-review-populations-decided',
  title: 'Access reviews decide on every right',
  version: 1,
  asserts:
    'Every access review that was finished decided on each of the rights of the list it was about, each once and by its end, and names that list by its digest.',
  population: campaigns.where(({ status }) => status === 'completed'),
  with: { decided: decisions.on('campaignId') },

  examine({ items, populationDigest, completedAt, launchedAt }, { at, decided }) {
    if (completedAt === null) return notYet({ rests: [] });
    if (at < completedAt) return notYet({ until: completedAt }); // what is said of an act stands: not before all was decided
    if (items === 0) return deviates('its list is empty');
    const inTime = decided.filter(({ decidedAt }) => decidedAt >= launchedAt && decidedAt <= completedAt);
    const rights = new Set(inTime.map(rightOf)).size;
    if (rights < items) return deviates(`${rights} of ${items} rights were decided on while it ran`, { cites: decided });
    if (rights > items) return deviates(`${rights} rights were decided on, and its list has ${items}`, { cites: decided });
    if (populationDigest === null) return unknown('it does not say by a digest which list was decided on, so that nobody can tell whether that was complete');
    return conforms();
  },
});

const rightOf = ({ systemId, userId, right }: Decision): string => JSON.stringify([systemId, userId, right]);
