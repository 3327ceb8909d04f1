import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { formatAddCheckpoint } from '../log/add-checkpoint.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { sha256hex } from '../log/merkle.ts';
import { tlogProof } from '../log/proof.ts';
import type { LogReader, Reading } from '../log/reader.ts';
import { TAR_END, tarHeader, tarPadding } from '../log/tar.ts';
import { bundlePath, encodeBundle, statementsPath, TILE_WIDTH, tilePath, tilesOf } from '../log/tiles.ts';
import type { Tree } from '../log/tree.ts';
import { consistencyFile, EARLIER, MANIFEST, proofFile, statementFile } from '../verify/format.ts';

/** One file of a bundle. Its bytes are made when it is written, so that a bundle of any size needs little memory. */
export interface Entry {
  readonly name: string;
  /** SHA-256, hex, where it is known beforehand. */
  readonly digest?: string;
  bytes(): Promise<Uint8Array>;
  /** Where it is too long to be at hand as a whole: then it is read from here. */
  readonly long?: Long;
}

/** What was made already and lies elsewhere, piece by piece. */
export interface Long {
  readonly size: number;
  /** SHA-256, hex. */
  readonly digest: string;
  pieces(): Iterable<Uint8Array>;
}

export type Write = (bytes: Uint8Array) => Promise<void>;

export const here = (name: string, bytes: Uint8Array): Entry => ({ name, digest: sha256hex(bytes), bytes: async () => bytes });

export const elsewhere = (name: string, long: Long): Entry => ({
  name,
  digest: long.digest,
  bytes: async () => Buffer.concat([...long.pieces()]),
  long,
});

/** In the order of names, the manifest at its place among them. */
export async function writeTar(entries: readonly Entry[], write: Write): Promise<void> {
  const sorted = [...entries, { name: MANIFEST, bytes: manifest }].sort((a, b) => (a.name < b.name ? -1 : 1));
  const written = new Map<string, string>();
  for (const { name, digest, bytes, long } of sorted as readonly Entry[]) {
    if (long) {
      written.set(name, long.digest);
      await write(headerOf(name, long.size));
      for (const piece of long.pieces()) await write(piece);
      await write(tarPadding(long.size));
      continue;
    }
    const body = await bytes();
    if (name !== MANIFEST) written.set(name, digest ?? sha256hex(body));
    await write(Buffer.concat([headerOf(name, body.length), body, tarPadding(body.length)]));
  }
  await write(TAR_END);

  /** As sha256sum writes it. What comes after it in the order of names is made twice, unless its digest is known. */
  async function manifest(): Promise<Uint8Array> {
    const lines: string[] = [];
    for (const { name, digest, bytes } of sorted as readonly Entry[])
      if (name !== MANIFEST) lines.push(`${written.get(name) ?? digest ?? sha256hex(await bytes())}  ${name}\n`);
    return Buffer.from(lines.join(''));
  }
}

function headerOf(name: string, size: number): Buffer {
  try {
    return tarHeader(name, size);
  } catch (cause) {
    throw new ConfigurationError(`${name} cannot be part of a bundle: ${(cause as Error).message}`, cause);
  }
}

/** A log as it stood at a size, in bundles of 256. */
export interface Log {
  entries(bundle: number): Promise<readonly Buffer[]>;
  statements(bundle: number): Promise<readonly Buffer[]>;
}

/** The reader of a log, that keeps the last bundle. */
export function keeping(reader: LogReader, size: number): Log {
  const [entries, statements] = [remembered(), remembered()];
  return {
    entries: (bundle) => entries(bundle, () => reader.entries(bundle, size)),
    statements: (bundle) => statements(bundle, () => reader.statements(bundle, size)),
  };
}

/** The last one asked for: whoever reads in order asks for it again. */
function remembered(): (bundle: number, read: () => Promise<readonly Buffer[]>) => Promise<readonly Buffer[]> {
  let last: { readonly bundle: number; readonly items: readonly Buffer[] } | null = null;
  return async (bundle, read) => {
    if (last?.bundle !== bundle) last = { bundle, items: await read() };
    return last.items;
  };
}

