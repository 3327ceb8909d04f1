import { checkTester } from '../../test/check-tester.ts';
import { chloe, declaration, ines, ticket } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { emergencyChangesReviewed } from './emergency-changes-reviewed.ts';

const emergency = (over: Parameters<typeof ticket>[0] = {}) =>
  ticket({ type: 'emergency', approverId: null, approver: null, approverEmail: null, approvedAt: null, ...over });
const people = { reviewers: [chloe], implementers: [ines] };
const none = 'was implemented by Ines Duarte on 2026-05-20T12:30:00Z, and nobody else had reviewed it by 2026-05-23T12:30:00Z';

checkTester(emergencyChangesReviewed, {
  conforms: {
    'trap 36: reviewed by somebody else in time': { item: emergency(), given: people },
    'at the last instant': { item: emergency({ reviewedAt: instant('2026-05-23T12:30:00Z') }), given: people },
    'the reviewer is declared': {
      item: emergency({ reviewerEmail: null }),
      given: { reviewerDeclared: [declaration({ account: 'j3', workerId: 'W-3' })], implementers: [ines] },
    },
  },
  deviates: {
    'trap 36: the label excuses nothing': {
      item: emergency({ reviewerId: null, reviewer: null, reviewerEmail: null, reviewedAt: null }),
      given: { implementers: [ines] },
      because: none,
    },
    'too late': { item: emergency({ reviewedAt: instant('2026-05-23T12:30:01Z') }), given: people, because: none },
    'reviewed by who did it': { item: emergency({ reviewerId: 'j1', reviewer: 'Ines Duarte' }), given: { implementers: [ines] }, because: none },
    'trap 30: reviewed through a second account': {
      item: emergency({ reviewerEmail: 'ines@acme.example' }),
      given: { reviewers: [{ ...ines, emails: ['ines@acme.example'] }], implementers: [ines] },
      because: none,
    },
    'reviewed by a machine': {
      item: emergency({ reviewer: 'Automation for Jira' }),
      given: { reviewerDeclared: [declaration({ account: 'j3', meaning: 'service' })], implementers: [ines] },
      because: none,
    },
  },
  unknown: {
    'nobody knows who the reviewer is': {
      item: emergency({ reviewerEmail: null }),
      given: { implementers: [ines] },
      because: 'it cannot be told whether Chloe Martin and Ines Duarte are different people',
    },
    'reviews are not asked for': {
      item: emergency({ told: ['implementation'], reviewedAt: null }),
      because: 'the tracker is not asked who reviewed a change',
    },
    'nor is the work': { item: emergency({ told: [], implementedAt: null }), because: 'the tracker is not asked when a change was implemented' },
    'two kinds fit it': { item: ticket({ type: 'unknown' }), given: people, because: 'more than one kind of change fits it' },
  },
  notYet: {
    'there is time left': { item: emergency({ reviewedAt: null }), given: { implementers: [ines] }, at: instant('2026-05-23T12:29:59Z') },
    'not implemented': { item: emergency({ implementedAt: null }) },
  },
  ignores: { 'a planned change': ticket() },
});
