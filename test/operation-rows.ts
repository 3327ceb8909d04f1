import { instant } from '../src/core/instant.ts';
import type { CloudAccount } from '../src/datasets/asset/cloud-accounts.ts';
import type { EndpointActivity } from '../src/datasets/asset/endpoint-activity.ts';
import type { Endpoint } from '../src/datasets/asset/endpoints.ts';
import type { RollbackTest } from '../src/datasets/change/rollback-tests.ts';
import type { Ticket } from '../src/datasets/change/tickets.ts';
import type { Drift } from '../src/datasets/config/drift.ts';
import type { ExternalShare } from '../src/datasets/dlp/external-shares.ts';
import type { DlpPolicy } from '../src/datasets/dlp/policies.ts';
import type { DataUsage } from '../src/datasets/env/data-usage.ts';
import type { JobChange } from '../src/datasets/hr/job-changes.ts';
import type { Declaration } from '../src/datasets/people/declarations.ts';
import type { Worker } from '../src/datasets/people/workers.ts';
import type { Acceptance } from '../src/datasets/policy/acceptances.ts';
import type { Document } from '../src/datasets/policy/documents.ts';
import type { Exception } from '../src/datasets/policy/exceptions.ts';
import type { IsolationTest } from '../src/datasets/product/isolation-tests.ts';
import type { ProtectionChange } from '../src/datasets/repo/protection-changes.ts';
import type { Completion } from '../src/datasets/training/completions.ts';
import type { Course } from '../src/datasets/training/courses.ts';
import { row, worker } from './rows.ts';

/** What Bruno (W-2) stated and Chloe (W-3) approved. */
const stated = {
  authorEmail: 'bruno.novak@acme.example',
  knownBy: 'commit',
  approved: 'yes',
  approverEmails: ['chloe.martin@acme.example'],
  approvedAt: instant('2026-03-01T10:00:00Z'),
} as const;

export const ines: Worker = worker();
export const bruno: Worker = worker({ workerId: 'W-2', fullName: 'Bruno Novak', emails: ['bruno.novak@acme.example'] });
export const chloe: Worker = worker({ workerId: 'W-3', fullName: 'Chloe Martin', emails: ['chloe.martin@acme.example'] });

