import type { Instant } from '../core/instant.ts';
import type { DescribedKey } from './description.ts';
import type { Head, Payload, Unsealed } from './statement.ts';

/**
 * Records by which a log speaks of its own evidence: what was disposed of, what must be kept, which keys sign. Their
 * heads stand in the open, so that whoever holds the log alone can tell what was disposed of from what is missing.
 */

/** Payloads that were disposed of, said before (`planned`) and after (`completed`) their keys were destroyed. */
export interface DisposalHead {
  readonly kind: 'disposal';
  readonly step: 'planned' | 'completed';
  readonly era: string;
  /** SHA-256 of each ciphertext, hex; `all` that records before this one keep in the era. */
  readonly payloads: 'all' | readonly string[];
  /** Whether it was before the retention ended. */
  readonly early: boolean;
  /** Of a completed one, the record that planned it. */
  readonly planned: number | null;
}

/** What may not be disposed of: everything of an era, of a source (`collector/name`), or the payloads of some records. */
export type Held = { readonly era: string } | { readonly source: string } | { readonly records: readonly number[] };

export interface HoldHead {
  readonly kind: 'hold';
  readonly step: 'placed' | 'released';
  readonly what: Held;
  /** Of a release, the record that placed it. */
  readonly placed: number | null;
}

/** A key that begins to sign, or that signs no more. Signed itself by the key of the workspace that stands then. */
export interface KeyHead {
  readonly kind: 'key';
  readonly step: 'introduced' | 'retired';
  readonly role: 'log' | 'statement';
  /** Whose: the log's origin, a collector's id, or `workspace`. */
  readonly who: string;
  /** A verifier key of signed-note, or a SubjectPublicKeyInfo in base64. */
  readonly key: string;
  /** Of an introduction, the key that it replaces. */
  readonly replaces: string | null;
  /** Up to when both are to sign; `null` where the old one ends at once. */
  readonly until: Instant | null;
}

type Spoken = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

/** Kinds of records that speak of the log itself. */
export const isAboutLog = ({ kind }: Head): boolean => kind === 'disposal' || kind === 'hold' || kind === 'key';

/** A record of a disposal, and when it was sealed. */
export interface Disposed {
  readonly by: number;
  readonly at: Instant;
}

/** Tells of a payload whether it was disposed of, by which record. */
export interface Disposals {
  /** Of a payload that the record `index` keeps in an era: what is sealed after a disposal was planned is not disposed of by it. */
  of(era: string, digest: string, index: number): Disposed | null;
  /** Whether any disposal names it: what is said again is not kept by such a payload. */
  names(era: string, digest: string): boolean;
}

/**
 * Which payloads are disposed of by these records, in the order of the log. The planned step counts: from then on
 * nobody may rely on them. It takes what records before it keep: of an era all, or what it names.
 */
export function disposedBy(statements: Iterable<Spoken>): Disposals {
  const eras = new Map<string, Disposed[]>();
  const digests = new Map<string, Disposed[]>();
  for (const { head, index, sealedAt } of statements) {
    if (!isDisposal(head) || head.step !== 'planned') continue;
    const disposed = { by: index, at: sealedAt };
    if (head.payloads === 'all') eras.set(head.era, [...(eras.get(head.era) ?? []), disposed]);
    else for (const digest of head.payloads) digests.set(`${head.era} ${digest}`, [...(digests.get(`${head.era} ${digest}`) ?? []), disposed]);
  }
  return {
    of(era, digest, index) {
      if (eras.size === 0 && digests.size === 0) return null;
      const takes = ({ by }: Disposed) => index < by;
      return digests.get(`${era} ${digest}`)?.find(takes) ?? eras.get(era)?.find(takes) ?? null;
    },
    names: (era, digest) => digests.has(`${era} ${digest}`),
  };
}

/** Disposals that were planned and have no record of their completion. */
export function unfinished(statements: Iterable<Spoken>): readonly number[] {
  const open = new Set<number>();
  for (const { head, index } of statements) {
    if (!isDisposal(head)) continue;
    if (head.step === 'planned') open.add(index);
    else if (head.planned !== null) open.delete(head.planned);
  }
  return [...open];
}

export interface Hold {
  /** The record that placed it. */
  readonly record: number;
  readonly at: Instant;
  readonly what: Held;
}

/** Holds that were placed and not released. */
export function holdsOf(statements: Iterable<Spoken>): readonly Hold[] {
  const holds = new Map<number, Hold>();
  for (const { head, index, sealedAt } of statements) {
    if (!isHold(head)) continue;
    if (head.step === 'placed') holds.set(index, { record: index, at: sealedAt, what: head.what });
    else if (head.placed !== null) holds.delete(head.placed);
  }
  return [...holds.values()];
}

/** Whether a hold keeps the payloads of this record. */
export function holds({ what }: Hold, { index, era, head }: Pick<Unsealed, 'index' | 'era' | 'head'>): boolean {
  if ('era' in what) return what.era === era;
  if ('records' in what) return what.records.includes(index);
  return sourceOf(head) === what.source;
}

/** `collector/name` of a run. */
export const sourceOf = (head: Head): string | null => (head.kind === 'run' ? `${collectorOf(head)}/${String(head.name)}` : null);

/** The collector of a run. */
export const collectorOf = ({ collector }: Head): string =>
  typeof collector === 'object' && collector !== null && 'id' in collector ? String(collector.id) : '';

