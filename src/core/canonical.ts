export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * RFC 8785 (JCS) for the documents that we make ourselves: the same value always gives the same text.
 * Integers within 2^53 only, no lone surrogate, no `undefined`: anything else throws `RangeError`, for what is signed
 * must mean the same to every reader.
 */
export function canonical(value: Json): string {
  if (typeof value !== 'object' || !isOrdered(value)) return spelled(value);
  // Strings and integers are spelled as ECMAScript spells them: with its members in order, a value is written by the engine itself.
  const text = JSON.stringify(value);
  return text.includes(SURROGATE) ? spelled(value) : text;
}

/** A value in which a list may be anything that is iterable: it is read as it is written. */
export type Streamed = Json | Iterable<Json> | { readonly [key: string]: Streamed };

/** The same text piece by piece, so that a long list is never spelled whole. */
export function* canonicalPieces(value: Streamed): Iterable<string> {
  if (!isStreamed(value)) yield canonical(value as Json);
  else if (isIterable(value)) yield* listPieces(value);
  else {
    const { sorted, written } = orderOf(Object.keys(value));
    yield '{';
    for (const [place, key] of sorted.entries()) {
      yield written[place] as string;
      yield* canonicalPieces(value[key] as Streamed);
    }
    yield '}';
  }
}

function* listPieces(list: Iterable<Json>): Iterable<string> {
  let before = '[';
  for (const entry of list) {
    yield before + canonical(entry);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

const isIterable = (value: Streamed): value is Iterable<Json> => typeof value === 'object' && value !== null && Symbol.iterator in value;
/** An object that has a list to be read as it is written, or such a list. */
const isStreamed = (value: Streamed): value is Iterable<Json> | { readonly [key: string]: Streamed } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && (isIterable(value) || Object.values(value).some(isStreamed));

/** How the engine writes a lone surrogate; or a text that looks so. */
const SURROGATE = '\\ud';

/** Whether it is JSON of ours, but for lone surrogates, with all members in order. */
function isOrdered(value: Json): boolean {
  if (typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object') return false;
  if (isList(value)) {
    for (let place = 0; place < value.length; place++) if (!isOrdered(value[place] as Json)) return false;
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let last = '';
  for (const key in value) {
    if (key < last || !isOrdered(value[key] as Json)) return false;
    last = key;
  }
  return true;
}

/** Member by member. */
function spelled(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
    return String(value === 0 ? 0 : value);
  }
  if (isList(value)) {
    let text = '[';
    for (let place = 0; place < value.length; place++) text += (place === 0 ? '' : ',') + spelled(value[place] as Json);
    return `${text}]`;
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) throw new RangeError(`not JSON: ${typeof value}`);
  const { sorted, written } = orderOf(Object.keys(value));
  let text = '{';
  for (let place = 0; place < sorted.length; place++) text += (written[place] as string) + spelled(value[sorted[place] as string] as Json);
  return `${text}}`;
}

/** What needs an escape, and what may be half of a character. */
const SPECIAL = /["\\\u0000-\u001f\ud800-\udfff]/;

function quoted(text: string): string {
  if (!SPECIAL.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new RangeError('a string with a lone surrogate');
  return JSON.stringify(text);
}

const FEW = 32;

/** A few are sorted here: to have it done costs more than to do it. */
function inOrder(keys: string[]): readonly string[] {
  if (keys.length > FEW) return keys.sort();
  for (let next = 1; next < keys.length; next++) {
    const key = keys[next] as string;
    let place = next;
    for (; place > 0 && (keys[place - 1] as string) > key; place--) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

/** Members as they came, in order, and how each is written before its value. */
interface Order {
  readonly given: readonly string[];
  readonly sorted: readonly string[];
  readonly written: readonly string[];
}

/** Documents have the same members again and again, in the same order: those of each are sorted and quoted once. By the first of them. */
const ORDERS = new Map<string, Order[]>();
/** Of so many documents that differ in their first member, of so many with the same; and none of names that may be data. */
const KEPT = { firsts: 200, same: 8, members: 64, length: 64 };

function orderOf(given: readonly string[]): Order {
  const known = ORDERS.get(given[0] ?? '');
  for (let place = 0; known && place < known.length; place++) {
    const its = known[place] as Order;
    if (isSame(its.given, given)) return its;
  }
  const sorted = inOrder([...given]);
  const order = { given, sorted, written: sorted.map((key, place) => `${place === 0 ? '' : ','}${quoted(key)}:`) };
  if (given.length > KEPT.members || given.some(({ length }) => length > KEPT.length)) return order;
  if (known && known.length < KEPT.same) known.push(order);
  else if (!known && ORDERS.size < KEPT.firsts) ORDERS.set(given[0] ?? '', [order]);
  return order;
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let place = 0; place < some.length; place++) if (some[place] !== others[place]) return false;
  return true;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
