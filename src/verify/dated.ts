import { type Instant, isInstant, iso } from '../core/instant.ts';
import type { Problem } from './problems.ts';

/** Clocks may differ by as much, in milliseconds, without a record counting as misdated. */
export const TOLERANCE = 60_000;

/** A time that an authority confirmed: whatever is below this size was there by then. */
export interface Bound {
  readonly size: number;
  readonly at: Instant;
  readonly file: string;
}

/** When the signature of a record was there, by a token. */
export type Signed = Pick<Bound, 'at' | 'file'>;

/** A record, and when it says that it was sealed. */
export interface Dated {
  readonly index: number;
  readonly sealedAt: Instant;
}

/** Each record was sealed before the first token over it and any of its own, and after the last token below it. */
export async function* misdated(
  bounds: readonly Bound[],
  signed: ReadonlyMap<number, readonly Signed[]>,
  records: AsyncIterable<Dated> | Iterable<Dated>,
): AsyncIterable<Problem & { readonly index: number }> {
  const bySize = bounds.toSorted((a, b) => a.size - b.size);
  // A token over more records confirms those below it too: its time bounds them where it is the earlier one.
  const above = [...bySize];
  for (let at = above.length - 2; at >= 0; at--) if ((above[at + 1]?.at ?? Infinity) < (above[at]?.at ?? 0)) above[at] = above[at + 1] as Bound;
  let below: Bound | null = null;
  let place = 0;
  for await (const { index, sealedAt } of records) {
    if (!isInstant(sealedAt)) continue; // said by whoever reads the statement
    for (let next = bySize[place]; next && next.size <= index; next = bySize[++place]) if (below === null || next.at > below.at) below = next;
    for (const { at, file } of signed.get(index) ?? [])
      if (sealedAt > at + TOLERANCE)
        yield { code: 'MISDATED', file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but its signature was there at ${iso(at)} already` };
    const first = above[place];
    if (first && sealedAt > first.at + TOLERANCE)
      yield { code: 'MISDATED', file: first.file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but was there at ${iso(first.at)} already` };
    if (below && sealedAt < below.at - TOLERANCE)
      yield { code: 'BACKDATED', file: below.file, index, says: `it says that it was sealed at ${iso(sealedAt)}, but was not there yet at ${iso(below.at)}` };
  }
}
