import { iso } from '../core/instant.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { EARLY_WORDS, engaged, goodAt, INTERVAL, LEARNING, learnedBy, titles, turns, WEEK } from './training.ts';
import { firstOf } from './until.ts';

const TOPICS = ['phishing', 'social-engineering', 'password-hygiene', 'data-handling'] as const;

export const trainingTopicsCovered = defineCheck({
  id: 'training-topics-covered',
  title: 'Training covers every required topic',
  version: 1,
  asserts: `What everybody who works here passed within {interval} taught ${TOPICS.slice(0, -1).join(', ')} and ${TOPICS.at(-1)}.`,
  population: workers,
  mustExist: true,
  with: LEARNING,
  parameters: { topics: TOPICS.join(', '), interval: INTERVAL, grace: WEEK, early: EARLY_WORDS },

  examine(worker, { at, ...given }, { interval, grace }) {
    const { startAt, terminationAt } = worker;
    const state = engaged(worker, at, grace);
    if (state === 'left') return notYet({ rests: [] });
    if (state === 'early') return notYet(firstOf(at, startAt + grace, terminationAt));
    const learned = learnedBy(worker, given);
    const good = goodAt(at, learned, interval);
    const lasts = TOPICS.map((topic) => ({
      topic,
      to: Math.max(...good.filter((it) => teaches(it, topic) && it.doubt === null).map((it) => it.at + interval)),
    }));
    const missing = lasts.filter(({ to }) => to === -Infinity).map(({ topic }) => topic);
    if (missing.length === 0) return conforms(firstOf(at, ...lasts.map(({ to }) => to), terminationAt));
    const until = firstOf(at, ...turns(learned, interval), terminationAt);
    const doubtful = good.find((it) => it.doubt !== null && missing.some((topic) => teaches(it, topic)));
    if (doubtful?.doubt) return unknown(doubtful.doubt, until);
    const untold = good.filter(({ course }) => course === null || course.topics.length === 0);
    if (untold.length > 0) return unknown(`nobody says what is taught by ${titles(untold.map(({ completion }) => completion))}`, until);
    return deviates(`has passed nothing that teaches ${missing.join(', ')}; due on ${iso(startAt + grace)}`, until);
  },
});

const teaches = ({ course }: { readonly course: { readonly topics: readonly string[] } | null }, topic: string): boolean =>
  course?.topics.includes(topic) ?? false;
