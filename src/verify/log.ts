import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { DESCRIPTION, type LogDescription, logVerifier, parseDescription, statementPeriods } from '../log/description.ts';
import { collectorOf, disposedBy, isAboutLog, periodsOf, unfinished } from '../log/disposal.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf, sha256hex } from '../log/merkle.ts';
import { payloadPath } from '../log/paths.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { type Payload, type Unsealed, unsealStatement } from '../log/statement.ts';
import { rangeRoot, TILE_WIDTH, tilePath, tilesOf } from '../log/tiles.ts';

/** One thing that is not as it was sealed. */
export interface Problem {
  readonly code: string;
  /** File within the state folder, where one is to blame. */
  readonly file: string | null;
  readonly index: number | null;
  readonly says: string;
}

export interface Verification {
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly records: number;
  readonly payloads: number;
  /** Payloads that a record says were disposed of: they are not there, and need not be. */
  readonly disposed: number;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  readonly progress?: (done: number, of: number) => void;
  /** Whether the key of a payload is kept. Who has no keystore cannot tell, and need not. */
  readonly hasKey?: (era: string, digest: string) => Promise<boolean>;
}

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; runs to their numbers; every archived checkpoint to the tree. Damage is reported, never thrown.
 */
export async function verifyLog(files: Reading, { progress = () => undefined, hasKey }: VerifyOptions = {}): Promise<Verification> {
  const problems: Problem[] = [];
  const report = (code: string, says: string, file: string | null = null, index: number | null = null) => void problems.push({ code, file, index, says });
  const attempt = async <Result>(file: string | null, index: number | null, act: () => Promise<Result>): Promise<Result | null> => {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      report(error.code, error.message, file, index);
      return null;
    }
  };
  const nothing = { checkpoint: { origin: '', size: 0, root: '' }, records: 0, payloads: 0, disposed: 0, problems };

  const description = await attempt(DESCRIPTION, null, async () => {
    const bytes = await files.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is missing`);
    return parseDescription(bytes);
  });
  if (!description) return nothing;
  const verifier = logVerifier(description);
  const reader = new LogReader(files, verifier);
  const published = await attempt('log/checkpoint', null, () => reader.checkpoint());
  if (!published) return nothing;
  const { origin, size, root } = published.checkpoint;
  for (const name of await files.list('log/checkpoints')) {
    if (Number(name.slice(0, 20)) > size)
      report('ROLLBACK', `a checkpoint of size ${Number(name.slice(0, 20))} was signed, but the log ends at ${size}`, `log/checkpoints/${name}`);
  }
  const packs = onePack(files);
  const leaves: Hash[] = [];
  const payloads = new Map<string, Seen>();
  const about: Unsealed[] = [];
  const last = new Map<string, { readonly seq: number; readonly digest: string }>();
  let records = 0;
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle++) {
    const entries = await attempt(`log/tile/entries, bundle ${bundle}`, bundle * TILE_WIDTH, () => reader.entries(bundle, size));
    const statements = await attempt(`log/statements, bundle ${bundle}`, bundle * TILE_WIDTH, () => reader.statements(bundle, size));
    for (const [place, entry] of (entries ?? []).entries()) {
      const index = bundle * TILE_WIDTH + place;
      leaves.push(leafHash(entry));
      const envelope = statements?.[place];
      if (!envelope) continue;
      const unsealed = await attempt(`log/statements, bundle ${bundle}`, index, async () => unsealStatement(index, entry, envelope));
      if (!unsealed) continue;
      checkSigner(description, unsealed, report);
      follow(last, unsealed, report);
      if (isAboutLog(unsealed.head)) about.push(unsealed);
      for (const payload of unsealed.payloads)
        if (!payloads.has(payload.digest)) payloads.set(payload.digest, { index, era: unsealed.era, fault: await payloadFault(packs, payload) });
      records++;
      if (index % 100 === 0) progress(index, size);
    }
  }

  const disposed = await checkDisposals(payloads, about, hasKey, report);
  if (canonical(periodsOf(about) as unknown as Json) !== canonical((description.periods ?? []) as unknown as Json))
    report('KEY_RECORDS', 'the keys that it names are not those that the records of keys introduce and retire', DESCRIPTION);

  if (leaves.length === size) {
    const levels = [leaves];
    for (let level = levels[0] ?? []; level.length >= TILE_WIDTH; level = levels.at(-1) ?? []) {
      levels.push(Array.from({ length: Math.floor(level.length / TILE_WIDTH) }, (_, tile) => rootOf(level.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH))));
    }
    const rootAt = (to: number) => (to === 0 ? EMPTY_ROOT : rangeRoot(0, to, (level, index) => levels[level]?.[index] ?? EMPTY_ROOT));
    if (!rootAt(size).equals(root)) report('ROOT', 'the entries do not give the root that is signed', 'log/checkpoint');
    for (const { level, index, width } of tilesOf(size)) {
      const file = `log/${tilePath(level, index, width)}`;
      const tile = await attempt(file, null, () => reader.tile(level, index, size));
      const expected = levels[level]?.slice(index * TILE_WIDTH, index * TILE_WIDTH + width) ?? [];
      if (tile && !Buffer.concat([...tile]).equals(Buffer.concat(expected))) report('TILE', 'the tile does not hold the hashes of its entries', file);
    }
    for (const name of await files.list('log/checkpoints')) {
      const file = `log/checkpoints/${name}`;
      const bytes = await files.read(file);
      const checkpoint = bytes && (await attempt(file, null, async () => readCheckpoint(bytes, verifier)));
      if (!checkpoint) continue;
      if (checkpointName(checkpoint) !== name) report('CHECKPOINT_NAME', 'the checkpoint is not the one that its name says', file);
      if (checkpoint.size <= size && !rootAt(checkpoint.size).equals(checkpoint.root))
        report('FORK', `a root was signed for size ${checkpoint.size} that the entries do not give`, file);
    }
  } else report('ENTRIES', `${leaves.length} of ${size} entries can be read`);
  progress(size, size);
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.size, disposed, problems };
}

type Report = (code: string, says: string, file?: string | null, index?: number | null) => void;

/** Each line of records counts from 1 without a gap, and each statement names the one before it. */
function follow(last: Map<string, { readonly seq: number; readonly digest: string }>, { line, seq, prev, digest, index }: Unsealed, report: Report): void {
  const before = last.get(line);
  if (seq !== (before?.seq ?? 0) + 1) report('SEQUENCE', `record ${seq} of ${line} follows record ${before?.seq ?? 0}: one was withheld`, null, index);
  if (prev !== (before?.digest ?? null)) report('SEQUENCE', `it does not continue the record before it of ${line}`, null, index);
  last.set(line, { seq, digest });
}

export type Pack = (path: string) => Promise<Buffer | null>;

/** The payloads of a record, and of those after it, lie side by side. */
export function onePack(files: Reading): Pack {
  let last: { readonly path: string; readonly bytes: Buffer } | null = null;
  return async (path) => {
    if (last?.path === path) return last.bytes;
    const bytes = await files.read(path);
    last = bytes && { path, bytes };
    return bytes;
  };
}

export interface PayloadFault {
  readonly code: 'PAYLOAD_MISSING' | 'PAYLOAD_ALTERED';
  readonly says: string;
  readonly file: string;
}

/** Why the bytes of a payload are not those that were sealed; `null` where they are. */
export async function payloadFault(read: Pack, payload: Payload): Promise<PayloadFault | null> {
  const { digest, place } = payload;
  const file = payloadPath(payload);
  const bytes = await read(file);
  if (!bytes) return { code: 'PAYLOAD_MISSING', says: 'the payload is missing, and no record says that it was disposed of', file };
  if (sha256hex(place.pack === null ? bytes : bytes.subarray(place.offset, place.offset + place.length)) === digest) return null;
  return { code: 'PAYLOAD_ALTERED', says: 'the payload is not what was sealed', file };
}

/** A payload, and the first record that names it. */
interface Seen {
  readonly index: number;
  readonly era: string;
  readonly fault: PayloadFault | null;
}

/** What was disposed of by record need not be there; everything else must, and must be readable. Resolves to how many were. */
async function checkDisposals(
  payloads: ReadonlyMap<string, Seen>,
  about: readonly Unsealed[],
  hasKey: VerifyOptions['hasKey'],
  report: Report,
): Promise<number> {
  const [disposals, open] = [disposedBy(about), new Set(unfinished(about))];
  let disposed = 0;
  for (const [digest, { index, era, fault }] of payloads) {
    const its = disposals.of(era, digest, index);
    if (its) disposed++;
    else if (fault) report(fault.code, fault.says, fault.file, index);
    const readable = hasKey && (await hasKey(era, digest));
    const key = keyFault(digest, readable ?? null, its && { ...its, finished: !open.has(its.by) });
    if (key) report(key.code, key.says, null, index);
  }
  return disposed;
}

/** Why the key of a payload is not where it must be. */
export function keyFault(
  digest: string,
  readable: boolean | null,
  disposed: { readonly by: number; readonly finished: boolean } | null,
): { readonly code: string; readonly says: string } | null {
  if (readable === false && !disposed)
    return { code: 'PAYLOAD_UNREADABLE', says: `payload ${digest} has not been altered, but the keystore has no key for it: nobody can read it` };
  if (readable === true && disposed?.finished === true)
    return {
      code: 'NOT_DESTROYED',
      says: `record ${disposed.by} says that payload ${digest} was disposed of, and its key is in the keystore: a backup was put back. Run "tickmark dispose --resume"`,
    };
  return null;
}

/** Runs are signed by the key of their collector, all else by that of the workspace: by the one that stood at that record. */
function checkSigner(description: LogDescription, { index, head, publicKey }: Unsealed, report: Report): void {
  const its = statementPeriods(description, publicKey);
  const who = head.kind === 'run' ? collectorOf(head) : 'workspace';
  const own = its.filter((it) => it.who === who);
  if (its.length === 0) report('UNKNOWN_KEY', 'it is signed by a key that log/log.json does not name', DESCRIPTION, index);
  else if (own.length === 0) report('WRONG_KEY', `it is signed by a key of ${its[0]?.who}, and speaks for ${who}`, DESCRIPTION, index);
  else if (!own.some(({ from, to }) => from <= index && (to === null || index < to)))
    report('KEY_PERIOD', `it is signed by a key of ${who} that does not sign at that record`, DESCRIPTION, index);
}
