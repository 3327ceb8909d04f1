import { days, type Instant, iso } from '../core/instant.ts';
import { campaigns } from '../datasets/review/campaigns.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { approvedByOthers, TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const accessReviewsCompleted = defineCheck({
  id: 'access-reviews-completed',
  title: 'Access reviews are finished in time and signed off',
  version: 1,
  asserts:
    'Every access review that was begun was finished by its own due date, at most {grace} after the time it is about, and approved by somebody other than who wrote it down.',
  population: campaigns,
  parameters: { grace: span('30 days', 'after the end of the time that is reviewed'), patience: '8 days more until the registers must be seen to hold it' },

  examine(campaign, { at }, { grace }) {
    const due: Instant = Math.min(campaign.dueAt, campaign.toAt + grace);
    const { completedAt, status } = campaign;
    const inTime = status === 'completed' && completedAt !== null && completedAt <= due;
    const signedOff = approvedByOthers(campaign);
    if (inTime && signedOff === 'yes') return conforms();
    if (at < due + PATIENCE) return notYet({ until: due + PATIENCE });
    if (status === 'abandoned') return deviates(`it was abandoned, and was due on ${iso(due)}`);
    if (status === 'open' || completedAt === null) return deviates(`it was not finished by ${iso(due)}`);
    if (!inTime) return deviates(`it was finished on ${iso(completedAt)}, and was due on ${iso(due)}`);
    return signedOff === 'unknown' ? unknown('nothing tells whether anybody but its author signed it off') : deviates('nobody but its author signed it off');
  },
});
