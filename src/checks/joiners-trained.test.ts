import { checkTester } from '../../test/check-tester.ts';
import { completion, course, ines } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { joinersTrained } from './joiners-trained.ts';

const courses = [course()];
const on = (day: string, over: Parameters<typeof completion>[0] = {}) => {
  const at = instant(`${day}T09:00:00Z`);
  return completion({ completedAt: at, knownSince: at, ...over });
};
const joiner = { ...ines, startAt: instant('2026-05-11T00:00:00Z') };
const late = 'began on 2026-05-11T00:00:00Z and had passed no course on security awareness by 2026-05-18T00:00:00Z';

checkTester(joinersTrained, {
  conforms: {
    'in the first week': { item: joiner, given: { courses, byEmail: [on('2026-05-14')] } },
    'before the first day': { item: joiner, given: { courses, byEmail: [on('2026-05-04')] } },
    'late, and passed since: it deviated until then': { item: joiner, given: { courses, byEmail: [on('2026-05-25')] } },
    'early in a week that is not over': { item: joiner, given: { courses, byEmail: [on('2026-05-12')] }, at: instant('2026-05-13T00:00:00Z') },
  },
  deviates: {
    'the training tool knows nothing of them': { item: joiner, given: { courses }, because: late },
    'assigned late is no excuse': {
      item: joiner,
      given: { courses, byEmail: [on('2026-05-25', { assignedAt: instant('2026-05-22T00:00:00Z') })] },
      at: instant('2026-05-20T00:00:00Z'),
      because: late,
    },
    'trap 17: who comes back takes it again': { item: joiner, given: { courses, byEmail: [on('2026-01-05')] }, because: late },
  },
  unknown: {
    'nobody declares the kind of the course': {
      item: joiner,
      given: { courses: [course({ kind: 'unknown' })], byEmail: [on('2026-05-14')] },
      because: 'nobody says what kind of course Security basics is, completed on 2026-05-14T09:00:00Z',
    },
    'a result that is not told': {
      item: joiner,
      given: { courses, byEmail: [on('2026-05-14', { passed: 'unknown' })] },
      because: 'whether Security basics, completed on 2026-05-14T09:00:00Z, was passed is not told',
    },
  },
  notYet: {
    'the week is not over': { item: joiner, given: { courses }, at: instant('2026-05-17T23:59:59Z') },
    'left within it': { item: { ...joiner, terminationAt: instant('2026-05-15T00:00:00Z') }, given: { courses } },
  },
});
