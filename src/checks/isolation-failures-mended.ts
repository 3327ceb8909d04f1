import { iso } from '../core/instant.ts';
import { isolationTests } from '../datasets/product/isolation-tests.ts';
import { conforms, defineCheck, deviates, notYet, span } from './check.ts';

export const isolationFailuresMended = defineCheck({
  id: 'isolation-failures-mended',
  title: 'Tests that customers are kept apart succeed',
  version: 1,
  asserts: 'Every test that no customer reaches the data of another succeeded, or one on the same system did within {deadline} after.',
  population: isolationTests,
  with: { others: isolationTests.on('systemId') },
  parameters: { deadline: span('7 days', 'after the failure'), told: span('8 days', 'after that, until the register must be seen to hold the next test') },

  examine({ result, executedAt }, { at, others }, { deadline, told }) {
    if (result === 'success') return conforms();
    const due = executedAt + deadline;
    if (others.some((other) => other.result === 'success' && other.executedAt > executedAt && other.executedAt <= due)) return conforms();
    if (at < due + told) return notYet({ until: due + told });
    return deviates(`failed on ${iso(executedAt)}, and none had succeeded by ${iso(due)}`);
  },
});
