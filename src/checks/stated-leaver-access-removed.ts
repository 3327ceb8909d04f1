import { iso } from '../core/instant.ts';
import { workers } from '../datasets/hr/workers.ts';
import { leavers } from '../datasets/people/leavers.ts';
import { defineCheck, span } from './check.ts';
import { removal, USABLE } from './leaver.ts';

export const statedLeaverAccessRemoved = defineCheck({
  id: 'stated-leaver-access-removed',
  title: 'Leavers whom HR does not tell of lose their access within {deadline}',
  version: 1,
  asserts:
    'No account of a person who left by a statement, earlier than by HR or where HR tells of no end, is still active in any system {deadline} after that end.',
  population: leavers.where(({ endAt, hrEndAt }) => endAt !== hrEndAt),
  with: { accounts: USABLE, engagements: workers.on('workerId') },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ startAt, endAt, statement }, { at, accounts, engagements }, { deadline }) {
    const left = `left on ${iso(endAt)} by the statement ${statement}`;
    return removal({ startAt, endAt, deadline: endAt + deadline, left }, at, accounts, engagements);
  },
});
