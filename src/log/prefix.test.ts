import { expect, it } from 'vitest';
import { consistencyFrom, rootFrom } from './derive.ts';
import { type Hash, leafHash, rootOf, verifyConsistency } from './merkle.ts';
import { TILE_WIDTH } from './tiles.ts';

const leaves = Array.from({ length: 600 }, (_, index) => leafHash(Buffer.from(String(index))));
const firsts = Array.from({ length: 2 }, (_, tile) => rootOf(leaves.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH)));
/** The tiles of the whole tree. */
const tile = async (level: number, index: number): Promise<readonly Hash[]> =>
  (level === 0 ? leaves : firsts).slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH);

it.each([1, 2, 255, 256, 257, 511, 512, 513, 600])(
  'the tiles of a larger tree tell the root that it had at %i, and prove that it continues it',
  async (size) => {
    const root = await rootFrom(size, tile);
    expect(root.toString('hex')).toBe(rootOf(leaves.slice(0, size)).toString('hex'));
    const proof = await consistencyFrom(size, 600, tile);
    expect(verifyConsistency(size, 600, proof, root, rootOf(leaves))).toBe(true);
  },
);
