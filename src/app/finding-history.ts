import type { Instant } from '../core/instant.ts';
import { type KnownBy, knownByOf } from '../core/vouched.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { namesOf } from '../engine/approval.ts';
import { type Case, FINDINGS } from '../engine/cases.ts';
import type { Engine } from '../engine/engine.ts';
import { nameOfItem, text, versionsOf, WAIVERS, wordsOf } from '../engine/waivers.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Attestation } from '../evidence/record.ts';
import { readSigned } from './signed.ts';

/** One thing that somebody did about a finding. */
export interface HistoryLine {
  readonly at: Instant;
  /** Address, or the author of a commit; `null` where nothing tells. */
  readonly by: string | null;
  readonly knownBy: KnownBy | 'commit';
  /** Their passkey signed it. */
  readonly passkey: boolean;
  readonly did: 'assign' | 'note' | 'remediate' | 'done' | 'close' | 'ask' | 'change' | 'approve' | 'refuse' | 'revoke' | 'withdraw';
  /** Kind and id of the entry: `waivers/L-3`. */
  readonly entry: string;
  /** In their words; empty where they gave none. */
  readonly says: string;
  /** Of an assignment, to whom; of a waiver that is asked for, its last day as it is written. */
  readonly to: string | null;
  readonly until: string | null;
  /** The record that holds it. */
  readonly record: number | null;
}

interface From {
  readonly archive: Pick<Archive, 'record' | 'payload'>;
  readonly engine: Engine;
}

type Finding = Pick<Case, 'id' | 'check' | 'item'>;
const ENTRIES = registerEntries as unknown as Dataset;

/** All that the registers and the statements of people say was done about a finding, the oldest first. */
export async function historyOf(from: From, finding: Finding, until: Instant): Promise<readonly HistoryLine[]> {
  const { engine } = from;
  const about = [FINDINGS, WAIVERS].flatMap((register) => versionsOf(engine, register)).filter(({ entry }) => isAbout(entry, finding));
  const lines: HistoryLine[] = [];
  for (const versions of Map.groupBy(about, ({ fact }) => fact.item).values()) {
    const [first] = versions;
    if (!first) continue;
    if (first.entry.statement === null) lines.push(...versions.map(({ entry }) => byCommit(engine, entry)));
    else for (const { record } of engine.facts.runs(ENTRIES, first.fact.stream)) lines.push(await byStatement(from, record));
  }
  return lines.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || (a.record ?? 0) - (b.record ?? 0));
}

function isAbout(entry: RegisterEntry, { id, check, item }: Finding): boolean {
  const words = wordsOf(entry);
  if (entry.register === FINDINGS && text(words.finding) !== '') return text(words.finding) === id;
  const name = nameOfItem(words.item);
  if (name === null || text(words.check) !== check) return false;
  if (typeof name === 'string') return name.trim() === item.label.trim();
  return name.source === item.source && name.key === item.key && (name.partition === null || name.partition === item.partition);
}

function byCommit(engine: Engine, entry: RegisterEntry): HistoryLine {
  const { author, authorEmail, committedAt, register, entryId, commit } = entry;
  const words = wordsOf(entry);
  return {
    at: committedAt ?? 0,
    by: authorEmail ?? author,
    knownBy: commit === null ? 'none' : 'commit',
    passkey: false,
    did: didState(register, words),
    entry: `${register}/${entryId}`,
    says: text(words.reason) || text(words.notes),
    to: entry.ownerId === null ? null : namesOf(engine.facts, [entry.ownerId]),
    until: text(words.until) || null,
    record: null,
  };
}

async function byStatement({ archive, engine }: From, record: number): Promise<HistoryLine> {
  const { body, subjects } = await archive.record(record);
  const [subject] = subjects;
  if (body.kind !== 'attestation') throw new RangeError(`record ${record} is no statement`);
  const words = subject ? readSigned(await archive.payload(subject)).document.entry : {}; // disposed of: what is left is who and when
  const did = await didIn(archive, body, words);
  const owner = text(words.owner);
  return {
    at: body.at,
    by: body.by,
    knownBy: body.authenticated ? knownByOf(body.vouched ? `${body.vouched.by} ${body.vouched.id}` : body.keyId) : 'none',
    passkey: body.vouched?.passkey != null,
    did,
    entry: `${body.register}/${body.entryId ?? ''}`,
    says: did === 'approve' ? '' : text(body.act === 'withdraw' ? words.withdrawn : words.reason) || text(words.notes),
    to: owner === '' ? null : namesOf(engine.facts, [owner]),
    until: did === 'ask' || did === 'change' ? text(words.until) || null : null,
    record,
  };
}

/** Who takes back what somebody else asked for refuses it; what was approved is revoked, whoever does it. */
async function didIn(archive: From['archive'], { act, by, author, previous, register }: Attestation, words: Readonly<Record<string, unknown>>) {
  if (act === 'approve') return 'approve';
  if (act === 'state') return previous !== null && register === WAIVERS ? 'change' : didState(register, words);
  const before = previous === null ? null : (await archive.record(previous)).body;
  if (before?.kind === 'attestation' && before.act === 'approve') return 'revoke';
  return by === author?.email ? 'withdraw' : 'refuse';
}

function didState(register: string, words: Readonly<Record<string, unknown>>): HistoryLine['did'] {
  if (register === WAIVERS) return 'ask';
  const status = text(words.status).toLowerCase();
  if (status === 'closed') return 'close';
  if (status === 'in remediation') return 'remediate';
  if (status === 'done') return 'done';
  return text(words.owner) === '' ? 'note' : 'assign';
}
