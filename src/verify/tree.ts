import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { type Hash, rootOf, rootsOf } from '../log/merkle.ts';
import { bundlePath, statementsPath, TILE_WIDTH, tilePath, tilesOf } from '../log/tiles.ts';
import { LOCK, STAGING } from '../log/paths.ts';
import type { LogReader, Reading } from '../log/reader.ts';
import type { Attempt, Report } from './problems.ts';

/** Checkpoints that records say stood when they were made, with the first record that says so. */
export type Claims = Map<string, { readonly size: number; readonly root: string; readonly index: number }>;

export interface Log {
  readonly files: Reading;
  readonly reader: LogReader;
  /** Of the published checkpoint. */
  readonly size: number;
  readonly root: Hash;
  readonly report: Report;
  readonly attempt: Attempt;
}

/**
 * Compares the tree of a log to what was signed: its tiles, its archived checkpoints, and those its records name.
 * `leaves` holds the hashes of the entries, with holes where one could not be read: that has been reported.
 */
export async function verifyTree(log: Log, leaves: readonly Hash[], claims: Claims): Promise<void> {
  const names = (await log.files.list('log/checkpoints')).filter((name) => !name.includes('.')); // what has an ending is about a checkpoint, and none
  const archived = new Map(names.map((name) => [name, Number(name.slice(0, 20))]));
  const stored = await readTiles(log);
  const roots = compare(log, leaves, stored, new Set([...archived.values(), ...[...claims.values()].map(({ size }) => size)]));
  await checkpoints(log, archived, roots);
  claimed(log, archived, claims, roots);
  await ends(log, archived);
}

/** The hashes of each level, with holes where a tile cannot be read. */
async function readTiles({ reader, size, attempt }: Log): Promise<readonly (readonly Hash[])[]> {
  const levels: Hash[][] = [];
  for (const { level, index, width } of tilesOf(size)) {
    const hashes = levels[level] ?? [];
    levels[level] = hashes;
    const tile = await attempt(`log/${tilePath(level, index, width)}`, null, () => reader.tile(level, index, size));
    for (const [place, hash] of (tile ?? []).entries()) hashes[index * TILE_WIDTH + place] = hash;
  }
  return levels;
}

/**
 * Entries and tiles say the same thing twice, so that where they differ, those that give the signed root are right and
 * the others are to blame. Answers with the roots of the tree at these sizes.
 */
function compare({ size, root, report }: Log, leaves: readonly Hash[], stored: readonly (readonly Hash[])[], sizes: ReadonlySet<number>) {
  const fits = (hashes: readonly Hash[]) => {
    const roots = isWhole(hashes, size) ? rootsOf(hashes, new Set([...sizes, size])) : null;
    return { roots, right: roots?.get(size)?.equals(root) ?? false };
  };
  const its = fits(leaves);
  const theirs = its.right ? its : fits(stored[0] ?? []); // where the entries are right nobody asks
  const truth = its.right || !theirs.right ? leaves : (stored[0] ?? []);
  if (its.roots && !its.right) report('ROOT', 'the entries do not give the root that is signed', 'log/checkpoint');

  for (const index of differences(leaves, truth)) {
    const bundle = Math.floor(index / TILE_WIDTH);
    report('ENTRY', 'the entry is not the one that was sealed', `log/${bundlePath(bundle, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH))}`, index);
  }
  let expected = truth;
  for (const [level, hashes] of stored.entries()) {
    const wrong = new Map<number, number>();
    for (const place of differences(hashes, expected)) wrong.set(Math.floor(place / TILE_WIDTH), wrong.get(Math.floor(place / TILE_WIDTH)) ?? place);
    for (const [tile, place] of wrong) {
      const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - tile * TILE_WIDTH);
      report('TILE', 'the tile does not hold the hashes of what is below it', `log/${tilePath(level, tile, width)}`, level === 0 ? place : null);
    }
    expected = parents(expected);
  }
  return (truth === leaves ? its : theirs).roots;
}

const isWhole = (hashes: readonly Hash[], size: number): boolean => hashes.length === size && !hashes.includes(undefined as unknown as Hash);

/** Places that both know and do not agree about. */
const differences = (some: readonly Hash[], others: readonly Hash[]): readonly number[] =>
  some === others ? [] : some.flatMap((hash, place) => (others[place]?.equals(hash) === false ? [place] : []));

