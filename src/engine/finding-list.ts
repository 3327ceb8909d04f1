import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { type Asking, findingsAbout, type Grounds, placesOf } from './assemble.ts';
import type { Reading } from './assess.ts';
import { byName, nameKey } from './by-name.ts';
import type { Finding } from './posture.ts';

/** By what findings are in order; `from` is `null` where it has no beginning. */
type FindingKeys = readonly [check: string, source: string, partition: string, key: string, from: Instant | null, verdict: Finding['verdict'], control: string];

/** Findings in the order of their keys. Of each item it holds where it is, four bytes, and makes what is said of it when it is asked for; to be read before anything is learned. */
export interface FindingList {
  /** The first behind some keys, or of all: so many at most. */
  page(after: readonly (string | number | null)[] | null, limit: number): readonly Finding[];
}

export function findingList(grounds: Grounds, read: (check: Check) => Reading, now: Instant, { checks: among, verdict }: Asking): FindingList {
  const { engine, catalog } = grounds;
  const checks = grounds.checks.filter(({ id }) => among?.includes(id) ?? true).sort((a, b) => (a.id < b.id ? -1 : 1));
  const known = new Map<string, Its>();
  const itsOf = (check: Check): Its => {
    const reading = read(check);
    const { places } = engine.verdicts(check);
    const nameAt = (place: number) => nameKey(places.name(place));
    const controls = catalog.controls.flatMap(({ id, checks: its }) => (its.includes(check.id) ? [id] : []));
    return { order: byName(places, controls.length === 0 ? [] : placesOf(reading, verdict)), nameAt, controls, reading };
  };

  function* behind(after: readonly (string | number | null)[] | null): Iterable<Finding> {
    for (const check of checks) {
      const isBegun = after !== null && after[0] === check.id;
      if (after !== null && !isBegun && check.id < String(after[0])) continue;
      const its = known.get(check.id) ?? itsOf(check);
      known.set(check.id, its);
      for (let at = isBegun ? firstFrom(its, after.slice(1, 4).join('\u0000')) : 0; at < its.order.length; at++) {
        const claims = its.reading.of(its.order[at] ?? -1);
        const found = its.controls.flatMap((control) => findingsAbout(grounds, check, control, claims, now, verdict));
        for (const finding of found.sort((a, b) => inOrder(keysOf(a), keysOf(b)))) if (!isBegun || inOrder(keysOf(finding), after) > 0) yield finding;
      }
    }
  }

  return { page: (after, limit) => Iterator.from(behind(after)).take(limit).toArray() };
}

/** Of one check. */
interface Its {
  /** Places of its items by their names. */
  readonly order: Int32Array;
  readonly nameAt: (place: number) => string;
  readonly controls: readonly string[];
  readonly reading: Reading;
}

function firstFrom({ order, nameAt }: Its, name: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nameAt(order[middle] ?? -1) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

export const keysOf = ({ check, item, from, verdict, control }: Finding): FindingKeys => [
  check,
  item.source,
  item.partition,
  item.key,
  Number.isFinite(from) ? from : null,
  verdict,
  control,
];

/** `null` before all else. */
function inOrder(a: readonly (string | number | null)[], b: readonly (string | number | null)[]): number {
  for (const [place, one] of a.entries()) {
    const other = b[place] ?? null;
    if (one === other) continue;
    if (one === null || other === null) return one === null ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}
