import { canonical, type Json } from '../../src/core/canonical.ts';
import { checkpointText, readCheckpoint, signCheckpoint } from '../../src/log/checkpoint.ts';
import { sha256 } from '../../src/log/merkle.ts';
import { type NoteSigner, type NoteVerifier, parseNote } from '../../src/log/note.ts';
import { bundlePath, decodeBundle, encodeBundle, TILE_WIDTH } from '../../src/log/tiles.ts';
import type { Contents } from './crash-disk.ts';

/** One way in which somebody altered a state folder: files with their new bytes, `null` for a file that is gone. */
export interface Mutation {
  readonly what: string;
  readonly changes: ReadonlyMap<string, Buffer | null>;
  /** Files of which verifying must name one. */
  readonly names: readonly string[];
  /** Records of which verifying must name one; none where no single record is touched. */
  readonly indexes: readonly number[];
}

/** Answers with a number below `options`. */
export type Pick = (options: number) => number;
type Maker = (contents: Contents, pick: Pick, signer: NoteSigner) => Mutation | null;

/** Evidence is everything but private keys, what a writer keeps to itself, and the lock. */
const EXEMPT = /^(keys\/|writer\.lock|log\/\.state\/)/;
const isEvidence = (path: string): boolean => !EXEMPT.test(path);
const CHECKPOINT = 'log/checkpoint';
const isArchived = (path: string): boolean => /^log\/checkpoints\/[^.]+$/.test(path);

export function mutation(kind: string, contents: Contents, pick: Pick, signer: NoteSigner): Mutation | null {
  const made = KINDS[kind]?.(contents, pick, signer) ?? null;
  return made && changesMeaning(made, contents, signer) ? made : null;
}

/** Any file, byte by byte. */
const anyFile =
  (what: string, change: (bytes: Buffer, pick: Pick) => { readonly bytes: Buffer | null; readonly at: number | null } | null): Maker =>
  (contents, pick) => {
    const paths = [...contents.keys()].filter(isEvidence).sort();
    const path = paths[pick(paths.length)] ?? '';
    const bytes = contents.get(path) ?? Buffer.alloc(0);
    const changed = change(Buffer.from(bytes), pick);
    if (!changed) return null;
    return {
      what: `${what} in ${path}`,
      changes: new Map([[path, changed.bytes]]),
      names: [path],
      indexes: changed.at === null ? [] : indexAt(path, bytes, changed.at),
    };
  };

/** A file of items, item by item. */
const items =
  (what: string, change: (items: Buffer[], pick: Pick) => readonly number[]): Maker =>
  (contents, pick) => {
    const paths = [...contents.keys()].filter((path) => shapeOf(path) !== null).sort();
    const path = paths[pick(paths.length)] ?? '';
    const all = itemsOf(path, contents.get(path) ?? Buffer.alloc(0));
    const places = change(all, pick);
    const kept = all.length === itemsOf(path, contents.get(path) ?? Buffer.alloc(0)).length; // else the file is known to be wrong, not which item
    return {
      what: `${what} in ${path}`,
      changes: new Map([[path, join(path, all)]]),
      names: [path],
      indexes: kept && !isHigher(path) ? places.map((place) => firstOf(path) + place) : [],
    };
  };

/** The checkpoint, by somebody who has the log's own key. */
const signed =
  (
    what: string,
    change: (size: number, pick: Pick) => { readonly size: number; readonly root: Buffer },
    names: (forged: number, size: number) => readonly string[],
  ): Maker =>
  (contents, pick, signer) => {
    const { size } = readCheckpoint(contents.get(CHECKPOINT) ?? Buffer.alloc(0), signer);
    const forged = change(size, pick);
    return {
      what,
      changes: new Map([[CHECKPOINT, Buffer.from(signCheckpoint({ origin: signer.name, ...forged }, signer))]]),
      names: [CHECKPOINT, ...names(forged.size, size)],
      indexes: [],
    };
  };

const random = (pick: Pick): Buffer => sha256(Buffer.from(`${pick(1e9)}`));
const place = (bytes: Buffer, pick: Pick): number => pick(bytes.length);

