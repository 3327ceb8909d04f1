import { describe, expect, it } from 'vitest';
import { type Hash, leafHash, rootOf, verifyConsistency, verifyInclusion } from './merkle.ts';
import { consistencyProof, inclusionProof, type ReadHash } from './tiles.ts';
import { treeOf } from './tree.ts';

const leaves: readonly Hash[] = Array.from({ length: 600 }, (_, place) => leafHash(Buffer.from(`${place}`)));
const stored: ReadHash = (level, index) => rootOf(leaves.slice(index * 256 ** level, (index + 1) * 256 ** level));

describe('a tree in memory', () => {
  it.each([0, 1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 600])('of %i leaves has the root and the proofs of RFC 6962', (size) => {
    const tree = treeOf(Buffer.concat(leaves.slice(0, size)));
    const root = rootOf(leaves.slice(0, size));
    expect(tree.size).toBe(size);
    expect(tree.rootAt(size)).toEqual(root);
    for (let index = 0; index < size; index += 37) {
      const proof = tree.inclusion(index);
      expect(proof).toEqual(inclusionProof(index, 0, size, stored));
      expect(verifyInclusion(leaves[index] as Hash, index, size, proof, root)).toBe(true);
    }
    for (let earlier = 1; earlier < size; earlier += 41) {
      const before = tree.rootAt(earlier);
      expect(before).toEqual(rootOf(leaves.slice(0, earlier)));
      const proof = tree.consistency(earlier);
      expect(proof).toEqual(consistencyProof(earlier, size, stored));
      expect(verifyConsistency(earlier, size, proof, before, root)).toBe(true);
    }
  });

  it('gives the tiles of C2SP', () => {
    const tree = treeOf(Buffer.concat(leaves));
    expect(tree.tile(0, 1, 256)).toEqual(Buffer.concat(leaves.slice(256, 512)));
    expect(tree.tile(0, 2, 88)).toEqual(Buffer.concat(leaves.slice(512)));
    expect(tree.tile(1, 0, 2)).toEqual(Buffer.concat([stored(1, 0), stored(1, 1)]));
  });
});
