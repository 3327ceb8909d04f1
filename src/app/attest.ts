import { createHash } from 'node:crypto';
import { kindOf, kinds } from '../attestations/index.ts';
import type { Fields, Kind } from '../attestations/kind.ts';
import { problemsOf } from '../attestations/read.ts';
import type { Json } from '../core/canonical.ts';
import { ConfigurationError } from '../core/error.ts';
import { type Instant, iso } from '../core/instant.ts';
import { meant } from '../core/near.ts';
import { holds } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { type PersonKey, peopleKeys } from '../datasets/people/keys.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import type { Check } from '../checks/check.ts';
import { knownByOf, type KnownBy } from '../core/vouched.ts';
import { approvalOf, namesOf, peopleAt } from '../engine/approval.ts';
import type { Coverage } from '../engine/coverage.ts';
import type { Engine } from '../engine/engine.ts';
import { type Fact, itemParts, streamId } from '../engine/facts.ts';
import { gainersOf, standsFor, WAIVERS } from '../engine/waivers.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Attestation, Draft } from '../evidence/record.ts';
import { entryPartition, statementsOf } from './attested.ts';
import type { Cache } from './cache.ts';
import { handedBy } from './handed.ts';
import { type Identity, readSigned, signedBy } from './signed.ts';
import { assertionBytes, signedFor, type Trail, type Voucher, vouchedFor } from './vouching.ts';

/** What somebody states. */
export interface Statement {
  readonly kind: string;
  readonly act: Attestation['act'];
  /** Of `state`, the entry as it is written; of the other acts its id, and of `withdraw` why: `{ id, withdrawn }`. */
  readonly entry: Fields;
  /** Who says so. Without a key that is theirs, and without being signed in, nothing shows that they do. */
  readonly by: { readonly email: string } | Identity | Voucher;
}

/** A statement that was sealed. */
export interface Stated {
  readonly record: number;
  readonly kind: string;
  readonly entry: string;
  readonly act: Attestation['act'];
  readonly by: string;
  readonly keyId: string | null;
  readonly knownBy: KnownBy;
  /** Whether something shows that they made it: a key that was bound to that address by the approval of another, or a sign-in. */
  readonly authenticated: boolean;
  /** Why it is not; `null` where it is. */
  readonly because: string | null;
  readonly at: Instant;
}

/** A statement as it stands, with who approved it. */
export interface StandingStatement {
  readonly kind: string;
  readonly entry: string;
  readonly title: string;
  readonly by: string;
  readonly knownBy: KnownBy;
  readonly authenticated: boolean;
  readonly at: Instant;
  /** Addresses of who approved it as it stands. */
  readonly approvedBy: readonly string[];
  /** It is of a kind that counts only once another approved it. */
  readonly needsApproval: boolean;
  readonly record: number;
}

export interface Means extends Trail {
  readonly archive: Archive;
  readonly cache: Cache;
  readonly checks: readonly Check[];
  readonly clock: () => Instant;
  readonly demo: boolean;
  readonly timezone: string;
}

const ENTRIES = registerEntries as unknown as Dataset;
const KEYS = peopleKeys as unknown as Dataset;
const STATEMENTS = 'attestations/';

/** Seals statements, one record each. What is wrong with one is said before any is sealed. Throws `ConfigurationError`. */
export async function attest(means: Means, statements: readonly Statement[]): Promise<readonly Stated[]> {
  const twice = statements.find(({ kind, entry }, place) => statements.findIndex((other) => other.kind === kind && other.entry.id === entry.id) < place);
  if (twice) throw new ConfigurationError(`the entry ${String(twice.entry.id)} of ${twice.kind} is stated twice. State each once.`);
  const { engine, coverage } = await means.cache.sync();
  const at = means.clock();
  const made: { readonly draft: Draft; readonly stated: Omit<Stated, 'record'> }[] = [];
  for (const statement of statements) made.push(await prepared(means, { engine, coverage, at }, statement));
  const records = await means.archive.append(made.map(({ draft }) => draft));
  return made.map(({ stated }, place) => ({ ...stated, record: records[place] ?? -1 }));
}

