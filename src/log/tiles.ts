import { IntegrityError } from '../core/error.ts';
import { HASH_SIZE, type Hash, nodeHash, rootOf, splitPoint } from './merkle.ts';

/** C2SP tlog-tiles: tiles of 256 hashes, levels of 8 tree levels each. */
export const TILE_WIDTH = 256;
/** An entry's length is written in 16 bits. */
export const MAX_ENTRY = 65_535;

/** `1234067` is written `x001/x234/067`. */
export function tileIndex(index: number): string {
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  return groups.join('/');
}

const partial = (width: number): string => (width === TILE_WIDTH ? '' : `.p/${width}`);
export const tilePath = (level: number, index: number, width: number): string => `tile/${level}/${tileIndex(index)}${partial(width)}`;
export const bundlePath = (index: number, width: number): string => `tile/entries/${tileIndex(index)}${partial(width)}`;
export const statementsPath = (index: number, width: number): string => `statements/${tileIndex(index)}${partial(width)}`;

/** How many hashes the tiles of a level hold in all, for a tree of `size`. */
export const levelSize = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** The tiles of a tree: level, index, width. Empty ones never exist. */
export function* tilesOf(size: number): Iterable<{ readonly level: number; readonly index: number; readonly width: number }> {
  for (let level = 0; levelSize(level, size) > 0; level++) {
    const hashes = levelSize(level, size);
    for (let index = 0; index * TILE_WIDTH < hashes; index++) yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
  }
}

/** Reads the hash at a place of a level: whole subtrees of 256^level leaves. */
export type ReadHash = (level: number, index: number) => Hash;

/** Root of the leaves `[from, to)`, from the highest stored hashes that fit. Both ends are where RFC 6962 splits. */
export function rangeRoot(from: number, to: number, read: ReadHash): Hash {
  const size = to - from;
  for (let level = 6; level >= 0; level--) {
    const unit = TILE_WIDTH ** level;
    if (size < unit || from % unit !== 0) continue;
    if (size % unit === 0 && size / unit <= TILE_WIDTH) return rootOf(Array.from({ length: size / unit }, (_, place) => read(level, from / unit + place)));
  }
  const split = splitPoint(size);
  return nodeHash(rangeRoot(from, from + split, read), rangeRoot(from + split, to, read));
}

/** RFC 6962 section 2.1.1. */
export function inclusionProof(index: number, from: number, to: number, read: ReadHash): Hash[] {
  if (to - from === 1) return [];
  const middle = from + splitPoint(to - from);
  if (index < middle) return [...inclusionProof(index, from, middle, read), rangeRoot(middle, to, read)];
  return [...inclusionProof(index, middle, to, read), rangeRoot(from, middle, read)];
}

/** RFC 6962 section 2.1.2. `earlier` is at least 1. */
export function consistencyProof(earlier: number, size: number, read: ReadHash): Hash[] {
  return subproof(earlier, 0, size, true);

  function subproof(known: number, from: number, to: number, whole: boolean): Hash[] {
    if (from + known === to) return whole ? [] : [rangeRoot(from, to, read)];
    const split = splitPoint(to - from);
    if (known <= split) return [...subproof(known, from, from + split, whole), rangeRoot(from + split, to, read)];
    return [...subproof(known - split, from + split, to, false), rangeRoot(from, from + split, read)];
  }
}

/** (length || bytes)*, the length in 2 bytes (entries) or 4 (statements), big-endian. */
export function encodeBundle(items: readonly Uint8Array[], lengthBytes: 2 | 4): Buffer {
  const bytes = Buffer.allocUnsafe(items.reduce((sum, { length }) => sum + lengthBytes + length, 0));
  let place = 0;
  for (const item of items) {
    if (lengthBytes === 2 && item.length > MAX_ENTRY) throw new RangeError(`an entry of ${item.length} bytes, at most ${MAX_ENTRY}`);
    bytes.set(item, bytes.writeUIntBE(item.length, place, lengthBytes));
    place += lengthBytes + item.length;
  }
  return bytes;
}

/** The reverse. Throws `IntegrityError` where the bytes are cut, or hold another number of items than they should. */
export function decodeBundle(bytes: Buffer, lengthBytes: 2 | 4, count: number, path: string): Buffer[] {
  const items: Buffer[] = [];
  let place = 0;
  while (place < bytes.length && items.length <= count) {
    const start = place + lengthBytes;
    const end = start <= bytes.length ? start + bytes.readUIntBE(place, lengthBytes) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw new IntegrityError('BUNDLE', `${path} is cut short after ${items.length} items`);
    items.push(bytes.subarray(start, end));
    place = end;
  }
  if (items.length !== count || place !== bytes.length) throw new IntegrityError('BUNDLE', `${path} does not hold ${count} items`);
  return items;
}

/** Reads a hash tile of a known width. */
export function decodeTile(bytes: Buffer, width: number, path: string): Hash[] {
  if (bytes.length !== width * HASH_SIZE) throw new IntegrityError('TILE', `${path} has ${bytes.length} bytes, not ${width * HASH_SIZE}`);
  return Array.from({ length: width }, (_, place) => bytes.subarray(place * HASH_SIZE, (place + 1) * HASH_SIZE));
}
