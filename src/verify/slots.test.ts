import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Slots, toldOf } from './slots.ts';

const told = (slots: readonly (readonly [slot: number, every: number | null])[]): Slots | undefined =>
  slots.reduce<Slots | undefined>((before, [slot, every], index) => toldOf(before, { slot, every, index, sealedAt: 1000 }), undefined);

it('names a silence, and the record that showed it', () => {
  expect(
    told([
      [0, 10],
      [10, 10],
      [40, 10],
    ])?.silences,
  ).toEqual([{ after: 10, until: 40, step: 10, every: 10, index: 2 }]);
  expect(
    told([
      [0, 10],
      [19, 10],
      [38, 10],
    ])?.silences,
  ).toEqual([]); // late, and not silent
  expect(
    told([
      [0, null],
      [40, 10],
    ])?.silences,
  ).toEqual([]); // nothing was due in between
});

it('ends a silence by what is told of it late, slot by slot', () => {
  expect(
    told([
      [0, 10],
      [40, 10],
      [20, 10],
    ])?.silences,
  ).toEqual([
    { after: 0, until: 20, step: 10, every: 10, index: 1 },
    { after: 20, until: 40, step: 10, every: 10, index: 1 },
  ]);
  expect(
    told([
      [0, 10],
      [40, 10],
      [20, 10],
      [10, 10],
      [30, 10],
    ]),
  ).toMatchObject({ newest: 40, every: 10, silences: [], changes: [] });
});

it('finds no silence where every slot is told of, in whatever order after the first, and one where any is missing', () => {
  const order = fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 });
  fc.assert(
    fc.property(order, fc.integer({ min: 1, max: 7 }), (slots, missing) => {
      const all = [0, ...slots].map((slot) => [slot * 10, 10] as const);
      expect(told(all)?.silences).toEqual([]);
      expect(told(all.filter(([slot]) => slot !== missing * 10))?.silences.map(({ after, until }) => [after, until])).toEqual([
        [missing * 10 - 10, missing * 10 + 10],
      ]);
    }),
  );
});
