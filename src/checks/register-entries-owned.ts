import { workers } from '../datasets/hr/workers.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { standing } from './scope.ts';
import { working } from './working.ts';

export const registerEntriesOwned = defineCheck({
  id: 'register-entries-owned',
  title: 'Every entry of a register has an owner who works here',
  version: 2,
  asserts: 'Every entry of a register that stands names as its owner somebody who works for the company.',
  population: registerEntries.where((entry) => standing(entry) && (entry.register !== 'findings' || entry.statement === null)),
  mustExist: true,
  with: { engagements: workers.on('workerId', 'ownerId') },
  parameters: {
    registers:
      'all but access-requests and change-reviews, whose entries are acts of the past, what people say about findings one by one, and those that feed datasets with checks of their own',
  },

  examine({ ownerId }, { at, engagements }) {
    if (ownerId === null) return deviates('names nobody who answers for it');
    if (engagements.length === 0) return deviates(`is owned by ${ownerId}, whom HR does not know`);
    const { here, until, stands } = working(engagements, at);
    if (here) return conforms(until);
    const names = [...new Set(engagements.map(({ fullName }) => fullName))].sort().join(', ');
    return deviates(`is owned by ${names}, who ${stands}`, { cites: engagements, ...until });
  },
});
