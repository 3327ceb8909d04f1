import { checkTester } from '../../test/check-tester.ts';
import { completion, course, ines } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { workersTrained } from './workers-trained.ts';

const courses = [course()];
const passedOn = (day: string, over: Parameters<typeof completion>[0] = {}) => {
  const at = instant(`${day}T09:00:00Z`);
  return completion({ completionId: day, completedAt: at, knownSince: at, ...over });
};
const veteran = { ...ines, startAt: instant('2024-01-01T00:00:00Z') };
const never = 'has passed no course on security awareness, which was due on 2026-01-08T00:00:00Z';

checkTester(workersTrained, {
  conforms: {
    'passed within the year': { item: ines, given: { courses, byEmail: [completion()] } },
    'under the number of HR, whatever the address': { item: ines, given: { courses, byId: [completion({ hrId: 'W-1', learnerEmails: [] })] } },
    'passed again before the year was over': { item: veteran, given: { courses, byEmail: [passedOn('2025-01-10'), passedOn('2026-01-08')] } },
    'trap 57: the year rolls from the completion, and who left later counted until then': {
      item: { ...veteran, terminationAt: instant('2026-06-10T00:00:00Z') },
      given: { courses, byEmail: [passedOn('2025-05-31')] },
    },
    'trap 13: under an alias': {
      item: { ...ines, emails: ['ines.duarte@acme.example', 'ines@acme.example'] },
      given: { courses, byEmail: [completion({ learnerEmails: ['ines@acme.example'] })] },
    },
  },
  deviates: {
    'the training tool knows nothing of them': { item: ines, given: { courses }, because: never },
    'trap 16: a contractor is no exception': { item: { ...ines, employmentType: 'contractor' }, given: { courses }, because: never },
    'trap 57: passed last year only': {
      item: veteran,
      given: { courses, byEmail: [passedOn('2025-05-30')] },
      because: 'last passed a course on security awareness on 2025-05-30T09:00:00Z',
    },
    'another course is none': { item: ines, given: { courses: [course({ kind: 'privacy' })], byEmail: [completion()] }, because: never },
    'assigned and not passed': { item: ines, given: { courses, byEmail: [completion({ passed: 'no' })] }, because: never },
    'trap 17: passed in an earlier engagement': {
      item: { ...ines, startAt: instant('2026-03-01T00:00:00Z') },
      given: { courses, byEmail: [completion()] },
      because: 'has passed no course on security awareness, which was due on 2026-03-08T00:00:00Z',
    },
  },
  unknown: {
    'nobody declares the kind of the course': {
      item: ines,
      given: { courses: [course({ kind: 'unknown' })], byEmail: [completion()] },
      because: 'nobody says what kind of course Security basics is, completed on 2026-01-05T09:00:00Z',
    },
    'a course nobody tells of': {
      item: ines,
      given: { byEmail: [completion()] },
      because: 'nobody says what kind of course Security basics is, completed on 2026-01-05T09:00:00Z',
    },
    'trap 71: a result that is not told is no pass': {
      item: ines,
      given: { courses, byEmail: [completion({ passed: 'unknown' })] },
      because: 'whether Security basics, completed on 2026-01-05T09:00:00Z, was passed is not told',
    },
    'nobody tells when it was passed': {
      item: ines,
      given: { courses, byEmail: [completion({ completedAt: null })] },
      because: 'when Security basics was passed is not told',
    },
    'trap 13: an address that was somebody else’s before': {
      item: ines,
      given: { courses, byEmail: [completion({ hrId: 'W-9' })] },
      because: 'Security basics, completed on 2026-01-05T09:00:00Z, was recorded under their address and under the number W-9',
    },
  },
  notYet: {
    'in the first week': { item: { ...ines, startAt: instant('2026-05-28T00:00:00Z') }, given: { courses } },
    'left within it': { item: { ...ines, startAt: instant('2026-05-28T00:00:00Z'), terminationAt: instant('2026-05-30T00:00:00Z') }, given: { courses } },
    'left since': { item: { ...ines, terminationAt: instant('2026-05-01T00:00:00Z') }, given: { courses } },
  },
});
