import { expect, it } from 'vitest';
import { worker } from '../../../test/rows.ts';
import { days, hours, instant } from '../../core/instant.ts';
import { departuresMark, departuresTable } from './departures.ts';

const MONDAY = instant('2026-06-01T02:00:00Z');
const since = instant('2026-01-01T00:00:00Z');
const ends = (terminationAt: number | null, workerId = 'W-1') => worker({ workerId, terminationAt });
const told = (readings: readonly (readonly [at: number, workers: readonly ReturnType<typeof worker>[]])[]) => {
  let after: string | null = null;
  let table = departuresTable([], { after, since }, since);
  for (const [at, workers] of readings) {
    table = departuresTable(workers, { after, since }, at);
    after = departuresMark(workers, after, at).after;
  }
  return table;
};
const FRIDAY = MONDAY + days(4);

it('a departure was entered between the last answer without it and the first with it', () => {
  const readings = [
    [MONDAY, [ends(null)]],
    [MONDAY + days(1), [ends(FRIDAY)]],
    [MONDAY + days(2), [ends(FRIDAY)]],
  ] as const;
  expect(told(readings).rows).toMatchObject([{ workerId: 'W-1', effectiveAt: FRIDAY, toldAt: MONDAY + days(1), untoldAt: MONDAY }]);
  expect(told(readings).polled).toEqual({ from: since, to: MONDAY + days(2) });
});

it('of what the first answer of all told nobody knows when it was entered', () =>
  expect(told([[MONDAY, [ends(MONDAY - days(3))]]]).rows).toMatchObject([{ toldAt: MONDAY, untoldAt: null }]));

it('one that is put off is another, and the first is taken back', () => {
  const later = told([
    [MONDAY, [ends(FRIDAY)]],
    [MONDAY + days(1), [ends(FRIDAY + days(7))]],
  ]);
  expect(later.rows).toMatchObject([{ effectiveAt: FRIDAY + days(7), toldAt: MONDAY + days(1), untoldAt: MONDAY }]);
  expect(later.withdrawn).toEqual([`W-1@${worker().startAt}/${FRIDAY}`]);
});

it('an older export that is read again shows nothing to be late', () =>
  expect(
    told([
      [MONDAY, [ends(null)]],
      [MONDAY - hours(24), [ends(FRIDAY)]],
    ]).rows,
  ).toMatchObject([{ toldAt: MONDAY - hours(24), untoldAt: null }]));
