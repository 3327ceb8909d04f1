import { IntegrityError } from '../core/error.ts';
import { type Hash, leafHash, sha256hex } from '../log/merkle.ts';
import { bundlePath, statementsPath, TILE_WIDTH } from '../log/tiles.ts';
import type { Problem, Verification } from './archive.ts';
import type { Files } from './files.ts';
import { Keys, type LogDescription } from './keys.ts';
import { blobPath, lineOf, signerOf } from './paths.ts';
import { type Report, reporting } from './problems.ts';
import { LogReader } from './reader.ts';
import type { SealedRecord } from './record.ts';
import { unseal } from './statement.ts';
import { type Claims, verifyTree } from './verify-tree.ts';

/** So many problems say enough. A checkpoint may be signed for any size, and nobody waits for the end of that. */
const ENOUGH = 1000;

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; runs to their numbers; every archived checkpoint to the tree. Damage is reported, never
 * thrown. Needs no lock: a writer may go on meanwhile, and a batch whose publication was interrupted is no damage.
 */
export async function verifyArchive(files: Files, progress: (done: number, of: number) => void = () => undefined): Promise<Verification> {
  const problems: Problem[] = [];
  const { report, attempt } = reporting(problems);
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
  // Read again: a record below this checkpoint may be signed with a key that was published after the first reading.
  const { description } = (await attempt('log/log.json', null, () => Keys.open(files))) ?? keys;

  const leaves: Hash[] = [];
  const claims: Claims = new Map();
  const payloads = new Set<string>();
  const last = new Map<string, Last>();
  let records = 0;
  for (let bundle = 0; bundle * TILE_WIDTH < size && problems.length < ENOUGH; bundle++) {
    const [first, width] = [bundle * TILE_WIDTH, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)];
    const file = `log/${statementsPath(bundle, width)}`;
    const entries = await attempt(`log/${bundlePath(bundle, width)}`, first, () => reader.entries(bundle, size));
    const statements = await attempt(file, first, () => reader.statements(bundle, size));
    for (const [place, entry] of (entries ?? []).entries()) {
      const index = first + place;
      leaves[index] = leafHash(entry);
      const envelope = statements?.[place];
      const unsealed = envelope && (await attempt(file, index, async () => unseal(index, entry, envelope)));
      if (!unsealed) continue;
      const { record, prev, publicKey } = unsealed;
      checkSigner(description, record, publicKey, report);
      follow(last, record, prev, report);
      const { size: before, root: its } = record.afterCheckpoint;
      if (!claims.has(`${before} ${its}`)) claims.set(`${before} ${its}`, { size: before, root: its, index });
      for (const { digest } of record.subjects) {
        if (!payloads.has(digest)) await attempt(blobPath(digest), index, () => checkPayload(files, digest));
        payloads.add(digest);
      }
      records++;
      if (index % 100 === 0) progress(index, size);
    }
  }
  if (problems.length >= ENOUGH) report('ENOUGH', `more than ${ENOUGH} problems: the rest was not read`);
  else await verifyTree({ files, reader, size, root, report, attempt }, leaves, claims);
  progress(size, size);
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.size, problems };
}

/** A statement is signed with the key that the log published for who speaks in it, and with no other of its keys. */
function checkSigner({ statementKeys }: LogDescription, { index, body }: SealedRecord, publicKey: string, report: Report): void {
  const who = signerOf(body);
  if (statementKeys[who] !== publicKey) report('UNKNOWN_KEY', `it is signed by a key that log/log.json does not name as that of ${who}`, 'log/log.json', index);
}

interface Last {
  readonly seq: number;
  readonly digest: string;
}

/** Each line of runs counts from 1 without a gap, and each statement names the one before it. */
function follow(last: Map<string, Last>, record: SealedRecord, prev: string | null, report: Report): void {
  const line = lineOf(record.body);
  const before = last.get(line);
  const seq = record.body.kind === 'run' ? record.body.seq : (before?.seq ?? 0) + 1;
  if (seq !== (before?.seq ?? 0) + 1) report('SEQUENCE', `run ${seq} of ${line} follows run ${before?.seq ?? 0}: a record was withheld`, null, record.index);
  if (prev !== (before?.digest ?? null)) report('SEQUENCE', `it does not continue the record before it of ${line}`, null, record.index);
  last.set(line, { seq, digest: record.digest });
}

async function checkPayload(files: Files, digest: string): Promise<void> {
  const bytes = await files.read(blobPath(digest));
  if (!bytes) throw new IntegrityError('PAYLOAD_MISSING', 'the payload is missing');
  if (sha256hex(bytes) !== digest) throw new IntegrityError('PAYLOAD_ALTERED', 'the payload is not what was sealed');
}
