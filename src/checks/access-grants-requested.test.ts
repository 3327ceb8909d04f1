import { checkTester } from '../../test/check-tester.ts';
import { accessRequest, engagement, lifecycleEvent, registerEntry, system } from '../../test/rows.ts';
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
const ticket = (over: Parameters<typeof accessRequest>[0] = {}) =>
  accessRequest({
    ...{ ticketId: 'ACC-7', title: 'Write code', target: 'github', role: 'developer', beneficiaryEmails: ['ines.duarte@acme.example'] },
    ...{ requesterId: 'a1', requester: 'Ines', requestedAt: given - days(2), decision: 'approved', decidedAt: given - days(1) },
    ...{ approverId: 'a2', approver: 'Boss', approverEmail: 'boss@acme.example' },
    ...over,
  });
const byHand = 'GitHub was given by boss@acme.example on 2026-05-20T12:00:00Z';
const byNone = `${byHand}, and no request for it was on record`;

checkTester(accessGrantsRequested, {
  conforms: {
    'requested before, by login': { item: grant, given: { scope, holders, byLogin: [request()] } },
    'requested before, by the id of the account': { item: grant, given: { scope, holders, byAccount: [request({ subject: 'u1', until: given + 1 })] } },
    'by a ticket that another approved': { item: grant, given: { scope, holders, byAddress: [ticket()] } },
    'by a ticket that names the account': { item: grant, given: { scope, holders, byName: [ticket({ beneficiaryEmails: [], approverEmail: null })] } },
    'by a ticket that names it in its title, or as the role': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ target: null, title: 'Access to GitHub', approverId: null })] },
    },
    'by a ticket as the role, within the tolerance of the clocks': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ target: null, role: 'github writer', decidedAt: given + minutes(5), until: given + 1 })] },
    },
    'an account, by a ticket for its system': {
      item: { ...grant, type: 'created', detail: null },
      given: { scope, holders, byAddress: [ticket({ target: 'Okta' })] },
    },
    'by one ticket of two': { item: grant, given: { scope, holders, byAddress: [ticket({ approverId: 'a1' }), ticket({ ticketId: 'ACC-8' })] } },
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
    'a ticket for something else': { item: grant, given: { scope, holders, byAddress: [ticket({ target: 'aws' })] }, because: byNone },
    'an account, and a ticket for another system': {
      item: { ...grant, type: 'created', detail: null },
      given: { scope, holders, byAddress: [ticket()] },
      because: 'the account was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record',
    },
    'a ticket of afterwards': { item: grant, given: { scope, holders, byAddress: [ticket({ requestedAt: given + minutes(5) + 1 })] }, because: byNone },
    'a ticket that was approved afterwards': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ decidedAt: given + minutes(5) + 1 })] },
      because: `${byHand}, and ACC-7 was not approved for that time by then`,
      cites: { byAddress: [0] },
    },
    'a ticket for a time that was over': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ until: given })] },
      because: `${byHand}, and ACC-7 was not approved for that time by then`,
      cites: { byAddress: [0] },
    },
    ...Object.fromEntries(
      Object.entries({
        'who asked': { approverId: 'a1' },
        'who asked, by the address': { approverId: null, requester: 'boss@acme.example' },
        'who was to get it': { beneficiaryId: 'a2' },
        'who was to get it, by the address': { approverId: null, approverEmail: 'ines.duarte@acme.example' },
      }).map(([who, over]) => [
        `a ticket approved by ${who}`,
        {
          item: grant,
          given: { scope, holders, byAddress: [ticket(over)] },
          because: `${byHand}, and nobody but who asked or received it had approved ACC-7`,
          cites: { byAddress: [0] },
        },
      ]),
    ),
    'a ticket approved by the recipient under another address': {
      item: grant,
      given: { scope, holders: [engagement({ emails: ['ines@acme.example'] })], byAddress: [ticket({ approverEmail: 'ines@acme.example' })] },
      because: `${byHand}, and nobody but who asked or received it had approved ACC-7`,
      cites: { byAddress: [0] },
    },
    'an account by hand': {
      item: { ...grant, type: 'created', detail: null },
      given: { scope, holders },
      because: 'the account was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record',
    },
  },
  unknown: {
    'a ticket of which nobody says who approved it': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ approverId: null, approver: null, approverEmail: null })] },
      because: 'ACC-7 asks for it, and its tracker does not say who decided',
    },
    'a ticket of a tracker that is not asked about approvals': {
      item: grant,
      given: { scope, holders, byAddress: [ticket({ decision: 'unknown', decidedAt: null, approverId: null, approver: null, approverEmail: null })] },
      because: 'ACC-7 asks for it, and its tracker does not say who decided',
    },
    'a ticket for a recipient nobody knows': {
      item: grant,
      given: { scope, byAddress: [ticket()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so who may not approve',
    },
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
  notJoined: {
    byAddress: { 'a ticket that was refused': ticket({ decision: 'rejected' }), 'one that waits': ticket({ decision: 'pending' }) },
    byName: { 'a look through what a mover holds': ticket({ type: 'mover-review' }) },
  },
  ignores: {
    'given by automation': { ...grant, actorKind: 'automation' },
    'something taken away': lifecycleEvent({ type: 'app-removed' }),
    'a grant that failed': lifecycleEvent({ succeeded: 'no' }),
  },
});