export const isDisposal = (head: Head): head is Head & DisposalHead => head.kind === 'disposal';
export const isHold = (head: Head): head is Head & HoldHead => head.kind === 'hold';
export const isKey = (head: Head): head is Head & KeyHead => head.kind === 'key';

/** The payloads that a planned disposal names, of the records before it: what it destroys, and nothing else. */
export function* namedBy(
  planned: { readonly index: number; readonly head: DisposalHead },
  statements: Iterable<Pick<Unsealed, 'index' | 'era' | 'payloads'>>,
): Iterable<Payload> {
  const { payloads: its } = planned.head;
  const named = its === 'all' ? null : new Set(its);
  for (const { index, era, payloads } of statements) {
    if (index >= planned.index || era !== planned.head.era) continue;
    for (const payload of payloads) if (named === null || named.has(payload.digest)) yield payload;
  }
}

/** A hold that stands and keeps what a planned disposal names; `null` where none does. */
export async function holdOver(
  planned: { readonly index: number; readonly head: DisposalHead },
  about: Iterable<Spoken>,
  statements: AsyncIterable<Pick<Unsealed, 'index' | 'era' | 'head' | 'payloads'>>,
): Promise<Hold | null> {
  const held = holdsOf(about);
  if (held.length === 0) return null;
  for await (const statement of statements) {
    const its = held.find((it) => holds(it, statement));
    if (its && [...namedBy(planned, [statement])].length > 0) return its;
  }
  return null;
}

/** That a planned disposal waits for a hold to be released, in words. */
export const waits = (planned: number, { record, what }: Hold): string =>
  `the disposal of record ${planned} waits: the hold of record ${record} keeps ${heldIn(what)}`;

/** What a hold keeps, in words. */
export function heldIn(what: Held): string {
  if ('era' in what) return what.era;
  return 'source' in what ? `source ${what.source}` : `records ${what.records.join(', ')}`;
}

/**
 * Keys that were replaced and those that replaced them, as the records of keys say. A statement key ends with the record
 * that introduces the next one. A log key goes on signing beside the next one until a record retires it: the checkpoint
 * of that record is the last that both sign. Records of keys are each alone under their checkpoint. What has ended once
 * stays ended, whatever a later record says of it.
 */
export function periodsOf(statements: Iterable<Spoken>): readonly DescribedKey[] {
  const periods: DescribedKey[] = [];
  const close = (role: DescribedKey['role'], who: string, key: string, to: number | null) => {
    const place = periods.findIndex((it) => it.role === role && it.who === who && it.key === key);
    const known = periods[place];
    if (!known) periods.push({ role, who, key, from: 0, to });
    else if (known.to === null) periods[place] = { ...known, to };
  };
  for (const { head, index } of statements) {
    if (!isKey(head)) continue;
    const { role, who, key, step, replaces } = head;
    if (step === 'retired') close(role, who, key, role === 'log' ? index + 2 : index + 1);
    else {
      if (replaces !== null) close(role, who, replaces, role === 'log' ? null : index + 1);
      periods.push({ role, who, key, from: role === 'log' ? index + 2 : index + 1, to: null });
    }
  }
  return periods;
}

/** The log key that is being replaced: which record began it, and up to when both are to sign. */
export function overlapOf(statements: Iterable<Spoken>): { readonly record: number; readonly old: string; readonly until: Instant } | null {
  let overlap: { readonly record: number; readonly old: string; readonly until: Instant } | null = null;
  for (const { head, index } of statements) {
    if (!isKey(head) || head.role !== 'log') continue;
    if (head.step === 'retired') overlap = null;
    else if (head.replaces !== null) overlap = { record: index, old: head.replaces, until: head.until ?? 0 };
  }
  return overlap;
}

/** Quarter of an era as instants: `evidence/2026-Q4` ends when 2027 begins, UTC. Throws `RangeError` on anything else. */
export function quarterOf(era: string): { readonly retention: string; readonly from: Instant; readonly to: Instant } {
  const [, retention, year, quarter] = /^([a-z0-9][a-z0-9-]*)\/(\d{4})-Q([1-4])$/.exec(era) ?? [];
  if (retention === undefined || year === undefined || quarter === undefined) throw new RangeError(`not an era: ${era}`);
  const month = (Number(quarter) - 1) * 3;
  return { retention, from: Date.UTC(Number(year), month, 1), to: Date.UTC(Number(year), month + 3, 1) };
}

/** Whether an era is one of the quarter of an instant. What is kept in another would be due at another time than its own. */
export function isEraAt(era: string, at: Instant): boolean {
  if (quarter.era !== era) quarter = { era, ...spanOf(era) };
  return at >= quarter.from && at < quarter.to;
}

/** The one asked of last: records that follow each other are of one. */
let quarter: { readonly era: string; readonly from: Instant; readonly to: Instant } = { era: '', from: 0, to: 0 };

/** Nothing is of what is no era, or is not spelled as one of its quarter is. */
function spanOf(era: string): { readonly from: Instant; readonly to: Instant } {
  try {
    const { retention, from, to } = quarterOf(era);
    return eraAt(retention, from) === era ? { from, to } : { from: 0, to: 0 };
  } catch {
    return { from: 0, to: 0 };
  }
}

/** Retention class and quarter. */
export function eraAt(retention: string, at: Instant): string {
  const date = new Date(at);
  return `${retention}/${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}
