import { z } from 'zod';
import { hours } from '../../core/instant.ts';
import { defineDataset } from '../dataset.ts';
import { at, list, maybeAt, maybeText, said, systemId, text } from '../fields.ts';

export const Completion = z.object({
  systemId,
  completionId: text('Id of the assignment in its source'),
  courseId: text('Course, as training.courses names it'),
  course: text('Title of the course then'),
  learnerId: maybeText('Account of the learner in the training system'),
  learner: text('Name of the learner'),
  learnerEmails: list('Addresses of the learner, lower case'),
  hrId: maybeText('Worker id that the training system itself keeps, where it does (employee number)'),
  assignedAt: maybeAt('When it was assigned'),
  completedAt: maybeAt('When it was completed'),
  passed: said('It was completed, and its assessment passed where it has one; no of what is not completed yet'),
  recordedBy: z.enum(['system', 'manual', 'unknown']).describe('The training system recorded it by itself, or a person by hand'),
  evidence: maybeText('Certificate or list of attendance, where a person recorded it'),
  knownSince: at('When it was completed, or else assigned: from then on it is a fact'),
});
export type Completion = z.infer<typeof Completion>;

export const completions = defineDataset<Completion>({
  id: 'training.completions',
  title: 'One course assigned to one learner, and whether and when it was completed',
  row: Completion,
  key: ({ completionId }) => completionId,
  label: ({ course, learner }) => `${course}: ${learner}`,
  freshness: hours(36),
  happened: ({ knownSince }) => knownSince,
});
