import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { activity, system, user } from '../../test/rows.ts';
import { dormantAccountsDisabled } from './dormant-accounts-disabled.ts';

checkTester(dormantAccountsDisabled, {
  conforms: {
    'used yesterday': { item: user(), given: { scope: [system()], use: [activity()] } },
    'made lately': { item: user({ createdAt: instant('2026-05-20T00:00:00Z') }), given: { scope: [system()], use: [activity({ lastUsedAt: null })] } },
  },
  deviates: {
    'used long ago': {
      item: user(),
      given: { scope: [system()], use: [activity({ lastUsedAt: instant('2026-02-01T00:00:00Z') })] },
      because: 'was last used on 2026-02-01T00:00:00Z',
      cites: { use: [0] },
    },
    'trap 12: never used, since it was made': {
      item: user(),
      given: { scope: [system()], use: [activity({ lastUsedAt: null })] },
      because: 'was never used since it was made on 2026-01-01T00:00:00Z',
      cites: { use: [0] },
    },
  },
  unknown: {
    'a system that does not tell': { item: user(), given: { scope: [system()] }, because: 'okta does not tell when it was last used' },
    'nothing is told at all': {
      item: user({ createdAt: null }),
      given: { scope: [system()] },
      because: 'okta tells neither when it was last used nor when it was made',
    },
  },
  notYet: { 'a system out of scope': { item: user() } },
  ignores: { 'a deactivated account': user({ status: 'deactivated' }) },
});
