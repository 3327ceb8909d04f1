import { days, type Duration, type Instant, iso } from '../core/instant.ts';
import type { Row, Rows } from '../datasets/dataset.ts';
import type { Worker } from '../datasets/people/workers.ts';
import { type Completion, completions } from '../datasets/training/completions.ts';
import { type Course, courses } from '../datasets/training/courses.ts';
import { span } from './check.ts';

/** A certificate is good for a year from the day it was earned, whatever calendar year that lies in. */
export const INTERVAL = span('366 days', 'from the completion, rolling');
/** New workers begin within their first week, and some a little before their first day. */
export const WEEK = span('7 days', 'after the first day');
export const EARLY = days(30);

export const EARLY_WORDS = 'what was completed up to 30 days before the first day counts, nothing older does';

/** What training systems hold of a worker: under the number that HR gave, or under an address. */
export const LEARNING = {
  byId: completions.on('hrId', 'workerId'),
  byEmail: completions.on('learnerEmails', 'emails'),
  courses: courses.all(),
} as const;

/** A course that a worker completed, and why it may not count; `null` where it does. */
export interface Learned {
  readonly completion: Completion;
  readonly course: Course | null;
  readonly at: Instant;
  readonly doubt: string | null;
}

/**
 * What a worker completed for this engagement, in order of time. A course that was not passed is none, and neither is what
 * lies before the engagement: who comes back learns anew, and an address may have been somebody else's.
 */
export function learnedBy({ workerId, startAt }: Worker, { byId, byEmail, courses: known }: Rows<typeof LEARNING>): readonly Learned[] {
  const mine = [...byId, ...byEmail.filter((completion) => !byId.includes(completion))];
  return mine
    .filter(({ passed }) => passed !== 'no')
    .map((completion) => {
      const course = known.find(({ systemId, courseId }) => systemId === completion.systemId && courseId === completion.courseId) ?? null;
      return { completion, course, at: completion.completedAt ?? completion.knownSince, doubt: doubtOf(completion, workerId) };
    })
    .filter(({ at }) => at >= startAt - EARLY)
    .sort((a, b) => a.at - b.at || (a.completion.completionId < b.completion.completionId ? -1 : 1));
}

function doubtOf({ passed, course, hrId, completedAt }: Completion, workerId: string): string | null {
  if (completedAt === null) return passed === 'yes' ? `when ${course} was passed is not told` : `whether ${course} was passed is not told`;
  const named = `${course}, completed on ${iso(completedAt)},`;
  if (passed === 'unknown') return `whether ${named} was passed is not told`;
  return hrId !== null && hrId !== workerId ? `${named} was recorded under their address and under the number ${hrId}` : null;
}

/** Those that still count at an instant. */
export const goodAt = (at: Instant, learned: readonly Learned[], interval: Duration): readonly Learned[] =>
  learned.filter((it) => it.at <= at && at < it.at + interval);

/** Every instant at which the mere passage of time makes one of them count, or count no longer. */
export const turns = (learned: readonly Learned[], interval: Duration): readonly Instant[] => learned.flatMap((it) => [it.at, it.at + interval]);

/** Whether somebody has begun so long ago that a deadline has passed, and has not left. */
export function engaged({ startAt, terminationAt }: Worker, at: Instant, deadline: number): 'early' | 'yes' | 'left' {
  if (terminationAt !== null && at >= terminationAt) return 'left';
  return at < startAt + deadline ? 'early' : 'yes';
}

/** Of a list of courses what an auditor reads: each once, in order. */
export const titles = (its: readonly Row[]): string => [...new Set(its.map(({ title, course }) => String(title ?? course)))].sort().join(', ');
