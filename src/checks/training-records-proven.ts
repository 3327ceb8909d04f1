import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { completions } from '../datasets/training/completions.ts';
import { courses } from '../datasets/training/courses.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';

export const trainingRecordsProven = defineCheck({
  id: 'training-records-proven',
  title: 'Records of training carry their proof',
  version: 1,
  asserts:
    'Every course that counts as passed was recorded by the training system itself, or by a person with a document as proof, for somebody whom HR knows.',
  population: completions.where(({ passed }) => passed === 'yes'),
  with: { byId: workers.on('workerId', 'hrId'), byEmail: workers.on('emails', 'learnerEmails'), programme: courses.on('courseId') },
  parameters: { patience: span('8 days', 'until HR must know the learner') },

  examine({ systemId, courseId, course, learner, recordedBy, evidence, assignedAt, completedAt, knownSince }, { at, byId, byEmail, programme }, { patience }) {
    if (completedAt === null) return unknown('when it was completed is not told');
    if (assignedAt !== null && assignedAt > completedAt)
      return deviates(`is recorded as completed on ${iso(completedAt)}, before it was assigned on ${iso(assignedAt)}`);
    if (recordedBy === 'manual' && evidence === null) return deviates(`was recorded by hand as completed on ${iso(completedAt)}, without a document`);
    if (recordedBy === 'unknown' && evidence === null) return unknown('whether the training system recorded it, or a person, is not told');
    if (!programme.some((it) => it.systemId === systemId && it.courseId === courseId)) return unknown(`of the course ${course} nothing is known`);
    if (byId.length + byEmail.length > 0) return conforms();
    if (at < knownSince + patience) return notYet({ until: knownSince + patience });
    return deviates(`was completed by ${learner}, whom HR does not know`);
  },
});
