import { checkTester } from '../../test/check-tester.ts';
import { engagement, signIn, system } from '../../test/rows.ts';
import { days, hours, instant } from '../core/instant.ts';
import { leaverSignInsStopped } from './leaver-sign-ins-stopped.ts';

const scope = [system()];
const opened = instant('2026-05-20T12:00:00Z');
const session = signIn({ occurredAt: opened });

checkTester(leaverSignInsStopped, {
  conforms: {
    'somebody who stays': { item: session, given: { scope, holders: [engagement()] } },
    'within the hour': { item: session, given: { scope, holders: [engagement({ endAt: opened - hours(1) })] } },
    'HR may still tell of an end': { item: session, given: { scope, holders: [engagement()] }, at: opened + days(7) - 1 },
  },
  deviates: {
    'trap 19: a session after the end': {
      item: session,
      given: { scope, holders: [engagement({ endAt: opened - hours(1) - 1000 })] },
      because: 'ines.duarte signed in on 2026-05-20T12:00:00Z, and W-1 had left on 2026-05-20T10:59:59Z',
      cites: { holders: [0] },
    },
  },
  unknown: {
    'an account that no list holds': { item: session, given: { scope }, because: 'no list of accounts holds ines.duarte' },
    'an outcome nobody told': { item: { ...session, succeeded: 'unknown' }, given: { scope }, because: 'the log does not say whether the session was opened' },
  },
  notYet: {
    'nobody’s own account': { item: session, given: { scope, holders: [engagement({ personId: null, ownerId: 'W-2', startAt: null })] } },
    'a system out of scope': { item: session },
  },
  ignores: { 'a session that was refused': { ...session, succeeded: 'no' }, 'a factor': signIn({ kind: 'second-factor' }) },
});
