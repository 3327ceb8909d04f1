import { days, iso } from '../core/instant.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { conforms, defineCheck, deviates, notYet, span } from './check.ts';
import { TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const reviewRevocationsExecuted = defineCheck({
  id: 'review-revocations-executed',
  title: 'What a review takes away is taken away in time',
  version: 1,
  asserts: 'Every decision of an access review to take a right away, or to change it, was carried out within {deadline}.',
  population: decisions.where(({ decision }) => decision !== 'keep'),
  parameters: { deadline: span('7 days'), patience: '8 days more until the registers must be seen to say so' },

  examine({ decidedAt, executedAt }, { at }, { deadline }) {
    const due = decidedAt + deadline;
    if (executedAt !== null && executedAt >= decidedAt && executedAt <= due) return conforms();
    if (executedAt !== null && executedAt > due) return deviates(`it was carried out on ${iso(executedAt)}, and was due on ${iso(due)}`);
    if (at < due + PATIENCE) return notYet({ until: due + PATIENCE });
    if (executedAt !== null) return deviates(`it is said to have been carried out on ${iso(executedAt)}, before it was decided on ${iso(decidedAt)}`);
    return deviates(`it was decided on ${iso(decidedAt)}, and nobody says that it was carried out`);
  },
});
