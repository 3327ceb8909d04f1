import { checkTester } from '../../test/check-tester.ts';
import { completion, course, ines } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { trainingTopicsCovered } from './training-topics-covered.ts';

const half = course({ topics: ['phishing', 'social-engineering'] });
const rest = course({ courseId: 'c2', title: 'Passwords and data', topics: ['password-hygiene', 'data-handling'] });
const second = completion({ completionId: 't2', courseId: 'c2', course: 'Passwords and data' });

checkTester(trainingTopicsCovered, {
  conforms: {
    'one course teaches it all': { item: ines, given: { courses: [course()], byEmail: [completion()] } },
    'two courses together do': { item: ines, given: { courses: [half, rest], byEmail: [completion(), second] } },
  },
  deviates: {
    'a course named security training teaches half of it': {
      item: ines,
      given: { courses: [half, rest], byEmail: [completion()] },
      because: 'has passed nothing that teaches password-hygiene, data-handling; due on 2026-01-08T00:00:00Z',
    },
    'nothing was passed': {
      item: ines,
      given: { courses: [course()] },
      because: 'has passed nothing that teaches phishing, social-engineering, password-hygiene, data-handling; due on 2026-01-08T00:00:00Z',
    },
    'one half has lapsed': {
      item: { ...ines, startAt: instant('2024-01-01T00:00:00Z') },
      given: {
        courses: [half, rest],
        byEmail: [completion(), { ...second, completedAt: instant('2025-01-05T09:00:00Z'), knownSince: instant('2025-01-05T09:00:00Z') }],
      },
      because: 'has passed nothing that teaches password-hygiene, data-handling; due on 2024-01-08T00:00:00Z',
    },
  },
  unknown: {
    'nobody declares what a course teaches': {
      item: ines,
      given: { courses: [course({ topics: [] })], byEmail: [completion()] },
      because: 'nobody says what is taught by Security basics',
    },
    'a course nobody tells of': { item: ines, given: { byEmail: [completion()] }, because: 'nobody says what is taught by Security basics' },
    'a result that is not told': {
      item: ines,
      given: { courses: [course()], byEmail: [completion({ passed: 'unknown' })] },
      because: 'whether Security basics, completed on 2026-01-05T09:00:00Z, was passed is not told',
    },
  },
  notYet: {
    'in the first week': { item: { ...ines, startAt: instant('2026-05-28T00:00:00Z') } },
    'left since': { item: { ...ines, terminationAt: instant('2026-05-01T00:00:00Z') } },
  },
});
