import { system } from '../../test/rows.ts';
import { checkTester } from '../../test/check-tester.ts';
import { token } from '../../test/source-rows.ts';
import { instant } from '../core/instant.ts';
import { personalTokensLimited } from './personal-tokens-limited.ts';

const given = { scope: [system({ systemId: 'github' })] };

checkTester(personalTokensLimited, {
  conforms: {
    'it ends after 90 days': { item: token(), given },
    'it ends at the last instant allowed': { item: token({ expiresAt: instant('2027-03-02T09:00:00Z') }), given },
    'it has ended': { item: token({ expiresAt: instant('2026-03-02T09:00:00Z') }), given },
  },
  deviates: {
    'trap 4: a token that never ends, beside single sign-on': {
      item: token({ ends: 'no', expiresAt: null }),
      given,
      because: 'was allowed in on 2026-03-01T09:00:00Z, and never ends by itself',
    },
    'it ends too late': {
      item: token({ expiresAt: instant('2027-03-02T09:00:01Z') }),
      given,
      because: 'was allowed in on 2026-03-01T09:00:00Z, and ends only on 2027-03-02T09:00:01Z',
    },
  },
  unknown: {
    'nothing is said of its end': { item: token({ ends: 'unknown', expiresAt: null }), given, because: 'the source does not say whether it ends by itself' },
  },
  notYet: { 'a system out of scope': { item: token() } },
  ignores: { 'a key for git': token({ kind: 'ssh-key' }), 'a token of an app': token({ kind: 'app' }) },
});
