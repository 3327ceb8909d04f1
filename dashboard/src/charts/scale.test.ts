import { describe, expect, it } from 'vitest';
import { apart, countTicks, durationTicks, niceMax, percent, runsOf, timeTicks } from './scale.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('scales', () => {
  it.each([
    [0, 1],
    [1, 1],
    [4, 5],
    [11, 20],
    [27, 30],
    [61, 100],
    [501, 1000],
  ])('holds %d in %d', (most, max) => expect(niceMax(most)).toBe(max));

  it.each([
    [1, [0, 1]],
    [5, [0, 2, 4]],
    [20, [0, 5, 10, 15, 20]],
    [100, [0, 50, 100]],
    [3000, [0, 1000, 2000, 3000]],
  ])('draws lines up to %d at %j', (max, ticks) => expect(countTicks(max)).toEqual(ticks));

  it.each([
    [3 * MINUTE, [0, MINUTE, 2 * MINUTE, 3 * MINUTE]],
    [50 * MINUTE, [0, 15 * MINUTE, 30 * MINUTE, 45 * MINUTE, HOUR]],
    [25 * HOUR, [0, 12 * HOUR, DAY, 36 * HOUR]],
    [0, [0, MINUTE]],
  ])('draws lines up to a length of %d ms at %j', (longest, ticks) => expect(durationTicks(longest)).toEqual(ticks));

  it('names days, Mondays or months', () => {
    const at = Date.parse;
    expect(timeTicks(at('2026-11-01T12:00:00Z'), at('2026-11-04T12:00:00Z')).map(({ name }) => name)).toEqual(['2 Nov', '3 Nov', '4 Nov']);
    const weeks = timeTicks(at('2026-09-01T00:00:00Z'), at('2026-11-30T00:00:00Z'));
    expect(weeks.map(({ name }) => name)).toEqual(['7 Sep', '21 Sep', '5 Oct', '19 Oct', '2 Nov', '16 Nov']);
    expect(weeks.map((tick) => new Date(tick.at).getUTCDay())).toEqual([1, 1, 1, 1, 1, 1]);
    expect(timeTicks(at('2026-10-15T00:00:00Z'), at('2027-04-02T00:00:00Z')).map(({ name }) => name)).toEqual(['Nov', 'Dec', '2027', 'Feb', 'Mar', 'Apr']);
  });

  it('says how far, and never beyond', () => {
    expect([percent(5, 0, 20), percent(-1, 0, 20), percent(21, 0, 20), percent(1, 3, 3)]).toEqual([25, 0, 100, 0]);
  });

  it('moves labels apart in their order', () => {
    expect(apart([100, 98, 20], 14, 110)).toEqual([100, 86, 20]);
    expect(apart([109, 109, 109], 14, 110)).toEqual([109, 95, 81]);
  });
});

it('draws steps that follow each other at one height as one, and nothing where nothing is', () => {
  const step = (from: number, to: number, height: number) => ({ from: String(from), to: String(to), height });
  const steps = [step(1, 2, 3), step(2, 4, 3), step(4, 5, 0), step(5, 6, 3), step(7, 8, 3), step(8, 9, 4)];
  expect(runsOf(steps, ({ height }) => [0, height]).map(({ from, to, upper }) => [from, to, upper])).toEqual([
    ['1', '4', 3],
    ['5', '6', 3],
    ['7', '8', 3],
    ['8', '9', 4],
  ]);
});
