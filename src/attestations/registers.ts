import { defineKind, type Kind } from './kind.ts';

const text = (meaning: string, required = true) => ({ meaning, takes: 'text', required }) as const;

/** Registers whose entries feed no dataset of their own. */
export const REGISTERS_ALONE: readonly Kind[] = [
  defineKind({
    id: 'waivers',
    title: 'A deviation that is accepted for a time, by somebody else than who asks for it',
    needsApproval: true,
    extras: {
      check: text('Id of the check'),
      item: { meaning: 'The item as the pages show it, or its source and key', takes: 'item', required: true },
      reason: text('Why it is accepted'),
      until: { meaning: 'The last day on which it counts', takes: 'instant', required: true },
    },
    ends: ['until'],
    example: {
      id: 'L-1',
      title: 'Release tool of the platform',
      check: 'branch-protection-unbypassable',
      item: 'acme/platform',
      reason: 'the release tool cannot open pull requests yet',
      owner: 'W-003',
      until: '2026-06-30',
    },
  }),
  defineKind({
    id: 'findings',
    title: 'Who answers for a deviation, and what is done about it',
    needsApproval: true,
    extras: {
      finding: text('Id of the finding, as "tickmark findings" lists it', false),
      check: text('Or the id of the check, with the item', false),
      item: { meaning: 'The item as the pages show it, or its source and key', takes: 'item', required: false },
      status: { meaning: 'What is done; left out where an owner is named and nothing more', takes: ['in remediation', 'done', 'closed'], required: false },
      reason: text('What is done about it', false),
    },
    example: {
      id: 'N-1',
      title: 'Key of the backups',
      finding: 'F-cqa40hh172',
      owner: 'W-003',
      status: 'in remediation',
      reason: 'the backups move to a new key',
    },
  }),
  defineKind({
    id: 'change-reviews',
    title: 'The look of somebody else at a change that went around the rules',
    needsApproval: true,
    example: {
      id: 'CR-1',
      title: 'Push of 3 March',
      subject: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
      reviewer: 'W-001',
      reviewed: '2026-03-04',
      owner: 'W-003',
    },
  }),
  defineKind({
    id: 'vendors',
    title: 'A third party that the company relies on',
    loose: true,
    needsApproval: true,
    example: { id: 'V-1', title: 'Cloud host', owner: 'W-001', reviewed: '2026-02-01', tier: 'key', data: 'customer' },
  }),
  defineKind({
    id: 'risks',
    title: 'A risk, how likely and how bad it is, and what is done about it',
    loose: true,
    needsApproval: true,
    example: {
      id: 'R-1',
      title: 'Theft of a credential',
      owner: 'W-001',
      reviewed: '2026-02-01',
      likelihood: 'possible',
      impact: 'high',
      treatment: 'second factors everywhere',
    },
  }),
];