/** Roots of the full tiles of a level: the level above it. A tile with a hole has none. */
function parents(hashes: readonly Hash[]): Hash[] {
  const above: Hash[] = [];
  for (let tile = 0; (tile + 1) * TILE_WIDTH <= hashes.length; tile++) {
    const its = hashes.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH);
    if (isWhole(its, TILE_WIDTH)) above[tile] = rootOf(its);
  }
  return above;
}

async function checkpoints({ files, reader, report, attempt }: Log, archived: ReadonlyMap<string, number>, roots: ReadonlyMap<number, Hash> | null) {
  for (const name of archived.keys()) {
    const file = `log/checkpoints/${name}`;
    const checkpoint = await attempt(file, null, async () => {
      const bytes = await files.read(file);
      return bytes && readCheckpoint(bytes, reader.verifier);
    });
    if (!checkpoint) continue;
    const derived = roots?.get(checkpoint.size);
    if (checkpointName(checkpoint) !== name) report('CHECKPOINT_NAME', 'the checkpoint is not the one that its name says', file);
    else if (derived && !derived.equals(checkpoint.root)) report('FORK', `a root was signed for size ${checkpoint.size} that the entries do not give`, file);
  }
}

/** A record names the checkpoint that stood when it was made: an archived one, older than the record, of this tree. */
function claimed({ report }: Log, archived: ReadonlyMap<string, number>, claims: Claims, roots: ReadonlyMap<number, Hash> | null): void {
  for (const { size, root, index } of claims.values()) {
    const derived = roots?.get(size);
    const name = checkpointName({ size, root: Buffer.from(root, 'base64') });
    const file = `log/checkpoints/${name}`;
    if (size > index) report('AFTER', `it was made before record ${index} was, and names the checkpoint of size ${size}`, null, index);
    else if (!archived.has(name)) report('CHECKPOINT_MISSING', 'the checkpoint that stood when the record was made is not archived', file, index);
    else if (derived && derived.toString('base64') !== root) report('FORK', `it names a root of size ${size} that the entries do not give`, null, index);
  }
}

/** Beyond the end of the log nothing is signed and nothing is written, but by a batch that is not finished or came meanwhile. */
async function ends(log: Log, archived: ReadonlyMap<string, number>): Promise<void> {
  const { files, size, root, report } = log;
  const own = `log/checkpoints/${checkpointName({ size, root })}`;
  if (!(await files.read(own))) report('CHECKPOINT_MISSING', 'the checkpoint of the log is not archived', own);
  const signed = [...archived].filter(([, its]) => its > size);
  const written = await beyond(files, size);
  if (signed.length === 0 && written.length === 0) return;
  const end = await reaches(log);
  for (const [name, its] of signed)
    if (its > end) report('ROLLBACK', `a checkpoint of size ${its} was signed, but the log ends at ${size}`, `log/checkpoints/${name}`);
  for (const file of end === size ? written : []) report('ROLLBACK', `it holds more than the log, which ends at ${size}`, file);
}

/** Files at the right edge that hold more than a log of this size. */
async function beyond(files: Reading, size: number): Promise<readonly string[]> {
  const [tile, width] = [Math.floor(size / TILE_WIDTH), size % TILE_WIDTH];
  const found: string[] = [];
  for (const path of [bundlePath(tile, TILE_WIDTH), statementsPath(tile, TILE_WIDTH), tilePath(0, tile, TILE_WIDTH)]) {
    if (await files.read(`log/${path}`)) found.push(`log/${path}`);
    for (const name of await files.list(`log/${path}.p`)) if (Number(name) > width) found.push(`log/${path}.p/${name}`);
  }
  return found;
}

/** How far the log goes once the batch is published that is committed and staged; or went, if a writer published meanwhile. */
async function reaches({ files, reader, size, attempt }: Log): Promise<number> {
  const now = await attempt('log/checkpoint', null, () => reader.checkpoint());
  const committed = await attempt(LOCK, null, async () => {
    const lock = await files.read(LOCK);
    return lock && readCheckpoint(lock, reader.verifier);
  });
  const staged = committed && (await files.read(`${STAGING}/${checkpointName(committed)}`));
  return Math.max(size, now?.checkpoint.size ?? 0, committed && staged ? committed.size : 0);
}
