import { checkTester } from '../../test/check-tester.ts';
import { authPolicy, system } from '../../test/rows.ts';
import { sessionsLimited } from './sessions-limited.ts';

const scope = [system()];

checkTester(sessionsLimited, {
  conforms: {
    'twelve hours': { item: authPolicy({ sessionLifetimeMinutes: 720 }), given: { scope } },
    'a minute, whatever its state': { item: authPolicy({ sessionLifetimeMinutes: 1, status: 'unknown' }), given: { scope } },
  },
  deviates: {
    'a looser rule than the one that is shown': {
      item: authPolicy({ sessionLifetimeMinutes: 721 }),
      given: { scope },
      because: 'its sessions last up to 721 minutes',
    },
    'without end': { item: authPolicy({ sessionLifetimeMinutes: 0 }), given: { scope }, because: 'its sessions never end' },
    'an idle limit alone': {
      item: authPolicy({ sessionLifetimeMinutes: null, sessionIdleMinutes: 30 }),
      given: { scope },
      because: 'it sets no longest session',
    },
  },
  unknown: {
    'a rule of unknown state': {
      item: authPolicy({ sessionLifetimeMinutes: 1000, status: 'unknown' }),
      given: { scope },
      because: 'the source does not say whether this rule lets people in',
    },
    'a rule of unknown effect': {
      item: authPolicy({ sessionLifetimeMinutes: null, access: 'unknown' }),
      given: { scope },
      because: 'the source does not say whether this rule lets people in',
    },
  },
  notYet: { 'a system out of scope': { item: authPolicy() } },
  ignores: {
    'a rule that is switched off': authPolicy({ status: 'disabled' }),
    'a rule that lets nobody in': authPolicy({ access: 'deny' }),
    'a rule on sign-in to applications': authPolicy({ kind: 'application' }),
  },
});
