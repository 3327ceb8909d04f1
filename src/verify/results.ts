import { canonical, type Json } from '../core/canonical.ts';
import { IntegrityError } from '../core/error.ts';
import type { BundleFiles } from './bundle-files.ts';
import { decode, RESULTS } from './format.ts';

/** Where a finding is spelled, in bytes of `results.json`. */
export interface Spelled {
  readonly from: number;
  readonly length: number;
}

/** What is asked of a bundle. */
type Pieces = Pick<BundleFiles, 'pieces' | 'slice'>;

/** What is in memory at once, in bytes: all but the findings, and one of these. */
const MOST = { rest: 64 * 1024 * 1024, finding: 16 * 1024 * 1024 };
const KEY = Buffer.from('"findings":[');
const [QUOTE, ESCAPE, COMMA, OPEN, CLOSE, OPENS, CLOSES] = Buffer.from('"\\,[]{}');

/**
 * Reads `results.json` finding by finding: there is one for each item that deviates or is unknown, so that they are as many
 * as a company has, and the rest is short.
 *
 * @param take is given each finding, in their order
 * @returns the results, their findings left out. Throws `IntegrityError` where it is not in the one spelling of such a document.
 */
export function readResults(files: Pieces, take: (finding: Json, spelled: Spelled) => void): Json {
  const rest: Buffer[] = [];
  let restSize = 0;
  const keep = (bytes: Buffer) => {
    restSize += bytes.length;
    if (restSize > MOST.rest) throw fails(`has more than ${MOST.rest} bytes beside its findings`);
    rest.push(Buffer.from(bytes));
  };
  const list = new FindingList((from, length) => take(findingAt(files, { from, length }), { from, length }));
  const outside = new Outside();
  let at = 0;
  for (const bytes of files.pieces(RESULTS)) {
    let from = 0;
    while (from < bytes.length) {
      if (list.isOpen) from = list.go(bytes, from, at);
      else {
        const end = outside.go(bytes, from);
        keep(bytes.subarray(from, end));
        from = end;
        if (outside.isAtFindings) list.open();
        outside.isAtFindings = false;
      }
    }
    at += bytes.length;
  }
  if (list.isOpen) throw fails('ends within its findings');
  return decode(Buffer.concat(rest), RESULTS);
}

/** A finding again. Throws as {@link readResults}. */
export function findingAt(files: Pieces, { from, length }: Spelled): Json {
  const bytes = files.slice(RESULTS, from, length);
  try {
    const finding = JSON.parse(bytes.toString('utf8')) as Json;
    if (bytes.equals(Buffer.from(canonical(finding)))) return finding;
  } catch (cause) {
    throw fails('is not JSON that this program writes', cause);
  }
  throw fails('is not spelled canonically');
}

const fails = (what: string, cause?: unknown) => new IntegrityError('DOCUMENT', `${RESULTS} ${what}`, cause);

/** Goes through what is not the list of findings: it is a member of the document itself, and comes once. */
class Outside {
  isAtFindings = false;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** How much of the key of the list stands before what comes next. */
  #matched = 0;
  #found = false;

  /** Up to the end of the bytes, or to where the list opens. */
  go(bytes: Buffer, from: number): number {
    for (let place = from; place < bytes.length; place++) {
      const byte = bytes[place] as number;
      this.#match(byte);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isText) {
        if (byte === ESCAPE) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isText = false;
      } else if (byte === QUOTE) this.#isText = true;
      else if (byte === OPEN || byte === OPENS) this.#depth++;
      else if (byte === CLOSE || byte === CLOSES) this.#depth--;
      if (this.#matched < KEY.length) continue;
      this.#matched = 0;
      if (this.#found) throw fails('has two lists of findings');
      this.#found = true;
      this.isAtFindings = true;
      return place + 1;
    }
    return bytes.length;
  }

  /** The key stands where a member of the document begins: not within a text, nor deeper. */
  #match(byte: number): void {
    if (this.#matched === 0 && (this.#depth !== 1 || this.#isText)) return;
    this.#matched = byte === KEY[this.#matched] ? this.#matched + 1 : Number(!this.#isText && byte === KEY[0]);
  }
}

/** Goes through the list of findings: objects, a comma between two, and nothing else. */
class FindingList {
  isOpen = false;
  readonly #found: (from: number, length: number) => void;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #start = 0;
  #count = 0;
  #isAfter = false;

  constructor(found: (from: number, length: number) => void) {
    this.#found = found;
  }

  open(): void {
    this.isOpen = true;
  }

  /** Up to the end of the bytes, or to the bracket that closes the list. */
  go(bytes: Buffer, from: number, at: number): number {
    for (let place = from; place < bytes.length; place++) {
      const byte = bytes[place] as number;
      if (this.#depth === 0) {
        if (byte === CLOSE && (this.#isAfter || this.#count === 0)) {
          this.isOpen = false;
          return place;
        }
        this.#between(byte, at + place);
        continue;
      }
      if (this.#isEscaped) this.#isEscaped = false;
      else if (this.#isText) {
        if (byte === ESCAPE) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isText = false;
      } else if (byte === QUOTE) this.#isText = true;
      else if (byte === OPENS) this.#depth++;
      else if (byte === CLOSES && --this.#depth === 0) this.#end(at + place + 1);
    }
    if (this.#depth > 0) this.#bound(at + bytes.length);
    return bytes.length;
  }

  #between(byte: number, at: number): void {
    if (byte === COMMA && this.#isAfter) this.#isAfter = false;
    else if (byte === OPENS && !this.#isAfter) [this.#depth, this.#start] = [1, at];
    else throw fails('is not spelled canonically');
  }

  #bound(at: number): void {
    if (at - this.#start > MOST.finding) throw fails(`has a finding of more than ${MOST.finding} bytes`);
  }

  #end(at: number): void {
    this.#bound(at);
    this.#count++;
    this.#isAfter = true;
    this.#found(this.#start, at - this.#start);
  }
}
