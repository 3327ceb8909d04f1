import { workers } from '../datasets/hr/workers.ts';
import { courses } from '../datasets/training/courses.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { firstOf } from './until.ts';

export const courseAudiencesKnown = defineCheck({
  id: 'course-audiences-known',
  title: 'Courses are meant for departments that exist',
  version: 1,
  asserts: 'Every department that a course in use is meant for is the department of somebody who works here, as HR writes it.',
  population: courses.where(({ active, audience }) => active !== 'no' && audience.length > 0),
  with: { members: workers.on('department', 'audience') },

  examine({ audience }, { at, members }) {
    const here = members.filter(({ startAt, terminationAt }) => startAt <= at && (terminationAt === null || at < terminationAt));
    const until = firstOf(at, ...members.flatMap(({ startAt, terminationAt }) => [startAt, terminationAt]));
    const empty = audience.filter((department) => !here.some((worker) => worker.department === department)).sort();
    return empty.length === 0 ? conforms(until) : deviates(`is meant for ${empty.join(', ')}, where nobody works by the word of HR`, until);
  },
});
