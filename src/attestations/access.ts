import { birthrightRules } from '../datasets/access/birthright-rules.ts';
import { privilegedSessions } from '../datasets/access/privileged-sessions.ts';
import { accessRequests } from '../datasets/access/requests.ts';
import { roleDefinitions } from '../datasets/access/role-definitions.ts';
import { sodRules } from '../datasets/access/sod-rules.ts';
import { exceptions } from '../datasets/policy/exceptions.ts';
import { campaigns } from '../datasets/review/campaigns.ts';
import { decisions } from '../datasets/review/decisions.ts';
import { defineKind, type Kind } from './kind.ts';

/** Where a dataset that trackers feed asks for the system of the tracker. */
export const REGISTERS = 'registers';

/** What is stated about who may do what. */
export const ACCESS: readonly Kind[] = [
  defineKind({
    id: 'access-roles',
    title: 'A role as the company defines it: what it allows, and who answers for it',
    dataset: roleDefinitions,
    key: 'roleId',
    needsApproval: true,
    example: { id: 'RO-1', title: 'Developer', system: 'github', description: 'Writes code and reviews it', grants: ['developers'], owner: 'W-003' },
  }),
  defineKind({
    id: 'access-sod-rules',
    title: 'Two kinds of duty that one person must not hold together',
    dataset: sodRules,
    key: 'ruleId',
    needsApproval: true,
    example: {
      id: 'SD-1',
      title: 'Who pays does not approve payments',
      active: true,
      one: ['payments-create'],
      other: ['payments-approve'],
      reason: 'one person could pay themselves',
    },
  }),
  defineKind({
    id: 'access-birthright-rules',
    title: 'Access that comes with an engagement by itself, without a request',
    dataset: birthrightRules,
    key: 'ruleId',
    needsApproval: true,
    example: { id: 'BR-1', title: 'Chat for everyone', system: 'okta', grants: ['everyone'], audience: [], owner: 'W-001' },
  }),
  defineKind({
    id: 'access-requests',
    title: 'A request for access. Who merged or approved the entry has approved the request: leave it as it is afterwards',
    dataset: accessRequests,
    key: 'requestId',
    needsApproval: true,
    names: { beneficiaryEmails: 'for', target: 'system' },
    followed: [
      ...['systemId', 'ticketId', 'decision', 'told', 'beneficiaryId', 'beneficiary', 'requesterId', 'requester', 'approverId', 'approver', 'approverEmail'],
      ...['decidedAt', 'fulfillerId', 'fulfiller', 'fulfilledAt'],
    ],
    extras: { rejected: { meaning: 'Why it was refused, where it was', takes: 'text', required: false } },
    follow: ({ authorEmail, approved, approverEmails, approvedAt }, { requestId = null }, { rejected = null }) => ({
      systemId: REGISTERS,
      ticketId: requestId,
      decision: rejected !== null ? 'rejected' : approved === 'yes' ? 'approved' : approved === 'no' ? 'pending' : 'unknown',
      told: ['approval', 'beneficiary', 'role', 'target'],
      beneficiaryId: null,
      beneficiary: null,
      requesterId: null,
      requester: authorEmail ?? 'unknown',
      approverId: null,
      approver: approverEmails.join(', ') || null,
      approverEmail: approverEmails[0] ?? null,
      decidedAt: approvedAt,
      fulfillerId: null,
      fulfiller: null,
      fulfilledAt: null,
    }),
    example: {
      id: 'AR-1',
      title: 'Production cloud, read',
      type: 'additional',
      for: ['maria.lopez@acme.example'],
      system: 'aws',
      role: 'read-only',
      requested: '2026-03-02T09:00:00Z',
    },
  }),
  defineKind({
    id: 'access-privileged-sessions',
    title: 'A use of access that is kept for special need, and the look into what was done',
    dataset: privilegedSessions,
    key: 'sessionId',
    example: {
      id: 'PS-1',
      type: 'break-glass',
      worker: 'W-003',
      system: 'aws',
      account: 'break-glass',
      reason: 'the identity provider was down',
      ticket: 'OPS-12',
      started: '2026-03-04T02:10:00Z',
      ended: '2026-03-04T02:50:00Z',
      reviewer: 'W-001',
      reviewed: '2026-03-04T10:00:00Z',
      finding: 'only the failed service was restarted',
    },
  }),
  defineKind({
    id: 'review-campaigns',
    title: 'An access review: which systems, which list, from when to when',
    dataset: campaigns,
    key: 'campaignId',
    ends: ['toAt', 'dueAt'],
    needsApproval: true,
    example: {
      id: 'RC-2026-1',
      title: 'Access to the cloud and the code, first quarter',
      systems: ['aws', 'github'],
      from: '2026-01-01',
      to: '2026-03-31',
      items: 48,
      launched: '2026-04-01T08:00:00Z',
      due: '2026-04-14',
      status: 'open',
    },
  }),
  defineKind({
    id: 'review-decisions',
    title: 'What a reviewer decided of one right of one account',
    dataset: decisions,
    key: 'decisionId',
    example: {
      id: 'RD-2026-1-7',
      campaign: 'RC-2026-1',
      system: 'github',
      user: 'octo-maria',
      right: 'admin of acme/web',
      worker: 'W-017',
      reviewer: 'W-003',
      decision: 'revoke',
      decided: '2026-04-02T13:00:00Z',
      reason: 'she moved to another team',
    },
  }),
  defineKind({
    id: 'exceptions',
    title: 'A departure from a policy or a control that is allowed for a time',
    dataset: exceptions,
    key: 'exceptionId',
    needsApproval: true,
    names: { requesterId: 'requestedBy' },
    example: {
      id: 'X-1',
      title: 'Old monitoring console knows one login',
      policy: 'access-control',
      subject: 'ops-shared@acme.example',
      reason: 'its maker ends it in June',
      requestedBy: 'W-003',
      owner: 'W-001',
      until: '2026-06-30',
      compensating: 'its password changes weekly',
    },
  }),
];
