import { IntegrityError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import type { Checkpoint } from '../log/checkpoint.ts';
import { leafHash, verifyInclusion } from '../log/merkle.ts';
import { tlogProof } from '../log/proof.ts';
import { type DescribedKey, type LogDescription, statementPeriods } from '../log/description.ts';
import { isAboutLog, isDisposal, periodsOf } from '../log/disposal.ts';
import { leafOf, type Payload, payloadName, signerOf, statementIn, type Unsealed } from '../log/statement.ts';
import { statementsPath, TILE_WIDTH } from '../log/tiles.ts';
import type { Tree } from '../log/tree.ts';
import type { BundleFiles } from './bundle-files.ts';
import { type BundleLog, leafAt } from './bundle-log.ts';
import type { Dated } from './dated.ts';
import { agree, isCostly, MEMBERS, parseDetail } from './detail.ts';
import { type Account, account, type Choice, evidenceFolder, proofFile, runAt, statementFile } from './format.ts';
import { readAhead } from './ahead.ts';
import type { Opened, Opener } from './opening.ts';
import { afterOpening, type Looked, lookAt } from './payload.ts';
import { judged, misplaced } from './holds.ts';
import { lineItem } from './problems.ts';
import { readProof } from './proof-file.ts';
import { punctual } from './punctual.ts';
import { standing } from './standing.ts';
import type { Verdicts } from './verdict.ts';

export interface RecordsAsked {
  readonly files: BundleFiles;
  readonly log: BundleLog;
  readonly checkpoint: Checkpoint;
  /** The signed note, as the bundle holds it. */
  readonly note: Buffer;
  /** Whose keys sign statements; `null` where it cannot be read. */
  readonly description: LogDescription | null;
  /** Which runs the bundle must hold the evidence of. */
  readonly choice: Choice;
  readonly cited: ReadonlySet<number>;
  readonly sealed: boolean;
  readonly opener: Opener;
  readonly said: Verdicts;
  readonly progress: (done: number, of: number) => void;
}

export interface RecordsTold {
  readonly account: Account;
  /** Why runs were not complete, of the details that were opened. */
  readonly reasons: ReadonlyMap<number, string | null>;
  /** Whether every statement of the log could be read. */
  readonly whole: boolean;
  readonly records: number;
  readonly demo: boolean;
  /** When each statement that could be read says that it was sealed, in the order of the log. */
  readonly dated: readonly Dated[];
  /** Runs of the period, and the lines whose first one is among them. */
  readonly runs: number;
  readonly begun: readonly { readonly line: string; readonly at: Instant }[];
  /** Keys that were replaced and those that replaced them, as the records of keys say. */
  readonly keys: readonly DescribedKey[];
  /** The records that say so, and others that speak of the log itself. */
  readonly about: readonly Unsealed[];
  readonly payloads: { readonly opened: number; readonly unopened: number; readonly disposed: number };
  /** Digests of the payloads that records name. */
  readonly named: ReadonlySet<string>;
}

/** Every statement of the log, and every record whose evidence is there or should be. */
export async function verifyRecords(asked: RecordsAsked): Promise<RecordsTold> {
  const { files, checkpoint, said, choice, cited, progress } = asked;
  const about = await spokenOf(asked);
  const kept = account(
    about.filter(({ head }) => isDisposal(head)),
    choice,
  );
  const disposals = judged(about);
  for (const { index, says } of disposals.faults) said.say(`record ${index}`, 'ALTERED', says);
  const numbering = new Map<string, { readonly seq: number; readonly digest: string }>();
  const reasons = new Map<number, string | null>();
  const looked = new Map<string, Omit<Looked, 'plain'> & Pick<Payload, 'size'>>();
  const undone = new Set<number>();
  const totals = { opened: 0, unopened: 0, disposed: 0 };
  const [dated, faultsOf, afterFault] = [[] as Dated[], punctual(), madeAfter(asked.log.tree)];
  const [looks, begun] = [standing<{ readonly index: number; readonly line: string; readonly there: boolean }>(choice), [] as { line: string; at: Instant }[]];
  let [whole, records, demo, runs] = [true, 0, false, 0];
  const ahead = readAhead({
    files,
    opener: asked.opener,
    size: checkpoint.size,
    read: async (index) => {
      const there = files.has(statementFile(index)) || files.has(proofFile(index));
      return { index, there, statement: await statementAt(asked, index, there) };
    },
    opens: (statement, payload) => lookAt(files, payload, circumstances(statement, payload)) === null,
  });
  for await (const { index, there, statement, opened } of ahead) {
    const item = `record ${index}`;
    if (!statement) {
      whole = false;
      continue;
    }
    demo ||= statement.demo;
    if (whole) follow(numbering, statement, said); // one that cannot be read is said once
    dated.push({ index, sealedAt: statement.sealedAt });
    for (const { says } of faultsOf(statement)) said.say(item, 'ALTERED', says);
    const after = afterFault(statement);
    if (after !== null) said.say(item, 'ALTERED', after);
    const elsewhere = misplaced(statement);
    if (elsewhere) said.say(item, 'ALTERED', elsewhere);
    for (const fault of disposals.isOpen ? disposals.under(statement) : []) said.say(`record ${fault.index}`, 'ALTERED', fault.says);
    const inPeriod = kept.take(statement);
    const { head, line, seq } = statement;
    looks.take(statement, { index, line, there });
    if (inPeriod && head.kind === 'run') runs++;
    if (inPeriod && head.kind === 'run' && seq === 1) begun.push({ line, at: runAt(head) });
    if (!there && !inPeriod && !cited.has(index)) continue;
    kept.export(statement);
    records++;
    if (!there) said.say(item, 'MISSING', `it ${inPeriod ? 'is of the period' : 'is cited by the results'}, and ${evidenceFolder(index)} is not there`);
    else await evidenceOf(statement, opened);
    if (index % 100 === 0) progress(index, checkpoint.size);
  }
  for (const { index, line, there } of looks.all)
    if (!there)
      said.say(`record ${index}`, 'MISSING', `it is the last complete run of ${lineItem(line)} before the period, and ${evidenceFolder(index)} is not there`);
  progress(checkpoint.size, checkpoint.size);
  return {
    account: kept,
    reasons,
    whole,
    records,
    demo,
    dated,
    runs,
    begun,
    keys: periodsOf(about),
    about,
    payloads: totals,
    named: new Set([...looked.keys()].map((name) => name.slice(0, 64))),
  };

  /** Of a disposal that waits for a hold nothing is gone yet. */
  function circumstances(statement: Unsealed, payload: Payload) {
    const by = kept.by(payload.digest, statement.era, statement.index);
    const isGone = by !== null && disposals.keeping(statement, by.by) === null;
    const detail = payload === statement.payloads[0];
    return { gone: isGone ? { record: by.by, at: iso(by.at) } : null, sealed: asked.sealed, detail };
  }

  async function evidenceOf(statement: Unsealed, opened: ReadonlyMap<string, Opened>): Promise<void> {
    const item = `record ${statement.index}`;
    said.say(item, 'VERIFIED');
    await checkProof(asked, statement);
    const [detail, ...artifacts] = statement.payloads;
    const first = detail && look(statement, detail, opened);
    const others = artifacts.map((payload) => look(statement, payload, opened));
    for (const { word, reason } of [...(first ? [first] : []), ...others]) said.say(item, word, reason ?? undefined);
    const { plain } = first ?? {};
    if (first && first.sha256 !== null && !plain)
      said.say(item, 'NOT CHECKED', 'its detail is that of records before it, and was not opened again for this one');
    if (!plain) return;
    if (isCostly(plain)) return said.say(item, 'NOT CHECKED', `its detail has more than ${MEMBERS} members, more than this program reads`);
    said.attempt(item, () => {
      const { body, subjects } = parseDetail(plain);
      agree(statement.head, body);
      if (subjects.length !== others.length)
        throw new IntegrityError('DETAIL', `its detail tells of ${subjects.length} artifacts, and its statement names ${others.length}`);
      others.forEach(({ sha256 }, place) => {
        if (sha256 !== null && sha256 !== subjects[place]?.sha256)
          throw new IntegrityError('DETAIL', `artifact ${place + 1} is not the one that its detail tells of`);
      });
      reasons.set(statement.index, typeof body.reason === 'string' ? body.reason : null);
    });
  }

  /**
   * What opening a payload showed is said again of each record that names it: only a detail's bytes are needed. Whether
   * one that is not there was disposed of is asked of each record: what is disposed of for one may be owed by another.
   */
  function look(statement: Unsealed, payload: Payload, opened: ReadonlyMap<string, Opened>): Looked {
    const name = payloadName(payload);
    const [known, own] = [looked.get(name), opened.get(name)];
    const its = own ? afterOpening(payload, own) : (lookAt(files, payload, circumstances(statement, payload)) ?? (known && { ...known, plain: null }));
    if (!its) throw new RangeError(`payload ${name} was not opened`);
    if (!known) totals[its.word === 'DISPOSED' ? 'disposed' : its.sha256 === null ? 'unopened' : 'opened']++;
    const by = own && its.word === 'VERIFIED' ? kept.by(payload.digest, statement.era, statement.index) : null;
    const completing = by && disposals.completing(by.by);
    if (completing !== null && !undone.has(completing)) {
      undone.add(completing); // once: the others are there for the same reason
      said.say(
        `record ${completing}`,
        'ALTERED',
        `it says that payload ${payload.digest} of record ${statement.index} was destroyed, and it is here with its key`,
      );
    }
    if (known && known.size !== payload.size)
      return { ...its, word: 'ALTERED', reason: `it says another size of payload ${payload.digest} than a record before it` };
    looked.set(name, { word: its.word, reason: its.reason, sha256: its.sha256, size: payload.size });
    return its;
  }
}

/** The statement at a place: of the evidence where that is there, of the log otherwise. Whatever is wrong with either is said. */
async function statementAt(asked: RecordsAsked, index: number, there: boolean): Promise<Unsealed | null> {
  const { files, log, said, checkpoint } = asked;
  const item = `record ${index}`;
  const isLong = files.sizeOf(statementFile(index)) > ENVELOPE;
  if (isLong) said.say(item, 'ALTERED', `${statementFile(index)} has ${files.sizeOf(statementFile(index))} bytes, at most ${ENVELOPE}`);
  const [ofLog, ofEvidence] = [await log.envelope(index), there && !isLong ? await files.read(statementFile(index)) : null];
  if (there && !ofEvidence && !isLong) said.say(item, 'MISSING', `${statementFile(index)} is not there`);
  if (ofEvidence && ofLog?.equals(ofEvidence)) return sealedAt(asked, index, ofLog, item);
  const same = await (ofEvidence && sealedAt(asked, index, ofEvidence, item));
  const logged = await (ofLog && sealedAt(asked, index, ofLog, same ? statementsFile(checkpoint.size, index) : item));
  if (!there && !ofLog) said.say(item, 'MISSING', 'the log of the bundle does not hold its statement');
  return same ?? logged;
}

/** What a statement with a hundred thousand payloads needs less than, in bytes: more is not read. */
const ENVELOPE = 64 * 1024 * 1024;

const statementsFile = (size: number, index: number): string => {
  const bundle = Math.floor(index / TILE_WIDTH);
  return `log/${statementsPath(bundle, Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH))}`;
};

async function sealedAt(asked: RecordsAsked, index: number, envelope: Buffer, item: string): Promise<Unsealed | null> {
  const { log, said, description, opener } = asked;
  const isLong = envelope.length > ENVELOPE;
  const entry = isLong ? null : ((await log.entry(index)) ?? (await rebuilt(asked, index, envelope)));
  return said.attemptAside(item, async () => {
    if (isLong) throw new IntegrityError('STATEMENT', `its statement has ${envelope.length} bytes, at most ${ENVELOPE}`);
    if (!entry) throw new IntegrityError('STATEMENT', 'the statement is not the one that the log commits to');
    const statement = await opener.unseal(index, entry, envelope);
    const signer = signerOf(statement.head);
    const periods = description ? statementPeriods(description, statement.publicKey) : [];
    if (!periods.some(({ who, from, to }) => who === signer && from <= index && (to === null || index < to)))
      throw new IntegrityError('KEY', `it is not signed by the key that log/log.json names of "${signer}"`);
    return statement;
  });
}

/** The entry made again from the statement and a key of the log, where it is the one that the tree, or the record's own proof, commits to. */
async function rebuilt({ files, log: { tree }, checkpoint, note, description }: RecordsAsked, index: number, envelope: Buffer): Promise<Buffer | null> {
  const proof = tree ? null : await files.readPart(proofFile(index), 0, PROOF);
  try {
    const { payload, signatures } = JSON.parse(envelope.toString('utf8')) as { payload: string; signatures: { sig: string }[] };
    const replaced = (description?.periods ?? []).filter(({ role }) => role === 'statement').map(({ key }) => key);
    for (const key of new Set([...Object.values(description?.statementKeys ?? {}), ...replaced])) {
      const entry = leafOf(Buffer.from(payload, 'base64'), Buffer.from(signatures[0]?.sig ?? '', 'base64'), Buffer.from(key, 'base64'));
      const leaf = leafHash(entry);
      if (tree ? leaf.equals(leafAt(tree, index)) : proof && verifyInclusion(leaf, index, checkpoint.size, readProof(proof, index, note), checkpoint.root))
        return entry;
    }
    return null;
  } catch {
    return null; // not a statement at all: said by whoever asked for the entry
  }
}

/** A proof of 64 hashes and a note of 100 signatures need less. */
const PROOF = 64 * 1024;

async function checkProof(asked: RecordsAsked, { index }: Unsealed): Promise<void> {
  const { files, log, said, checkpoint, note } = asked;
  const bytes = await files.readPart(proofFile(index), 0, PROOF);
  if (!bytes) return said.say(`record ${index}`, 'MISSING', `${proofFile(index)} is not there`);
  // The one that follows from the tree needs no look: the tree leads to the signed root.
  if (log.tree && bytes.equals(Buffer.from(tlogProof({ index, hashes: log.tree.inclusion(index), checkpoint: note.toString('utf8') })))) return undefined;
  said.attempt(`record ${index}`, () => {
    const hashes = readProof(bytes, index, note);
    if (log.tree && !verifyInclusion(leafAt(log.tree, index), index, checkpoint.size, hashes, checkpoint.root))
      throw new IntegrityError('INCLUSION', 'its proof does not lead to the signed root');
  });
  return undefined;
}

/** Disposals and holds count for records before them, and keys for those after: what speaks of the log is looked for first. */
async function spokenOf(asked: RecordsAsked): Promise<readonly Unsealed[]> {
  const { log, checkpoint, files } = asked;
  const found: Unsealed[] = [];
  const silent: Verdicts = { say: () => undefined, attempt: tryTo, attemptAside: tryAside, word: () => null, items: [] };
  for (let index = 0; index < checkpoint.size; index++) {
    const name = statementFile(index);
    const envelope = (await log.envelope(index)) ?? (files.sizeOf(name) > ENVELOPE ? null : await files.read(name));
    if (!envelope || envelope.length > ENVELOPE || !/"kind":"(disposal|hold|key)"/.test(statementIn(envelope))) continue;
    const statement = await statementAt({ ...asked, said: silent }, index, files.has(statementFile(index)));
    if (statement && isAboutLog(statement.head)) found.push(statement);
  }
  return found;
}

function tryTo<Result>(_: string, act: () => Result): Result | null {
  try {
    return act();
  } catch {
    return null; // said when the record's turn comes
  }
}

async function tryAside<Result>(_: string, act: () => Promise<Result>): Promise<Result | null> {
  try {
    return await act();
  } catch {
    return null;
  }
}

/** Why the checkpoint that a record names cannot have stood when it was made. Records of one batch name the same. */
function madeAfter(tree: Tree | null): (statement: Unsealed) => string | null {
  let known = { size: -1, root: '' };
  return ({ index, afterCheckpoint: { size, root } }) => {
    if (size > index) return `it was made before record ${index} was, and names the checkpoint of size ${size}`;
    if (tree === null) return null;
    if (known.size !== size) known = { size, root: tree.rootAt(size).toString('base64') };
    return known.root === root ? null : `it names a checkpoint of size ${size} that the entries do not give`;
  };
}

/** Each line of records counts from 1 without a gap, and each statement names the one before it. */
function follow(numbering: Map<string, { readonly seq: number; readonly digest: string }>, { line, seq, prev, digest, index }: Unsealed, said: Verdicts): void {
  const before = numbering.get(line);
  const item = lineItem(line);
  if (seq !== (before?.seq ?? 0) + 1)
    said.say(item, 'MISSING', `its record ${seq} (record ${index} of the log) follows its record ${before?.seq ?? 0}: one was withheld`);
  else if (prev !== (before?.digest ?? null)) said.say(item, 'ALTERED', `its record ${seq} (record ${index} of the log) does not continue the one before it`);
  numbering.set(line, { seq, digest });
}
