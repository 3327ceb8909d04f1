import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type Checkpoint, checkpointName, readCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf, sha256hex } from '../log/merkle.ts';
import { bundlePath, decodeBundle, encodeBundle, rangeRoot, statementsPath, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import { admit, settle } from './disk.ts';
import { type Files, FsyncFailed } from './files.ts';
import type { Keys } from './keys.ts';
import { blobPath, LOCK, lineOf, STAGING, signerOf } from './paths.ts';
import { LogReader } from './reader.ts';
import type { Body, Draft, Subject } from './record.ts';
import { seal, unseal } from './statement.ts';

/** The last statement of a collector, name and partition: what the next one continues. */
interface Last {
  readonly seq: number;
  readonly digest: string;
}

/** What stands at the right edge of the tree: all that appending needs. */
interface Edge {
  readonly size: number;
  /** Hashes of the last, unfinished tile of each level. */
  readonly tiles: readonly (readonly Hash[])[];
  readonly entries: readonly Buffer[];
  readonly statements: readonly Buffer[];
}

/**
 * The one writer of a log. A batch is staged, committed by replacing one file, applied, and published last; whatever
 * is interrupted is finished or dropped by {@link Writer.open}. What it resolves is there after a power cut.
 */
export class Writer {
  readonly #files: Files;
  readonly #keys: Keys;
  readonly #clock: () => Instant;
  #edge: Edge;
  #checkpoint: Checkpoint;
  #lock: Buffer;
  readonly #last: Map<string, Last>;
  readonly #blobs = new Set<string>();

  private constructor(files: Files, keys: Keys, clock: () => Instant, state: { edge: Edge; checkpoint: Checkpoint; lock: Buffer; last: Map<string, Last> }) {
    this.#files = files;
    this.#keys = keys;
    this.#clock = clock;
    this.#edge = state.edge;
    this.#checkpoint = state.checkpoint;
    this.#lock = state.lock;
    this.#last = state.last;
  }

  /** Signs the empty log, so that even nothing has a checkpoint. An earlier attempt may have left one: nobody has seen it. */
  static async initialize(files: Files, keys: Keys): Promise<void> {
    const checkpoint = { origin: keys.description.origin, size: 0, root: EMPTY_ROOT };
    const note = Buffer.from(signCheckpoint(checkpoint, await keys.logSigner()));
    await files.replace(LOCK, note);
    await files.replace(`log/checkpoints/${checkpointName(checkpoint)}`, note, 0o444);
    await files.replace('log/checkpoint', note);
  }

  /** Recovers, then reads the right edge. The caller holds the lock of the state folder. */
  static async open(files: Files, keys: Keys, clock: () => Instant): Promise<Writer> {
    await admit(files);
    const lock = await recover(files, keys);
    await settle(files);
    const checkpoint = readCheckpoint(lock, keys.verifier);
    const reader = new LogReader(files, keys.verifier);
    const edge = await readEdge(reader, checkpoint);
    return new Writer(files, keys, clock, { edge, checkpoint, lock, last: await readLast(reader, checkpoint.size) });
  }

  /** All of them under one checkpoint, or none. */
  async append(drafts: readonly Draft[]): Promise<readonly number[]> {
    if (drafts.length === 0) return [];
    const blobs = new Map<string, Uint8Array>();
    const sealed = [];
    const last = new Map(this.#last);
    for (const { body: said, demo, subjects: given } of drafts) {
      const before = last.get(lineOf(said));
      const body: Body = said.kind === 'run' ? { ...said, seq: (before?.seq ?? 0) + 1 } : said;
      const subjects = given.map(({ bytes, ...subject }): Subject => {
        const digest = sha256hex(bytes);
        blobs.set(digest, bytes);
        return { ...subject, digest, size: bytes.length };
      });
      const afterCheckpoint = { size: this.#checkpoint.size, root: this.#checkpoint.root.toString('base64') };
      const signer = await this.#keys.statementSigner(signerOf(said));
      const its = seal({ body, demo, sealedAt: this.#clock(), subjects, afterCheckpoint, prev: before?.digest ?? null }, signer);
      last.set(lineOf(said), { seq: body.kind === 'run' ? body.seq : (before?.seq ?? 0) + 1, digest: sha256hex(its.envelope) });
      sealed.push(its);
    }
    const first = this.#checkpoint.size;
    await this.#keep(blobs);
    await this.#commit(sealed);
    for (const [line, its] of last) this.#last.set(line, its);
    return sealed.map((_, place) => first + place);
  }

  async #keep(blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const missing = [...blobs].filter(([digest]) => !this.#blobs.has(digest));
    await this.#files.create(missing.map(([digest, bytes]) => [blobPath(digest), bytes] as const));
    for (const [digest] of missing) this.#blobs.add(digest);
  }

  async #commit(sealed: readonly { readonly leaf: Buffer; readonly envelope: Buffer }[]): Promise<void> {
    const { edge, written } = extend(this.#edge, sealed);
    const checkpoint = { origin: this.#keys.description.origin, size: edge.size, root: edgeRoot(edge) };
    const note = Buffer.from(signCheckpoint(checkpoint, await this.#keys.logSigner()));
    const name = checkpointName(checkpoint);
    // The signature leaves this process only with the lock below: until then nobody can hold it.
    const staged: Staged = [...written, [`log/checkpoints/${name}`, note]];
    await this.#files.replace(`${STAGING}/${name}`, encodeStaging(staged));
    const now = await this.#files.read(LOCK);
    if (!now?.equals(this.#lock)) throw new IntegrityError('RACE', 'somebody else has written to the log: its lock is not the one that was read');
    await this.#files.replace(LOCK, note);
    await publish(this.#files, staged, note);
    await this.#files.remove(`${STAGING}/${name}`);
    await removeStale(this.#files, this.#edge, edge);
    this.#lock = note;
    this.#edge = edge;
    this.#checkpoint = checkpoint;
  }
}

type Staged = readonly (readonly [path: string, bytes: Buffer])[];

async function publish(files: Files, staged: Staged, note: Buffer): Promise<void> {
  await files.create(staged);
  await files.replace('log/checkpoint', note);
}

/** The table of what an interruption may have left behind, and what to do. */
async function recover(files: Files, keys: Keys): Promise<Buffer> {
  const [lock, published] = [await files.read(LOCK), await files.read('log/checkpoint')];
  if (!lock) throw new IntegrityError('LOCK', `${LOCK} is missing: the state folder was moved or restored in part`);
  const committed = readCheckpoint(lock, keys.verifier);
  const shown = published ? readCheckpoint(published, keys.verifier) : { ...committed, size: 0, root: EMPTY_ROOT };
  if (shown.size > committed.size)
    throw new IntegrityError(
      'ROLLBACK',
      `the log is published up to ${shown.size}, but its lock stands at ${committed.size}: an older state folder was put back`,
    );
  if (shown.size === committed.size && !shown.root.equals(committed.root)) throw new IntegrityError('FORK', `two roots are signed for size ${shown.size}`);
  const name = checkpointName(committed);
  if (shown.size < committed.size || !published) {
    const staging = await files.read(`${STAGING}/${name}`);
    if (staging) await publish(files, decodeStaging(staging), lock);
    else {
      const reader = new LogReader(files, keys.verifier);
      if (!edgeRoot(await readEdge(reader, committed)).equals(committed.root))
        throw new IntegrityError('TORN', `the batch up to ${committed.size} was committed, but its tiles are not there`);
      await files.create([[`log/checkpoints/${name}`, lock]]);
      await files.replace('log/checkpoint', lock);
    }
  }
  for (const left of await files.list(STAGING)) await files.remove(`${STAGING}/${left}`);
  return lock;
}

async function readEdge(reader: LogReader, { size, root }: Checkpoint): Promise<Edge> {
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

async function readLast(reader: LogReader, size: number): Promise<Map<string, Last>> {
  const last = new Map<string, Last>();
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const [entries, statements] = [await reader.entries(bundle, size), await reader.statements(bundle, size)];
    entries.forEach((entry, place) => {
      const { record } = unseal(bundle * TILE_WIDTH + place, entry, statements[place] ?? Buffer.alloc(0));
      const line = lineOf(record.body);
      last.set(line, { seq: record.body.kind === 'run' ? record.body.seq : (last.get(line)?.seq ?? 0) + 1, digest: record.digest });
    });
  }
  return last;
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
function extend(edge: Edge, sealed: readonly { readonly leaf: Buffer; readonly envelope: Buffer }[]): { readonly edge: Edge; readonly written: Staged } {
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
  for (const { leaf, envelope } of sealed) {
    entries.push(leaf);
    statements.push(envelope);
    size++;
    push(0, leafHash(leaf));
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
async function removeStale(files: Files, before: Edge, after: Edge): Promise<void> {
  const kept = new Set(partials(after).map(([path]) => path));
  for (const [path] of partials(before)) if (!kept.has(path)) await files.remove(path);
}

const encodeStaging = (staged: Staged): Buffer =>
  encodeBundle(
    staged.flatMap(([path, bytes]) => [Buffer.from(path), bytes]),
    4,
  );

function decodeStaging(bytes: Buffer): Staged {
  let count = 0;
  for (let place = 0; place + 4 <= bytes.length; place += 4 + bytes.readUInt32BE(place)) count++;
  const items = decodeBundle(bytes, 4, count, STAGING);
  return items.flatMap((item, place) => (place % 2 === 0 ? [[item.toString('utf8'), items[place + 1] ?? Buffer.alloc(0)] as const] : []));
}

/** A disk that does not confirm: nothing more may be said by this process. */
export const isFatal = (error: unknown): boolean => error instanceof FsyncFailed;
