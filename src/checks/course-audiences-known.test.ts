import { checkTester } from '../../test/check-tester.ts';
import { course } from '../../test/operation-rows.ts';
import { worker } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { courseAudiencesKnown } from './course-audiences-known.ts';

const secure = course({ title: 'Secure code', kind: 'role-based', audience: ['Engineering', 'Platform'] });
const engineer = worker({ department: 'Engineering' });

checkTester(courseAudiencesKnown, {
  conforms: { 'somebody works there': { item: secure, given: { members: [engineer, worker({ workerId: 'W-2', department: 'Platform' })] } } },
  deviates: {
    'trap 74: a department was renamed, and its people owe nothing': {
      item: secure,
      given: { members: [engineer] },
      because: 'is meant for Platform, where nobody works by the word of HR',
    },
    'the last one left': {
      item: secure,
      given: { members: [engineer, worker({ workerId: 'W-2', department: 'Platform', terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'is meant for Platform, where nobody works by the word of HR',
    },
  },
  unknown: {
    'nobody says whether it is in use': {
      item: { ...secure, active: 'unknown' },
      given: { members: [engineer] },
      because: 'is meant for Platform, where nobody works by the word of HR; its tool does not say whether it is in use',
    },
  },
  ignores: { 'a course for everybody': course(), 'a course out of use': course({ audience: ['Engineering'], active: 'no' }) },
});
