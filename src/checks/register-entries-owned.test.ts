import { checkTester } from '../../test/check-tester.ts';
import { registerEntry, worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { registerEntriesOwned } from './register-entries-owned.ts';

const bruno = (over: Parameters<typeof worker>[0] = {}) => worker({ workerId: 'W-2', fullName: 'Bruno Novak', ...over });

checkTester(registerEntriesOwned, {
  conforms: {
    'the owner works here': { item: registerEntry(), given: { engagements: [bruno()] } },
    'an entry that somebody stated': { item: registerEntry({ statement: 7 }), given: { engagements: [bruno()] } },
    'the owner will leave': { item: registerEntry(), given: { engagements: [bruno({ terminationAt: instant('2026-09-01T00:00:00Z') })] } },
    'the owner came back': {
      item: registerEntry(),
      given: { engagements: [bruno({ terminationAt: instant('2026-03-01T00:00:00Z') }), bruno({ startAt: instant('2026-05-01T00:00:00Z') })] },
    },
  },
  deviates: {
    'a finding that nobody owns': { item: registerEntry({ register: 'findings', ownerId: null }), because: 'names nobody who answers for it' },
    'HR knows the owner by two names': {
      item: registerEntry(),
      given: {
        engagements: [
          bruno({
            fullName: 'Bruno Novak-Reis',
            startAt: instant('2026-02-01T00:00:00Z'),
            terminationAt: instant('2026-05-01T00:00:00Z'),
          }),
          bruno({ terminationAt: instant('2026-01-20T00:00:00Z') }),
        ],
      },
      because: 'is owned by Bruno Novak, Bruno Novak-Reis, who left on 2026-05-01T00:00:00Z',
      cites: { engagements: [0, 1] },
    },
    'nobody owns it': { item: registerEntry({ ownerId: null }), because: 'names nobody who answers for it' },
    'HR does not know the owner': { item: registerEntry(), because: 'is owned by W-2, whom HR does not know' },
    'the owner left': {
      item: registerEntry(),
      given: { engagements: [bruno({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'is owned by Bruno Novak, who left on 2026-05-01T00:00:00Z',
      cites: { engagements: [0] },
    },
    'the owner has not begun': {
      item: registerEntry(),
      given: { engagements: [bruno({ startAt: instant('2026-06-15T00:00:00Z') })] },
      because: 'is owned by Bruno Novak, who does not work here yet',
      cites: { engagements: [0] },
    },
  },
  ignores: {
    'a request that was made once': registerEntry({ register: 'access-requests' }),
    'what somebody said of a finding': registerEntry({ register: 'findings', statement: 7 }),
  },
});