const KINDS: Readonly<Record<string, Maker>> = {
  'a flipped bit': anyFile('a flipped bit', (bytes, pick) => {
    const at = place(bytes, pick);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
    return { bytes, at };
  }),
  'a cut end': anyFile('a cut end', (bytes, pick) => ({ bytes: bytes.subarray(0, place(bytes, pick)), at: null })),
  'an appended byte': anyFile('an appended byte', (bytes, pick) => ({ bytes: Buffer.concat([bytes, Buffer.from([pick(256)])]), at: null })),
  'a zeroed block': anyFile('a zeroed block', (bytes, pick) => ({ bytes: bytes.fill(0, place(bytes, pick)), at: null })),
  'a removed file': anyFile('a removed file', () => ({ bytes: null, at: null })),
  'two files exchanged': (contents, pick) => {
    const paths = [...contents.keys()].filter(isEvidence).sort();
    const [some, other] = [paths[pick(paths.length)] ?? '', paths[pick(paths.length)] ?? ''];
    const [its, theirs] = [contents.get(some) ?? null, contents.get(other) ?? null];
    return {
      what: `${some} and ${other} exchanged`,
      changes: new Map([
        [some, theirs],
        [other, its],
      ]),
      names: [some, other],
      indexes: [],
    };
  },
  'two items exchanged': items('two items exchanged', (all, pick) => {
    const [some, other] = [pick(all.length), pick(all.length)];
    [all[some], all[other]] = [all[other] as Buffer, all[some] as Buffer];
    return [some, other];
  }),
  'an item put in place of another': items('an item put in place of another', (all, pick) => {
    const [some, other] = [pick(all.length), pick(all.length)];
    all[some] = all[other] as Buffer;
    return [some];
  }),
  'an item twice': items('an item twice', (all, pick) => {
    const at = pick(all.length);
    all.splice(at, 0, all[at] as Buffer);
    return [at];
  }),
  'an item removed': items('an item removed', (all, pick) => {
    const at = pick(all.length);
    all.splice(at, 1);
    return [at];
  }),
  'an older checkpoint put back': (contents, pick, signer) => {
    const older = [...contents.keys()].filter(isArchived).sort();
    const newest = older.pop() ?? '';
    const back = contents.get(older[pick(older.length)] ?? '') ?? null;
    const { size } = readCheckpoint(back ?? Buffer.alloc(0), signer);
    return { what: `the checkpoint of size ${size} put back`, changes: new Map([[CHECKPOINT, back]]), names: [newest], indexes: [] };
  },
  'an older checkpoint put back, and the newer ones removed': (contents, pick) => {
    const all = [...contents.keys()].filter(isArchived).sort();
    const kept = pick(all.length - 1);
    const gone = all.slice(kept + 1).map((path) => [path, null] as const);
    const edge = [...contents.keys()].filter((path) => /^log\/(tile\/(0|entries)|statements)\//.test(path)); // what is written still says how far it went
    return {
      what: `a log rolled back to ${all[kept]}`,
      changes: new Map([[CHECKPOINT, contents.get(all[kept] ?? '') ?? null], ...gone]),
      names: edge,
      indexes: [],
    };
  },
  'another root signed for the same size': signed(
    'a fork',
    (size, pick) => ({ size, root: random(pick) }),
    () => [],
  ),
  'more signed than there is': signed(
    'more signed than there is',
    (size, pick) => ({ size: size + 1 + pick(1000), root: random(pick) }),
    (size) => edgeOf(size),
  ),
  'far more signed than there is': signed(
    'far more',
    (_, pick) => ({ size: 2 ** 53 - 1 - pick(9), root: random(pick) }),
    (_, size) => [`log/${bundlePath(Math.floor(size / TILE_WIDTH), TILE_WIDTH)}`], // the first that is not whole
  ),
  'another root archived': (contents, pick, signer) => {
    const all = [...contents.keys()].filter(isArchived).sort();
    const path = all[pick(all.length)] ?? '';
    const { size } = readCheckpoint(contents.get(path) ?? Buffer.alloc(0), signer);
    const note = Buffer.from(signCheckpoint({ origin: signer.name, size, root: random(pick) }, signer));
    return { what: `another root in ${path}`, changes: new Map([[path, note]]), names: [path], indexes: [] };
  },
  'a key named as another': (contents, pick) => {
    const description = JSON.parse(contents.get('log/log.json')?.toString() ?? '{}') as { statementKeys: Record<string, string> };
    const [some = '', ...others] = Object.keys(description.statementKeys);
    const other = others[pick(Math.max(1, others.length))] ?? `${some}/x`;
    const { [some]: its = '', [other]: theirs = '' } = description.statementKeys;
    const statementKeys = { ...description.statementKeys, [some]: theirs, [other]: its };
    const bytes = Buffer.from(`${JSON.stringify({ ...description, statementKeys }, null, 2)}\n`);
    return { what: `${some} and ${other} exchanged in log/log.json`, changes: new Map([['log/log.json', bytes]]), names: ['log/log.json'], indexes: [] };
  },
  'another origin': (contents) => {
    const description = JSON.parse(contents.get('log/log.json')?.toString() ?? '{}') as object;
    const bytes = Buffer.from(JSON.stringify({ ...description, origin: 'other.example/log' }));
    return { what: 'another origin in log/log.json', changes: new Map([['log/log.json', bytes]]), names: ['log/log.json'], indexes: [] };
  },
};

export const KIND_NAMES = Object.keys(KINDS);

/**
 * The rule by which a mutation does not count: JSON of the description that says the same, and checkpoints of which
 * the signed text and the signature of the log are the same. Of every other file each byte counts.
 */
function changesMeaning({ changes }: Mutation, contents: Contents, verifier: NoteVerifier): boolean {
  return [...changes].some(([path, bytes]) => {
    const before = contents.get(path) ?? null;
    if (bytes === null || before === null) return bytes !== before;
    if (bytes.equals(before)) return false;
    if (path === 'log/log.json') return meaning(() => canonical(JSON.parse(bytes.toString()) as Json)) !== canonical(JSON.parse(before.toString()) as Json);
    if (path.startsWith(CHECKPOINT)) return meaning(() => signedText(bytes, verifier)) !== signedText(before, verifier);
    return true;
  });
}

function meaning(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const signedText = (bytes: Buffer, verifier: NoteVerifier): string => {
  const own = parseNote(bytes).signatures.filter(({ keyId }) => keyId.equals(verifier.keyId));
  return `${checkpointText(readCheckpoint(bytes, verifier))}${own.map(({ signature }) => signature.toString('hex')).join()}`;
};

/** Bytes of an item's length before it, in entries and statements; none in tiles, whose items have 32 bytes; `null` of other files. */
function shapeOf(path: string): 0 | 2 | 4 | null {
  if (path.startsWith('log/tile/entries/')) return 2;
  if (path.startsWith('log/statements/')) return 4;
  return path.startsWith('log/tile/') ? 0 : null;
}

function itemsOf(path: string, bytes: Buffer): Buffer[] {
  const shape = shapeOf(path);
  if (shape === 0) return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
  return decodeBundle(bytes, shape ?? 4, widthOf(path), path);
}

const join = (path: string, all: readonly Buffer[]): Buffer => {
  const shape = shapeOf(path);
  return shape === 0 || shape === null ? Buffer.concat(all) : encodeBundle(all, shape);
};

const widthOf = (path: string): number => Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? TILE_WIDTH);
const isHigher = (path: string): boolean => /^log\/tile\/[1-9]/.test(path);
const firstOf = (path: string): number => Number(/\/(\d{3})(\.p\/\d+)?$/.exec(path)?.[1] ?? 0) * TILE_WIDTH;

/** The record that a byte belongs to, unless it is of a length. */
function indexAt(path: string, bytes: Buffer, at: number): readonly number[] {
  const shape = shapeOf(path);
  if (shape === null || isHigher(path)) return [];
  let start = 0;
  for (const [item, { length }] of itemsOf(path, bytes).entries()) {
    if (at < start + shape) return [];
    start += shape + length;
    if (at < start) return [firstOf(path) + item];
  }
  return [];
}

/** Files at the right edge of a log of this size, or of any before it. */
function edgeOf(size: number): readonly string[] {
  const names: string[] = [];
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const [tile, width] = [String(bundle).padStart(3, '0'), Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)];
    names.push(`log/tile/entries/${tile}${width === TILE_WIDTH ? '' : `.p/${width}`}`);
  }
  return names;
}
