import { iso } from '../core/instant.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, span } from './check.ts';

export const exceptionsClosed = defineCheck({
  id: 'exceptions-closed',
  title: 'Exceptions end when they were to end',
  version: 2,
  asserts: 'Every exception from a policy that stands in the register names its end, and was taken out within {grace} after it.',
  population: registerEntries.where(({ register }) => register === 'exceptions'),
  parameters: {
    register: 'exceptions',
    end: 'the end of the day that the entry names under "until"',
    grace: span('15 days', 'after its end: a weekly reading of the register must have seen what was allowed for a day, and the next one that it is gone'),
  },

  examine({ until }, { at }, { grace }) {
    if (until === null) return deviates('names no end');
    const due = until + grace;
    if (at < due) return conforms({ until: due });
    return deviates(`ended on ${iso(until)} and still stands in the register`);
  },
});
