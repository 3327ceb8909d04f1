import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { system, vulnerability } from '../../test/rows.ts';
import { vulnerabilitiesFixedOnTime } from './vulnerabilities-fixed-on-time.ts';

const given = { scope: [system({ systemId: 'github' })] };
const old = instant('2026-01-01T00:00:00Z');

checkTester(vulnerabilitiesFixedOnTime, {
  conforms: {
    'open, and the deadline lies ahead': { item: vulnerability(), given },
    'a low one has half a year': { item: vulnerability({ severity: 'low', firstSeenAt: old }), given },
    'fixed at the last instant': { item: vulnerability({ status: 'fixed', firstSeenAt: old, fixedAt: instant('2026-01-31T00:00:00Z') }), given },
    'dismissed in time': { item: vulnerability({ status: 'dismissed', firstSeenAt: old, dismissedAt: instant('2026-01-05T00:00:00Z') }), given },
    'fixed, nobody tells when, and still in time': { item: vulnerability({ status: 'fixed' }), given },
  },
  deviates: {
    'open too long': {
      item: vulnerability({ firstSeenAt: instant('2026-05-02T00:00:00Z') }),
      given,
      because: 'is open; it was first seen on 2026-05-02T00:00:00Z and due on 2026-06-01T00:00:00Z',
    },
    'a critical one has a week': {
      item: vulnerability({ severity: 'critical' }),
      given,
      because: 'is open; it was first seen on 2026-05-20T00:00:00Z and due on 2026-05-27T00:00:00Z',
    },
    'fixed, and late': {
      item: vulnerability({ status: 'fixed', firstSeenAt: old, fixedAt: instant('2026-03-01T00:00:00Z') }),
      given,
      because: 'was first seen on 2026-01-01T00:00:00Z, due on 2026-01-31T00:00:00Z, and fixed on 2026-03-01T00:00:00Z',
    },
    'a late dismissal is no way out': {
      item: vulnerability({ status: 'dismissed', firstSeenAt: old, dismissedAt: instant('2026-03-01T00:00:00Z') }),
      given,
      because: 'was first seen on 2026-01-01T00:00:00Z, due on 2026-01-31T00:00:00Z, and dismissed on 2026-03-01T00:00:00Z',
    },
  },
  unknown: {
    'nobody knows its age': { item: vulnerability({ firstSeenAt: null }), given, because: 'nobody tells when it was first seen' },
    'no severity': { item: vulnerability({ severity: 'unknown' }), given, because: 'the tool gives no severity, so there is no deadline to hold it to' },
    'fixed, and nobody tells when': {
      item: vulnerability({ status: 'fixed', firstSeenAt: old }),
      given,
      because: 'is fixed, and nobody tells since when; it was due on 2026-01-31T00:00:00Z',
    },
  },
  notYet: { 'a system out of scope': { item: vulnerability() } },
  ignores: {
    'what only informs': vulnerability({ severity: 'informational' }),
    'what was suppressed, which another check examines': vulnerability({ status: 'suppressed' }),
    'what a tool leaves to a person': vulnerability({ status: 'unknown' }),
  },
});
