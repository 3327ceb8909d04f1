import { checkTester } from '../../test/check-tester.ts';
import { deployment, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { deploymentsVerified } from './deployments-verified.ts';

const scope = [system({ systemId: 'github' })];

checkTester(deploymentsVerified, {
  conforms: {
    'verified within the hour': { item: deployment(), given: { scope } },
    'a bad outcome is an outcome': { item: deployment({ verification: 'failed' }), given: { scope } },
  },
  deviates: {
    'never verified': {
      item: deployment({ verification: 'none', verifiedAt: null }),
      given: { scope },
      because: 'took effect in production on 2026-05-20T12:20:00Z and was never verified',
    },
    'verified too late': {
      item: deployment({ verifiedAt: instant('2026-05-20T15:00:00Z') }),
      given: { scope },
      because: 'took effect in production on 2026-05-20T12:20:00Z and was verified only on 2026-05-20T15:00:00Z',
    },
    'verified before it took effect': {
      item: deployment({ verifiedAt: instant('2026-05-20T12:15:00Z') }),
      given: { scope },
      because: 'took effect in production on 2026-05-20T12:20:00Z and was verified before that, on 2026-05-20T12:15:00Z, and not since',
    },
  },
  unknown: {
    'the source does not say when': {
      item: deployment({ verification: 'unknown', verifiedAt: null }),
      given: { scope },
      because: 'it is not known when, or whether, it was verified',
    },
  },
  notYet: {
    'it never took effect': { item: deployment({ succeededAt: null }), given: { scope } },
    'there is time left': { item: deployment({ verification: 'none', verifiedAt: null }), given: { scope }, at: instant('2026-05-20T12:40:00Z') },
    'a system out of scope': { item: deployment() },
  },
  ignores: { 'another environment': deployment({ production: false }) },
});
