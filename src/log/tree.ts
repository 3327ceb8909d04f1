import { EMPTY_ROOT, HASH_SIZE, type Hash, levelAbove, nodeHash, splitPoint } from './merkle.ts';
import { consistencyProof } from './tiles.ts';

/** A Merkle tree held in memory, 64 bytes a leaf: for whoever needs many proofs of one log. */
export interface Tree {
  readonly size: number;
  /** Root of the first `size` leaves. */
  rootAt(size: number): Hash;
  /** RFC 6962 section 2.1.1. */
  inclusion(index: number): Hash[];
  /** RFC 6962 section 2.1.2, from a tree of `earlier` (at least 1) to this one. */
  consistency(earlier: number): Hash[];
  /** The bytes of a hash tile (C2SP tlog-tiles). */
  tile(level: number, index: number, width: number): Buffer;
}

/** @param leaves the leaf hashes, one after the other */
export function treeOf(leaves: Buffer): Tree {
  const size = leaves.length / HASH_SIZE;
  const levels = [leaves];
  const ends = new Map<number, Hash>();
  for (let below = leaves; below.length >= 2 * HASH_SIZE; below = levels.at(-1) ?? EMPTY_ROOT) levels.push(levelAbove(below));

  return {
    size,
    rootAt: (to) => (to === 0 ? EMPTY_ROOT : range(0, to)),
    inclusion: (index) => inclusion(index, 0, size),
    consistency: (earlier) => consistencyProof(earlier, size, (level, index) => at(levels[8 * level] ?? EMPTY_ROOT, index)),
    tile: (level, index, width) => (levels[8 * level] ?? EMPTY_ROOT).subarray(index * 256 * HASH_SIZE, (index * 256 + width) * HASH_SIZE),
  };

  /** A whole subtree is at hand; any other is made of those that are, and the ones at the end of the tree are asked for again and again. */
  function range(from: number, to: number): Hash {
    const count = to - from;
    const height = Math.log2(count);
    if (Number.isInteger(height) && from % count === 0) return at(levels[height] ?? EMPTY_ROOT, from / count);
    const known = to === size ? ends.get(from) : undefined;
    if (known) return known;
    const split = splitPoint(count);
    const hash = nodeHash(range(from, from + split), range(from + split, to));
    if (to === size) ends.set(from, hash);
    return hash;
  }

  function inclusion(index: number, from: number, to: number): Hash[] {
    if (to - from === 1) return [];
    const middle = from + splitPoint(to - from);
    if (index < middle) return [...inclusion(index, from, middle), range(middle, to)];
    return [...inclusion(index, middle, to), range(from, middle)];
  }
}

const at = (level: Buffer, place: number): Hash => level.subarray(place * HASH_SIZE, (place + 1) * HASH_SIZE);
