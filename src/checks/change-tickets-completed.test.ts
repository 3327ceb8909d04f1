import { checkTester } from '../../test/check-tester.ts';
import { bruno, declaration, ines, ticket } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { changeTicketsCompleted } from './change-tickets-completed.ts';

const people = { approvers: [bruno], implementers: [ines] };
const was = 'was implemented by Ines Duarte on 2026-05-20T12:30:00Z';
const old = { approvedAt: instant('2026-05-01T09:00:00Z'), implementedAt: instant('2026-05-02T09:00:00Z'), closedAt: instant('2026-05-03T09:00:00Z') };
const then = 'was implemented on 2026-05-02T09:00:00Z';

checkTester(changeTicketsCompleted, {
  conforms: {
    'all of it': { item: ticket(), given: people },
    'a standard change is approved for its kind': {
      item: ticket({ type: 'standard', approverId: null, approver: null, approverEmail: null, approvedAt: null }),
    },
    'the accounts are declared': {
      item: ticket({ approverEmail: null, implementerEmail: null }),
      given: { approverDeclared: [declaration()], implementerDeclared: [declaration({ account: 'j1', workerId: 'W-1' })] },
    },
    'approved at the instant of the work': { item: ticket({ approvedAt: instant('2026-05-20T12:30:00Z') }), given: people },
  },
  deviates: {
    'nobody approved': {
      item: ticket({ approverId: null, approver: null, approverEmail: null, approvedAt: null }),
      given: { implementers: [ines] },
      because: `${was}, and nobody approved it`,
    },
    'trap 38: approved after the work, by the history of the tracker': {
      item: ticket({ approvedAt: instant('2026-05-20T18:00:00Z') }),
      given: people,
      because: `${was} and approved only on 2026-05-20T18:00:00Z`,
    },
    'approved by the account that did it': {
      item: ticket({ approverId: 'j1', approver: 'Ines Duarte' }),
      given: { implementers: [ines] },
      because: `${was} and approved by Ines Duarte, which is nobody else`,
      cites: { implementers: [0] },
    },
    'trap 30: approved through a second account of the same person': {
      item: ticket({ approver: 'Ines D.', approverEmail: 'ines@acme.example' }),
      given: { approvers: [{ ...ines, emails: ['ines@acme.example'] }], implementers: [ines] },
      because: `${was} and approved by Ines D., which is nobody else`,
      cites: { approvers: [0], implementers: [0] },
    },
    'approved by a machine': {
      item: ticket({ approver: 'Automation for Jira' }),
      given: { approverDeclared: [declaration({ meaning: 'service' })], implementers: [ines] },
      because: `${was} and approved by Automation for Jira, which is nobody else`,
      cites: { approverDeclared: [0], implementers: [0] },
    },
    'no purpose, no risk, not closed': {
      item: ticket({ ...old, purpose: null, risk: null, closedAt: null }),
      given: people,
      because: `${then} and does not say what it is for, records no risk, is not closed`,
    },
    'closed too late': {
      item: ticket({ ...old, closedAt: instant('2026-05-17T09:00:00Z') }),
      given: people,
      because: `${then} and was closed only on 2026-05-17T09:00:00Z`,
    },
  },
  unknown: {
    'the approver is an account that nobody is tied to': {
      item: ticket({ approverEmail: null }),
      given: { implementers: [ines] },
      because: 'it cannot be told whether Bruno Novak and Ines Duarte are different people',
    },
    'an account shared by several': {
      item: ticket(),
      given: { ...people, approverDeclared: [declaration({ meaning: 'shared' })] },
      because: 'it cannot be told whether Bruno Novak and Ines Duarte are different people',
    },
    'the declaration speaks of another tracker, and two people have the address': {
      item: ticket(),
      given: { approvers: [bruno, { ...ines, workerId: 'W-4' }], implementers: [ines], approverDeclared: [declaration({ systemId: 'linear' })] },
      because: 'it cannot be told whether Bruno Novak and Ines Duarte are different people',
    },
    'approvals are not asked for': { item: ticket({ told: ['implementation', 'risk'] }), because: 'the tracker is not asked who approved a change' },
    'risks are not asked for': {
      item: ticket({ told: ['implementation', 'approval'], risk: null }),
      given: people,
      because: 'the tracker is not asked for the risk of a change',
    },
    'a risk in a word nobody knows': { item: ticket({ risk: 'unknown' }), given: people, because: 'its risk is written in a word that is not known' },
    'two kinds fit it': { item: ticket({ type: 'unknown' }), given: people, because: 'more than one kind of change fits it' },
    'trap 71: no word of implementation is not "never implemented"': {
      item: ticket({ told: ['approval'], implementedAt: null }),
      because: 'the tracker is not asked when a change was implemented',
    },
  },
  notYet: {
    'not implemented': { item: ticket({ implementedAt: null }), given: people },
    'still to be closed': { item: ticket({ closedAt: null }), given: people },
  },
  ignores: { 'an emergency, which has a check of its own': ticket({ type: 'emergency' }), 'no change at all': ticket({ type: 'other' }) },
});
