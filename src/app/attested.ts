import { kindOf } from '../attestations/index.ts';
import type { Kind, Said } from '../attestations/kind.ts';
import { isWithdrawn, rowOf } from '../attestations/read.ts';
import { canonical, type Json } from '../core/canonical.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import type { Run } from '../engine/facts.ts';
import { knownByOf } from '../core/vouched.ts';
import { WHOLE } from '../configuration/normalize.ts';
import type { Attestation } from '../evidence/record.ts';
import { type Disposed, quarterOf } from '../log/disposal.ts';
import { assertionProblem } from './assertion.ts';
import { readSigned, type SignedDocument } from './signed.ts';

/** The source that people are: of one kind of statement. */
export const statementsOf = (kind: string): string => `attestations/${kind}`;
/** Each entry is told apart from all others: who corrects one says nothing of the rest. */
export const entryPartition = (entryId: string): string => `entry ${entryId}`;

/**
 * What a statement says as rows: of its register, and of the dataset that its kind feeds. Throws where it cannot be read,
 * and where a passkey signed another one.
 * @param asserted what the passkey signed; `null` where none did
 */
export function runsOf(body: Attestation, bytes: Uint8Array, asserted: Uint8Array | null, record: number): readonly Run[] {
  const kind = kindOf(body.register);
  if (!kind) throw new RangeError(`no kind of statement is called ${body.register} any more`);
  const { document, keyId } = readSigned(bytes);
  if (keyId !== body.keyId || document.by !== body.by || document.register !== body.register || document.act !== body.act)
    throw new RangeError('what was signed is not what the record says of it');
  const passkey = body.vouched?.passkey ?? null;
  const problem = passkey === null ? null : asserted === null ? 'the assertion is missing' : assertionProblem(asserted, bytes, passkey);
  if (problem !== null) throw new RangeError(`a passkey is said to have signed it, and ${problem}`);
  const run = { source: statementsOf(kind.id), partition: entryPartition(String(document.entry.id)), at: body.at, complete: true, reason: null, record };
  const gone = isWithdrawn(document.entry);
  const entry = { ...run, dataset: registerEntries.id, rows: gone ? [] : [entryOf(kind, body, document, record) as unknown as Row] };
  return kind.dataset === null ? [entry] : [entry, { ...run, ...rowsOf(kind, kind.dataset, body, document) }];
}

/**
 * What is known of a statement whose evidence was disposed of: nothing of its entry, from then on up to the next
 * statement about it. Where nobody can tell which entry that was, nothing of the whole kind, up to the first
 * configuration after the disposal: by that the company says again that statements tell all there is of the kind.
 * Of what happened it was stated about then: from the beginning of that quarter on.
 */
export function lostRuns({ register, entryId, at }: Attestation, record: number, era: string, { at: disposedAt }: Disposed, reason: string): readonly Run[] {
  const kind = kindOf(register);
  if (!kind) return [];
  const run = { source: statementsOf(kind.id), at, complete: false, reason, rows: [], record };
  if (entryId !== null) {
    const datasets = [registerEntries.id, ...(kind.dataset === null ? [] : [kind.dataset.id])];
    return datasets.map((dataset) => ({ ...run, partition: entryPartition(entryId), dataset }));
  }
  if (kind.dataset === null) return [];
  const polled = kind.dataset.happened ? { from: quarterOf(era).from, to: at + 1 } : { from: at, to: disposedAt };
  return [{ ...run, partition: WHOLE, dataset: kind.dataset.id, polled }];
}

function rowsOf(kind: Kind, dataset: Dataset, body: Attestation, { entry }: SignedDocument): Pick<Run, 'dataset' | 'rows' | 'withdrawn'> {
  if (!isWithdrawn(entry)) return { dataset: dataset.id, rows: [rowOf(kind, entry, saidBy(body), body.timezone)] };
  return { dataset: dataset.id, rows: [], ...(dataset.happened ? { withdrawn: [String(entry.id)] } : {}) };
}

/** Who stands behind a statement. One that nobody is known to have made approves nothing, and is approved by nobody. */
function saidBy({ act, at, by, author, authenticated }: Attestation): Said {
  const knownBy = knownByOf(author?.keyId ?? null);
  const isApproved = act === 'approve' && authenticated && author?.keyId !== null;
  return {
    at: author?.at ?? at,
    authorEmail: author?.email ?? by,
    knownBy: knownBy === 'token' ? 'session' : knownBy,
    approved: isApproved ? 'yes' : 'no',
    approverEmails: isApproved && by !== null ? [by] : [],
    approvedAt: isApproved ? at : null,
  };
}

function entryOf(kind: Kind, body: Attestation, { entry }: SignedDocument, record: number): RegisterEntry {
  const said = saidBy(body);
  const its = rowOf(PLAIN, entry, said, body.timezone);
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const instantIn = (value: unknown) => (typeof value === 'number' ? value : null);
  const id = String(entry.id);
  return {
    register: kind.id,
    entryId: id,
    title: text(entry.title) ?? text(entry.name) ?? id,
    ownerId: text(its.ownerId),
    subject: text(its.subject),
    reviewedAt: instantIn(its.reviewedAt),
    until: instantIn(its.until),
    reviewerId: text(its.reviewerId),
    body: canonical(entry as Json),
    file: 'log',
    line: record,
    commit: null,
    author: said.authorEmail,
    authorEmail: said.authorEmail,
    committedAt: said.at,
    approverEmails: said.approverEmails,
    claimedEmails: [],
    approval: said.approved === 'yes' ? 'signature' : 'none',
    statement: record,
    keyId: body.author?.keyId ?? null,
  };
}

/** What every entry of a register says, read by the rules of all kinds. */
const PLAIN: Kind = {
  id: 'any',
  title: 'Any entry',
  dataset: registerEntries as unknown as Dataset,
  key: 'entryId',
  names: { reviewerId: 'reviewer', reviewedAt: 'reviewed' },
  ends: ['until'],
  follow: () => ({}),
  followed: Object.keys((registerEntries.row as unknown as { readonly shape: object }).shape).filter(
    (field) => !['entryId', 'ownerId', 'subject', 'reviewedAt', 'until', 'reviewerId'].includes(field),
  ),
  extras: {},
  loose: true,
  needsApproval: false,
  example: {},
};
