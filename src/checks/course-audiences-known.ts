import { type Worker, workers } from '../datasets/hr/workers.ts';
import { courses } from '../datasets/training/courses.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { firstOf } from './until.ts';

export const courseAudiencesKnown = defineCheck({
  id: 'course-audiences-known',
  title: 'Courses are meant for departments that exist',
  version: 2,
  asserts: 'Every department that a course in use is meant for is the department of somebody who works here, as HR writes it.',
  population: courses.where(({ active, audience }) => active !== 'no' && audience.length > 0),
  with: { members: workers.on('department', 'audience'), untold: workers.where(({ department }) => department === null).all() },

  examine({ audience, active }, { at, members, untold }) {
    const works = ({ startAt, terminationAt }: Worker) => startAt <= at && (terminationAt === null || at < terminationAt);
    const until = firstOf(at, ...[...members, ...untold].flatMap(({ startAt, terminationAt }) => [startAt, terminationAt]));
    const here = members.filter(works);
    const empty = audience.filter((department) => !here.some((worker) => worker.department === department)).sort();
    if (empty.length === 0) return conforms(until);
    const because = `is meant for ${empty.join(', ')}, where nobody works by the word of HR`;
    if (active === 'unknown') return unknown(`${because}; its tool does not say whether it is in use`, until);
    if (untold.some(works)) return unknown(`${because}; of some who work here HR tells no department`, until);
    return deviates(because, until);
  },
});
