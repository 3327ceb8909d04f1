import { IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { DESCRIPTION, type LogDescription, parseDescription } from '../log/description.ts';
import { type Hash, leafHash, sha256hex } from '../log/merkle.ts';
import { parseVerifierKey } from '../log/note.ts';
import { payloadPath } from '../log/paths.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { type Payload, signerOf, type Unsealed, unsealStatement } from '../log/statement.ts';
import { bundlePath, statementsPath, TILE_WIDTH } from '../log/tiles.ts';
import { type Problem, type Report, reporting } from './problems.ts';
import { type Claims, verifyTree } from './tree.ts';

export interface Verification {
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly records: number;
  readonly payloads: number;
  readonly problems: readonly Problem[];
}

/** So many problems say enough. A checkpoint may be signed for any size, and nobody waits for the end of that. */
const ENOUGH = 1000;

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; records to their numbers and slots; every archived checkpoint to the tree. Damage is
 * reported, never thrown. Needs no lock: a writer may go on meanwhile, and a batch whose publication was interrupted is no damage.
 */
export async function verifyLog(files: Reading, progress: (done: number, of: number) => void = () => undefined): Promise<Verification> {
  const problems: Problem[] = [];
  const { report, attempt } = reporting(problems);
  const nothing = { checkpoint: { origin: '', size: 0, root: '' }, records: 0, payloads: 0, problems };
  const describe = async () => {
    const bytes = await files.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is missing`);
    return parseDescription(bytes);
  };

  const described = await attempt(DESCRIPTION, null, describe);
  if (!described) return nothing;
  const reader = new LogReader(files, parseVerifierKey(described.verifierKey));
  const published = await attempt('log/checkpoint', null, () => reader.checkpoint());
  if (!published) return nothing;
  const { origin, size, root } = published.checkpoint;
  // Read again: a record below this checkpoint may be signed with a key that was published after the first reading.
  const description = (await attempt(DESCRIPTION, null, describe)) ?? described;

  const leaves: Hash[] = [];
  const claims: Claims = new Map();
  const payloads = new Set<string>();
  const lines = new Map<string, Last>();
  const packs = onePack(files);
  let [records, newest] = [0, 0];
  for (let bundle = 0; bundle * TILE_WIDTH < size && problems.length < ENOUGH; bundle++) {
    const [first, width] = [bundle * TILE_WIDTH, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)];
    const file = `log/${statementsPath(bundle, width)}`;
    const entries = await attempt(`log/${bundlePath(bundle, width)}`, first, () => reader.entries(bundle, size));
    const statements = await attempt(file, first, () => reader.statements(bundle, size));
    for (const [place, entry] of (entries ?? []).entries()) {
      const index = first + place;
      leaves[index] = leafHash(entry);
      const envelope = statements?.[place];
      const statement = envelope && (await attempt(file, index, async () => unsealStatement(index, entry, envelope)));
      if (!statement) continue;
      checkSigner(description, statement, report);
      follow(lines, statement, report);
      newest = Math.max(newest, statement.sealedAt);
      const { size: before, root: its } = statement.afterCheckpoint;
      if (!claims.has(`${before} ${its}`)) claims.set(`${before} ${its}`, { size: before, root: its, index });
      for (const payload of statement.payloads) {
        if (!payloads.has(payload.digest)) await attempt(payloadPath(payload), index, () => checkPayload(packs, payload));
        payloads.add(payload.digest);
      }
      records++;
      if (index % 100 === 0) progress(index, size);
    }
  }
  silence(lines, newest, report);
  if (problems.length >= ENOUGH) report('ENOUGH', `more than ${ENOUGH} problems: the rest was not read`);
  else await verifyTree({ files, reader, size, root, report, attempt }, leaves, claims);
  progress(size, size);
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.size, problems };
}

/** A statement is signed with the key that the log published for who speaks in it, and with no other of its keys. */
function checkSigner({ statementKeys }: LogDescription, { index, head, publicKey }: Unsealed, report: Report): void {
  const who = signerOf(head);
  if (statementKeys[who] !== publicKey) report('UNKNOWN_KEY', `it is signed by a key that ${DESCRIPTION} does not name as that of ${who}`, DESCRIPTION, index);
}

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

/** What is expected of a line ends only where a record says that it does. */
function silence(lines: ReadonlyMap<string, Last>, newest: Instant, report: Report): void {
  for (const [line, { next, slot, index }] of lines)
    if (next !== null && newest >= next.slot + next.every)
      report('SILENT', `nothing is sealed of ${line} since ${iso(slot)}, and nothing says that it is retired`, null, index);
}

interface Read {
  readonly bytes: Buffer;
  /** Whether a pack is as it was written, to the last byte. */
  readonly whole: boolean;
}

type ReadPayloads = (path: string, pack: string | null) => Promise<Read | null>;

/** The payloads of a record, and of those after it, lie side by side. */
function onePack(files: Reading): ReadPayloads {
  let last: (Read & { readonly path: string }) | null = null;
  return async (path, pack) => {
    if (last?.path === path) return last;
    const bytes = await files.read(path);
    last = bytes && { path, bytes, whole: pack === null || sha256hex(bytes) === pack };
    return last;
  };
}

async function checkPayload(read: ReadPayloads, payload: Payload): Promise<void> {
  const { digest, place } = payload;
  const there = await read(payloadPath(payload), place.pack);
  if (!there) throw new IntegrityError('PAYLOAD_MISSING', 'the payload is missing');
  const bytes = place.pack === null ? there.bytes : there.bytes.subarray(place.offset, place.offset + place.length);
  if (sha256hex(bytes) !== digest) throw new IntegrityError('PAYLOAD_ALTERED', 'the payload is not what was sealed');
  if (!there.whole) throw new IntegrityError('PACK', 'the pack of the payload holds more, or less, or other bytes than were written');
}
