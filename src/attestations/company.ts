import { cloudAccounts } from '../datasets/asset/cloud-accounts.ts';
import { reports } from '../datasets/governance/reports.ts';
import { jobChanges } from '../datasets/hr/job-changes.ts';
import { terminations } from '../datasets/hr/terminations.ts';
import { acceptances } from '../datasets/policy/acceptances.ts';
import { clauses } from '../datasets/policy/clauses.ts';
import { documents } from '../datasets/policy/documents.ts';
import { peopleKeys } from '../datasets/people/keys.ts';
import { completions } from '../datasets/training/completions.ts';
import { courses } from '../datasets/training/courses.ts';
import { REGISTERS } from './access.ts';
import { defineKind, type Kind } from './kind.ts';

/** What is stated about people, training and the company. */
export const COMPANY: readonly Kind[] = [
  defineKind({
    id: 'people-keys',
    title: 'A key that is a person’s own: what it signs, they say. It counts once another person approved the entry',
    dataset: peopleKeys,
    key: 'keyId',
    needsApproval: true,
    example: { id: '9f2c4a5b6d7e8f901a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7081', title: 'Key of Maria', email: 'maria.lopez@acme.example' },
  }),
  defineKind({
    id: 'hr-terminations',
    title: 'A departure, where the HR system does not tell it',
    dataset: terminations,
    key: 'terminationId',
    ends: ['effectiveAt'],
    followed: ['recordedAt'],
    follow: ({ at }) => ({ recordedAt: at }),
    example: { id: 'T-1', worker: 'W-017', type: 'voluntary', effective: '2026-03-31', notified: '2026-02-27' },
  }),
  defineKind({
    id: 'hr-job-changes',
    title: 'A move to another department or title, where the HR system does not tell it',
    dataset: jobChanges,
    key: 'changeId',
    followed: ['recordedAt'],
    follow: ({ at }) => ({ recordedAt: at }),
    example: { id: 'M-1', worker: 'W-017', effective: '2026-04-01', fromDepartment: 'Support', toDepartment: 'Engineering' },
  }),
  defineKind({
    id: 'training-courses',
    title: 'A course of the training programme, with what it teaches and whom',
    dataset: courses,
    key: 'courseId',
    followed: ['systemId'],
    follow: () => ({ systemId: REGISTERS }),
    example: {
      id: 'C-1',
      title: 'Security for everyone',
      kind: 'security-awareness',
      topics: ['phishing', 'social-engineering', 'password-hygiene', 'data-handling'],
      audience: [],
      active: true,
      version: '2026',
    },
  }),
  defineKind({
    id: 'training-completions',
    title: 'A course that somebody was assigned or completed, where no training system tells it',
    dataset: completions,
    key: 'completionId',
    names: { courseId: 'course', learnerEmails: 'learner', hrId: 'worker' },
    followed: ['systemId', 'course', 'learnerId', 'learner', 'recordedBy', 'knownSince'],
    follow: ({ at }, { courseId = null, learnerEmails, hrId = null, completedAt, assignedAt }) => ({
      systemId: REGISTERS,
      course: courseId,
      learnerId: null,
      learner: (Array.isArray(learnerEmails) ? String(learnerEmails[0] ?? '') : '') || hrId || 'unknown',
      recordedBy: 'manual',
      knownSince: completedAt ?? assignedAt ?? at,
    }),
    example: {
      id: 'TC-1',
      course: 'C-1',
      worker: 'W-017',
      learner: ['maria.lopez@acme.example'],
      completed: '2026-01-20T15:00:00Z',
      passed: true,
      evidence: 'list of attendance of 20 January',
    },
  }),
  defineKind({
    id: 'cloud-accounts',
    title: 'An account, subscription or project of a cloud',
    dataset: cloudAccounts,
    key: 'accountId',
    example: {
      id: '123456789012',
      title: 'Production',
      provider: 'aws',
      status: 'active',
      environment: 'production',
      mixed: false,
      system: 'aws',
      owner: 'W-001',
    },
  }),
  defineKind({
    id: 'policy-clauses',
    title: 'A measurable clause of a policy, with the check that measures it and the setting that enforces it',
    dataset: clauses,
    key: 'clauseId',
    example: {
      id: 'PC-1',
      policy: 'Access control',
      promise: 'Access keys are replaced within 90 days',
      value: '90 days',
      check: 'access-keys-rotated',
      parameter: 'maxAge',
      active: true,
    },
  }),
  defineKind({
    id: 'policies',
    title: 'One version of a policy. Those that it replaces stay',
    dataset: documents,
    key: 'documentId',
    needsApproval: true,
    example: {
      id: 'POL-1-2',
      policy: 'POL-1',
      title: 'Acceptable use',
      version: '2',
      effective: '2026-03-01',
      mustBeAccepted: true,
      location: 'policies/acceptable-use.md at 1f2e3d4c',
    },
  }),
  defineKind({
    id: 'policy-acceptances',
    title: 'Who states it has accepted a version of a policy, and accepts it by that',
    dataset: acceptances,
    key: 'acceptanceId',
    followed: ['workerId', 'emails', 'acceptedAt', 'shownBy'],
    follow: ({ at, authorEmail, knownBy }) => ({
      workerId: null,
      emails: authorEmail === null ? [] : [authorEmail],
      acceptedAt: at,
      shownBy: knownBy,
    }),
    example: { id: 'PA-1', policy: 'POL-1', version: '2' },
  }),
  defineKind({
    id: 'governance-reports',
    title: 'A report that was handed to those who lead the company',
    dataset: reports,
    key: 'reportId',
    ends: ['toAt'],
    example: {
      id: 'GR-2026-03',
      title: 'Access in March',
      type: 'access-review',
      from: '2026-03-01',
      to: '2026-03-31',
      generated: '2026-04-01T07:00:00Z',
      delivered: '2026-04-01T09:00:00Z',
      deliveredTo: ['ines.duarte@acme.example'],
    },
  }),
];
