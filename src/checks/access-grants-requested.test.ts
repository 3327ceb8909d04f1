import { checkTester } from '../../test/check-tester.ts';
import { bruno, chloe, declaration, ines } from '../../test/operation-rows.ts';
import { accessRequest, engagement, lifecycleEvent, registerEntry, system } from '../../test/rows.ts';
import { days, instant, minutes } from '../core/instant.ts';
import { accessGrantsRequested } from './access-grants-requested.ts';

const providers = [system()];
/** Ines (W-1) receives, Bruno (W-2) asks, Chloe (W-3) approves. */
const people = [ines, bruno, chloe];
const holders = [engagement()];
const given = { providers, people, holders };
const then = instant('2026-05-20T12:00:00Z');
const grant = lifecycleEvent({
  type: 'app-added',
  userId: 'u1',
  login: 'ines.duarte@acme.example',
  detail: 'GitHub',
  actor: 'boss@acme.example',
  occurredAt: then,
});
const request = (over: Parameters<typeof registerEntry>[0] = {}) =>
  registerEntry({
    register: 'access-requests',
    entryId: 'A-1',
    title: 'GitHub, write',
    subject: 'ines.duarte@acme.example',
    authorEmail: 'bruno.novak@acme.example',
    approverEmails: ['chloe.martin@acme.example'],
    committedAt: then - days(1),
    ...over,
  });
const ticket = (over: Parameters<typeof accessRequest>[0] = {}) =>
  accessRequest({
    ...{ ticketId: 'ACC-7', title: 'Write code', target: 'github', role: 'developer', beneficiaryEmails: ['ines.duarte@acme.example'] },
    ...{
      requesterId: 'a1',
      requester: 'Bruno',
      requesterEmail: 'bruno.novak@acme.example',
      requestedAt: then - days(2),
      decision: 'approved',
      decidedAt: then - days(1),
    },
    ...{ approverId: 'a2', approver: 'Chloe', approverEmail: 'chloe.martin@acme.example' },
    ...over,
  });
const byHand = 'GitHub was given by boss@acme.example on 2026-05-20T12:00:00Z';
const byNone = `${byHand}, and no request for it was on record`;

