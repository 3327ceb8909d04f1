/** A place in a text that is being read. */
export interface Cursor {
  readonly text: string;
  readonly file: string;
  /** Offsets at which lines begin. */
  readonly lines: readonly number[];
  at: number;
}

export function cursorOf(file: string, text: string): Cursor {
  const lines = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  return { text, file, lines, at: text.startsWith('\uFEFF') ? 1 : 0 };
}

/** Counted from 1. */
export function lineOf({ lines, at }: Cursor, offset = at): number {
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

export function fail(cursor: Cursor, says: string): never {
  const { file, text, at } = cursor;
  const found = at >= text.length ? 'the end of the file' : JSON.stringify(text.slice(at, at + 12));
  throw new RangeError(`${file}, line ${lineOf(cursor)}: ${says}, found ${found}`);
}

/** What the pattern (sticky) finds here, taken. */
export function match(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? null;
  if (found !== null) cursor.at += found.length;
  return found;
}

export function take(cursor: Cursor, token: string): boolean {
  if (!cursor.text.startsWith(token, cursor.at)) return false;
  cursor.at += token.length;
  return true;
}

export function expect(cursor: Cursor, token: string): void {
  if (!take(cursor, token)) fail(cursor, `expected "${token}"`);
}

const SPACE = /(?:[ \t]|\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*)+/y;
const SPACE_AND_LINES = /(?:[ \t\n]|\r\n|\/\*[\s\S]*?\*\/|(?:#|\/\/)[^\n]*)+/y;
const END_OF_LINE = /\r?\n/y;
const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/** Passes over blanks and comments, and over the ends of lines where they mean nothing. */
export const skip = (cursor: Cursor, lines: boolean): void => void match(cursor, lines ? SPACE_AND_LINES : SPACE);
export const endOfLine = (cursor: Cursor): boolean => match(cursor, END_OF_LINE) !== null;
export const identifier = (cursor: Cursor): string | null => match(cursor, IDENTIFIER);
export const ended = ({ text, at }: Cursor): boolean => at >= text.length;

export function named(cursor: Cursor, what: string): string {
  return identifier(cursor) ?? fail(cursor, `expected ${what}`);
}
