import { iso } from '../core/instant.ts';
import { type Worker, workers } from '../datasets/hr/workers.ts';
import { defineCheck, span } from './check.ts';
import { removal, USABLE } from './leaver.ts';

type Leaver = Worker & { readonly terminationAt: number };

export const leaverAccessRemoved = defineCheck({
  id: 'leaver-access-removed',
  title: 'Leavers lose their access within {deadline}',
  version: 2,
  asserts: 'No account of a person who left, in any system, is still active {deadline} after the engagement ended.',
  population: workers.where((worker): worker is Leaver => worker.terminationAt !== null),
  with: { accounts: USABLE, engagements: workers.on('workerId') },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ terminationAt, startAt }, { at, accounts, engagements }, { deadline }) {
    const ended = { startAt, endAt: terminationAt, deadline: terminationAt + deadline, left: `left on ${iso(terminationAt)}` };
    return removal(ended, at, accounts, engagements);
  },
});
