import { conforms, defineCheck, deviates, notYet } from '../../../checks/check.ts';
import { owned, type Worker, workers } from './datasets.ts';

type Leaver = Worker & { leftAt: number };

export const leaverOwnsNothing = defineCheck({
  id: 'leaver-owns-nothing',
  title: 'A check of the tests',
  version: 1,
  asserts: 'Nobody who left owns an active account.',
  population: workers.where((worker): worker is Leaver => worker.leftAt !== null),
  with: { accounts: owned.where(({ state }) => state === 'active').on('owner', 'person') },

  examine({ leftAt }, { at, accounts }) {
    if (at < leftAt) return notYet({ until: leftAt });
    return accounts.length === 0 ? conforms() : deviates(`owns ${accounts.map(({ id }) => id).join(', ')}`, { cites: accounts });
  },
});
