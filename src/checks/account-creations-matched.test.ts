import { checkTester } from '../../test/check-tester.ts';
import { engagement, lifecycleEvent, system } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { accountCreationsMatched } from './account-creations-matched.ts';

const providers = [system()];
const made = instant('2026-05-20T12:00:00Z');
const created = lifecycleEvent({
  type: 'created',
  userId: 'u1',
  login: 'ines.duarte@acme.example',
  actor: 'boss@acme.example',
  detail: null,
  occurredAt: made,
});
const nobody = engagement({ personId: null, startAt: null });

checkTester(accountCreationsMatched, {
  conforms: {
    'fourteen days before the first one': { item: created, given: { providers, holders: [engagement({ startAt: made + days(14) })] }, at: made },
    'in the middle of an engagement': { item: created, given: { providers, holders: [engagement({ endAt: made + 1 })] } },
    'declared, with somebody who answers for it': {
      item: created,
      given: { providers, holders: [engagement({ personId: null, ownerId: 'W-2', startAt: null })] },
    },
  },
  deviates: {
    'nobody ever held it': {
      item: created,
      given: { providers },
      because: 'was created by boss@acme.example on 2026-05-20T12:00:00Z, and belongs to nobody whom HR knows',
    },
    'tied to nobody': {
      item: created,
      given: { providers, holders: [nobody] },
      because: 'was created by boss@acme.example on 2026-05-20T12:00:00Z, and belongs to nobody whom HR knows',
      cites: { holders: [0] },
    },
    'the account of another system says nothing': {
      item: created,
      given: { providers, holders: [engagement({ systemId: 'github' })] },
      because: 'was created by boss@acme.example on 2026-05-20T12:00:00Z, and belongs to nobody whom HR knows',
    },
    'after the end': {
      item: created,
      given: { providers, holders: [engagement({ endAt: made })] },
      because: 'was created by boss@acme.example on 2026-05-20T12:00:00Z, and W-1 had left on 2026-05-20T12:00:00Z',
      cites: { holders: [0] },
    },
    'long before the first day': {
      item: created,
      given: { providers, holders: [engagement({ startAt: made + days(14) + 1 })] },
      because: 'was created by boss@acme.example on 2026-05-20T12:00:00Z, and W-1 begins on 2026-06-03T12:00:00.001Z',
      cites: { holders: [0] },
    },
  },
  unknown: {
    'an outcome nobody told': {
      item: lifecycleEvent({ type: 'created', succeeded: 'unknown' }),
      given: { providers },
      because: 'the log does not say whether it was created',
    },
  },
  notYet: {
    'HR has three days to tell': { item: created, given: { providers, holders: [nobody] }, at: made + days(3) - 1 },
    'a system out of scope': { item: created, given: { holders: [nobody] } },
    'an invitation to a system that is no identity provider': { item: { ...created, systemId: 'github' } },
  },
  notJoined: { providers: { 'a system that others do not sign in through': system({ systemId: 'github', identityProvider: false }) } },
  ignores: { 'a creation that failed': lifecycleEvent({ type: 'created', succeeded: 'no' }), 'another event': lifecycleEvent({ type: 'activated' }) },
});
