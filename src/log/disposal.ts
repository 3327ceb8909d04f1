import type { Instant } from '../core/instant.ts';
import type { Head, Statement } from './statement.ts';

/** What a record of a disposal says in the open. It is sealed before a key is destroyed (`planned`) and again after (`completed`). */
export interface DisposalHead extends Head {
  readonly kind: 'disposal';
  readonly step: 'planned' | 'completed';
  /** Whose keys were destroyed: retention class and quarter. */
  readonly era: string;
  /** Digests of the ciphertexts, hex; or all of the era that were sealed before this record. */
  readonly payloads: 'all' | readonly string[];
}

/** Which record disposed of a payload, and when it was sealed. */
export interface Disposed {
  readonly record: number;
  readonly at: Instant;
}

type Told = Pick<Statement, 'head' | 'sealedAt'> & { readonly index: number };
/** A payload of a record: what it was sealed under, and which record names it. */
export interface Named {
  readonly digest: string;
  readonly era: string;
  /** Index of the record that names it. */
  readonly record: number;
}

/**
 * Which payloads may be gone by what the log itself says. A disposal that was planned counts: keys are destroyed only
 * once it is published, so one that was interrupted is told by it alone.
 */
export function disposedBy(statements: Iterable<Told>): (payload: Named) => Disposed | null {
  const whole = new Map<string, Disposed[]>();
  const single = new Map<string, Disposed>();
  for (const { head, sealedAt, index } of statements) {
    if (!isDisposal(head)) continue;
    const by = { record: index, at: sealedAt };
    if (head.payloads === 'all') whole.set(head.era, [...(whole.get(head.era) ?? []), by]);
    else for (const digest of head.payloads) if (!single.has(`${head.era} ${digest}`)) single.set(`${head.era} ${digest}`, by);
  }
  return ({ digest, era, record }) => single.get(`${era} ${digest}`) ?? whole.get(era)?.find((by) => by.record > record) ?? null;
}

export const isDisposal = (head: Head): head is DisposalHead =>
  head.kind === 'disposal' &&
  typeof head.era === 'string' &&
  (head.payloads === 'all' || (Array.isArray(head.payloads) && head.payloads.every((digest) => typeof digest === 'string')));