/** The whole log but its payloads: hashes, keys and the heads of statements. With it the root can be derived, and what was left out be seen. */
export function logEntries(log: Log, tree: Tree): readonly Entry[] {
  const tiles = [...tilesOf(tree.size)].map(({ level, index, width }): Entry => {
    return { name: `log/${tilePath(level, index, width)}`, bytes: async () => tree.tile(level, index, width) };
  });
  const bundles = [...tilesOf(tree.size)]
    .filter(({ level }) => level === 0)
    .flatMap(({ index, width }): Entry[] => [
      { name: `log/${bundlePath(index, width)}`, bytes: async () => encodeBundle(await log.entries(index), 2) },
      { name: `log/${statementsPath(index, width)}`, bytes: async () => encodeBundle(await log.statements(index), 4) },
    ]);
  return [...tiles, ...bundles];
}

/** A record as it is read by hand: its statement, and its way to the root. */
export function evidence(log: Log, tree: Tree, index: number, note: string): readonly Entry[] {
  const statement = async () => (await log.statements(Math.floor(index / TILE_WIDTH)))[index % TILE_WIDTH] ?? Buffer.alloc(0);
  return [
    { name: statementFile(index), bytes: statement },
    { name: proofFile(index), bytes: async () => Buffer.from(tlogProof({ index, hashes: tree.inclusion(index), checkpoint: note })) },
  ];
}

/** That the log continues the checkpoint its reader holds, as a witness would be told. */
export function earlierEntries(earlier: Uint8Array | null, known: Checkpoint | null, tree: Tree, note: string): readonly Entry[] {
  if (earlier === null || known === null) return [];
  const { size, root } = known;
  if (size > tree.size) throw new ConfigurationError(`the earlier checkpoint is of size ${size}, and the log ends at ${tree.size}: it is not an earlier one.`);
  if (!tree.rootAt(size).equals(root))
    throw new IntegrityError(
      'FORK',
      `the earlier checkpoint of size ${size} is signed by this log and is not of this tree: one of the two histories was rewritten`,
    );
  const proof = size === 0 || size === tree.size ? [] : tree.consistency(size);
  return [here(EARLIER, earlier), here(consistencyFile(size), Buffer.from(formatAddCheckpoint({ old: size, proof, note })))];
}

/**
 * What others confirmed of checkpoints (timestamps, cosignatures), each with the note it is about, and the certificates
 * that belong to it. They lie with the log, or, of a log in a bucket, in the state folder or the database beside it.
 *
 * @param also sizes of further checkpoints whose notes belong to it
 */
export async function confirmations(
  places: readonly Pick<Reading, 'read' | 'list'>[],
  { size }: Checkpoint,
  also: ReadonlySet<number>,
): Promise<readonly Entry[]> {
  const names = async (folder: string) => [...new Set((await Promise.all(places.map((files) => files.list(folder)))).flat())].sort();
  const there = await names('log/checkpoints');
  const beside = there.filter((name) => /^\d{20}-[0-9a-f]{16}\.[a-z0-9.-]+$/.test(name) && Number(name.slice(0, 20)) <= size);
  const notes = new Set(beside.map((name) => name.slice(0, 37)));
  const authorities = (await names('log/authorities')).filter((name) => name.endsWith('.pem'));
  const wanted = (name: string) => notes.has(name) || (/^\d{20}-[0-9a-f]{16}$/.test(name) && also.has(Number(name.slice(0, 20))));
  const paths = [...there.filter(wanted), ...beside].map((name) => `log/checkpoints/${name}`);
  const read = async (name: string) => {
    for (const files of places) {
      const bytes = await files.read(name);
      if (bytes) return bytes;
    }
    return gone(name);
  };
  return [...paths, ...authorities.map((name) => `log/authorities/${name}`)].map((name): Entry => ({ name, bytes: () => read(name) }));
}

const gone = (name: string): never => {
  throw new IntegrityError('MISSING', `${name} went away while the bundle was written. Write it again.`);
};
