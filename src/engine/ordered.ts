/** So many values are at hand at once, about. */
const BATCH = 32_768;
/** So many keys are looked at for each part, to find where it begins. */
const SAMPLED = 32;

interface Order<Key, Value> {
  /** What it is sorted by. Two entries never have the same. */
  keyOf(entry: number): Key;
  compare(a: Key, b: Key): number;
  make(entry: number): Value;
}

/**
 * Makes a value of each entry and gives them in the order of their keys. Where there are many it goes through them part
 * by part, so that few of them are at hand at once; within a part it makes them in the order that was given, in which
 * their blocks lie.
 *
 * @param entries ascending
 */
export function* ordered<Key, Value>(entries: Int32Array | readonly number[], order: Order<Key, Value>): Iterable<Value> {
  if (entries.length <= BATCH) {
    yield* sorted(entries, order);
    return;
  }
  const starts = startsOf(entries, order);
  const parts = new Uint16Array(entries.length);
  for (const [place, entry] of entries.entries()) parts[place] = partOf(starts, order.keyOf(entry), order);
  for (let part = 0; part <= starts.length; part++)
    yield* sorted(
      entries.filter((_, place) => parts[place] === part),
      order,
    );
}

function sorted<Key, Value>(entries: Int32Array | readonly number[], { keyOf, compare, make }: Order<Key, Value>): Iterable<Value> {
  return Array.from(entries, (entry) => ({ key: keyOf(entry), value: make(entry) }))
    .sort((a, b) => compare(a.key, b.key))
    .values()
    .map(({ value }) => value);
}

/** Where the second part begins, the third, and so on. */
function startsOf<Key, Value>(entries: Int32Array | readonly number[], { keyOf, compare }: Order<Key, Value>, batch = BATCH): readonly Key[] {
  const parts = Math.min(Math.ceil(entries.length / batch) + 1, 0xffff);
  const step = Math.max(1, Math.floor(entries.length / (parts * SAMPLED)));
  const keys: Key[] = [];
  for (let place = 0; place < entries.length; place += step) keys.push(keyOf(entries[place] ?? 0));
  keys.sort(compare);
  return Array.from({ length: parts - 1 }, (_, part) => keys[Math.floor(((part + 1) * keys.length) / parts)] as Key);
}

/** How many parts begin at or before a key. */
function partOf<Key, Value>(starts: readonly Key[], key: Key, { compare }: Order<Key, Value>): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(starts[middle] as Key, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** So many entries of an order are made at once. */
const PART = 8192;

/** Entries in an order, sorted as far as they are asked for. */
export interface Parts {
  readonly length: number;
  at(place: number): number | undefined;
  /** From one place up to another. */
  slice(from: number, to: number): Int32Array;
}

/**
 * Tells entries apart by where they belong, about eight thousand to a part, and sorts a part when it is asked for: for a
 * page of half a million, one.
 *
 * @param compare what is the same to it stays as it was given
 */
export function inParts(entries: Int32Array, compare: (a: number, b: number) => number): Parts {
  const order: Order<number, number> = { keyOf: (entry) => entry, compare, make: (entry) => entry };
  const starts = entries.length <= PART ? [] : startsOf(entries, order, PART);
  const firsts = new Int32Array(starts.length + 2);
  const whole = starts.length === 0 ? entries.slice() : new Int32Array(entries.length);
  if (starts.length > 0) {
    const parts = Uint16Array.from(entries, (entry) => partOf(starts, entry, order));
    for (const part of parts) firsts[part + 1] = (firsts[part + 1] ?? 0) + 1;
    for (let part = 1; part < firsts.length; part++) firsts[part] = (firsts[part] ?? 0) + (firsts[part - 1] ?? 0);
    const next = firsts.slice();
    for (let place = 0; place < entries.length; place++) {
      const part = parts[place] ?? 0;
      whole[next[part] ?? 0] = entries[place] ?? 0;
      next[part] = (next[part] ?? 0) + 1;
    }
  } else firsts[1] = entries.length;
  const isSorted = new Uint8Array(firsts.length);
  const sortedUpTo = (from: number, to: number) => {
    for (let part = 0; part + 1 < firsts.length; part++) {
      const [first, end] = [firsts[part] ?? 0, firsts[part + 1] ?? 0];
      if (isSorted[part] || end <= from || to <= first) continue;
      whole.subarray(first, end).sort(compare);
      isSorted[part] = 1;
    }
  };
  return {
    length: whole.length,
    at(place) {
      sortedUpTo(place, place + 1);
      return whole[place];
    },
    slice(from, to) {
      sortedUpTo(from, to);
      return whole.subarray(from, to);
    },
  };
}

/** Makes a value of each entry in the order given, part by part; within a part ascending, in which their blocks lie. */
export function* madeIn<Value>(order: Pick<Parts, 'length' | 'slice'>, make: (entry: number) => Value): Iterable<Value> {
  for (let from = 0; from < order.length; from += PART) {
    const part = order.slice(from, from + PART);
    const made = new Map(Array.from(part.toSorted(), (entry) => [entry, make(entry)]));
    for (const entry of part) yield made.get(entry) as Value;
  }
}
