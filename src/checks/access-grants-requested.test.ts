import { checkTester } from '../../test/check-tester.ts';
import { engagement, lifecycleEvent, registerEntry, system } from '../../test/rows.ts';
import { days, instant, minutes } from '../core/instant.ts';
import { accessGrantsRequested } from './access-grants-requested.ts';

const scope = [system()];
const holders = [engagement()];
const given = instant('2026-05-20T12:00:00Z');
const grant = lifecycleEvent({
  type: 'app-added',
  userId: 'u1',
  login: 'ines.duarte@acme.example',
  detail: 'GitHub',
  actor: 'boss@acme.example',
  occurredAt: given,
});
const request = (over: Parameters<typeof registerEntry>[0] = {}) =>
  registerEntry({
    register: 'access-requests',
    entryId: 'A-1',
    title: 'GitHub, write',
    subject: 'ines.duarte@acme.example',
    reviewerId: 'W-2',
    committedAt: given - days(1),
    ...over,
  });
const byNone = 'GitHub was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record';

checkTester(accessGrantsRequested, {
  conforms: {
    'given by a rule': { item: lifecycleEvent({ type: 'group-added', actorKind: 'automation' }), given: { scope } },
    'requested before, by login': { item: grant, given: { scope, holders, byLogin: [request()] } },
    'requested before, by the id of the account': { item: grant, given: { scope, holders, byAccount: [request({ subject: 'u1', until: given + 1 })] } },
    'by its own word, where there is no version control': {
      item: grant,
      given: { scope, holders, byLogin: [request({ committedAt: null, reviewedAt: given + minutes(5) })] },
    },
  },
  deviates: {
    'nobody asked': { item: grant, given: { scope, holders }, because: byNone },
    'asked for something else': { item: grant, given: { scope, holders, byLogin: [request({ title: 'AWS, read' })] }, because: byNone },
    'asked afterwards': { item: grant, given: { scope, holders, byLogin: [request({ committedAt: given + minutes(5) + 1 })] }, because: byNone },
    'asked for a time that was over': { item: grant, given: { scope, holders, byLogin: [request({ until: given })] }, because: byNone },
    'approved by its recipient': {
      item: grant,
      given: { scope, holders, byLogin: [request({ reviewerId: 'W-1' })] },
      because: 'GitHub was given by boss@acme.example on 2026-05-20T12:00:00Z, and nobody but its recipient had approved the request',
    },
    'approved by nobody': {
      item: grant,
      given: { scope, holders, byLogin: [request({ reviewerId: null })] },
      because: 'GitHub was given by boss@acme.example on 2026-05-20T12:00:00Z, and nobody but its recipient had approved the request',
    },
    'an account by hand': {
      item: { ...grant, type: 'created', detail: null },
      given: { scope, holders },
      because: 'the account was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record',
    },
  },
  unknown: {
    'a recipient nobody knows': {
      item: grant,
      given: { scope, byLogin: [request()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so who may not approve',
    },
    'an actor of no known kind': {
      item: { ...grant, actorKind: 'unknown' },
      given: { scope },
      because: 'the log does not say what kind of actor boss@acme.example is',
    },
    'an outcome nobody told': { item: { ...grant, succeeded: 'unknown' }, given: { scope }, because: 'the log does not say whether the grant took effect' },
  },
  notYet: {
    'the register is read once a week': { item: grant, given: { scope, holders }, at: given + days(8) - 1 },
    'a system out of scope': { item: grant },
  },
  ignores: { 'something taken away': lifecycleEvent({ type: 'app-removed' }), 'a grant that failed': lifecycleEvent({ succeeded: 'no' }) },
});
