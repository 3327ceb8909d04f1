import { iso } from '../core/instant.ts';
import { jobChanges } from '../datasets/hr/job-changes.ts';
import { workers } from '../datasets/people/workers.ts';
import type { Course } from '../datasets/training/courses.ts';
import { conforms, defineCheck, deviates, notYet, span, unknown } from './check.ts';
import { EARLY_WORDS, engaged, goodAt, INTERVAL, LEARNING, learnedBy, titles, turns } from './training.ts';
import { firstOf } from './until.ts';

const KINDS: readonly Course['kind'][] = ['role-based', 'privacy', 'incident'];

export const roleCoursesCompleted = defineCheck({
  id: 'role-courses-completed',
  title: 'Special duties are trained for',
  version: 1,
  asserts:
    'Everybody whose department a course on a role, on privacy or on incidents is meant for passed it within {interval}, or joined the department less than {grace} before.',
  population: workers,
  mustExist: true,
  with: { ...LEARNING, moves: jobChanges.on('workerId') },
  parameters: { kinds: KINDS.join(', '), interval: INTERVAL, grace: span('30 days', 'after the start or after a move to the department'), early: EARLY_WORDS },

  examine(worker, { at, moves, ...given }, { interval, grace }) {
    const { startAt, terminationAt, department } = worker;
    if (engaged(worker, at, 0) === 'left') return notYet({ rests: [] });
    const special = given.courses.filter(({ kind, active }) => KINDS.includes(kind) && active !== 'no');
    if (special.length === 0) return notYet({ rests: ['courses'] });
    if (department === null && special.some(({ audience }) => audience.length > 0)) return unknown('HR names no department', firstOf(at, terminationAt));
    const owed = special.filter(({ audience }) => audience.length === 0 || (department !== null && audience.includes(department)));
    const moved = moves.filter(({ toDepartment, effectiveAt }) => toDepartment === department && effectiveAt <= at).map(({ effectiveAt }) => effectiveAt);
    const due = Math.max(startAt, ...moved) + grace;
    const learned = learnedBy(worker, given);
    const turning = firstOf(at, due, ...turns(learned, interval), ...moves.map(({ effectiveAt }) => effectiveAt), terminationAt);
    if (owed.length === 0) return notYet({ ...turning, rests: ['courses'] });
    const good = goodAt(at, learned, interval);
    const passed = (sure: boolean) => owed.filter((course) => good.some((it) => it.course === course && (!sure || it.doubt === null)));
    if (passed(true).length === owed.length) return conforms(turning);
    if (at < due) return notYet(turning);
    if (passed(false).length === owed.length) return unknown(good.find(({ doubt }) => doubt !== null)?.doubt ?? 'what was completed is not told', turning);
    const missing = owed.filter((course) => !passed(false).includes(course));
    return deviates(`has not passed ${titles(missing)}, meant for ${department ?? 'everybody'} and due on ${iso(due)} or a year after the last time`, turning);
  },
});