checkTester(accessGrantsRequested, {
  conforms: {
    'requested before, by login': { item: grant, given: { ...given, byLogin: [request()] } },
    'requested before, by the id of the account': { item: grant, given: { ...given, byAccount: [request({ subject: 'u1', until: then + 1 })] } },
    'by a ticket that another approved': { item: grant, given: { ...given, byAddress: [ticket()] } },
    'by a ticket that names the account, by accounts that are declared': {
      item: grant,
      given: {
        ...given,
        byName: [ticket({ beneficiaryEmails: [], approverId: 'A2', approverEmail: null, requesterEmail: null })],
        declared: [declaration({ account: 'a1', workerId: 'W-2' }), declaration({ account: 'a2', workerId: 'W-3' })],
      },
    },
    'approved a month before': { item: grant, given: { ...given, byAddress: [ticket({ requestedAt: then - days(40), decidedAt: then - days(30) + 1 })] } },
    'approved long before, for a time that lasts': {
      item: grant,
      given: { ...given, byAddress: [ticket({ requestedAt: then - days(90), decidedAt: then - days(80), until: then + days(9) })] },
    },
    'requested and approved by one of two who approved': {
      item: grant,
      given: { ...given, byLogin: [request({ approverEmails: ['bruno.novak@acme.example', 'chloe.martin@acme.example'] })] },
    },
    'by a ticket that names it in its title, or as the role': {
      item: grant,
      given: { ...given, byAddress: [ticket({ target: null, title: 'Access to GitHub', approverId: null })] },
    },
    'by a ticket as the role, within the tolerance of the clocks': {
      item: grant,
      given: { ...given, byAddress: [ticket({ target: null, role: 'github writer', decidedAt: then + minutes(5), until: then + 1 })] },
    },
    'an account, by a ticket for its system': {
      item: { ...grant, type: 'created', detail: null },
      given: { ...given, byAddress: [ticket({ target: 'Okta' })] },
    },
    'by one ticket of two': { item: grant, given: { ...given, byAddress: [ticket({ approverId: 'a1' }), ticket({ ticketId: 'ACC-8' })] } },
  },
  deviates: {
    'nobody asked': { item: grant, given, because: byNone },
    'asked for something else': { item: grant, given: { ...given, byLogin: [request({ title: 'AWS, read' })] }, because: byNone },
    'asked afterwards': { item: grant, given: { ...given, byLogin: [request({ committedAt: then + minutes(5) + 1 })] }, because: byNone },
    'asked for a time that was over': { item: grant, given: { ...given, byLogin: [request({ until: then })] }, because: byNone },
    'asked long before': { item: grant, given: { ...given, byLogin: [request({ committedAt: then - days(30) })] }, because: byNone },
    ...Object.fromEntries(
      Object.entries({
        'its recipient': { approverEmails: ['ines.duarte@acme.example'] },
        'who asked, under another address': { approverEmails: ['bruno@acme.example'] },
        'nobody, whoever its own word names': { approverEmails: [], approval: 'none', reviewerId: 'W-3' },
      } as const).map(([who, over]) => [
        `an entry approved by ${who}`,
        {
          item: grant,
          given: {
            ...given,
            people: [ines, { ...bruno, emails: ['bruno.novak@acme.example', 'bruno@acme.example'] }],
            byLogin: [request(over)],
          },
          because: `${byHand}, and nobody but who asked or received it had approved the request`,
          cites: { byLogin: [0] },
        },
      ]),
    ),
    'a name that is part of another': { item: { ...grant, detail: 'IT' }, given: { ...given, byAddress: [ticket()] }, because: byNone.replace('GitHub', 'IT') },
    'an entry whose title names a part of it': {
      item: grant,
      given: { ...given, byLogin: [request({ title: 'GitHubber' })] },
      because: byNone,
    },
    'an account, and an entry for something else': {
      item: { ...grant, type: 'created', detail: null },
      given: { ...given, byLogin: [request()] },
      because: byNone.replace('GitHub', 'the account'),
    },
    'a ticket that was approved a month before': {
      item: grant,
      given: { ...given, byAddress: [ticket({ requestedAt: then - days(40), decidedAt: then - days(30) })] },
      because: `${byHand}, and ACC-7 was not approved for that time by then`,
      cites: { byAddress: [0] },
    },
    'a ticket for something else': { item: grant, given: { ...given, byAddress: [ticket({ target: 'aws' })] }, because: byNone },
    'an account, and a ticket for another system': {
      item: { ...grant, type: 'created', detail: null },
      given: { ...given, byAddress: [ticket()] },
      because: 'the account was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record',
    },
    'a ticket of afterwards': { item: grant, given: { ...given, byAddress: [ticket({ requestedAt: then + minutes(5) + 1 })] }, because: byNone },
    'a ticket that was approved afterwards': {
      item: grant,
      given: { ...given, byAddress: [ticket({ decidedAt: then + minutes(5) + 1 })] },
      because: `${byHand}, and ACC-7 was not approved for that time by then`,
      cites: { byAddress: [0] },
    },
    'a ticket for a time that was over': {
      item: grant,
      given: { ...given, byAddress: [ticket({ until: then })] },
      because: `${byHand}, and ACC-7 was not approved for that time by then`,
      cites: { byAddress: [0] },
    },
    ...Object.fromEntries(
      Object.entries({
        'who asked': { approverId: 'a1' },
        'who asked, by the address': { approverId: null, approverEmail: 'bruno.novak@acme.example' },
        'who was to get it': { beneficiaryId: 'a2' },
        'who was to get it, by the address': { approverId: null, approverEmail: 'ines.duarte@acme.example' },
      }).map(([who, over]) => [
        `a ticket approved by ${who}`,
        {
          item: grant,
          given: { ...given, byAddress: [ticket(over)] },
          because: `${byHand}, and nobody but who asked or received it had approved ACC-7`,
          cites: { byAddress: [0] },
        },
      ]),
    ),
    'a ticket approved by the recipient under another address': {
      item: grant,
      given: { ...given, people: [{ ...ines, emails: ['ines@acme.example'] }, bruno], byAddress: [ticket({ approverEmail: 'ines@acme.example' })] },
      because: `${byHand}, and nobody but who asked or received it had approved ACC-7`,
      cites: { byAddress: [0] },
    },
    'a ticket approved by a machine': {
      item: grant,
      given: {
        ...given,
        byAddress: [ticket({ approver: 'Automation for Jira', approverEmail: null })],
        declared: [declaration({ account: 'a2', meaning: 'service', workerId: 'W-2', purpose: 'rules' })],
      },
      because: `${byHand}, and nobody but who asked or received it had approved ACC-7`,
      cites: { byAddress: [0] },
    },
    'an account by hand': {
      item: { ...grant, type: 'created', detail: null },
      given,
      because: 'the account was given by boss@acme.example on 2026-05-20T12:00:00Z, and no request for it was on record',
    },
  },
  unknown: {
    ...Object.fromEntries(
      Object.entries({
        'hides the address of who approved, who may be the recipient or a machine': { approverEmail: null },
        'does not tell who asked': { requesterId: null, requesterEmail: null },
        'hides the address of who asked': { requesterEmail: null },
      }).map(([what, over]) => [
        `a ticket of a tracker that ${what}`,
        {
          item: grant,
          given: { ...given, byAddress: [ticket(over)] },
          because: 'whether a person who neither asked for it nor received it approved ACC-7 is not known',
        },
      ]),
    ),
    'a ticket for a recipient whom HR does not know': {
      item: grant,
      given: { ...given, people: [bruno, chloe], byAddress: [ticket()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so who may not approve',
    },
    'an entry by its own word, where there is no version control': {
      item: grant,
      given: {
        ...given,
        byLogin: [request({ committedAt: null, reviewedAt: then + minutes(5), authorEmail: null, approverEmails: [], approval: 'unknown', reviewerId: 'W-3' })],
      },
      because: 'whether a person who neither asked for it nor received it approved A-1 is not known',
    },
    'an entry of an author whom nobody knows': {
      item: grant,
      given: { ...given, byLogin: [request({ authorEmail: 'who@acme.example' })] },
      because: 'whether a person who neither asked for it nor received it approved A-1 is not known',
    },
    'a ticket of which nobody says who approved it': {
      item: grant,
      given: { ...given, byAddress: [ticket({ approverId: null, approver: null, approverEmail: null })] },
      because: 'ACC-7 asks for it, and its tracker does not say who decided',
    },
    'a ticket of a tracker that is not asked about approvals': {
      item: grant,
      given: { ...given, byAddress: [ticket({ decision: 'unknown', decidedAt: null, approverId: null, approver: null, approverEmail: null })] },
      because: 'ACC-7 asks for it, and its tracker does not say who decided',
    },
    'a ticket for a recipient nobody knows': {
      item: grant,
      given: { providers, people, byAddress: [ticket()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so who may not approve',
    },
    'a recipient nobody knows': {
      item: grant,
      given: { providers, people, byLogin: [request()] },
      because: 'nobody knows whose account ines.duarte@acme.example is, and so who may not approve',
    },
    'an actor of no known kind': {
      item: { ...grant, actorKind: 'unknown' },
      given: { providers },
      because: 'the log does not say what kind of actor boss@acme.example is',
    },
    'an outcome nobody told': { item: { ...grant, succeeded: 'unknown' }, given: { providers }, because: 'the log does not say whether the grant took effect' },
  },
  notYet: {
    'the register is read once a week': { item: grant, given, at: then + days(8) - 1 },
    'a system that is no identity provider': { item: grant, given: { people, holders } },
  },
  notJoined: {
    providers: { 'a system that is none': system({ systemId: 'github', identityProvider: false }) },
    byAddress: { 'a ticket that was refused': ticket({ decision: 'rejected' }), 'one that waits': ticket({ decision: 'pending' }) },
    byName: { 'a look through what a mover holds': ticket({ type: 'mover-review' }) },
  },
  ignores: {
    'given by automation': { ...grant, actorKind: 'automation' },
    'something taken away': lifecycleEvent({ type: 'app-removed' }),
    'a grant that failed': lifecycleEvent({ succeeded: 'no' }),
  },
});
