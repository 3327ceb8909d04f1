import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstAfter, intersect, subtract, total, union, within } from './interval.ts';

const edge = fc.integer({ min: -20, max: 20 });
const period = fc.tuple(edge, edge).map(([from, to]) => ({ from, to }));
const periods = fc.array(period, { maxLength: 8 }).map(union);

it('finds the parts of ordered periods in one without reading through them', () => {
  fc.assert(
    fc.property(periods, period, edge, (all, one, at) => {
      expect(within(all, one)).toEqual(one.from < one.to ? intersect(all, [one]) : []);
      expect(firstAfter(all, at)).toBe(all.filter(({ to }) => to <= at).length);
    }),
  );
});

it('subtracts what lies in any of the others', () => {
  fc.assert(
    fc.property(periods, periods, (all, others) => {
      const holding = (those: typeof all) => Array.from({ length: 41 }, (_, place) => those.some(({ from, to }) => from <= place - 20 && place - 20 < to));
      const [left, right] = [holding(all), holding(others)];
      const rest = subtract(all, others);
      expect(holding(rest)).toEqual(left.map((held, place) => held && !right[place]));
      expect(union(rest)).toEqual(rest);
      expect(total(rest)).toBe(total(all) - total(intersect(all, others)));
    }),
  );
  expect(subtract([{ from: -Infinity, to: Infinity }], [{ from: 1, to: Infinity }])).toEqual([{ from: -Infinity, to: 1 }]);
});
