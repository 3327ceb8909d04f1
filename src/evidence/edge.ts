import { IntegrityError } from '../core/error.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf } from '../log/merkle.ts';
import type { LogReader } from '../log/reader.ts';
import { bundlePath, encodeBundle, rangeRoot, statementsPath, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import type { Objects } from './objects.ts';
import type { Signed } from './sealing.ts';

/** What stands at the right edge of the tree: all that appending needs. */
export interface Edge {
  readonly size: number;
  /** Hashes of the last, unfinished tile of each level. */
  readonly tiles: readonly (readonly Hash[])[];
  readonly entries: readonly Buffer[];
  readonly statements: readonly Buffer[];
}

/** Files of a log, below the state folder. */
export type Staged = readonly (readonly [path: string, bytes: Buffer])[];

export async function readEdge(reader: LogReader, { size, root }: Checkpoint): Promise<Edge> {
  const tiles: (readonly Hash[])[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++, hashes = Math.floor(hashes / TILE_WIDTH)) {
    tiles.push(hashes % TILE_WIDTH === 0 ? [] : await reader.tile(level, Math.floor(hashes / TILE_WIDTH), size));
  }
  const open = size % TILE_WIDTH > 0;
  const bundle = Math.floor(size / TILE_WIDTH);
  const edge = { size, tiles, entries: open ? await reader.entries(bundle, size) : [], statements: open ? await reader.statements(bundle, size) : [] };
  if (!edgeRoot(edge).equals(root)) throw new IntegrityError('EDGE', 'the last tiles do not give the root of the checkpoint');
  edge.entries.forEach((entry, place) => {
    if (!leafHash(entry).equals(tiles[0]?.[place] ?? EMPTY_ROOT))
      throw new IntegrityError('EDGE', `entry ${bundle * TILE_WIDTH + place} is not the one in its tile`);
  });
  return edge;
}

/** The root from the right edge alone: every hash that it needs is in the last tile of its level. */
export function edgeRoot({ size, tiles }: Edge): Hash {
  if (size === 0) return EMPTY_ROOT;
  return rangeRoot(0, size, (level, index) => {
    const hash = tiles[level]?.[index % TILE_WIDTH];
    if (!hash) throw new IntegrityError('EDGE', `no hash at level ${level}, index ${index}`);
    return hash;
  });
}

/** Appends leaves to the edge, and names every tile and bundle that is new or wider. */
export function extend(edge: Edge, sealed: readonly Pick<Signed, 'leaf' | 'envelope' | 'hash'>[]): { readonly edge: Edge; readonly written: Staged } {
  const tiles = edge.tiles.map((hashes) => [...hashes]);
  const full: (readonly [string, Buffer])[] = [];
  let [entries, statements] = [[...edge.entries], [...edge.statements]];
  let size = edge.size;
  const counts = tiles.map((_, level) => Math.floor(edge.size / TILE_WIDTH ** level));
  const push = (level: number, hash: Hash) => {
    const tile = tiles[level] ?? [];
    tiles[level] = tile;
    tile.push(hash);
    counts[level] = (counts[level] ?? 0) + 1;
    if (tile.length < TILE_WIDTH) return;
    full.push([`log/${tilePath(level, (counts[level] ?? 0) / TILE_WIDTH - 1, TILE_WIDTH)}`, Buffer.concat(tile)]);
    tiles[level] = [];
    push(level + 1, rootOf(tile));
  };
  for (const { leaf, envelope, hash } of sealed) {
    entries.push(leaf);
    statements.push(envelope);
    size++;
    push(0, hash);
    if (size % TILE_WIDTH > 0) continue;
    full.push(
      [`log/${bundlePath(size / TILE_WIDTH - 1, TILE_WIDTH)}`, encodeBundle(entries, 2)],
      [`log/${statementsPath(size / TILE_WIDTH - 1, TILE_WIDTH)}`, encodeBundle(statements, 4)],
    );
    [entries, statements] = [[], []];
  }
  const next: Edge = { size, tiles, entries, statements };
  return { edge: next, written: [...full, ...partials(next)] };
}

/** The unfinished tiles and bundles of an edge. */
function partials({ size, tiles, entries, statements }: Edge): Staged {
  const hashes = tiles.flatMap((tile, level) =>
    tile.length === 0 ? [] : [[`log/${tilePath(level, Math.floor(size / TILE_WIDTH ** (level + 1)), tile.length)}`, Buffer.concat([...tile])] as const],
  );
  if (entries.length === 0) return hashes;
  const bundle = Math.floor(size / TILE_WIDTH);
  return [
    ...hashes,
    [`log/${bundlePath(bundle, entries.length)}`, encodeBundle(entries, 2)],
    [`log/${statementsPath(bundle, entries.length)}`, encodeBundle(statements, 4)],
  ];
}

/** Narrower partial tiles of an edge that is wider now, or full. */
export async function removeStale(files: Objects, before: Edge, after: Edge): Promise<void> {
  const kept = new Set(partials(after).map(([path]) => path));
  for (const [path] of partials(before)) if (!kept.has(path)) await files.remove(path);
}
