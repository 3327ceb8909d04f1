import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeEntries, keyTable, type NewEntry, WIDTH } from './key-table.ts';

const name = (text: string): string => createHash('sha256').update(text).digest('hex');
const made = (number: number): NewEntry => ({
  digest: name(`digest ${number}`),
  fingerprint: number % 3 === 0 ? null : name(`bytes ${number}`),
  place: { pack: number % 5 === 0 ? null : name(`pack ${number >> 6}`), offset: number * 10, length: number },
});
const wrapped = (number: number): Buffer => Buffer.alloc(40, number);
const encoded = (...numbers: readonly number[]): Buffer => encodeEntries(numbers.map(made), numbers.map(wrapped));

describe('the table of the keys of an era', () => {
  it.each([1, 50, 3000, 5000])('finds each of many that come %i at once, by digest and by fingerprint, and nothing else', (atOnce) => {
    const table = keyTable();
    for (let from = 0; from < 5000; from += atOnce) {
      table.add(encoded(...Array.from({ length: Math.min(atOnce, 5000 - from) }, (_, place) => from + place)));
      if (from % 3 === 0) expect(table.byDigest(made(from).digest)?.offset).toBe(from * WIDTH); // asked in between, and not each time
    }
    expect(table.size).toBe(5000 * WIDTH);
    for (let number = 0; number < 5000; number++) {
      const its = { ...made(number), offset: number * WIDTH, wrapped: wrapped(number) };
      expect(table.byDigest(its.digest)).toEqual(its);
      if (its.fingerprint !== null) expect(table.byFingerprint(its.fingerprint)).toEqual(its);
    }
    expect([table.byDigest(name('another')), table.byFingerprint(name('another')), table.hasFingerprint(name('another'))]).toEqual([null, null, false]);
    expect(Array.from(table.entries(), ({ digest }) => digest)).toEqual(Array.from({ length: 5000 }, (_, number) => made(number).digest));
  });

  it('passes over those that were destroyed, whose room stays', () => {
    const table = keyTable();
    const bytes = encoded(1, 2, 4);
    bytes.fill(0, WIDTH, 2 * WIDTH);
    table.add(bytes);
    expect(Array.from(table.entries(), ({ digest }) => digest)).toEqual([made(1).digest, made(4).digest]);
    expect([table.byDigest(made(2).digest), table.byFingerprint(made(2).fingerprint as string)]).toEqual([null, null]);
    expect(table.byDigest(made(4).digest)?.offset).toBe(2 * WIDTH);
    const none = '00'.repeat(32);
    table.add(encodeEntries([{ ...made(5), fingerprint: null }], [wrapped(5)]));
    expect([table.byDigest(none), table.hasFingerprint(none)]).toEqual([null, false]);
  });

  it('tells the newest where bytes were kept anew, or a payload came twice', () => {
    const table = keyTable();
    const [first, second] = [made(1), { ...made(2), fingerprint: made(1).fingerprint }];
    table.add(encodeEntries([first, second, { ...first, fingerprint: null }], [wrapped(1), wrapped(2), wrapped(3)]));
    expect(table.byFingerprint(first.fingerprint as string)?.digest).toBe(second.digest);
    expect(table.byDigest(first.digest)).toEqual({ ...first, fingerprint: null, offset: 2 * WIDTH, wrapped: wrapped(3) });
    expect(Array.from(table.entries(), ({ digest, fingerprint }) => [digest, fingerprint])).toEqual([
      [second.digest, second.fingerprint],
      [first.digest, null],
    ]);
  });

  it('gives out bytes of its own: what is added later changes nothing of what was told', () => {
    const table = keyTable();
    table.add(encoded(1));
    const its = table.byDigest(made(1).digest);
    its?.wrapped.fill(9);
    expect(table.byDigest(made(1).digest)?.wrapped).toEqual(wrapped(1));
  });
});
