import type { Json } from '../../core/canonical.ts';
import { type Cursor, endOfLine, expect, fail, identifier, match, named, skip, take } from './hcl-cursor.ts';
import { forNames, heredoc, quoted } from './hcl-templates.ts';

/** What is not a literal. */
const OPEN: unique symbol = Symbol('not known without evaluation');
type Value = Json | typeof OPEN;

const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const OPERATOR = /&&|\|\||==|!=|<=|>=|[<>+\-*/%]/y;
const KEYWORDS: Readonly<Record<string, Json>> = { true: true, false: false, null: null };
const RESERVED = /^\$(expression|sensitive)$/;
const IDENTIFIER = /^[\p{ID_Start}_][\p{ID_Continue}-]*$/u;

/**
 * Reads one expression. A literal gives its value, and what is not a literal `{"$expression": its source text}`; lists
 * and objects are literal as far as their parts are. A number that is not a safe integer is given as its digits.
 * `lines`: whether the expression may go on over the end of a line, as it may between brackets.
 */
export function expression(cursor: Cursor, lines: boolean): Json {
  const start = cursor.at;
  let value: Value = operand(cursor, lines);
  let end = cursor.at;
  for (skip(cursor, lines); operator(cursor); skip(cursor, lines)) {
    skip(cursor, lines);
    operand(cursor, lines);
    value = OPEN;
    end = cursor.at;
  }
  if (take(cursor, '?')) {
    skip(cursor, lines);
    expression(cursor, lines);
    skip(cursor, lines);
    expect(cursor, ':');
    skip(cursor, lines);
    expression(cursor, lines);
    value = OPEN;
    end = cursor.at;
  }
  cursor.at = end;
  return value === OPEN ? { $expression: cursor.text.slice(start, end) } : value;
}

/** `=>` belongs to what is around. */
const operator = (cursor: Cursor): boolean => match(cursor, OPERATOR) !== null;

function operand(cursor: Cursor, lines: boolean): Value {
  if (take(cursor, '!')) {
    skip(cursor, lines);
    operand(cursor, lines);
    return OPEN;
  }
  if (take(cursor, '-')) {
    skip(cursor, lines);
    const digits = /\d/.test(cursor.text[cursor.at] ?? '');
    const value = operand(cursor, lines);
    return digits && typeof value === 'number' ? -value || 0 : digits && typeof value === 'string' ? `-${value}` : OPEN;
  }
  const value = primary(cursor, lines);
  return reaches(cursor, lines) ? OPEN : value;
}

/** What follows a value and picks from it: `.name`, `.0`, `.*`, `[index]`, `[*]`. */
function reaches(cursor: Cursor, lines: boolean): boolean {
  for (let any = false; ; any = true) {
    const before = cursor.at;
    skip(cursor, lines);
    if (cursor.text.startsWith('...', cursor.at)) {
      cursor.at = before;
      return any;
    }
    if (take(cursor, '.')) {
      skip(cursor, lines);
      if (identifier(cursor) === null && match(cursor, NUMBER) === null && !take(cursor, '*')) fail(cursor, 'expected the name of an attribute');
    } else if (take(cursor, '[')) {
      skip(cursor, true);
      if (!take(cursor, '*')) expression(cursor, true);
      skip(cursor, true);
      expect(cursor, ']');
    } else {
      cursor.at = before;
      return any;
    }
  }
}

function primary(cursor: Cursor, lines: boolean): Value {
  if (take(cursor, '(')) return within(cursor);
  if (take(cursor, '[')) return tuple(cursor);
  if (take(cursor, '{')) return object(cursor);
  if (take(cursor, '"')) return quoted(cursor, expression) ?? OPEN;
  if (take(cursor, '<<')) return heredoc(cursor, expression) ?? OPEN;
  const digits = match(cursor, NUMBER);
  if (digits !== null) return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
  const word = named(cursor, 'an expression');
  if (calls(cursor, lines)) return OPEN;
  return Object.hasOwn(KEYWORDS, word) ? (KEYWORDS[word] ?? null) : OPEN;
}

