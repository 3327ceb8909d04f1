import { IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { DESCRIPTION, parseDescription } from '../log/description.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf, sha256hex } from '../log/merkle.ts';
import { parseVerifierKey } from '../log/note.ts';
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
  readonly problems: readonly Problem[];
}

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; runs to their numbers; every archived checkpoint to the tree. Damage is reported, never thrown.
 */
export async function verifyLog(files: Reading, progress: (done: number, of: number) => void = () => undefined): Promise<Verification> {
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
  const nothing = { checkpoint: { origin: '', size: 0, root: '' }, records: 0, payloads: 0, problems };

  const description = await attempt(DESCRIPTION, null, async () => {
    const bytes = await files.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is missing`);
    return parseDescription(bytes);
  });
  if (!description) return nothing;
  const verifier = parseVerifierKey(description.verifierKey);
  const reader = new LogReader(files, verifier);
  const published = await attempt('log/checkpoint', null, () => reader.checkpoint());
  if (!published) return nothing;
  const { origin, size, root } = published.checkpoint;
  for (const name of await files.list('log/checkpoints')) {
    if (Number(name.slice(0, 20)) > size)
      report('ROLLBACK', `a checkpoint of size ${Number(name.slice(0, 20))} was signed, but the log ends at ${size}`, `log/checkpoints/${name}`);
  }
  const statementKeys = new Set(Object.values(description.statementKeys));

  const packs = onePack(files);
  const leaves: Hash[] = [];
  const payloads = new Set<string>();
  const last = new Map<string, Last>();
  let records = 0;
  let newest = 0;
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
      if (!statementKeys.has(unsealed.publicKey)) report('UNKNOWN_KEY', 'it is signed by a key that log/log.json does not name', 'log/log.json', index);
      follow(last, unsealed, report);
      newest = Math.max(newest, unsealed.sealedAt);
      for (const payload of unsealed.payloads) {
        if (!payloads.has(payload.digest)) await checkPayload(packs, payload, index, report);
        payloads.add(payload.digest);
      }
      records++;
      if (index % 100 === 0) progress(index, size);
    }
  }

  for (const [line, its] of last)
    if (its.next !== null && newest >= its.next.slot + its.next.every)
      report('SILENT', `nothing is sealed of ${line} since ${iso(its.slot)}, and nothing says that it is retired`, null, its.index);

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
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.size, problems };
}

type Report = (code: string, says: string, file?: string | null, index?: number | null) => void;

/** The newest record of a line, and the slot that is due after it. */
interface Last {
  readonly seq: number;
  readonly digest: string;
  readonly index: number;
  readonly slot: Instant;
  readonly next: { readonly slot: Instant; readonly every: number } | null;
}

/** Each line of records counts from 1 without a gap, each statement names the one before it, and no slot of the schedule passes in silence. */
function follow(last: Map<string, Last>, { line, seq, prev, digest, index, head }: Unsealed, report: Report): void {
  const before = last.get(line);
  if (seq !== (before?.seq ?? 0) + 1) report('SEQUENCE', `record ${seq} of ${line} follows record ${before?.seq ?? 0}: one was withheld`, null, index);
  if (prev !== (before?.digest ?? null)) report('SEQUENCE', `it does not continue the record before it of ${line}`, null, index);
  const slot = Number(head.slot ?? 0);
  const every = typeof head.every === 'number' ? head.every : null;
  // Where the schedule was changed in between, the longer distance counts.
  if (before?.next && slot >= before.slot + 2 * Math.max(before.next.every, every ?? 0))
    report('SLOT', `nothing was sealed of ${line} for the slot of ${iso(before.next.slot)}: the record before it is of ${iso(before.slot)}`, null, index);
  last.set(line, { seq, digest, index, slot, next: every === null ? null : { slot: slot + every, every } });
}

type Pack = (path: string) => Promise<Buffer | null>;

/** The payloads of a record, and of those after it, lie side by side. */
function onePack(files: Reading): Pack {
  let last: { readonly path: string; readonly bytes: Buffer } | null = null;
  return async (path) => {
    if (last?.path === path) return last.bytes;
    const bytes = await files.read(path);
    last = bytes && { path, bytes };
    return bytes;
  };
}

async function checkPayload(read: Pack, payload: Payload, index: number, report: Report): Promise<void> {
  const { digest, place } = payload;
  const path = payloadPath(payload);
  const bytes = await read(path);
  if (!bytes) return report('PAYLOAD_MISSING', 'the payload is missing', path, index);
  if (sha256hex(place.pack === null ? bytes : bytes.subarray(place.offset, place.offset + place.length)) !== digest)
    report('PAYLOAD_ALTERED', 'the payload is not what was sealed', path, index);
  return undefined;
}