/** The bytes of a statement as it would be sealed now, for a passkey to sign. Throws `ConfigurationError` where it would be refused. */
export async function prepareStatement(means: Means, statement: Statement): Promise<{ readonly bytes: Uint8Array; readonly at: Instant }> {
  const { engine, coverage } = await means.cache.sync();
  const { draft, stated } = await prepared(means, { engine, coverage, at: means.clock() }, statement);
  const [subject] = draft.subjects;
  if (!subject) throw new RangeError('a statement without its bytes');
  return { bytes: subject.bytes, at: stated.at };
}

interface Then {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly at: Instant;
}

async function prepared(means: Means, then: Then, { kind: id, act, entry: given, by: who }: Statement) {
  const kind = known(id);
  const entryId = String(given.id ?? '');
  const before = await standing(means, then.engine, kind, entryId);
  const by = who.email.toLowerCase();
  if (!/^\S+@\S+$/.test(by)) throw new ConfigurationError(`${who.email}: expected the address of who says so, like maria.lopez@acme.example.`);
  const voucher = 'vouched' in who ? who : null;
  const identity = 'privateKey' in who ? who : null;
  const its = voucher ? { binding: null, ...(await vouchedFor(means, voucher)) } : keyShown(then, identity);
  const at = voucher?.signed?.at ?? then.at;
  const entry = act === 'state' ? given : { ...before?.document.entry, ...(act === 'withdraw' ? { withdrawn: given.withdrawn ?? null } : {}) };
  if (act === 'state') refuseProblems(kind, entry, means.timezone);
  await refuseAct(means, then, kind, { act, entryId, by, before, withdrawn: given.withdrawn, ...its });
  const said = {
    origin: means.archive.origin,
    register: kind.id,
    act,
    entry: entry as Readonly<Record<string, Json>>,
    by,
    at: iso(at),
    of: before?.digest ?? null,
  };
  const bytes = signedBy(identity, said);
  const { vouched } = voucher ? await signedFor(means, voucher, its, bytes) : its;
  const itself = { email: by, keyId: its.shown, at };
  const body: Attestation = {
    kind: 'attestation',
    register: kind.id,
    act,
    at,
    authenticated: its.shown !== null,
    previous: before?.record ?? null,
    entryId,
    by,
    keyId: identity?.keyId ?? null,
    binding: its.binding,
    vouched,
    author: act === 'state' ? itself : (before?.author ?? itself),
    timezone: means.timezone,
  };
  const asserted = vouched?.passkey && voucher?.signed ? assertionBytes(voucher.signed.assertion) : null;
  const stated = { kind: kind.id, entry: entryId, act, by, keyId: body.keyId, knownBy: knownByOf(its.shown), authenticated: body.authenticated };
  return { draft: attestationDraft(body, bytes, means.demo, asserted), stated: { ...stated, because: its.because, at } };
}

/** By a key alone, or by nothing. */
function keyShown(then: Then, identity: Identity | null): Shown {
  const { binding, because } = bindingOf(then, identity);
  return { binding, because, shown: binding === null ? null : (identity?.keyId ?? null), vouched: null };
}

/** The record of a statement, and of what a passkey signed of it. */
export function attestationDraft(body: Attestation, bytes: Uint8Array, demo: boolean, asserted: Uint8Array | null = null): Draft {
  const request = { method: 'STATE', url: `${body.register}/${body.entryId ?? ''}`, body: null };
  const subject = { mediaType: 'application/json', request, status: 200, headers: {}, startedAt: body.at, finishedAt: body.at };
  const statement = { ...subject, name: 'statement', bytes };
  return { body, demo, subjects: asserted === null ? [statement] : [statement, { ...subject, name: 'assertion', bytes: asserted }] };
}

function known(id: string): Kind {
  const kind = kindOf(id);
  if (kind) return kind;
  const ids = kinds.map((its) => its.id);
  throw new ConfigurationError(`no kind of statement is called ${id}${meant(id, ids)}. There are: ${ids.join(', ')}.`);
}

function refuseProblems(kind: Kind, entry: Fields, timezone: string): void {
  const problems = problemsOf(kind, entry, timezone);
  if (problems.length === 0) return;
  throw new ConfigurationError(problems.map(({ field, says }) => `${kind.id}${field === null ? '' : `, ${field}`}: ${says}.`).join('\n'));
}

interface Shown {
  /** What shows who it is; `null` where nothing does. */
  readonly shown: string | null;
  readonly binding: number | null;
  readonly vouched: NonNullable<Attestation['vouched']> | null;
  readonly because: string | null;
}

