import { expect, it } from 'vitest';
import { besidesReader } from './besides.ts';
import { day, ground } from './testing/six-days.ts';

const reader = (expectedFrom: Readonly<Record<string, number>> = {}) => {
  const on = ground({ expectedFrom });
  return besidesReader({ ...on, datasets: [], timezone: 'UTC' });
};

it('says which datasets of its checks no source was expected to tell of before the end of the period', () => {
  const unfed = (id: string, to: number) => reader({ iam: day(3), github: day(9), aws: day(9) }).of(id, { from: day(0), to: to }, day(5)).unfed;
  expect(unfed('ZZ-01', day(3))).toEqual(['access-keys']);
  expect(unfed('ZZ-01', day(3) + 1)).toEqual([]);
  expect(unfed('BB-02', day(5))).toEqual(['pull-requests', 'reviews']);
  expect(unfed('BB-01', day(5))).toEqual([]);
});

it('says what is not examined of a control, and nothing of one that there is not', () => {
  const besides = (id: string) => reader().of(id, { from: day(0), to: day(5) }, day(5));
  const nothing = { excluded: null, notExcluded: null, duties: [], unfed: [], unexamined: [] };
  expect(besides('AA-01')).toEqual({ ...nothing, unexamined: ['By hand.'] });
  expect(besides('ZZ-01')).toEqual(nothing);
  expect(besides('no such control')).toEqual(nothing);
  expect(reader().changes(day(5))).toEqual([]);
});
