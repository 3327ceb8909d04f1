import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { DESCRIPTION, type LogDescription, logVerifier, parseDescription, statementPeriods } from '../log/description.ts';
import { disposedBy, isAboutLog, isKey, periodsOf, unfinished } from '../log/disposal.ts';
import { type Hash, leafHash } from '../log/merkle.ts';
import { parseVerifierKey } from '../log/note.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { type Payload, payloadName, signerOf, type Unsealed } from '../log/statement.ts';
import { archivedNotes, successionOf } from '../log/succession.ts';
import { bundlePath, statementsPath, TILE_WIDTH } from '../log/tiles.ts';
import { judged, misplaced } from './holds.ts';
import { type Named, namedPayloads } from './named.ts';
import { keyFault, onePack, packFaults } from './packs.ts';
import { punctual } from './punctual.ts';
import { type Problem, type Report, reporting } from './problems.ts';
import { changeFault, changeSaid, schedules } from './slots.ts';
import { type Claims, verifyTree } from './tree.ts';
import { type Unsealings, unsealing } from './unsealing.ts';

export interface Verification {
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string };
  readonly records: number;
  readonly payloads: number;
  /** Payloads that a record says were disposed of: they are not there, and need not be. */
  readonly disposed: number;
  readonly problems: readonly Problem[];
  /** What its reader must not overlook: schedules that were changed. */
  readonly remarks: readonly string[];
}

/** So many problems say enough. A checkpoint may be signed for any size, and nobody waits for the end of that. */
const ENOUGH = 1000;

export interface VerifyOptions {
  readonly progress?: (done: number, of: number) => void;
  /** Whether the key of a payload is kept. Who has no keystore cannot tell, and need not. */
  readonly hasKey?: (era: string, payload: Payload) => Promise<boolean>;
}

/**
 * Derives the whole archive again and compares: entries to leaf hashes to every tile to the signed root; statements to
 * leaves; payloads to statements; records to their numbers and slots; every archived checkpoint to the tree. Damage is
 * reported, never thrown. Needs no lock: a writer may go on meanwhile, and a batch whose publication was interrupted is no damage.
 */
export async function verifyLog(archive: Reading, { progress = () => undefined, hasKey }: VerifyOptions = {}): Promise<Verification> {
  const files = readAtOnce(archive);
  const problems: Problem[] = [];
  const { report, found, attempt } = reporting(problems);
  const nothing = { checkpoint: { origin: '', size: 0, root: '' }, records: 0, payloads: 0, disposed: 0, problems, remarks: [] as readonly string[] };
  const describe = async () => {
    const bytes = await files.read(DESCRIPTION);
    if (!bytes) throw new IntegrityError('DESCRIPTION', `${DESCRIPTION} is missing`);
    return parseDescription(bytes);
  };

  const described = await attempt(DESCRIPTION, null, describe);
  if (!described) return nothing;
  const reader = new LogReader(files, logVerifier(described));
  const published = await attempt('log/checkpoint', null, () => reader.checkpoint());
  if (!published) return nothing;
  const { origin, size, root } = published.checkpoint;
  // Read again: a record below this checkpoint may be signed with a key that was published after the first reading.
  const description = (await attempt(DESCRIPTION, null, describe)) ?? described;

  const leaves: Hash[] = [];
  const claims: Claims = new Map();
  const about: Unsealed[] = [];
  const lines = new Map<string, Last>();
  const [faultsOf, slots] = [punctual(), schedules()];
  const payloads = namedPayloads(onePack(files), { report, attempt });
  let [records, newest] = [0, 0];
  let claim = { size: -1, root: '' }; // of the record before: those of one batch say the same
  const parts = readAhead(reader, size);
  for await (const { first, file, entriesFile, entries: read, statements: its, unsealed } of parts) {
    if (problems.length >= ENOUGH) break;
    const entries = await attempt(entriesFile, first, read);
    await attempt(file, first, its);
    for (const [place, entry] of (entries ?? []).entries()) leaves[first + place] = leafHash(entry);
    if (entries)
      for (const { from, its: some } of unsealed)
        for (const [place, statement] of (await some()).entries()) {
          const index = from + place;
          if (statement instanceof Error) found(file, index, statement);
          if (statement === null || statement instanceof Error) continue;
          checkSigner(description, statement, report);
          follow(lines, statement, report);
          slots.take(statement);
          for (const { code, says } of faultsOf(statement)) report(code, says, null, index);
          const elsewhere = misplaced(statement);
          if (elsewhere) report('ERA', elsewhere, null, index);
          newest = Math.max(newest, statement.sealedAt);
          const { size: before, root: its } = statement.afterCheckpoint;
          if ((claim.size !== before || claim.root !== its) && !claims.has(`${before} ${its}`))
            claims.set(`${before} ${its}`, { size: before, root: its, index });
          claim = statement.afterCheckpoint;
          if (isAboutLog(statement.head)) about.push(statement);
          for (const payload of statement.payloads) {
            const looking = payloads.take(statement, payload);
            if (looking) await looking;
          }
          records++;
          if (index % 100 === 0) progress(index, size);
        }
  }
  const remarks = silence(slots.lines, newest, report);
  const { disposed, unreadable } = await checkDisposals(payloads.all(), about, hasKey, report);
  await checkHolds({ about, reader, size, unreadable }, report);
  if (canonical(periodsOf(about) as unknown as Json) !== canonical((description.periods ?? []) as unknown as Json))
    report('KEY_RECORDS', 'the keys that it names are not those that the records of keys introduce and retire', DESCRIPTION);
  await attempt(null, null, () => checkSuccession(about, files, origin, report));
  if (problems.length >= ENOUGH) report('ENOUGH', `more than ${ENOUGH} problems: the rest was not read`);
  else await verifyTree({ files, reader, size, root, report, attempt }, leaves, claims);
  progress(size, size);
  return { checkpoint: { origin, size, root: root.toString('base64') }, records, payloads: payloads.count, disposed, problems, remarks };
}

