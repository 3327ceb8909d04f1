import { workers } from '../datasets/hr/workers.ts';
import { courses } from '../datasets/training/courses.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const courseAudiencesKnown = defineCheck({
  id: 'course-audiences-known',
  title: 'Courses are meant for departments that exist',
  version: 2,
  asserts: 'Every department that a course in use is meant for is the department of somebody who works here, as HR writes it.',
  population: courses.where(({ active, audience }) => active !== 'no' && audience.length > 0),
  with: { members: workers.on('department', 'audience') },

  examine({ audience, active }, { at, members }) {
    const here = members.filter(({ startAt, terminationAt }) => startAt <= at && (terminationAt === null || at < terminationAt));
    const until = firstOf(at, ...members.flatMap(({ startAt, terminationAt }) => [startAt, terminationAt]));
    const empty = audience.filter((department) => !here.some((worker) => worker.department === department)).sort();
    if (empty.length === 0) return conforms(until);
    const because = `is meant for ${empty.join(', ')}, where nobody works by the word of HR`;
    return active === 'unknown' ? unknown(`${because}; its tool does not say whether it is in use`, until) : deviates(because, until);
  },
});
