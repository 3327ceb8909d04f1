import { IntegrityError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { LogVerifier } from '../log/checkpoint.ts';
import { type Disposals, disposedBy, unfinished } from '../log/disposal.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import { LogReader } from '../log/reader.ts';
import { payloadName, type Unsealed, unsealStatement } from '../log/statement.ts';
import { bundlePath, statementsPath, TILE_WIDTH, tilePath } from '../log/tiles.ts';
import type { Verification } from '../verify/log.ts';
import { keyFault, onePack, payloadFault, type ReadPayloads } from '../verify/packs.ts';
import type { Problem } from '../verify/problems.ts';
import { hasKey, type Keystore } from './keystore.ts';
import type { Objects } from './objects.ts';

/** One reading of the whole archive, in parts. */
export interface Pass {
  readonly startedAt: Instant;
  /** `null` while it goes on. */
  readonly finishedAt: Instant | null;
  /** How many records have been read again, of how many. */
  readonly position: number;
  readonly size: number;
  readonly payloads: number;
  readonly disposed: number;
  readonly problems: readonly Problem[];
}

export interface Scrubbed {
  readonly running: Pass | null;
  readonly last: Pass | null;
}

export interface ScrubMeans {
  readonly objects: Objects;
  readonly keystore: Keystore;
  readonly verifier: LogVerifier;
  readonly clock: () => Instant;
  about(): Promise<readonly Unsealed[]>;
}

const STATE = 'log/.state/scrub';
/** After so many problems the rest would say the same. */
const TOLD = 1000;

/** Where the reading again stands. What it noted proves nothing; a note that is lost begins anew. */
export async function scrubbed(objects: Objects): Promise<Scrubbed> {
  try {
    return JSON.parse((await objects.read(STATE))?.toString('utf8') ?? '{"running":null,"last":null}') as Scrubbed;
  } catch {
    return { running: null, last: null }; // half a note
  }
}

/** Notes what a reading of everything at once found. */
export async function noteWhole(
  objects: Objects,
  { checkpoint, payloads, disposed, problems }: Verification,
  when: Pick<Pass, 'startedAt' | 'finishedAt'>,
): Promise<void> {
  const { size } = checkpoint;
  const note: Scrubbed = { running: null, last: { ...when, position: size, size, payloads, disposed, problems: problems.slice(0, TOLD) } };
  await objects.replace(STATE, Buffer.from(JSON.stringify(note)));
}

/**
 * Reads on from where the last call left off: entries against tiles, tiles against the signed root, statements against
 * entries, payloads against statements, keys against disposals. Disks lose what is not read.
 */
export async function scrub(means: ScrubMeans, budget: Duration): Promise<Scrubbed> {
  const { objects, verifier, clock } = means;
  const state = await scrubbed(objects);
  const reader = new LogReader(objects, verifier);
  const { checkpoint } = await reader.checkpoint();
  const begun = state.running && state.running.size <= checkpoint.size ? state.running : null;
  let pass: Pass = begun ?? { startedAt: clock(), finishedAt: null, position: 0, size: checkpoint.size, payloads: 0, disposed: 0, problems: [] };
  const about = await means.about();
  const read = {
    ...means,
    reader,
    size: checkpoint.size,
    root: checkpoint.root,
    disposals: disposedBy(about),
    open: new Set(unfinished(about)),
    packs: onePack(objects).read,
  };
  const until = performance.now() + budget;
  do {
    const bundle = Math.floor(pass.position / TILE_WIDTH);
    if (pass.position >= pass.size) break;
    const part = await readBundle(bundle, read);
    pass = {
      ...pass,
      position: Math.min(pass.size, (bundle + 1) * TILE_WIDTH),
      payloads: pass.payloads + part.payloads,
      disposed: pass.disposed + part.disposed,
      problems: [...pass.problems, ...part.problems].slice(0, TOLD),
    };
  } while (performance.now() < until);
  const done = pass.position >= pass.size;
  const next: Scrubbed = done ? { running: null, last: { ...pass, finishedAt: clock() } } : { running: pass, last: state.last };
  await objects.replace(STATE, Buffer.from(JSON.stringify(next)));
  return next;
}

interface Read extends ScrubMeans {
  readonly reader: LogReader;
  readonly size: number;
  readonly root: Buffer;
  readonly disposals: Disposals;
  readonly open: ReadonlySet<number>;
  readonly packs: ReadPayloads;
}

interface Part {
  payloads: number;
  disposed: number;
  readonly problems: Problem[];
}

async function readBundle(bundle: number, read: Read): Promise<Part> {
  const { reader, size } = read;
  const part: Part = { payloads: 0, disposed: 0, problems: [] };
  const [first, width] = [bundle * TILE_WIDTH, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)];
  const [tileFile, entriesFile, statementsFile] = [tilePath(0, bundle, width), bundlePath(bundle, width), statementsPath(bundle, width)].map(
    (path) => `log/${path}`,
  );
  const attempt = async <Result>(file: string | null | undefined, index: number, act: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      part.problems.push({ code: error.code, file: file ?? null, index, says: error.message });
      return null;
    }
  };
  // One way from a leaf to the root passes every hash of its tile and of the tiles above.
  await attempt(tileFile, first, async () => {
    const { leaf, hashes } = await reader.inclusion(first, size);
    if (!verifyInclusion(leaf, first, size, hashes, read.root))
      throw new IntegrityError('TILE', 'its hashes, or those of a tile above, do not lead to the signed root');
  });
  const tile = await attempt(tileFile, first, () => reader.tile(0, bundle, size));
  const entries = await attempt(entriesFile, first, () => reader.entries(bundle, size));
  const statements = await attempt(statementsFile, first, () => reader.statements(bundle, size));
  const seen = new Set<string>();
  for (const [place, entry] of (entries ?? []).entries()) {
    const index = first + place;
    if (tile && !leafHash(entry).equals(tile[place] ?? Buffer.alloc(0)))
      part.problems.push({ code: 'ENTRY', file: entriesFile ?? null, index, says: 'the entry is not the one whose hash is in the tile' });
    const envelope = statements?.[place];
    const unsealed = envelope && (await attempt(statementsFile, index, async () => unsealStatement(index, entry, envelope)));
    if (unsealed) await readPayloads(unsealed, seen, read, part);
  }
  return part;
}

async function readPayloads({ index, era, payloads }: Unsealed, seen: Set<string>, { disposals, open, packs, keystore }: Read, part: Part): Promise<void> {
  for (const payload of payloads) {
    const { digest } = payload;
    const disposed = disposals.of(era, digest, index);
    const name = `${era} ${payloadName(payload)} ${disposed?.by}`; // what is disposed of for one record may be owed by another
    if (seen.has(name)) continue;
    seen.add(name);
    part.payloads++;
    const finished = disposed !== null && !open.has(disposed.by);
    if (disposed) part.disposed++;
    const fault = finished ? null : await payloadFault(packs, payload);
    if (fault && fault.code !== 'PACK') part.problems.push({ ...fault, index }); // what lies in a pack beside its payloads is seen where all are read
    const key = keyFault(digest, await hasKey(keystore, era, payload), disposed && { ...disposed, finished });
    if (key) part.problems.push({ ...key, file: null, index });
  }
}
