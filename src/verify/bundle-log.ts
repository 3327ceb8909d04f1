import { IntegrityError } from '../core/error.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { HASH_SIZE, leafHash, leafHashInto, rootOf } from '../log/merkle.ts';
import { bundlePath, decodeBundle, decodeTile, statementsPath, TILE_WIDTH, tilePath, tilesOf } from '../log/tiles.ts';
import { type Tree, treeOf } from '../log/tree.ts';
import type { BundleFiles } from './bundle-files.ts';
import type { Verdicts } from './verdict.ts';

/** The log as the bundle holds it. */
export interface BundleLog {
  /** The tree that leads to the signed root; `null` where neither entries nor tiles give it. */
  readonly tree: Tree | null;
  /** The entry at a place, if it is the one that the tree commits to. */
  entry(index: number): Promise<Buffer | null>;
  /** The envelope at a place, as the bundle holds it. */
  envelope(index: number): Promise<Buffer | null>;
}

/** An entry has a hash in a tile and a length of its own: a size that cannot be there is refused before room is made for it. */
const LEAST = HASH_SIZE + 2;

/**
 * Entries to leaf hashes to tiles to the signed root. Where entries and tiles disagree, those count that lead to the
 * root; the other file is the altered one.
 */
export async function readBundleLog(files: BundleFiles, { size, root }: Checkpoint, said: Verdicts): Promise<BundleLog> {
  if (size * LEAST > files.total) throw new IntegrityError('CHECKPOINT', `the checkpoint is of ${size} entries, and the bundle cannot hold as many`);
  const [entries, statements] = [bundles(files, bundlePath, 2, size, said), bundles(files, statementsPath, 4, size, said)];
  const [byEntries, byTiles] = [Buffer.alloc(size * HASH_SIZE), Buffer.alloc(size * HASH_SIZE)];
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const from = bundle * TILE_WIDTH * HASH_SIZE;
    const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
    const tile = await files.read(`log/${tilePath(0, bundle, width)}`);
    if (tile?.length === width * HASH_SIZE) tile.copy(byTiles, from);
    const its = await entries(bundle);
    if (its) its.forEach((entry, place) => void leafHashInto(entry, byEntries, bundle * TILE_WIDTH + place));
    else byTiles.copy(byEntries, from, from, from + width * HASH_SIZE);
  }
  const leadsToRoot = (leaves: Buffer): Tree | null => {
    const tree = treeOf(leaves);
    return tree.rootAt(size).equals(root) ? tree : null;
  };
  const tree = leadsToRoot(byEntries) ?? (byEntries.equals(byTiles) ? null : (leadsToRoot(await mixed(files, byEntries, byTiles)) ?? leadsToRoot(byTiles)));
  if (tree) await compare(files, tree, entries, said);
  else said.say('checkpoint', 'ALTERED', 'the entries of the log do not give the root that is signed');
  return {
    tree,
    async entry(index) {
      const entry = (await entries(Math.floor(index / TILE_WIDTH)))?.[index % TILE_WIDTH];
      return entry && tree && leafHash(entry).equals(leafAt(tree, index)) ? entry : null;
    },
    envelope: async (index) => (await statements(Math.floor(index / TILE_WIDTH)))?.[index % TILE_WIDTH] ?? null,
  };
}

export const leafAt = (tree: Tree, index: number): Buffer =>
  tree.tile(0, Math.floor(index / TILE_WIDTH), TILE_WIDTH).subarray((index % TILE_WIDTH) * 32, (index % TILE_WIDTH) * 32 + 32);

type Bundle = (bundle: number) => Promise<readonly Buffer[] | null>;

/** Bundles of entries or statements, the last one kept at hand. What cannot be read is said once. */
function bundles(files: BundleFiles, pathOf: (index: number, width: number) => string, lengthBytes: 2 | 4, size: number, said: Verdicts): Bundle {
  let last: { readonly bundle: number; readonly items: Promise<readonly Buffer[] | null> } | null = null;
  const read = async (bundle: number) => {
    const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
    const name = `log/${pathOf(bundle, width)}`;
    const bytes = await said.attemptAside(name, () => files.read(name));
    if (!files.has(name)) said.say(name, 'MISSING', 'the log is not whole without it');
    return bytes && said.attempt(name, () => decodeBundle(bytes, lengthBytes, width, name));
  };
  return (bundle) => {
    if (last?.bundle !== bundle) last = { bundle, items: read(bundle) };
    return last.items;
  };
}

/** Where an entry and its tile disagree, the tile above says which of them it was made of. */
async function mixed(files: BundleFiles, byEntries: Buffer, byTiles: Buffer): Promise<Buffer> {
  const leaves = Buffer.from(byEntries);
  const size = leaves.length / HASH_SIZE;
  for (let bundle = 0; (bundle + 1) * TILE_WIDTH <= size; bundle++) {
    const [from, to] = [bundle * TILE_WIDTH * HASH_SIZE, (bundle + 1) * TILE_WIDTH * HASH_SIZE];
    if (byEntries.subarray(from, to).equals(byTiles.subarray(from, to))) continue;
    const above = Math.floor(bundle / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH) - above * TILE_WIDTH);
    const parent = (await files.read(`log/${tilePath(1, above, width)}`))?.subarray(
      (bundle % TILE_WIDTH) * HASH_SIZE,
      (bundle % TILE_WIDTH) * HASH_SIZE + HASH_SIZE,
    );
    const tile = byTiles.subarray(from, to);
    if (parent && rootOf(decodeTile(tile, TILE_WIDTH, '')).equals(parent)) tile.copy(leaves, from);
  }
  return leaves;
}

async function compare(files: BundleFiles, tree: Tree, entries: Bundle, said: Verdicts): Promise<void> {
  for (const { level, index, width } of tilesOf(tree.size)) {
    const name = `log/${tilePath(level, index, width)}`;
    const bytes = await files.read(name);
    if (!bytes) said.say(name, 'MISSING', 'the tile is not there');
    else if (bytes.equals(tree.tile(level, index, width))) said.say(name, 'VERIFIED');
    else said.say(name, 'ALTERED', 'it does not hold the hashes that lead to the signed root');
    if (level > 0) continue;
    const of = `log/${bundlePath(index, width)}`;
    const its = (await entries(index)) ?? [];
    if (its.length > 0) said.say(of, 'VERIFIED');
    its.forEach((entry, place) => {
      const at = index * TILE_WIDTH + place;
      if (!leafHash(entry).equals(leafAt(tree, at))) said.say(of, 'ALTERED', `entry ${at} is not the one that the tree commits to`);
    });
  }
}
