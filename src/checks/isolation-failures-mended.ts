import { days, iso } from '../core/instant.ts';
import { isolationTests } from '../datasets/product/isolation-tests.ts';
import { conforms, defineCheck, deviates, notYet } from './check.ts';

const DEADLINE = days(7);
/** Registers are read once a week. */
const TOLD = DEADLINE + days(8);

export const isolationFailuresMended = defineCheck({
  id: 'isolation-failures-mended',
  title: 'Tests that customers are kept apart succeed',
  version: 1,
  asserts: 'Every test that no customer reaches the data of another succeeded, or one on the same system did within seven days after.',
  population: isolationTests,
  with: { others: isolationTests.on('systemId') },
  parameters: { deadline: '7 days after the failure', told: '8 days until the register must be seen to hold the next test' },

  examine({ result, executedAt }, { at, others }) {
    if (result === 'success') return conforms();
    const due = executedAt + DEADLINE;
    if (others.some((other) => other.result === 'success' && other.executedAt > executedAt && other.executedAt <= due)) return conforms();
    if (at < executedAt + TOLD) return notYet({ until: executedAt + TOLD });
    return deviates(`failed on ${iso(executedAt)}, and none had succeeded by ${iso(due)}`);
  },
});
