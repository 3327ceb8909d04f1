import { type Bytes, isSame, joined, sha256 } from './bytes.ts';

// RFC 6962 in the browser: nothing here is taken from the server's own words.

export const leafHash = (leaf: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(0), leaf));
const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(joined(Uint8Array.of(1), left, right));

/** One step from a leaf to the root: the hash that was joined, on which side, and the entries that the result covers. */
export interface Rung {
  readonly side: 'left' | 'right';
  readonly hash: Bytes;
  readonly from: number;
  readonly to: number;
}

/** The root that an inclusion proof leads to, and its steps, by the recursion of RFC 6962 section 2.1.1; `null` where it does not fit the size. */
export async function rootOf(
  index: number,
  size: number,
  leaf: Bytes,
  hashes: readonly Bytes[],
): Promise<{ readonly root: Bytes; readonly rungs: readonly Rung[] } | null> {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  const way = wayUp(index, 0, size);
  if (way.length !== hashes.length || hashes.some(({ length }) => length !== 32)) return null;
  const rungs = way.map((step, place) => ({ ...step, hash: hashes[place] as Bytes }));
  let root = leaf;
  for (const { side, hash } of rungs) root = side === 'left' ? await nodeHash(hash, root) : await nodeHash(root, hash);
  return { root, rungs };
}

/** From a leaf to the root of the entries `[from, to)`: on which side the other half lies, and what both cover together. */
function wayUp(index: number, from: number, to: number): readonly Omit<Rung, 'hash'>[] {
  if (to - from <= 1) return [];
  const middle = from + splitPoint(to - from);
  return index < middle ? [...wayUp(index, from, middle), { side: 'right', from, to }] : [...wayUp(index, middle, to), { side: 'left', from, to }];
}

/** The largest power of two below `size`. */
function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Whether an earlier tree is the beginning of a later one (RFC 9162 section 2.1.4.2). */
export async function isBeginning(
  earlier: { readonly size: number; readonly root: Bytes },
  later: { readonly size: number; readonly root: Bytes },
  hashes: readonly Bytes[],
): Promise<boolean> {
  if (earlier.size === later.size) return hashes.length === 0 && isSame(earlier.root, later.root);
  if (earlier.size <= 0 || earlier.size > later.size) return false;
  const whole = Number.isInteger(Math.log2(earlier.size));
  const path = whole ? [earlier.root, ...hashes] : [...hashes];
  let [node, last] = [earlier.size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  const [first, ...rest] = path;
  if (!first) return false;
  let [before, after] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [await nodeHash(hash, before), await nodeHash(hash, after)];
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
    } else after = await nodeHash(after, hash);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && isSame(before, earlier.root) && isSame(after, later.root);
}
