import { checkTester } from '../../test/check-tester.ts';
import { engagement, lifecycleEvent, system } from '../../test/rows.ts';
import { days, hours, instant } from '../core/instant.ts';
import { deactivationsMatched } from './deactivations-matched.ts';

const providers = [system()];
const closed = instant('2026-05-20T12:00:00Z');
const event = lifecycleEvent({ type: 'deactivated', userId: 'u1', actor: 'boss@acme.example', detail: null, occurredAt: closed });

checkTester(deactivationsMatched, {
  conforms: {
    'in time to the millisecond': { item: event, given: { providers, holders: [engagement({ endAt: closed - hours(24) })] } },
    'before the end': { item: event, given: { providers, holders: [engagement({ endAt: closed + days(9) })] }, at: closed },
  },
  deviates: {
    'trap 21: too late, by the event itself': {
      item: event,
      given: { providers, holders: [engagement({ endAt: closed - hours(24) - 1000 })] },
      because: 'was deactivated by boss@acme.example on 2026-05-20T12:00:00Z, and W-1 had left on 2026-05-19T11:59:59Z',
      cites: { holders: [0] },
    },
    'HR knows no end': {
      item: event,
      given: { providers, holders: [engagement()] },
      because: 'was deactivated by boss@acme.example on 2026-05-20T12:00:00Z, and HR knows no end of the engagement of W-1',
      cites: { holders: [0] },
    },
  },
  unknown: {
    'a person whom HR does not know': {
      item: event,
      given: { providers, holders: [engagement({ startAt: null })] },
      because: 'HR does not know W-1, whose account it is',
    },
    'an outcome nobody told': { item: { ...event, succeeded: 'unknown' }, given: { providers }, because: 'the log does not say whether it was deactivated' },
  },
  notYet: {
    'HR has seven days to tell': { item: event, given: { providers, holders: [engagement()] }, at: closed + days(7) - 1 },
    'nobody’s own account': { item: event, given: { providers, holders: [engagement({ personId: null, ownerId: 'W-2', startAt: null })] } },
    'no account of that system': { item: event, given: { providers, holders: [engagement({ systemId: 'github' })] } },
    'a system out of scope': { item: event },
    'somebody who leaves a system that is no identity provider, and not the company': {
      item: { ...event, systemId: 'github' },
      given: { holders: [engagement({ systemId: 'github' })] },
    },
  },
  notJoined: { providers: { 'a system that others do not sign in through': system({ systemId: 'github', identityProvider: false }) } },
  ignores: { 'a deactivation that failed': { ...event, succeeded: 'no' }, 'a suspension': { ...event, type: 'suspended' } },
});
