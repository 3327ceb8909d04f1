import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inParts } from './ordered.ts';
import { cases } from './testing/cases.ts';

it('gives any part of an order as if all of it had been sorted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40_000 }),
      fc.integer({ min: 1, max: 50_000 }),
      fc.array(fc.nat(40_000), { maxLength: 6 }),
      (length, spread, asked) => {
        const keyOf = (entry: number) => (entry * 7919) % spread; // few different ones, where the spread is small
        const compare = (a: number, b: number) => keyOf(a) - keyOf(b);
        const entries = Int32Array.from({ length }, (_, entry) => entry);
        const whole = entries.toSorted(compare);
        const parts = inParts(entries, compare);
        expect(parts.length).toBe(length);
        for (const from of asked) expect([parts.at(from), [...parts.slice(from, from + 9)]]).toEqual([whole[from], [...whole.subarray(from, from + 9)]]);
        expect(Buffer.compare(Buffer.from(parts.slice(0, length)), Buffer.from(whole))).toBe(0);
      },
    ),
    { numRuns: cases(20) },
  );
});
