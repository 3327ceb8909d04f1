import type { Hash } from './merkle.ts';
import { consistencyProof, inclusionProof, rangeRoot, type ReadHash, TILE_WIDTH } from './tiles.ts';

/** Reads the hashes of one tile of a tree; rejects where it is missing. */
export type ReadTile = (level: number, index: number) => Promise<readonly Hash[]>;

/** RFC 6962 section 2.1.2, from tiles of a tree of `size`. Empty where `earlier` is 0 or `size`. */
export const consistencyFrom = (earlier: number, size: number, tile: ReadTile): Promise<readonly Hash[]> =>
  earlier === 0 || earlier === size ? Promise.resolve([]) : derive(tile, (read) => consistencyProof(earlier, size, read));

/** RFC 6962 section 2.1.1, and the hash of the leaf, from tiles of a tree of `size`. */
export const inclusionFrom = (index: number, size: number, tile: ReadTile): Promise<{ readonly leaf: Hash; readonly hashes: readonly Hash[] }> =>
  derive(tile, (read) => ({ leaf: read(0, index), hashes: inclusionProof(index, 0, size, read) }));

/** The root of the first `size` leaves, from tiles of a tree at least as large. `size` is at least 1. */
export const rootFrom = (size: number, tile: ReadTile): Promise<Hash> => derive(tile, (read) => rangeRoot(0, size, read));

/** What a walk over hashes gives, with only those tiles read that it visits: walked until none is missing. */
async function derive<Result>(tile: ReadTile, walk: (read: ReadHash) => Result): Promise<Result> {
  const tiles = new Map<string, readonly Hash[]>();
  for (;;) {
    const needed = new Map<string, readonly [level: number, index: number]>();
    const result = walk((level, place) => {
      const index = Math.floor(place / TILE_WIDTH);
      const hash = tiles.get(`${level}/${index}`)?.[place % TILE_WIDTH];
      if (!hash) needed.set(`${level}/${index}`, [level, index]);
      return hash ?? Buffer.alloc(32);
    });
    if (needed.size === 0) return result;
    for (const [name, [level, index]] of needed) {
      if (tiles.has(name)) throw new RangeError(`the tile ${name} is narrower than the walk needs`);
      tiles.set(name, await tile(level, index));
    }
  }
}