interface Act extends Shown {
  readonly act: Attestation['act'];
  readonly entryId: string;
  readonly by: string;
  readonly before: Before | null;
  readonly withdrawn: Json | undefined;
}

/** Who may do what to what stands. Nobody unknown overrules who is known, and nobody approves themselves. */
async function refuseAct(means: Means, then: Then, kind: Kind, its: Act): Promise<void> {
  const { act, entryId, shown, because, before, withdrawn } = its;
  const { facts } = then.engine;
  const what = `${kind.id}/${entryId}`;
  const inFile = [...facts.having({ dataset: ENTRIES }, 'entryId', entryId)]
    .flatMap((item) => facts.of({ dataset: ENTRIES }, item).slice(-1))
    .find(({ row, to, stream }) => row.register === kind.id && to === Infinity && !isStatement(stream));
  if (inFile) throw new ConfigurationError(`${what} is an entry of ${String(inFile.row.file)}. Change it there, or state another under an id of its own.`);
  const lost = act === 'state' ? null : lostOf(then.engine, streamOf(kind, entryId));
  if (lost !== null) throw new ConfigurationError(`nobody can tell what stands of ${what}: ${lost}. State it anew.`);
  if (act !== 'state' && before === null) throw new ConfigurationError(`nobody has stated ${what}. "tickmark statements ${kind.id}" lists what stands.`);
  if (act === 'withdraw' && (typeof withdrawn !== 'string' || withdrawn.trim() === ''))
    throw new ConfigurationError(`say why ${what} is taken back: --reason TEXT. It stays in the log, and so does the reason.`);
  if (act === 'approve' && shown === null)
    throw new ConfigurationError(`an unauthenticated statement approves nothing: ${because ?? 'nothing shows who you are'}.`);
  if (before?.author?.keyId && shown === null)
    throw new ConfigurationError(
      `${what} was stated by ${before.author.email}, who is known, and ${because ?? 'nothing shows who you are'}: an unauthenticated statement does not change it. Sign in with a second factor, or sign with --key FILE.`,
    );
  if (act === 'approve') await refuseApproval(means, then, what, its);
}

/** Approving takes somebody who is there, is another person than who stated it, and does not gain by it. */
async function refuseApproval(means: Means, { engine, coverage, at }: Then, what: string, { by, before, vouched }: Act): Promise<void> {
  const { checks } = means;
  if (vouched?.by === 'token')
    throw new ConfigurationError('a token states, and approves nothing: approving takes somebody who is there. Sign in, or sign with --key FILE.');
  if (!before?.author?.keyId)
    throw new ConfigurationError(
      `nothing shows who stated ${what}, and so nobody can tell that you are another. Have its author state it again, signed in or under their key.`,
    );
  if (before.author.email === by) throw new ConfigurationError(`${by} stated ${what}: somebody else has to approve it.`);
  const { facts } = engine;
  const [author, approver] = [before.author.email, by].map((email) => peopleAt(facts, [email], at)) as [readonly string[], readonly string[]];
  if (author.some((id) => approver.includes(id)))
    throw new ConfigurationError(
      `${by} is an address of ${namesOf(facts, author)}, who stated ${what} as ${before.author.email}: somebody else has to approve it.`,
    );
  if (!vouched) return;
  // A provider says by itself who it is. Otherwise whoever made the link could be the one who came in by it.
  const givers = vouched.methods.some((method) => /^(oidc|saml)/.test(method)) ? [] : await handedBy(means, { user: vouched.user, email: by });
  for (const giver of givers)
    if (giver === before.author.email || peopleAt(facts, [giver], at).some((id) => author.includes(id)))
      throw new ConfigurationError(
        `${giver}, who stated ${what}, also made the link by which ${by} was let in, and so nothing shows that it is not the same person. Sign in by a provider, or have somebody else approve it; whoever runs the server can let ${by} in anew: "tickmark users reset ${by}".`,
      );
  const entry: RegisterEntry = { ...before.row, approval: 'signature', approverEmails: [by] };
  const { why } = approvalOf(facts, entry, at, entry.register === WAIVERS ? gainersOf({ engine, coverage, checks }, entry) : new Set());
  if (why !== null) throw new ConfigurationError(`your approval of ${what} would not count: ${why}.`);
}

const isStatement = (stream: string): boolean => decodeURIComponent(stream.split('/')[0] ?? '').startsWith(STATEMENTS);

