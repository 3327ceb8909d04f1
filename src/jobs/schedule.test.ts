import fc from 'fast-check';
import { expect, it } from 'vitest';
import { days, hours, instant, iso, minutes } from '../core/instant.ts';
import { gridSlots, listedSlots, monthlySlots, newestSlot, nextSlot } from './schedule.ts';

const at = instant('2026-03-10T09:30:00Z');

it('counts slots from 1970, with an offset of their own', () => {
  const slots = gridSlots(hours(6), minutes(7));
  expect(slots(at - hours(13), at, 10).map(iso)).toEqual(['2026-03-10T00:07:00Z', '2026-03-10T06:07:00Z']);
  expect(slots(at, at + hours(3), 10).map(iso)).toEqual(['2026-03-10T12:07:00Z']);
  expect(nextSlot({ slots, interval: hours(6) }, at)).toBe(instant('2026-03-10T12:07:00Z'));
  expect(newestSlot({ slots }, at)).toBe(instant('2026-03-10T06:07:00Z'));
});

it('gives the same slots whether they are asked for at once or piece by piece, each once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(10_000),
      fc.nat(100_000),
      fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 12 }),
      (every, offset, from, steps) => {
        const slots = gridSlots(every, offset);
        let [here, pieces] = [from, [] as number[]];
        for (const step of steps) {
          pieces = [...pieces, ...slots(here, here + step, 1e6)];
          here += step;
        }
        expect(pieces).toEqual(slots(from, here, 1e6));
        expect(pieces.every((slot) => slot > from && slot <= here && (slot - offset) % every === 0)).toBe(true);
        expect(slots(from, here, 3)).toEqual(pieces.slice(-3));
      },
    ),
  );
});

it('begins a month in the zone of the workspace, over summer time too', () => {
  const slots = monthlySlots('Europe/Berlin');
  expect(slots(instant('2026-02-27T00:00:00Z'), instant('2026-04-30T22:00:00Z'), 10).map(iso)).toEqual([
    '2026-02-28T23:00:00Z',
    '2026-03-31T22:00:00Z',
    '2026-04-30T22:00:00Z',
  ]);
  expect(slots(instant('2020-01-01T00:00:00Z'), at, 2).map(iso)).toEqual(['2026-01-31T23:00:00Z', '2026-02-28T23:00:00Z']);
  expect(newestSlot({ slots }, at)).toBe(instant('2026-02-28T23:00:00Z'));
});

it('knows when no slot lies ahead', () => {
  const slots = listedSlots([at + days(3), at, at]);
  expect(slots(at - 1, at + days(9), 9)).toEqual([at, at + days(3)]);
  expect(nextSlot({ slots, interval: days(366) }, at)).toBe(at + days(3));
  expect(nextSlot({ slots, interval: days(366) }, at + days(3))).toBeNull();
  expect(newestSlot({ slots }, at - 1)).toBeNull();
});
