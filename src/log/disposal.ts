import type { Instant } from '../core/instant.ts';
import type { Head, Unsealed } from './statement.ts';

/** Payloads that were disposed of, said before (`planned`) and after (`completed`) their keys were destroyed. */
export interface DisposalHead {
  readonly kind: 'disposal';
  readonly step: 'planned' | 'completed';
  readonly era: string;
  /** SHA-256 of each ciphertext, hex; `all` that records before this one keep in the era. */
  readonly payloads: 'all' | readonly string[];
}

type Spoken = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

/** A record of a disposal, and when it was sealed. */
export interface Disposed {
  readonly by: number;
  readonly at: Instant;
}

/** Tells of a payload whether it was disposed of, by which record. */
export interface Disposals {
  of(era: string, digest: string, index: number): Disposed | null;
}

/**
 * Which payloads are disposed of by these records, in the order of the log. The planned step counts: from then on
 * nobody may rely on them. An era that was disposed of whole takes what records before the disposal keep in it.
 */
export function disposedBy(statements: Iterable<Spoken>): Disposals {
  const eras = new Map<string, Disposed[]>();
  const digests = new Map<string, Disposed>();
  for (const { head, index, sealedAt } of statements) {
    if (!isDisposal(head) || head.step !== 'planned') continue;
    const disposed = { by: index, at: sealedAt };
    if (head.payloads === 'all') eras.set(head.era, [...(eras.get(head.era) ?? []), disposed]);
    else for (const digest of head.payloads) digests.set(`${head.era} ${digest}`, digests.get(`${head.era} ${digest}`) ?? disposed);
  }
  return { of: (era, digest, index) => digests.get(`${era} ${digest}`) ?? eras.get(era)?.find(({ by }) => index < by) ?? null };
}

export const isDisposal = (head: Head): head is Head & DisposalHead => head.kind === 'disposal';
