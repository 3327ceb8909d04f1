import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { EARLY_WORDS, engaged, LEARNING, learnedBy, WEEK } from './training.ts';
import { firstOf } from './until.ts';

export const joinersTrained = defineCheck({
  id: 'joiners-trained',
  title: 'New workers pass security training in their first week',
  version: 1,
  asserts: 'Everybody who began to work here had passed a course on security awareness within {deadline} of their first.',
  population: workers,
  mustExist: true,
  with: LEARNING,
  parameters: { deadline: WEEK, early: EARLY_WORDS },

  examine(worker, { at, ...given }, { deadline }) {
    const { startAt, terminationAt } = worker;
    const state = engaged(worker, at, deadline);
    if (state === 'left') return notYet({ rests: [] });
    const learned = learnedBy(worker, given).filter(({ course }) => course === null || course.kind === 'security-awareness' || course.kind === 'unknown');
    const done = learned.filter((it) => it.at <= at);
    if (done.some(({ course, doubt }) => course?.kind === 'security-awareness' && doubt === null)) return conforms(firstOf(at, terminationAt));
    const until = firstOf(at, startAt + deadline, ...learned.map((it) => it.at), terminationAt);
    if (state === 'early') return notYet(until);
    const [doubtful] = done;
    if (doubtful) return unknown(doubtful.doubt ?? `nobody says what kind of course ${doubtful.completion.course} is, completed on ${iso(doubtful.at)}`, until);
    return deviates(`began on ${iso(startAt)} and had passed no course on security awareness by ${iso(startAt + deadline)}`, until);
  },
});
