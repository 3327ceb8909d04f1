import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { EARLY_WORDS, engaged, goodAt, INTERVAL, LEARNING, learnedBy, turns, WEEK } from './training.ts';
import { firstOf } from './until.ts';

export const workersTrained = defineCheck({
  id: 'workers-trained',
  title: 'Everybody passes security training every year',
  version: 1,
  asserts:
    'Everybody who works here, contractors included, had passed a course on security awareness within {interval}, from {grace} after their start until they left.',
  population: workers,
  mustExist: true,
  with: LEARNING,
  parameters: { interval: INTERVAL, grace: WEEK, early: EARLY_WORDS },

  examine(worker, { at, ...given }, { interval, grace }) {
    const { startAt, terminationAt } = worker;
    const state = engaged(worker, at, grace);
    if (state === 'left') return notYet({ rests: [] });
    if (state === 'early') return notYet(firstOf(at, startAt + grace, terminationAt));
    const learned = learnedBy(worker, given).filter(({ course }) => course === null || course.kind === 'security-awareness' || course.kind === 'unknown');
    const sure = learned.filter(({ course, doubt }) => course?.kind === 'security-awareness' && doubt === null);
    const good = goodAt(at, sure, interval);
    if (good.length > 0) return conforms(firstOf(at, Math.max(...good.map((it) => it.at)) + interval, terminationAt));
    const until = firstOf(at, ...turns(learned, interval), terminationAt);
    const doubtful = goodAt(at, learned, interval).at(-1);
    if (doubtful) return unknown(doubtful.doubt ?? `nobody says what kind of course ${doubtful.completion.course} is, completed on ${iso(doubtful.at)}`, until);
    const last = sure.findLast((it) => it.at <= at);
    if (last) return deviates(`last passed a course on security awareness on ${iso(last.at)}`, until);
    return deviates(`has passed no course on security awareness, which was due on ${iso(startAt + grace)}`, until);
  },
});
