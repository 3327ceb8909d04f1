import { hash as digest } from 'node:crypto';

/** RFC 6962 section 2.1, SHA-256 only. */
export const HASH_SIZE = 32;
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

export type Hash = Buffer;

/** By way of a string of bytes, which Node gives in a third of the time that it takes to make a buffer. */
export const sha256 = (bytes: Uint8Array): Hash => Buffer.from(digest('sha256', bytes, 'binary'), 'binary');
export const sha256hex = (bytes: Uint8Array): string => digest('sha256', bytes, 'hex');
export const leafHash = (entry: Uint8Array): Hash => sha256(marked(entry));
export function nodeHash(left: Hash, right: Hash): Hash {
  if (left.length !== HASH_SIZE || right.length !== HASH_SIZE) return sha256(Buffer.concat([NODE, left, right]));
  PAIR.set(left, 1);
  PAIR.set(right, 1 + HASH_SIZE);
  return sha256(PAIR);
}
/** The same as {@link leafHash}, put where it belongs among the hashes of all leaves. */
export function leafHashInto(entry: Uint8Array, hashes: Buffer, index: number): void {
  hashes.write(digest('sha256', marked(entry), 'binary'), index * HASH_SIZE, 'binary');
}

/** At hand, so that no buffer is made for each hash. */
const PAIR = Buffer.concat([NODE, Buffer.alloc(2 * HASH_SIZE)]);
const MARKED = Buffer.concat([LEAF, Buffer.alloc(4095)]);

function marked(entry: Uint8Array): Uint8Array {
  if (entry.length >= MARKED.length) return Buffer.concat([LEAF, entry]);
  MARKED.set(entry, 1);
  return MARKED.subarray(0, 1 + entry.length);
}

/** The hashes one level above, of the whole pairs of these. */
export function levelAbove(below: Buffer): Buffer {
  const level = Buffer.alloc(Math.floor(below.length / HASH_SIZE / 2) * HASH_SIZE);
  for (let place = 0; place < level.length; place += HASH_SIZE) {
    below.copy(PAIR, 1, 2 * place, 2 * place + 2 * HASH_SIZE);
    level.write(digest('sha256', PAIR, 'binary'), place, 'binary');
  }
  return level;
}

export const EMPTY_ROOT: Hash = sha256(Buffer.alloc(0));

/** Splits where RFC 6962 does: the largest power of two below `size`. `size` is at least 2. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Root over these hashes: those of leaves, or of whole subtrees of one height. */
export function rootOf(hashes: readonly Hash[]): Hash {
  const [first] = hashes;
  if (!first) return EMPTY_ROOT;
  if (hashes.length === 1) return first;
  const split = splitPoint(hashes.length);
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

/** Roots of a tree as it grows over these leaves, at each of the sizes: one node is hashed for each leaf, and few for each size. */
export function rootsOf(leaves: readonly Hash[], sizes: ReadonlySet<number>): ReadonlyMap<number, Hash> {
  const peaks: { readonly hash: Hash; readonly size: number }[] = []; // whole subtrees, the largest first
  const roots = new Map<number, Hash>(sizes.has(0) ? [[0, EMPTY_ROOT]] : []);
  for (const [place, leaf] of leaves.entries()) {
    let peak = { hash: leaf, size: 1 };
    for (let before = peaks.at(-1); before?.size === peak.size; before = peaks.at(-1)) {
      peaks.pop();
      peak = { hash: nodeHash(before.hash, peak.hash), size: peak.size * 2 };
    }
    peaks.push(peak);
    if (sizes.has(place + 1))
      roots.set(
        place + 1,
        peaks.map(({ hash }) => hash).reduceRight((right, left) => nodeHash(left, right)),
      );
  }
  return roots;
}

/** RFC 9162 section 2.1.3.2: whether `proof` leads from the leaf at `index` to the root of a tree of `size`. */
export function verifyInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[], root: Hash): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (leaf.length !== HASH_SIZE) return false; // an empty one would be an empty root
  let [node, last, hash] = [BigInt(index), BigInt(size - 1), leaf];
  for (const sibling of proof) {
    if (last === 0n || sibling.length !== HASH_SIZE) return false;
    if ((node & 1n) === 1n || node === last) {
      hash = nodeHash(sibling, hash);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else hash = nodeHash(hash, sibling);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && hash.equals(root);
}

/** RFC 9162 section 2.1.4.2: whether the tree of `size` continues the one of `earlier`. */
export function verifyConsistency(earlier: number, size: number, proof: readonly Hash[], earlierRoot: Hash, root: Hash): boolean {
  if (!Number.isSafeInteger(earlier) || !Number.isSafeInteger(size) || earlier < 1 || earlier > size) return false;
  if (earlier === size) return proof.length === 0 && earlierRoot.equals(root);
  const path = isPowerOfTwo(earlier) ? [earlierRoot, ...proof] : [...proof];
  let [node, last] = [BigInt(earlier - 1), BigInt(size - 1)];
  while ((node & 1n) === 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  const [first, ...rest] = path;
  if (!first || path.some(({ length }) => length !== HASH_SIZE)) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0n) return false;
    if ((node & 1n) === 1n || node === last) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else after = nodeHash(after, sibling);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n && before.equals(earlierRoot) && after.equals(root);
}

/** In whole numbers: the logarithm of a large size beside a power of two is rounded to it. */
const isPowerOfTwo = (size: number): boolean => (BigInt(size) & BigInt(size - 1)) === 0n;
