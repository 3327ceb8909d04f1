import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { DEADLINE, EARLY_WORDS, engaged, GOOD_FOR, GOOD_FOR_WORDS, goodAt, LEARNING, learnedBy, turns } from './training.ts';
import { firstOf } from './until.ts';

export const workersTrained = defineCheck({
  id: 'workers-trained',
  title: 'Everybody passes security training every year',
  version: 1,
  asserts:
    'Everybody who works here, contractors included, had passed a course on security awareness within the last twelve months, from a week after their start until they left.',
  population: workers,
  mustExist: true,
  with: LEARNING,
  parameters: { interval: GOOD_FOR_WORDS, grace: '7 days after the first day', early: EARLY_WORDS },

  examine(worker, { at, ...given }) {
    const { startAt, terminationAt } = worker;
    const state = engaged(worker, at, DEADLINE);
    if (state === 'left') return notYet();
    if (state === 'early') return notYet(firstOf(at, startAt + DEADLINE, terminationAt));
    const learned = learnedBy(worker, given).filter(({ course }) => course === null || course.kind === 'security-awareness' || course.kind === 'unknown');
    const sure = learned.filter(({ course, doubt }) => course?.kind === 'security-awareness' && doubt === null);
    const good = goodAt(at, sure);
    if (good.length > 0) return conforms(firstOf(at, Math.max(...good.map((it) => it.at)) + GOOD_FOR, terminationAt));
    const until = firstOf(at, ...turns(learned), terminationAt);
    const doubtful = goodAt(at, learned).at(-1);
    if (doubtful) return unknown(doubtful.doubt ?? `nobody says what kind of course ${doubtful.completion.course} is, completed on ${iso(doubtful.at)}`, until);
    const last = sure.findLast((it) => it.at <= at);
    if (last) return deviates(`last passed a course on security awareness on ${iso(last.at)}`, until);
    return deviates(`has passed no course on security awareness, which was due on ${iso(startAt + DEADLINE)}`, until);
  },
});
