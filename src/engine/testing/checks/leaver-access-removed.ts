import { conforms, defineCheck, deviates, notYet } from '../../../checks/check.ts';
import { hours, type Instant } from '../../../core/instant.ts';
import { accounts, workers, type Worker } from './datasets.ts';

type Leaver = Worker & { leftAt: Instant };

export const leaverAccessRemoved = defineCheck({
  id: 'leaver-access-removed',
  title: 'A check of the tests',
  version: 1,
  asserts: 'No account of a person who left is still active 24 hours after they left.',
  population: workers.where((worker): worker is Leaver => worker.leftAt !== null),
  with: { accounts: accounts.where(({ state }) => state === 'active').on('person') },

  examine({ leftAt }, { at, accounts }) {
    const deadline = leftAt + hours(24);
    if (at < deadline) return notYet({ until: deadline });
    if (accounts.length === 0) return conforms();
    return deviates(`still active: ${accounts.map(({ system, login }) => `${login} in ${system}`).join(', ')}`, { cites: accounts });
  },
});