export const ticket = row<Ticket>({
  systemId: 'jira',
  issueId: '10012',
  ticketId: 'ACME-12',
  ticketIds: ['ACME-12'],
  title: 'Shorter sessions',
  type: 'normal',
  told: ['approval', 'implementation', 'review', 'risk', 'rollback'],
  purpose: 'Sessions end after an hour.',
  risk: 'low',
  rollbackPlan: 'Deploy the release before.',
  customerImpacting: 'no',
  labels: [],
  status: 'Done',
  creatorId: 'j1',
  creator: 'Ines Duarte',
  approverId: 'j2',
  approver: 'Bruno Novak',
  approverEmail: 'bruno.novak@acme.example',
  approvedAt: instant('2026-05-19T09:00:00Z'),
  implementerId: 'j1',
  implementer: 'Ines Duarte',
  implementerEmail: 'ines.duarte@acme.example',
  implementedAt: instant('2026-05-20T12:30:00Z'),
  reviewerId: 'j3',
  reviewer: 'Chloe Martin',
  reviewerEmail: 'chloe.martin@acme.example',
  reviewedAt: instant('2026-05-21T09:00:00Z'),
  createdAt: instant('2026-05-18T09:00:00Z'),
  closedAt: instant('2026-05-21T10:00:00Z'),
});
export const declaration = row<Declaration>({ systemId: 'jira', account: 'j2', meaning: 'person', workerId: 'W-2', purpose: null });
export const protectionChange = row<ProtectionChange>({
  systemId: 'github',
  eventId: 'E-1',
  action: 'protected_branch.destroy',
  kind: 'branch-protection',
  change: 'removed',
  loosened: 'yes',
  what: [],
  repoId: 'r1',
  repo: 'acme/web',
  target: 'main',
  actorId: 'g1',
  actor: 'ines-duarte',
  actorKind: 'human',
  occurredAt: instant('2026-05-20T11:55:00Z'),
});
export const exception = row<Exception>({
  exceptionId: 'EX-1',
  title: 'Rules of acme/web off for the import of its history',
  policyId: null,
  controlId: 'CM-02',
  subjectId: 'r1',
  reason: 'The import rewrites history once.',
  requesterId: 'W-2',
  ownerId: 'W-2',
  until: instant('2026-05-22T00:00:00Z'),
  compensating: null,
  ...stated,
});
export const rollbackTest = row<RollbackTest>({
  testId: 'RB-1',
  systemId: 'web',
  performedAt: instant('2026-03-10T10:00:00Z'),
  result: 'success',
  minutes: 12,
  real: false,
  performedById: 'W-2',
  notes: null,
  ...stated,
});
export const drift = row<Drift>({
  driftId: 'DR-1',
  resourceId: 'aws_security_group.web',
  detectedAt: instant('2026-05-11T06:00:00Z'),
  resolvedAt: instant('2026-05-12T06:00:00Z'),
  ticketId: null,
  notes: null,
  ...stated,
});
export const cloudAccount = row<CloudAccount>({
  accountId: '123456789012',
  title: 'Production',
  provider: 'aws',
  status: 'active',
  environment: 'production',
  mixed: 'no',
  systemId: 'aws',
  ownerId: 'W-2',
  ...stated,
});
export const dataUsage = row<DataUsage>({
  usageId: 'DU-1',
  title: 'Orders for load tests',
  systemId: 'aws',
  environment: 'nonproduction',
  fromProduction: 'no',
  masked: 'no',
  subjectId: 'staging/orders',
  ...stated,
});
export const isolationTest = row<IsolationTest>({
  testId: 'IT-1',
  systemId: 'web',
  executedAt: instant('2026-05-12T09:00:00Z'),
  environment: 'production-like',
  result: 'success',
  commit: null,
  evidence: 'run 812 of the pipeline',
  ...stated,
});
export const dlpPolicy = row<DlpPolicy>({
  policyId: 'DP-1',
  title: 'No customer lists by mail',
  channel: 'email',
  required: true,
  enabled: true,
  enforcement: 'block',
  ...stated,
});
export const externalShare = row<ExternalShare>({
  shareId: 'ES-1',
  item: 'Roadmap 2026',
  systemId: 'google',
  publicLink: 'no',
  classification: 'internal',
  ownerId: 'W-2',
  reviewedAt: instant('2026-03-01T00:00:00Z'),
  ...stated,
});
export const endpoint = row<Endpoint>({
  systemId: 'fleet',
  deviceId: '7',
  name: 'acme-mac-07',
  serial: 'C02XL0AAAA07',
  platform: 'macos',
  osVersion: '15.5',
  userEmails: ['ines.duarte@acme.example'],
  status: 'active',
  managed: 'yes',
  diskEncrypted: 'yes',
  screenLock: 'yes',
  screenLockMinutes: 5,
  osSupported: 'yes',
  malwareProtection: 'yes',
  removableMediaBlocked: 'yes',
  policiesMet: 'yes',
  policiesFailed: [],
  enrolledAt: instant('2026-01-02T09:00:00Z'),
  retiredAt: null,
});
export const endpointActivity = row<EndpointActivity>({
  systemId: 'fleet',
  deviceId: '7',
  lastSeenAt: instant('2026-05-31T00:00:00Z'),
  protectionSeenAt: instant('2026-05-31T00:00:00Z'),
});
export const course = row<Course>({
  systemId: 'knowbe4',
  courseId: 'c1',
  title: 'Security basics',
  kind: 'security-awareness',
  topics: ['phishing', 'social-engineering', 'password-hygiene', 'data-handling'],
  audience: [],
  active: 'yes',
  version: '2026',
});
export const completion = row<Completion>({
  systemId: 'knowbe4',
  completionId: 't1',
  courseId: 'c1',
  course: 'Security basics',
  learnerId: 'k1',
  learner: 'Ines Duarte',
  learnerEmails: ['ines.duarte@acme.example'],
  hrId: null,
  assignedAt: instant('2026-01-02T09:00:00Z'),
  completedAt: instant('2026-01-05T09:00:00Z'),
  passed: 'yes',
  recordedBy: 'system',
  evidence: null,
  knownSince: instant('2026-01-05T09:00:00Z'),
});
export const jobChange = row<JobChange>({
  changeId: 'JC-1',
  workerId: 'W-1',
  effectiveAt: instant('2026-05-20T00:00:00Z'),
  fromDepartment: 'Support',
  toDepartment: 'Engineering',
  fromTitle: null,
  toTitle: null,
  recordedAt: instant('2026-05-18T00:00:00Z'),
  ...stated,
});
export const policyVersion = row<Document>({
  documentId: 'POL-1-1',
  policyId: 'POL-1',
  title: 'Acceptable use',
  version: '1',
  effectiveAt: instant('2026-01-01T00:00:00Z'),
  mustBeAccepted: true,
  location: 'policies/acceptable-use.md',
  ...stated,
});
export const acceptance = row<Acceptance>({
  acceptanceId: 'PA-1',
  policyId: 'POL-1',
  version: '1',
  workerId: null,
  emails: ['ines.duarte@acme.example'],
  acceptedAt: instant('2026-05-12T09:00:00Z'),
  shownBy: 'session',
});
