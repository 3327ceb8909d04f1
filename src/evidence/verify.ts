import { IntegrityError } from '../core/error.ts';
import { checkpointName, readCheckpoint } from '../log/checkpoint.ts';
import { EMPTY_ROOT, type Hash, leafHash, rootOf, sha256hex } from '../log/merkle.ts';
import { rangeRoot, TILE_WIDTH, tilePath, tilesOf } from '../log/tiles.ts';
import type { Problem, Verification } from './archive.ts';
import type { Files } from './files.ts';
import { Keys } from './keys.ts';
import { LogReader } from './reader.ts';
import type { SealedRecord } from './record.ts';
import { unseal } from './statement.ts';
import { blobPath, lineOf } from './paths.ts';

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; runs to their numbers; every archived checkpoint to the tree. Damage is reported, never thrown.
 */
export async function verifyArchive(files: Files, progress: (done: number, of: number) => void = () => undefined): Promise<Verification> {
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

  const keys = await attempt('log/log.json', null, () => Keys.open(files));
  if (!keys) {
    if (problems.length === 0) report('DESCRIPTION', 'log/log.json is missing', 'log/log.json');
    return nothing;
  }
  const reader = new LogReader(files, keys.verifier);
  const published = await attempt('log/checkpoint', null, () => reader.checkpoint());
  if (!published) return nothing;
  const { origin, size, root } = published.checkpoint;
  for (const name of await checkpointNames(files)) {
    if (Number(name.slice(0, 20)) > size)
      report('ROLLBACK', `a checkpoint of size ${Number(name.slice(0, 20))} was signed, but the log ends at ${size}`, `log/checkpoints/${name}`);
  }
  const statementKeys = new Set(Object.values(keys.description.statementKeys));

  const leaves: Hash[] = [];
  const payloads = new Set<string>();
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
      const unsealed = await attempt(`log/statements, bundle ${bundle}`, index, async () => unseal(index, entry, envelope));
      if (!unsealed) continue;
      if (!statementKeys.has(unsealed.publicKey)) report('UNKNOWN_KEY', 'it is signed by a key that log/log.json does not name', 'log/log.json', index);
      follow(last, unsealed.record, unsealed.prev, report);
      for (const subject of unsealed.record.subjects) {
        if (!payloads.has(subject.digest)) await checkPayload(files, subject.digest, index, report);
        payloads.add(subject.digest);
      }
      records++;
      if (index % 100 === 0) progress(index, size);
    }
  }

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
    for (const name of await checkpointNames(files)) {
      const file = `log/checkpoints/${name}`;
      const bytes = await files.read(file);
      const checkpoint = bytes && (await attempt(file, null, async () => readCheckpoint(bytes, keys.verifier)));
      if (!checkpoint) continue;
      if (checkpointName(checkpoint) !== name) report('CHECKPOINT_NAME', 'the checkpoint is not the one that its name says', file);
      if (checkpoint.size <= size && !rootAt(checkpoint.size).equals(checkpoint.root))
        report('FORK', `a root was signed for size ${checkpoint.size} that the entries do not give`, file);
    }
  } else report('ENTRIES', `${leaves.length} of ${size} entries can be read`);
  progress(size, size);
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.size, problems };
}

/** Beside them lies what witnesses and time-stamping authorities said of them. */
const checkpointNames = async (files: Files): Promise<readonly string[]> =>
  (await files.list('log/checkpoints')).filter((name) => !/\.(tsr|cosigned)$/.test(name));

type Report = (code: string, says: string, file?: string | null, index?: number | null) => void;

/** Each line of runs counts from 1 without a gap, and each statement names the one before it. */
function follow(last: Map<string, { readonly seq: number; readonly digest: string }>, record: SealedRecord, prev: string | null, report: Report): void {
  const line = lineOf(record.body);
  const before = last.get(line);
  const seq = record.body.kind === 'run' ? record.body.seq : (before?.seq ?? 0) + 1;
  if (seq !== (before?.seq ?? 0) + 1) report('SEQUENCE', `run ${seq} of ${line} follows run ${before?.seq ?? 0}: a record was withheld`, null, record.index);
  if (prev !== (before?.digest ?? null)) report('SEQUENCE', `it does not continue the record before it of ${line}`, null, record.index);
  last.set(line, { seq, digest: record.digest });
}

async function checkPayload(files: Files, digest: string, index: number, report: Report): Promise<void> {
  const bytes = await files.read(blobPath(digest));
  if (!bytes) return report('PAYLOAD_MISSING', 'the payload is missing', blobPath(digest), index);
  if (sha256hex(bytes) !== digest) report('PAYLOAD_ALTERED', 'the payload is not what was sealed', blobPath(digest), index);
  return undefined;
}
