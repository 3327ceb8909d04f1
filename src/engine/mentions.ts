import type { Row } from '../datasets/dataset.ts';
import type { Instant } from '../core/instant.ts';
import { BLOCK, blockOf } from './places.ts';
import type { Table } from './table.ts';

/** What is looked through of a row. */
export interface Words {
  readonly id: string;
  /** One after another. */
  readonly title: readonly string[];
  /** What a list is filtered by too, and what the search does not look at. */
  readonly more?: readonly string[];
}

/** How well something fits: 0 is the very id, 1 begins with it, 2 is a title that begins with it, 3 holds all words. */
export type Rank = 0 | 1 | 2 | 3;

/** A fact that fits. */
export interface Mention {
  readonly place: number;
  readonly from: Instant;
  readonly rank: Rank;
  /** In small letters. */
  readonly id: string;
}

/** The words of a block’s facts in small letters: a line for each fact, its id, its title and the rest apart from each other. */
interface Lines {
  readonly text: Buffer;
  readonly starts: Uint32Array;
  readonly offsets: Uint8Array;
  readonly froms: Float64Array;
}

const [LINE, TITLE, NEXT, MORE] = ['\n', '\u0001', '\u0002', '\u0003'];
const MARKS = /[\n\u0001-\u0003]/g;
/** No block has more lines. */
const LINES = 2 ** 20;
/** So many that fit alike are compared; of more the first that were ever told of. */
const MANY = 5000;

/** `null`: the words are not in it. @param sought in small letters, as are the others */
export function rankOf(id: string, title: string, sought: string): Rank | null {
  if (id === sought) return 0;
  if (id.startsWith(sought)) return 1;
  if (title.startsWith(sought)) return 2;
  return wordsOf(sought).every((word) => id.includes(word) || title.includes(word)) ? 3 : null;
}

export const wordsOf = (sought: string): readonly string[] => sought.split(/\s+/).filter((word) => word !== '');

/**
 * Some words of the facts of a table, to be looked through at once: beyond the heap, the bytes of the words and 13 for each
 * fact. What was changed is read again block by block; of what ended before it was made first the last that was told of an item is in it.
 */
export class Mentions {
  /** From when on it holds states. */
  readonly since: Instant;
  readonly #table: Table;
  readonly #wordsOf: (row: Row) => Words;
  readonly #lines = new Map<number, Lines>();
  #looked = -1;

  constructor(table: Table, since: Instant, wordsOf: (row: Row) => Words) {
    this.since = since;
    this.#table = table;
    this.#wordsOf = wordsOf;
  }

  /** Brings it up to date, block by block. */
  *ahead(): Generator<void, void> {
    const journal = this.#table.journal();
    const { now } = journal;
    const changed = this.#looked < 0 ? null : journal.since(this.#looked);
    const blocks = changed ? new Set(Array.from(changed, blockOf)) : this.#table.blocks();
    for (const block of blocks) {
      this.#lines.set(block, this.#linesOf(block));
      yield;
    }
    this.#looked = now;
  }

  /** The facts that fit, those of the very id always, of all others {@link MANY} at the least: to be looked whether they still hold. In no order. */
  *found(sought: string): Generator<void, readonly Mention[]> {
    yield* this.ahead();
    const found = new Map<number, Mention>();
    if (sought === '') return [];
    const looks = [
      { needle: LINE + sought },
      { needle: TITLE + sought },
      { needle: this.#rarestOf(wordsOf(sought)) },
      { needle: LINE + sought + TITLE, always: true },
    ];
    for (const { needle, always = false } of looks) {
      const bytes = Buffer.from(needle);
      const before = found.size;
      for (const [block, lines] of this.#lines) {
        if (!always && found.size - before >= MANY) break;
        for (const line of linesWith(lines, bytes)) {
          const [id = '', title = ''] = partsOf(lines, line);
          const rank = rankOf(id, title, sought);
          if (rank !== null) found.set(block * LINES + line, { ...factAt(block, lines, line), rank, id });
        }
        yield;
      }
    }
    return [...found.values()];
  }

  /** The word that stands in the fewest lines of the first block: each line with it is read. */
  #rarestOf(words: readonly string[]): string {
    const [first] = this.#lines.values();
    const [rarest = ''] = words
      .map((word) => ({ word, lines: first ? Iterator.from(linesWith(first, Buffer.from(word))).reduce((count) => count + 1, 0) : 0 }))
      .toSorted((a, b) => a.lines - b.lines || b.word.length - a.word.length)
      .map(({ word }) => word);
    return rarest;
  }

  /** Facts in which a text stands, title and further words included: by their places, each with when they began. */
  holding(sought: string): ReadonlyMap<number, readonly Instant[]> {
    for (const _ of this.ahead());
    const found = new Map<number, Instant[]>();
    const bytes = Buffer.from(plain(sought));
    for (const [block, lines] of this.#lines)
      for (const line of linesWith(lines, bytes)) {
        const { place, from } = factAt(block, lines, line);
        const its = found.get(place);
        if (its) its.push(from);
        else found.set(place, [from]);
      }
    return found;
  }

  /** Ones at the places of items of which a fact’s title begins so, or in whose id, title or further words a word stands; zeroes elsewhere. */
  *marked(words: string, how: 'begins' | 'holds'): Generator<void, Uint8Array> {
    yield* this.ahead();
    const bytes = Buffer.from(how === 'begins' ? TITLE + words : words);
    const marks = new Uint8Array(this.#table.places.count);
    for (const [block, lines] of this.#lines) {
      for (const line of linesWith(lines, bytes)) marks[factAt(block, lines, line).place] = 1;
      yield;
    }
    return marks;
  }

  #linesOf(block: number): Lines {
    const [texts, starts, offsets, froms] = [[] as string[], [] as number[], [] as number[], [] as number[]];
    let length = 0;
    for (const [place, facts] of this.#table.glance(block))
      for (const fact of facts) {
        if (fact.to <= this.since && fact !== facts.at(-1)) continue;
        const text = lineOf(this.#wordsOf(fact.row));
        texts.push(text);
        starts.push(length);
        offsets.push(place % BLOCK);
        froms.push(fact.from);
        length += Buffer.byteLength(text);
      }
    return { text: Buffer.from(texts.join('')), starts: Uint32Array.from(starts), offsets: Uint8Array.from(offsets), froms: Float64Array.from(froms) };
  }
}

const plain = (text: string): string => text.replace(MARKS, ' ');

function lineOf({ id, title, more = [] }: Words): string {
  const [its, says, rest] = [[id], title, more].map((texts) => texts.map(plain).join(NEXT).toLowerCase());
  return LINE + its + TITLE + says + MORE + rest;
}

const factAt = (block: number, { offsets, froms }: Lines, line: number) => ({ place: block * BLOCK + (offsets[line] ?? 0), from: froms[line] ?? 0 });

/** The lines in which some bytes stand, each once, ascending. */
function* linesWith({ text, starts }: Lines, bytes: Buffer): Iterable<number> {
  if (bytes.length === 0 || starts.length === 0) return;
  let line = 0;
  for (let at = text.indexOf(bytes); at >= 0; at = text.indexOf(bytes, at)) {
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) line++;
    yield line++;
    if (line >= starts.length) return;
    at = starts[line] ?? 0;
  }
}

function partsOf({ text, starts }: Lines, line: number): readonly string[] {
  const its = text.toString('utf8', (starts[line] ?? 0) + 1, starts[line + 1] ?? text.length);
  return its.slice(0, its.indexOf(MORE)).replaceAll(NEXT, ' ').split(TITLE);
}