interface Before extends Pick<Attestation, 'author'> {
  readonly record: number;
  readonly row: RegisterEntry;
  readonly digest: string;
  readonly document: ReturnType<typeof readSigned>['document'];
}

/** Why nobody can tell any more what was said last of an entry; `null` where that is at hand. */
function lostOf({ facts }: Engine, stream: string): string | null {
  const last = facts.runs(ENTRIES, stream).at(-1);
  return last && !last.complete ? last.reason : null;
}

const streamOf = (kind: Kind, entryId: string): string => streamId(statementsOf(kind.id), entryPartition(entryId));

/** The newest statement about an entry, unless it took it back. */
async function standing({ archive }: Means, engine: Engine, kind: Kind, entryId: string): Promise<Before | null> {
  const fact = engine.facts.of({ dataset: ENTRIES }, `${streamOf(kind, entryId)}/${kind.id}/${entryId}`).at(-1);
  const row = fact && fact.to === Infinity ? (fact.row as unknown as RegisterEntry) : null;
  const record = row?.statement ?? null;
  if (row === null || record === null) return null;
  const { body, subjects } = await archive.record(record);
  const [subject] = subjects;
  if (body.kind !== 'attestation' || !subject) return null;
  const bytes = await archive.payload(subject);
  return { record, row, author: body.author, digest: createHash('sha256').update(bytes).digest('hex'), document: readSigned(bytes).document };
}

/** The record that shows whose a key is: an entry of the register `people-keys` that another person approved, and that is known to stand. */
function bindingOf({ engine: { facts }, coverage, at }: Then, identity: Identity | null): { readonly binding: number | null; readonly because: string | null } {
  const none = (because: string) => ({ binding: null, because });
  if (!identity) return none('it is not signed');
  const told = [...facts.having({ dataset: KEYS }, 'keyId', identity.keyId)]
    .flatMap((item) => facts.of({ dataset: KEYS }, item).slice(-1))
    .filter((fact) => fact.to === Infinity && !isStatement(fact.stream));
  const [fact] = told;
  const say = `the key ${identity.keyId.slice(0, 12)}`;
  if (!fact) return none(`${say} is in no register people-keys that was collected`);
  const key = fact.row as unknown as PersonKey;
  if (key.email !== identity.email) return none(`${say} is bound to another address`);
  if (key.until !== null && key.until <= at) return none(`${say} ceased to be theirs on ${iso(key.until)}`);
  const entry = entryOf(facts, fact);
  if (!entry) return none(`nothing tells who bound ${say}`);
  const { why } = approvalOf(facts, entry.row as unknown as RegisterEntry, fact.from, new Set());
  if (why !== null) return none(`nobody else approved that ${say} is theirs: ${why}`);
  if (!standsFor(coverage, entry).some((part) => holds(part, at))) return none('nobody has read the register people-keys for long');
  return { binding: fact.records[0] ?? null, because: null };
}

function entryOf(facts: Engine['facts'], { item, row }: Fact): Fact | undefined {
  const { source, partition } = itemParts(item);
  const id = [source, partition].map(encodeURIComponent).join('/');
  return facts.of({ dataset: ENTRIES }, `${id}/people-keys/${String(row.keyId)}`).at(-1);
}

/** What people have stated and not taken back, as far as that is known, the newest first. */
export async function statementsThatStand({ cache }: Pick<Means, 'cache'>, only?: string): Promise<readonly StandingStatement[]> {
  if (only !== undefined) known(only);
  const { engine } = await cache.sync();
  const { facts } = engine;
  return [...facts.items({ dataset: ENTRIES })]
    .flatMap((item) => facts.of({ dataset: ENTRIES }, item).slice(-1))
    .flatMap(({ row, to, stream }) => {
      const { register, entryId, title, authorEmail, keyId, committedAt, approverEmails, statement } = row as unknown as RegisterEntry;
      if (to !== Infinity || statement === null || (only !== undefined && only !== register) || lostOf(engine, stream) !== null) return [];
      const needsApproval = kindOf(register)?.needsApproval ?? false;
      const by = authorEmail ?? '';
      return [
        {
          kind: register,
          entry: entryId,
          title,
          by,
          knownBy: knownByOf(keyId),
          authenticated: keyId !== null,
          at: committedAt ?? 0,
          approvedBy: approverEmails,
          needsApproval,
          record: statement,
        },
      ];
    })
    .sort((a, b) => b.record - a.record);
}
