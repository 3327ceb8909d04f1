import { checkTester } from '../../test/check-tester.ts';
import { engagement, lifecycleEvent, system } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { provisioningAutomated } from './provisioning-automated.ts';

const providers = [system()];
const done = instant('2026-05-20T12:00:00Z');
const event = lifecycleEvent({ type: 'created', userId: 'u1', actor: 'boss@acme.example', detail: null, occurredAt: done });

checkTester(provisioningAutomated, {
  conforms: { 'done by the synchronisation': { item: { ...event, actorKind: 'automation' }, given: { providers }, at: done } },
  deviates: {
    'created by hand': {
      item: event,
      given: { providers, holders: [engagement()] },
      because: 'was created by hand, by boss@acme.example, on 2026-05-20T12:00:00Z',
      cites: { holders: [0] },
    },
    'closed by hand, and never listed': {
      item: { ...event, type: 'deactivated' },
      given: { providers },
      because: 'was deactivated by hand, by boss@acme.example, on 2026-05-20T12:00:00Z',
    },
  },
  unknown: {
    'an actor of no known kind': {
      item: { ...event, actorKind: 'unknown' },
      given: { providers },
      because: 'the log does not say what kind of actor boss@acme.example is',
    },
    'an outcome nobody told': { item: { ...event, succeeded: 'unknown' }, given: { providers }, because: 'the log does not say whether it was created' },
  },
  notYet: {
    'it may still be declared': { item: event, given: { providers, holders: [engagement()] }, at: done + days(3) - 1 },
    'a declared account': { item: event, given: { providers, holders: [engagement({ personId: null, ownerId: 'W-2', startAt: null })] } },
    'a system out of scope': { item: event },
    'an invitation to a system that is no identity provider': {
      item: { ...event, systemId: 'github' },
      given: { holders: [engagement({ systemId: 'github' })] },
    },
  },
  notJoined: { providers: { 'a system that others do not sign in through': system({ systemId: 'github', identityProvider: false }) } },
  ignores: { 'a creation that failed': { ...event, succeeded: 'no' }, 'an activation': { ...event, type: 'activated' } },
});
