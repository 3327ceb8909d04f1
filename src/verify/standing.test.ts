import { expect, it } from 'vitest';
import { standing } from './standing.ts';

const of = { from: 100, to: 200 };
const run = (at: number, line = 'a', more: object = {}) => ({
  head: { kind: 'run', outcome: 'success', collector: { id: 'x' }, name: line, slot: at, startedAt: at, ...more },
  line,
  sealedAt: at,
});
const stood = (runs: readonly ReturnType<typeof run>[], which: object = {}) => {
  const looks = standing<number>({ of, ...which });
  for (const [index, its] of runs.entries()) looks.take(its, index);
  return looks.all;
};

it('is the last complete run of each line before the period, and of two at one time the later record', () => {
  expect(stood([run(10), run(20), run(15), run(20), run(30, 'a', { outcome: 'failure' }), run(100), run(150)])).toEqual([3]);
  expect(stood([run(10), run(50, 'b'), run(99)])).toEqual([2, 1]);
  expect(stood([run(100)])).toEqual([]);
});

it('is of the sources that were chosen', () => {
  expect(stood([run(10), run(20, 'b')], { sources: ['x/b'] })).toEqual([1]);
  expect(stood([run(10), run(20, 'b')], { sources: [] })).toEqual([]);
});