/** The threads that would read a file have hundreds of signatures to verify before it, and nothing is left for them by the time it is there. */
const readAtOnce = (archive: Reading): Reading => ({
  read: (path) => archive.read(path, AT_ONCE),
  readPart: (path, offset, length) => archive.readPart(path, offset, length),
  list: (path) => archive.list(path),
});
const AT_ONCE = 4 * 1024 * 1024;

/** Runs are signed by the key of their collector, all else by that of the workspace: by the one that stood at that record. */
function checkSigner(description: LogDescription, { index, head, publicKey }: Unsealed, report: Report): void {
  const its = statementPeriods(description, publicKey);
  const who = signerOf(head);
  const own = its.filter((it) => it.who === who);
  if (its.length === 0) report('UNKNOWN_KEY', 'it is signed by a key that log/log.json does not name', DESCRIPTION, index);
  else if (own.length === 0) report('WRONG_KEY', `it is signed by a key of ${its[0]?.who}, and speaks for ${who}`, DESCRIPTION, index);
  else if (!own.some(({ from, to }) => from <= index && (to === null || index < to)))
    report('KEY_PERIOD', `it is signed by a key of ${who} that does not sign at that record`, DESCRIPTION, index);
}

/** A bundle of entries and statements, read and not yet told of. */
interface Part {
  readonly first: number;
  readonly file: string;
  readonly entriesFile: string;
  entries(): Promise<readonly Buffer[]>;
  statements(): Promise<readonly Buffer[]>;
  /** Some after the other. */
  readonly unsealed: readonly Some[];
}

/** Statements from an index on: what each says, or why it cannot be read. */
interface Some {
  readonly from: number;
  its(): Promise<Unsealings>;
}

/** So many are verified together. */
const SOME = 32;

/** Every bundle in order. The next one is read, and its signatures verified, while the one before it is looked at. */
async function* readAhead(reader: LogReader, size: number): AsyncGenerator<Part> {
  const bundles = Math.ceil(size / TILE_WIDTH);
  const shared = unsealing(size);
  const read = async (bundle: number): Promise<Part> => {
    const [first, width] = [bundle * TILE_WIDTH, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)];
    const [entries, statements] = [await settled(reader.entries(bundle, size)), await settled(reader.statements(bundle, size))];
    const [leaves, envelopes] = await Promise.all([entries, statements].map((its) => its().catch((): readonly Buffer[] => []))); // told by whoever asks again
    const unsealed = Array.from({ length: Math.ceil((leaves ?? []).length / SOME) }, (_, part): Some => {
      const [from, to] = [part * SOME, (part + 1) * SOME];
      return { from: first + from, its: shared.add(first + from, (leaves ?? []).slice(from, to), (envelopes ?? []).slice(from, to)) };
    });
    return { first, file: `log/${statementsPath(bundle, width)}`, entriesFile: `log/${bundlePath(bundle, width)}`, entries, statements, unsealed };
  };
  for (let [bundle, next] = [0, bundles > 0 ? read(0) : null]; next; bundle++) {
    const part: Part = await next;
    next = bundle + 1 < bundles ? read(bundle + 1) : null;
    yield part;
  }
}

interface Holding {
  readonly about: readonly Unsealed[];
  readonly reader: LogReader;
  readonly size: number;
  /** By which disposal that is not completed a payload cannot be read any more. */
  readonly unreadable: ReadonlyMap<string, number>;
}

