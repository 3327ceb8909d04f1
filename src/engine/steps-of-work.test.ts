import { describe, expect, it } from 'vitest';
import { abreast, finished, inStep, sortedInSteps } from './steps-of-work.ts';

describe('sorting in steps', () => {
  const STEP = 8192;
  const stepsFor = (count: number) => [...sortedInSteps(count, (a, b) => b - a)].length;

  it('lets others have their turn once for each part that is sorted, and each time as much is put together', () => {
    expect([0, 1, STEP, STEP + 1, 2 * STEP, 2 * STEP + 1].map(stepsFor)).toEqual([0, 1, 1, 2 + 2, 2 + 2, 3 + 3 + 3]);
  });

  it('puts parts together however many there are', () => {
    for (const count of [2 * STEP, 3 * STEP + 5, 4 * STEP + 1]) {
      const order = finished(sortedInSteps(count, (a, b) => b - a));
      expect(order).toHaveLength(count);
      expect(order.every((number, place) => number === count - 1 - place)).toBe(true);
    }
  });
});

/** A work of so many steps, each of which is noted; of the last it says how far it is. */
function* work(name: string, fars: readonly number[], done: string[]): Generator<number, string> {
  for (const far of fars) {
    done.push(`${name}${far}`);
    yield far;
  }
  return name;
}

describe('several works at once', () => {
  it('are done in turns, each to its end, a step of each between two rests', () => {
    const done: string[] = [];
    const resting = (name: string, fars: readonly number[]) => Iterator.from(work(name, fars, done)).map(() => undefined);
    const rounds = Array.from(abreast(resting('a', [1, 2, 3]), resting('b', [1])), () => done.join(' '));
    expect(rounds).toEqual(['a1 b1', 'a1 b1 a2', 'a1 b1 a2 a3', 'a1 b1 a2 a3']);
    expect([...abreast()]).toEqual([]);
  });

  it('are done in step, each waiting for those that are not as far, with a rest after each step', () => {
    const done: string[] = [];
    const rests = [...inStep(work('a', [0, 1, 2, 5], done), work('b', [1, 5], done), work('c', [3, 4], done))].length;
    expect(done).toEqual(['a0', 'b1', 'c3', 'a1', 'a2', 'b5', 'a5', 'c4']);
    // Of each its steps, and that it is at its end.
    expect(rests).toBe(4 + 2 + 2 + 3);
    expect([...inStep()]).toEqual([]);
  });

  it('are done to their ends where they are equally far, none of them twice', () => {
    const done: string[] = [];
    const ends: string[] = [];
    const ending = (name: string, fars: readonly number[]): Iterator<number, unknown> => {
      const its = work(name, fars, done);
      return {
        next: () => {
          const step = its.next();
          if (step.done) ends.push(name);
          return step;
        },
      };
    };
    for (const _ of inStep(ending('a', [0, 1]), ending('b', [0, 1, 2]), ending('c', [0])));
    expect([done, ends]).toEqual([
      ['a0', 'b0', 'c0', 'a1', 'b1', 'b2'],
      ['c', 'a', 'b'],
    ]);
  });
});

it('all steps at once give what comes of them', () => {
  const done: string[] = [];
  expect(finished(work('a', [1, 2], done))).toBe('a');
  expect(done).toEqual(['a1', 'a2']);
});
