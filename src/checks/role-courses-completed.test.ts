import { checkTester } from '../../test/check-tester.ts';
import { completion, course, ines, jobChange } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { roleCoursesCompleted } from './role-courses-completed.ts';

const secure = course({ courseId: 'c7', title: 'Secure code', kind: 'role-based', audience: ['Engineering'] });
const privacy = course({ courseId: 'c8', title: 'Privacy', kind: 'privacy' });
const courses = [course(), secure];
const engineer = { ...ines, department: 'Engineering' };
const passed = completion({ completionId: 't7', courseId: 'c7', course: 'Secure code' });
const missing = 'has not passed Secure code, meant for Engineering and due on 2026-01-31T00:00:00Z or a year after the last time';

checkTester(roleCoursesCompleted, {
  conforms: {
    'the course of the department': { item: engineer, given: { courses, byEmail: [passed] } },
    'every one of several': {
      item: engineer,
      given: { courses: [secure, privacy], byEmail: [passed, completion({ completionId: 't8', courseId: 'c8', course: 'Privacy' })] },
    },
  },
  deviates: {
    'never passed': { item: engineer, given: { courses }, because: missing },
    'security awareness is another course': { item: engineer, given: { courses, byEmail: [completion()] }, because: missing },
    'one of several': {
      item: engineer,
      given: { courses: [secure, privacy], byEmail: [passed] },
      because: 'has not passed Privacy, meant for Engineering and due on 2026-01-31T00:00:00Z or a year after the last time',
    },
    'a year has passed': {
      item: { ...engineer, startAt: instant('2024-01-01T00:00:00Z') },
      given: { courses, byEmail: [{ ...passed, completedAt: instant('2025-05-20T00:00:00Z'), knownSince: instant('2025-05-20T00:00:00Z') }] },
      because: 'has not passed Secure code, meant for Engineering and due on 2024-01-31T00:00:00Z or a year after the last time',
    },
    'a move gives thirty days and no more': {
      item: engineer,
      given: { courses, moves: [jobChange({ effectiveAt: instant('2026-04-01T00:00:00Z') })] },
      because: 'has not passed Secure code, meant for Engineering and due on 2026-05-01T00:00:00Z or a year after the last time',
    },
    'a course for everybody': {
      item: engineer,
      given: { courses: [privacy] },
      because: 'has not passed Privacy, meant for Engineering and due on 2026-01-31T00:00:00Z or a year after the last time',
    },
  },
  unknown: {
    'HR names no department': { item: ines, given: { courses }, because: 'HR names no department' },
    'a result that is not told': {
      item: engineer,
      given: { courses, byEmail: [{ ...passed, passed: 'unknown' }] },
      because: 'whether Secure code, completed on 2026-01-05T09:00:00Z, was passed is not told',
    },
  },
  notYet: {
    'just moved there': { item: engineer, given: { courses, moves: [jobChange()] } },
    'another department owes it': { item: { ...ines, department: 'Sales' }, given: { courses } },
    'a course that is no longer in use': { item: engineer, given: { courses: [{ ...secure, active: 'no' }] } },
    'left since': { item: { ...engineer, terminationAt: instant('2026-05-01T00:00:00Z') }, given: { courses } },
  },
});
