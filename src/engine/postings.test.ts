import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hashOf, Postings } from './postings.ts';

const TOP = 2 ** 26;
const entry = fc.tuple(fc.constantFrom(0, 1, 2, 77, TOP - 2, TOP - 1), fc.constantFrom(0, 1, 2, 500, 2 ** 27 - 2, 2 ** 27 - 1));
const ascending = (places: readonly number[]) => places.toSorted((a, b) => a - b);

/** The places of a hash, by all that was ever added. */
const plainly = (all: readonly (readonly [number, number])[], hash: number) =>
  ascending([...new Set(all.flatMap(([its, place]) => (its === hash ? [place] : [])))]);

it('finds the places of a hash, each once, however they came', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), (first, later) => {
      const postings = Postings.of(first);
      for (const [hash, place] of later) postings.add(hash, place);
      for (const hash of [0, 1, 2, 76, 77, 78, TOP - 2, TOP - 1]) expect(ascending(postings.of(hash))).toEqual(plainly([...first, ...later], hash));
    }),
  );
});

it('does so of many, of which new ones are sorted in among the others', () => {
  const entries = Array.from({ length: 20_000 }, (_, place): readonly [number, number] => [(place * 7919) % 1000, (place * 104_729) % 30_000]);
  for (const begun of [0, 5, 4096, 4097, 8192, 20_000]) {
    const postings = Postings.of(entries.slice(0, begun));
    for (const [hash, place] of entries.slice(begun)) postings.add(hash, place);
    for (const [hash, place] of entries.slice(0, 50)) postings.add(hash, place); // said again, nothing is found twice
    for (let hash = 0; hash < 1000; hash += 37) expect(ascending(postings.of(hash)), `${begun} ${hash}`).toEqual(plainly(entries, hash));
    expect(postings.of(1000)).toEqual([]);
  }
});

it('has the same hash for the same value on every machine, and no other kind of value has that of a text', () => {
  // FNV-1a of 32 bits, as its authors publish it, folded to 26.
  const published = { '': 0x811c9dc5, a: 0xe40c292c, foobar: 0xbf9cf968 };
  for (const [text, hash] of Object.entries(published)) expect(hashOf(text)).toBe(((hash >>> 6) ^ hash) & (TOP - 1));
  expect(hashOf(1)).not.toBe(hashOf('1'));
  expect(hashOf(true)).not.toBe(hashOf('true'));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), (value) => {
      const hash = hashOf(value);
      expect([Number.isInteger(hash), hash >= 0, hash < TOP]).toEqual([true, true, true]);
    }),
  );
});
