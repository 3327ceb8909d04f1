import { createHash } from 'node:crypto';
import { problem } from './problem.ts';

/** Where a list goes on: after which entry, of which question, and as of when the first page was told. */
export interface Place {
  /** Sort keys of the last entry that was given. */
  readonly after: readonly (string | number | null)[];
  /** Instant in milliseconds that every page speaks of; `null` where the list has none. */
  readonly asOf: number | null;
}

/** A cursor is opaque: base64url of the place and of a digest of the question, so that it fits no other. */
export const cursorOf = (question: unknown, { after, asOf }: Place): string =>
  Buffer.from(JSON.stringify([digestOf(question), asOf, ...after])).toString('base64url');

/** So far from 1970 a date can be told, in milliseconds (ECMA-262, 21.4.1.1). */
const LAST_INSTANT = 8.64e15;

/** Throws a problem where the cursor is not one, or of another question. */
export function placeOf(question: unknown, cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [digest, asOf, ...after] = parsed(cursor);
  const isKey = (key: unknown): key is Place['after'][number] => key === null || typeof key === 'string' || typeof key === 'number';
  if (
    typeof digest !== 'string' ||
    !(asOf === null || (Number.isSafeInteger(asOf) && Math.abs(asOf as number) <= LAST_INSTANT)) ||
    after.length === 0 ||
    !after.every(isKey)
  )
    throw problem('invalid-request', 'The cursor is none that this server gives.', [{ name: 'cursor', says: 'expected a cursor as the page before gave it' }]);
  if (digest !== digestOf(question)) throw problem('cursor-of-another-question', 'The cursor was given for a list with other parameters.');
  return { after, asOf: asOf as number | null };
}

function parsed(cursor: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

const digestOf = (question: unknown): string => createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 11);

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly next: string | null;
}

interface Asked {
  readonly question: unknown;
  readonly limit: number;
  readonly place: Place | null;
  readonly asOf: number | null;
  /** So many entries before the first, where there is no place. */
  readonly skip?: number;
  readonly descending?: boolean;
}

/** Entries in their order, with the keys that they are sorted by. */
export interface Sorted<Entry> {
  readonly entries: readonly Entry[];
  readonly keys: readonly Place['after'][];
}

/**
 * One page of a list that is at hand. The keys of an entry never change while it is listed, and no two entries have the
 * same: so entries that come or go between two pages shift no others.
 */
export const pageOf = <Entry>(entries: Iterable<Entry>, keysOf: (entry: Entry) => Place['after'], asked: Asked): Page<Entry> =>
  pageIn(sortedBy(entries, keysOf, asked.descending), asked);

export function sortedBy<Entry>(entries: Iterable<Entry>, keysOf: (entry: Entry) => Place['after'], descending = false): Sorted<Entry> {
  const order = orderOf(descending);
  const keyed = Array.from(entries, (entry) => ({ entry, keys: keysOf(entry) })).sort((a, b) => order(a.keys, b.keys));
  return { entries: keyed.map(({ entry }) => entry), keys: keyed.map(({ keys }) => keys) };
}

/** One page of a list that is sorted. */
export function pageIn<Entry>({ entries, keys }: Sorted<Entry>, { question, limit, place, asOf, skip = 0, descending = false }: Asked): Page<Entry> {
  const from = place === null ? skip : firstBehind(keys.length, (at) => keys[at] ?? [], place.after, orderOf(descending));
  const given = entries.slice(from, from + limit);
  const last = keys[from + given.length - 1];
  return { entries: given, next: last && given.length > 0 && from + limit < entries.length ? cursorOf(question, { after: last, asOf }) : null };
}

const orderOf = (descending: boolean): typeof compared => (descending ? (a, b) => compared(b, a) : compared);

/** Place of the first of so many, in order, that comes after some keys. */
export function firstBehind(count: number, keysAt: (place: number) => Place['after'], after: Place['after'], order: typeof compared): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(keysAt(middle), after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Key by key; `null` before all else, numbers before texts, texts by code unit. */
export function compared(a: Place['after'], b: Place['after']): number {
  const length = Math.max(a.length, b.length);
  for (let place = 0; place < length; place++) {
    const one = a[place] ?? null;
    const other = b[place] ?? null;
    if (one === other) continue;
    if (one !== null && other !== null && typeof one === typeof other) return one < other ? -1 : 1;
    return rankOf(one) - rankOf(other);
  }
  return 0;
}

const rankOf = (key: string | number | null): number => (key === null ? 0 : typeof key === 'number' ? 1 : 2);
