import { type Cursor, ended, endOfLine, expect, fail, match, named, skip, take } from './hcl-cursor.ts';

/** Reads an expression between `${` and `}`; what it is does not matter here. */
type Expression = (cursor: Cursor, lines: boolean) => unknown;

/** The text of a template, or `null` where it is not known without evaluation. */
export type Template = string | null;

interface Parts {
  text: string;
  literal: boolean;
  /** Directives that wait for their end. */
  readonly open: ('if' | 'else' | 'for')[];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const UNICODE = /u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;

/** A template in quotes; the cursor stands behind the first. */
export function quoted(cursor: Cursor, expression: Expression): Template {
  const parts: Parts = { text: '', literal: true, open: [] };
  while (!take(cursor, '"')) {
    if (ended(cursor) || cursor.text[cursor.at] === '\n') fail(cursor, 'expected the end of a quoted text');
    if (take(cursor, '\\')) parts.text += escaped(cursor);
    else if (!sequence(cursor, expression, parts)) parts.text += character(cursor);
  }
  return closed(cursor, parts);
}

/** A template of whole lines up to a marker; the cursor stands behind `<<`. */
export function heredoc(cursor: Cursor, expression: Expression): Template {
  const indented = take(cursor, '-');
  const marker = named(cursor, 'the marker of a text of several lines');
  if (!endOfLine(cursor)) fail(cursor, 'expected the end of the line behind the marker');
  const parts: Parts = { text: '', literal: true, open: [] };
  while (!endsHere(cursor, marker)) {
    for (let line = true; line; ) {
      if (ended(cursor)) fail(cursor, `expected ${marker}`);
      if (sequence(cursor, expression, parts)) line = true;
      else {
        const next = character(cursor);
        parts.text += next;
        line = next !== '\n';
      }
    }
  }
  const text = closed(cursor, parts);
  return text !== null && indented ? flush(text) : text;
}

/** The marker stands alone on its line, and a line follows. */
function endsHere(cursor: Cursor, marker: string): boolean {
  const end = cursor.text.indexOf('\n', cursor.at);
  const line = end < 0 ? '' : cursor.text.slice(cursor.at, end);
  if (line.trim() !== marker) return false;
  cursor.at = line.endsWith('\r') ? end - 1 : end;
  return true;
}

/** Without the blanks that all lines begin with; blank lines do not count. */
function flush(text: string): string {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const indent = Math.min(...lines.flatMap((line) => (line.trim() === '' ? [] : [line.length - line.trimStart().length])));
  const blank = (line: string) => line.trim() === '' || !Number.isFinite(indent);
  return [...lines.map((line) => (blank(line) ? line : line.slice(indent))), last].join('\n');
}

function closed(cursor: Cursor, { text, literal, open }: Parts): Template {
  if (open.length > 0) fail(cursor, `expected the end of "%{ ${open.at(-1)} }"`);
  return literal ? text : null;
}

function escaped(cursor: Cursor): string {
  const code = match(cursor, UNICODE);
  if (code !== null) {
    const point = Number.parseInt(code.slice(1), 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : fail(cursor, 'expected a character');
  }
  const known = ESCAPES[cursor.text[cursor.at] ?? ''];
  if (known === undefined) return fail(cursor, 'expected a known escape');
  cursor.at += 1;
  return known;
}

function character(cursor: Cursor): string {
  const next = String.fromCodePoint(cursor.text.codePointAt(cursor.at) ?? 0);
  cursor.at += next.length;
  return next;
}

/** `${ expression }` and `%{ directive }`, and their doubled signs, which stand for themselves. */
function sequence(cursor: Cursor, expression: Expression, parts: Parts): boolean {
  for (const sign of ['$', '%']) {
    if (take(cursor, `${sign}${sign}{`)) {
      parts.text += `${sign}{`;
      return true;
    }
  }
  const interpolates = take(cursor, '${');
  if (!interpolates && !take(cursor, '%{')) return false;
  parts.literal = false;
  take(cursor, '~');
  skip(cursor, true);
  if (interpolates) expression(cursor, true);
  else directive(cursor, expression, parts.open);
  skip(cursor, true);
  take(cursor, '~');
  expect(cursor, '}');
  return true;
}

function directive(cursor: Cursor, expression: Expression, open: Parts['open']): void {
  const word = named(cursor, 'a directive');
  skip(cursor, true);
  const closes = (...opened: readonly Parts['open'][number][]) => {
    const last = open.pop();
    if (last === undefined || !opened.includes(last)) fail(cursor, `expected no "${word}"`);
  };
  if (word === 'if') {
    expression(cursor, true);
    open.push('if');
  } else if (word === 'else') {
    closes('if');
    open.push('else');
  } else if (word === 'endif') closes('if', 'else');
  else if (word === 'endfor') closes('for');
  else if (word === 'for') {
    forNames(cursor);
    expression(cursor, true);
    open.push('for');
  } else fail(cursor, `"${word}" is no directive: expected if, else, endif, for or endfor`);
}

/** `for key, value in`, the word `for` already read. */
export function forNames(cursor: Cursor): void {
  skip(cursor, true);
  named(cursor, 'a name');
  skip(cursor, true);
  if (take(cursor, ',')) {
    skip(cursor, true);
    named(cursor, 'a name');
    skip(cursor, true);
  }
  if (named(cursor, '"in"') !== 'in') fail(cursor, 'expected "in"');
  skip(cursor, true);
}
