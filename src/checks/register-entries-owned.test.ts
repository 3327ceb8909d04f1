import { checkTester } from '../../test/check-tester.ts';
import { registerEntry, worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { registerEntriesOwned } from './register-entries-owned.ts';

const bruno = (over: Parameters<typeof worker>[0] = {}) => worker({ workerId: 'W-2', fullName: 'Bruno Novak', ...over });

checkTester(registerEntriesOwned, {
  conforms: {
    'the owner works here': { item: registerEntry(), given: { engagements: [bruno()] } },
    'the owner will leave': { item: registerEntry(), given: { engagements: [bruno({ terminationAt: instant('2026-09-01T00:00:00Z') })] } },
    'the owner came back': {
      item: registerEntry(),
      given: { engagements: [bruno({ terminationAt: instant('2026-03-01T00:00:00Z') }), bruno({ startAt: instant('2026-05-01T00:00:00Z') })] },
    },
  },
  deviates: {
    'nobody owns it': { item: registerEntry({ ownerId: null }), because: 'names nobody who answers for it' },
    'HR does not know the owner': { item: registerEntry(), because: 'is owned by W-2, whom HR does not know' },
    'the owner left': {
      item: registerEntry(),
      given: { engagements: [bruno({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'is owned by Bruno Novak, who left on 2026-05-01T00:00:00Z',
    },
    'the owner has not begun': {
      item: registerEntry(),
      given: { engagements: [bruno({ startAt: instant('2026-06-15T00:00:00Z') })] },
      because: 'is owned by Bruno Novak, who does not work here yet',
    },
  },
  ignores: { 'a request that was made once': registerEntry({ register: 'access-requests' }) },
});
