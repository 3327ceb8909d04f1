import { iso } from '../core/instant.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates } from './check.ts';

export const exceptionsClosed = defineCheck({
  id: 'exceptions-closed',
  title: 'Exceptions end when they were to end',
  version: 1,
  asserts: 'Every exception from a policy that stands in the register names its end, and that end has not passed.',
  population: registerEntries.where(({ register }) => register === 'exceptions'),
  parameters: { register: 'exceptions', end: 'the end of the day that the entry names under "until"' },

  examine({ until }, { at }) {
    if (until === null) return deviates('names no end');
    if (at < until) return conforms({ until });
    return deviates(`ended on ${iso(until)} and still stands in the register`);
  },
});
