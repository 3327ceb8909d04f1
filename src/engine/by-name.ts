import { itemParts } from './facts.ts';
import { ordered } from './ordered.ts';
import type { Places } from './places.ts';

/** By it items are sorted. */
export function nameKey(item: string): string {
  const { source, partition, key } = itemParts(item);
  return `${source}\u0000${partition}\u0000${key}`;
}

/** So few are sorted by themselves, where no order is known yet. */
const FEW = 4096;

const KNOWN = new WeakMap<Places, Int32Array>();

/**
 * Some places in the order of what their items are called. The order of all items of a dataset is kept, four bytes an
 * item: names never change and none is taken back, so that those that are new are sorted in among the others.
 *
 * @param some ascending
 */
export function byName(places: Places, some: readonly number[]): Int32Array {
  if (some.length <= FEW && (KNOWN.get(places)?.length ?? 0) < places.count) return sortedByName(places, some);
  const order = orderOf(places);
  const isAsked = new Uint8Array(order.length);
  for (const place of some) isAsked[place] = 1;
  const found = new Int32Array(some.length);
  let size = 0;
  for (const place of order) {
    if (isAsked[place] !== 1) continue;
    found[size++] = place;
  }
  return found.subarray(0, size);
}

function orderOf(places: Places): Int32Array {
  const { count } = places;
  const known = KNOWN.get(places) ?? new Int32Array(0);
  if (known.length === count) return known;
  const fresh = sortedByName(
    places,
    Array.from({ length: count - known.length }, (_, place) => known.length + place),
  );
  const order = known.length === 0 ? fresh : merged(known, fresh, (place) => nameKey(places.name(place)));
  KNOWN.set(places, order);
  return order;
}

function sortedByName(places: Places, some: readonly number[]): Int32Array {
  const keyOf = (place: number) => nameKey(places.name(place));
  return Int32Array.from(ordered(some, { keyOf, compare: (a, b) => (a < b ? -1 : Number(a > b)), make: (place) => place }));
}

/** Two orders in one. Where each of the fresh ones comes is searched for, so that few of the others are looked at. */
function merged(known: Int32Array, fresh: Int32Array, keyOf: (place: number) => string): Int32Array {
  const all = new Int32Array(known.length + fresh.length);
  let [from, size] = [0, 0];
  for (const place of fresh) {
    const key = keyOf(place);
    let [low, high] = [from, known.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keyOf(known[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    all.set(known.subarray(from, low), size);
    size += low - from;
    all[size++] = place;
    from = low;
  }
  all.set(known.subarray(from), size);
  return all;
}
