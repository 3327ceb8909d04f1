import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inParts, madeIn, ordered } from './ordered.ts';
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

const BATCH = 32_768;
/** Each entry has a key of its own: for these lengths and this factor have no divisor in common. */
const scattered = (length: number) => (entry: number) => (entry * 7919) % length;

it('gives the values of all entries in the order of their keys, few made at once and those in the order given', () => {
  for (const length of [0, 1, 5, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH + 1]) {
    const keyOf = scattered(length);
    const entries = Int32Array.from({ length }, (_, entry) => entry);
    const made: number[] = [];
    const make = (entry: number) => {
      made.push(entry);
      return { entry };
    };
    const given = ordered(entries, { keyOf, compare: (a: number, b: number) => a - b, make });
    const order: number[] = [];
    let most = 0;
    for (const { entry } of given) {
      order.push(entry);
      most = Math.max(most, made.length - order.length);
    }
    expect(Buffer.compare(Buffer.from(Int32Array.from(order)), Buffer.from(entries.toSorted((a, b) => keyOf(a) - keyOf(b))))).toBe(0);
    expect(made.length).toBe(length);
    if (length > BATCH) expect(most).toBeLessThan(length / 2);
    else expect(made).toEqual([...entries]);
    const descents = made.filter((entry, place) => place > 0 && entry < (made[place - 1] ?? 0)).length;
    expect(descents).toBeLessThanOrEqual(Math.ceil(length / BATCH));
  }
});

it('keeps what is the same in the order in which it was given', () => {
  for (const length of [9, 20_000]) {
    const entries = Int32Array.from({ length }, (_, entry) => length - entry);
    const parts = inParts(entries, (a, b) => (a % 3) - (b % 3));
    expect([...parts.slice(0, length)]).toEqual([...entries].sort((a, b) => (a % 3) - (b % 3)));
    expect([entries[0], entries[length - 1]]).toEqual([length, 1]); // those that were given stay as they were
  }
});

it('sorts no more than is asked for', () => {
  const length = 100_003;
  const keyOf = scattered(length);
  let compared = 0;
  const compare = (a: number, b: number) => {
    compared++;
    return keyOf(a) - keyOf(b);
  };
  const parts = inParts(
    Int32Array.from({ length }, (_, entry) => entry),
    compare,
  );
  const begun = compared;
  parts.slice(0, 20);
  const onePage = compared - begun;
  parts.slice(5, 25);
  expect(compared, 'what is sorted is not sorted again').toBe(begun + onePage);
  expect(parts.at(length)).toBeUndefined();
  expect(compared).toBe(begun + onePage);
  parts.slice(0, length);
  expect(onePage).toBeGreaterThan(0);
  expect(compared - begun).toBeGreaterThan(6 * onePage);
});

it('makes the values of an order part by part, each part ascending', () => {
  for (const length of [0, 3, 8192, 8193, 20_000]) {
    const keyOf = scattered(Math.max(1, length));
    const parts = inParts(
      Int32Array.from({ length }, (_, entry) => entry),
      (a, b) => keyOf(b) - keyOf(a),
    );
    const made: number[] = [];
    let most = 0;
    const given: number[] = [];
    const take = (its: number) => {
      made.push(its);
      return its;
    };
    for (const entry of madeIn(parts, take)) {
      given.push(entry);
      most = Math.max(most, made.length - given.length);
    }
    expect(given).toEqual([...parts.slice(0, length)]);
    expect(most).toBeLessThan(8192);
    for (let from = 0; from < length; from += 8192) {
      const part = made.slice(from, from + 8192);
      expect(part.every((entry, place) => place === 0 || entry > (part[place - 1] ?? 0))).toBe(true);
    }
  }
});