function within(cursor: Cursor): Value {
  skip(cursor, true);
  const value = expression(cursor, true);
  skip(cursor, true);
  expect(cursor, ')');
  return isOpen(value) ? OPEN : value;
}

const isOpen = (value: Json): boolean => typeof value === 'object' && value !== null && Object.hasOwn(value, '$expression');

/** The arguments of a function, whose name may have a namespace: `provider::aws::arn_parse(…)`. */
function calls(cursor: Cursor, lines: boolean): boolean {
  const before = cursor.at;
  while (take(cursor, '::')) named(cursor, 'the name of a function');
  const namespaced = cursor.at > before;
  skip(cursor, lines);
  if (!take(cursor, '(')) {
    if (namespaced) fail(cursor, 'expected the arguments of a function');
    cursor.at = before;
    return false;
  }
  for (skip(cursor, true); !take(cursor, ')'); skip(cursor, true)) {
    expression(cursor, true);
    skip(cursor, true);
    take(cursor, '...');
    skip(cursor, true);
    if (!take(cursor, ',') && cursor.text[cursor.at] !== ')') fail(cursor, 'expected "," or ")"');
  }
  return true;
}

function tuple(cursor: Cursor): Value {
  skip(cursor, true);
  if (loops(cursor, ']')) return OPEN;
  const entries: Json[] = [];
  for (; !take(cursor, ']'); skip(cursor, true)) {
    entries.push(expression(cursor, true));
    skip(cursor, true);
    if (!take(cursor, ',') && cursor.text[cursor.at] !== ']') fail(cursor, 'expected "," or "]"');
  }
  return entries;
}

function object(cursor: Cursor): Value {
  const start = cursor.at;
  skip(cursor, true);
  if (loops(cursor, '}')) return OPEN;
  cursor.at = start;
  const entries = new Map<string, Json>();
  let literal = true;
  for (skip(cursor, true); !take(cursor, '}'); skip(cursor, true)) {
    const name = key(cursor);
    skip(cursor, false);
    if (!take(cursor, '=') && !take(cursor, ':')) fail(cursor, 'expected "="');
    skip(cursor, false);
    const value = expression(cursor, false);
    if (name === null || RESERVED.test(name)) literal = false;
    else entries.set(name, value);
    skip(cursor, false);
    if (!take(cursor, ',') && !endOfLine(cursor) && cursor.text[cursor.at] !== '}') fail(cursor, 'expected ",", "}" or the end of the line');
  }
  return literal ? Object.fromEntries(entries) : OPEN;
}

/** A bare name is a text, whatever it would be elsewhere. `null` where the key is not a literal. */
function key(cursor: Cursor): string | null {
  const start = cursor.at;
  const value = expression(cursor, false);
  const source = cursor.text.slice(start, cursor.at);
  if (IDENTIFIER.test(source)) return source;
  return source.startsWith('(') || (typeof value === 'object' && value !== null) ? null : String(value);
}

/** `for … in … : … ]` or `… => … }`, behind the opening bracket. */
function loops(cursor: Cursor, close: string): boolean {
  const start = cursor.at;
  if (identifier(cursor) !== 'for') {
    cursor.at = start;
    return false;
  }
  const next = (token: string) => {
    skip(cursor, true);
    return take(cursor, token);
  };
  forNames(cursor);
  expression(cursor, true);
  if (!next(':')) fail(cursor, 'expected ":"');
  skip(cursor, true);
  expression(cursor, true);
  if (close === '}') {
    if (!next('=>')) fail(cursor, 'expected "=>"');
    skip(cursor, true);
    expression(cursor, true);
    next('...');
  }
  if (next('if')) {
    skip(cursor, true);
    expression(cursor, true);
  }
  if (!next(close)) fail(cursor, `expected "${close}"`);
  return true;
}