/** Disposals against the holds that stood: all is read once more, and only where one was completed beside a hold, or what it names is gone beside one. */
async function checkHolds({ about, reader, size, unreadable }: Holding, report: Report): Promise<void> {
  const { faults, isOpen, isWaiting, under, keeping } = judged(about);
  for (const { code, index, says } of faults) report(code, says, null, index);
  if (!isOpen && (!isWaiting || unreadable.size === 0)) return;
  for await (const { unsealed } of readAhead(reader, size))
    for (const { its } of unsealed)
      for (const statement of await its()) {
        if (statement === null || statement instanceof Error) continue; // told already
        for (const { code, index, says } of under(statement)) report(code, says, null, index);
        for (const payload of statement.payloads) {
          const by = unreadable.get(`${statement.era} ${payloadName(payload)}`);
          const hold = by === undefined ? null : keeping(statement, by);
          if (hold) report('UNDER_HOLD', `the hold of record ${hold.record} keeps payload ${payload.digest}, and its key is gone`, null, statement.index);
        }
      }
}

/** Each key of the log was introduced under the one before it. That the archived checkpoints are of this tree is asked of each by {@link verifyTree}. */
async function checkSuccession(about: readonly Unsealed[], files: Reading, origin: string, report: Report): Promise<void> {
  const [first] = periodsOf(about).filter(({ role, who }) => role === 'log' && who === origin);
  if (!first) return;
  const shown = { about, notes: (from: number, to: number | null) => archivedNotes(files, from, to), holds: async () => true };
  const { followed } = await successionOf(parseVerifierKey(first.key), shown);
  for (const { index, head } of about)
    if (isKey(head) && head.role === 'log' && head.step === 'introduced' && !followed.some(({ record }) => record === index))
      report('KEY_SUCCESSION', 'it introduces a key of the log, and no checkpoint over it is signed by the key that stood before', null, index);
}

/** Asked for now and told later: what failed meanwhile is nobody's until then. */
const settled = <Result>(asked: Promise<Result>): Promise<() => Promise<Result>> =>
  asked.then(
    (result) => async () => result,
    (error: unknown) => () => Promise.reject(error),
  );

/** The newest record of a line. */
interface Last {
  readonly seq: number;
  readonly digest: string;
}

/** Each line of records counts from 1 without a gap, and each statement names the one before it. */
function follow(last: Map<string, Last>, { line, seq, prev, digest, index }: Unsealed, report: Report): void {
  const before = last.get(line);
  if (seq !== (before?.seq ?? 0) + 1) report('SEQUENCE', `record ${seq} of ${line} follows record ${before?.seq ?? 0}: one was withheld`, null, index);
  if (prev !== (before?.digest ?? null)) report('SEQUENCE', `it does not continue the record before it of ${line}`, null, index);
  last.set(line, { seq, digest });
}

/** No slot of the schedule passes in silence, and what is expected of a line ends, or changes, only where a configuration says so. Answers with what was changed. */
function silence(lines: ReturnType<typeof schedules>['lines'], newest: Instant, report: Report): readonly string[] {
  for (const [line, { changes }] of lines)
    for (const change of changes) {
      const fault = changeFault(line, change);
      if (fault !== null) report('SCHEDULE', fault, null, change.index);
    }
  for (const [line, { silences }] of lines)
    for (const { after, every, index } of silences)
      report('SLOT', `nothing was sealed of ${line} for the slot of ${iso(after + every)}: the record before it is of ${iso(after)}`, null, index);
  for (const [line, { every, newest: slot, last }] of lines)
    if (every !== null && newest >= slot + 2 * every)
      report('SILENT', `nothing is sealed of ${line} since ${iso(slot)}, and nothing says that it is retired`, null, last.index);
  return [...lines].flatMap(([line, { changes }]) => changes.filter(({ by }) => by !== null).map((change) => changeSaid(line, change)));
}

/**
 * What was disposed of by record need not be there, once that is completed; everything else must, and must be readable.
 * Resolves to how many were, and to what cannot be read for a disposal that is not completed.
 */
async function checkDisposals(
  payloads: Iterable<Named>,
  about: readonly Unsealed[],
  hasKey: VerifyOptions['hasKey'],
  report: Report,
): Promise<{ readonly disposed: number; readonly unreadable: ReadonlyMap<string, number> }> {
  const [disposals, open] = [disposedBy(about), new Set(unfinished(about))];
  const unreadable = new Map<string, number>();
  let disposed = 0;
  const packs = packFaults();
  for (const { index, last, era, payload, fault } of payloads) {
    const { digest } = payload;
    const its = disposals.of(era, digest, last);
    const isOpen = its !== null && open.has(its.by);
    if (its) disposed++;
    // Bytes are taken last: until a record says that the keys were destroyed all of them lie there.
    if (fault && (!its || isOpen)) packs.add({ ...fault, index }, era, about, report);
    const readable = hasKey && (await hasKey(era, payload));
    if (isOpen && readable === false) unreadable.set(`${era} ${payloadName(payload)}`, its.by);
    const key = keyFault(digest, readable ?? null, its && { ...its, finished: !isOpen });
    if (key) report(key.code, key.says, null, index);
  }
  packs.tell(report);
  return { disposed, unreadable };
}
