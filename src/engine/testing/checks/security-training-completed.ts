import { conforms, defineCheck, deviates, notYet } from '../../../checks/check.ts';
import { days, iso } from '../../../core/instant.ts';
import { trainings, workers } from './datasets.ts';

export const securityTrainingCompleted = defineCheck({
  id: 'security-training-completed',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Everyone completes security training within 30 days of starting, and again every year.',
  population: workers.where(({ leftAt }) => leftAt === null),
  with: { trainings: trainings.on('person') },
  tolerates: 0.05,

  examine({ startedAt }, { at, trainings }) {
    const due = Math.max(startedAt + days(30), ...trainings.map(({ completedAt }) => completedAt + days(365)));
    if (at >= due) return deviates(`training was due by ${iso(due)}`);
    return trainings.length === 0 ? notYet({ until: due }) : conforms({ until: due });
  },
});
