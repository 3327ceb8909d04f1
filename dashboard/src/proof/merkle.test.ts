import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leafHash as theirs } from '../../../src/log/merkle.ts';
import { treeOf } from '../../../src/log/tree.ts';
import type { Bytes } from './bytes.ts';
import { isBeginning, leafHash, rootOf } from './merkle.ts';

const bytes = (hash: Uint8Array): Bytes => new Uint8Array(hash);
const entry = (place: number): Bytes => new TextEncoder().encode(`entry ${place}`);
const tree = (size: number) => treeOf(Buffer.concat(Array.from({ length: size }, (_, place) => theirs(entry(place)))));
const cases = fc
  .integer({ min: 1, max: 300 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), earlier: fc.integer({ min: 1, max: size }), flip: fc.nat() }));

it('leads from every entry to the root that the log has, and to no other by a changed proof', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ size, index, flip }) => {
      const its = tree(size);
      const hashes = its.inclusion(index).map(bytes);
      const led = await rootOf(index, size, await leafHash(entry(index)), hashes);
      expect(led && Buffer.from(led.root).equals(its.rootAt(size))).toBe(true);
      expect(led?.rungs.at(-1)).toEqual(size === 1 ? undefined : expect.objectContaining({ from: 0, to: size }));
      const broken = hashes.map((hash, place) =>
        place === flip % Math.max(1, hashes.length) ? hash.map((byte, at) => (at === flip % 32 ? byte ^ 1 : byte)) : hash,
      );
      const other = await rootOf(index, size, await leafHash(entry(index)), broken as Bytes[]);
      if (hashes.length > 0) expect(other && Buffer.from(other.root).equals(its.rootAt(size))).toBe(false);
      expect(await rootOf(index, size, await leafHash(entry(index)), [...hashes, bytes(its.rootAt(1))])).toBe(null);
    }),
    { numRuns: 60 },
  );
});

it('knows the beginning of a log from another log', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ size, earlier }) => {
      const its = tree(size);
      const [before, now] = [
        { size: earlier, root: bytes(its.rootAt(earlier)) },
        { size, root: bytes(its.rootAt(size)) },
      ];
      const hashes = earlier === size ? [] : its.consistency(earlier).map(bytes);
      expect(await isBeginning(before, now, hashes)).toBe(true);
      const forked = { size: earlier, root: bytes(theirs(entry(9999))) };
      expect(await isBeginning(forked, now, hashes)).toBe(false);
      expect(await isBeginning(before, { size, root: bytes(theirs(entry(9999))) }, hashes)).toBe(false);
    }),
    { numRuns: 60 },
  );
});
