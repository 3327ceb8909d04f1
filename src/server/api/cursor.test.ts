import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compared, cursorOf, pageOf, placeOf } from './cursor.ts';
import { isRefusal } from './problem.ts';

const QUESTION = { state: 'open' };
interface Entry {
  readonly key: string;
  readonly rank: number | null;
}
const entry = fc.record({ key: fc.string({ maxLength: 3 }), rank: fc.option(fc.integer({ min: -3, max: 3 })) });
const keysOf = ({ rank, key }: Entry) => [rank, key];
const nameOf = (its: Entry) => JSON.stringify(keysOf(its));
const refusal = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return isRefusal(error) ? error.data.problem : error;
  }
};

it('loses and doubles nothing of what was there all the time, whatever comes and goes between two pages', () => {
  const list = fc.uniqueArray(entry, { maxLength: 20, selector: nameOf });
  fc.assert(
    fc.property(list, fc.array(list, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), fc.boolean(), (stays, others, limit, descending) => {
      const kept = new Set(stays.map(nameOf));
      const read: string[] = [];
      let cursor: string | undefined;
      for (let round = 0; ; round++) {
        const there = [...stays, ...(others[round % Math.max(1, others.length)] ?? []).filter((its) => !kept.has(nameOf(its)))];
        const { entries, next } = pageOf(there, keysOf, { question: QUESTION, limit, place: placeOf(QUESTION, cursor), asOf: 7, descending });
        expect(entries.length).toBeLessThanOrEqual(limit);
        read.push(...entries.map(nameOf));
        if (next === null) break;
        cursor = next;
      }
      expect(new Set(read).size).toBe(read.length);
      expect(read.filter((name) => kept.has(name)).sort()).toEqual([...kept].sort());
      const sorted = read.toSorted((a, b) => compared(JSON.parse(a), JSON.parse(b)) * (descending ? -1 : 1));
      expect(read).toEqual(sorted);
    }),
  );
});

it('carries the instant of the first page, and fits no other question', () => {
  const cursor = cursorOf(QUESTION, { after: ['a', 1, null], asOf: 7 });
  expect(placeOf(QUESTION, cursor)).toEqual({ after: ['a', 1, null], asOf: 7 });
  expect(refusal(() => placeOf({ state: 'fixed' }, cursor))).toBe('cursor-of-another-question');
});

it('takes nothing for a cursor that is none', () => {
  const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [digest] = JSON.parse(Buffer.from(cursorOf(QUESTION, { after: [1], asOf: null }), 'base64url').toString()) as [string];
  for (const bad of [
    'AAAA',
    made({}),
    made([]),
    made([digest]),
    made([digest, null]),
    made([digest, 1.5, 'a']),
    made([digest, null, { a: 1 }]),
    made([1, null, 'a']),
  ])
    expect([bad, refusal(() => placeOf(QUESTION, bad))]).toEqual([bad, 'invalid-request']);
});
