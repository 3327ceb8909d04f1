import { NEVER } from '../core/instant.ts';
import type { Difference } from '../engine/replay.ts';

/** So many are put aside at once. */
const PART = 1000;

/** What was put aside of the differences, which may be as many as a company has items. */
export interface DifferencesAside {
  /** Items that differ, by check. */
  readonly items: number;
  readonly count: number;
  readonly differences: Iterable<Difference>;
}

/**
 * Puts differences aside as they are made, so that they are counted and both engines can go on.
 *
 * @param aside where a part goes as JSON: what it gives brings it back, or throws where it was emptied meanwhile
 */
export function differencesAside(made: Iterable<Difference>, aside: (part: readonly unknown[]) => () => unknown): DifferencesAside {
  const parts: (() => unknown)[] = [];
  let [part, last, items, count] = [[] as unknown[], '', 0, 0];
  for (const { from, to, ...rest } of made) {
    const of = `${rest.check} ${rest.item}`;
    if (of !== last) items++;
    [last, count] = [of, count + 1];
    part.push({ ...rest, from: from === -NEVER ? null : from, to: to === NEVER ? null : to });
    if (part.length < PART) continue;
    parts.push(aside(part));
    part = [];
  }
  if (part.length > 0) parts.push(aside(part));
  return {
    items,
    count,
    differences: {
      *[Symbol.iterator]() {
        for (const read of parts) for (const { from, to, ...rest } of read() as Spelled[]) yield { ...rest, from: from ?? -NEVER, to: to ?? NEVER };
      },
    },
  };
}

/** In JSON what never began or never ends has no number. */
type Spelled = Omit<Difference, 'from' | 'to'> & { readonly from: number | null; readonly to: number | null };
