import { iso } from '../core/instant.ts';
import { workers } from '../datasets/hr/workers.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { standing } from './scope.ts';

export const registerEntriesOwned = defineCheck({
  id: 'register-entries-owned',
  title: 'Every entry of a register has an owner who works here',
  version: 1,
  asserts: 'Every entry of a register that stands names as its owner somebody who works for the company.',
  population: registerEntries.where(standing),
  mustExist: true,
  with: { engagements: workers.on('workerId', 'ownerId') },
  parameters: {
    registers: 'all but access-requests and change-reviews, whose entries are acts of the past, and those that feed datasets with checks of their own',
  },

  examine({ ownerId }, { at, engagements }) {
    if (ownerId === null) return deviates('names nobody who answers for it');
    if (engagements.length === 0) return deviates(`is owned by ${ownerId}, whom HR does not know`);
    const starts = engagements.map(({ startAt }) => startAt).filter((start) => start > at);
    const ends = engagements.map(({ startAt, terminationAt }) => (startAt <= at ? (terminationAt ?? Infinity) : -Infinity));
    const end = Math.max(...ends);
    if (end > at) return conforms(end === Infinity ? {} : { until: end });
    const until = starts.length === 0 ? {} : { until: Math.min(...starts) };
    const names = [...new Set(engagements.map(({ fullName }) => fullName))].sort().join(', ');
    if (end === -Infinity) return deviates(`is owned by ${names}, who does not work here yet`, { cites: engagements, ...until });
    return deviates(`is owned by ${names}, who left on ${iso(end)}`, { cites: engagements, ...until });
  },
});
