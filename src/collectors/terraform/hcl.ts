import type { Json } from '../../core/canonical.ts';
import { type Cursor, cursorOf, ended, endOfLine, expect, fail, identifier, lineOf, named, skip, take } from './hcl-cursor.ts';
import { expression } from './hcl-expressions.ts';
import { quoted } from './hcl-templates.ts';

interface Lines {
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface Attribute extends Lines {
  readonly name: string;
  /** A literal, or `{"$expression": source text}`. */
  readonly value: Json;
}

export interface Block extends Lines {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** What stands in a file or in a block, in the order in which it is written. */
export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
}

/**
 * Reads a file in the native syntax of HCL 2, as Terraform and OpenTofu write it. Throws `RangeError`, with file and
 * line, where it cannot be read: nothing is passed over. Evaluates nothing.
 */
export function parseHcl(file: string, text: string): Body {
  return bodyUpTo(cursorOf(file, text), ended);
}

function bodyUpTo(cursor: Cursor, ends: (cursor: Cursor) => boolean): Body {
  const [attributes, blocks]: [Attribute[], Block[]] = [[], []];
  const known = new Set<string>();
  for (skip(cursor, true); !ends(cursor); skip(cursor, true)) {
    const start = cursor.at;
    const name = named(cursor, 'the name of an attribute or a block');
    skip(cursor, false);
    if (cursor.text[cursor.at] === '=') attributes.push(attribute(cursor, start, name, known));
    else blocks.push(block(cursor, start, name));
    lineEnds(cursor);
  }
  return { attributes, blocks };
}

function lineEnds(cursor: Cursor): void {
  skip(cursor, false);
  if (!ended(cursor) && !endOfLine(cursor)) fail(cursor, 'expected the end of the line');
}

function attribute(cursor: Cursor, start: number, name: string, known: Set<string>): Attribute {
  expect(cursor, '=');
  if (known.has(name)) fail(cursor, `"${name}" is set twice`);
  known.add(name);
  skip(cursor, false);
  const value = expression(cursor, false);
  return { name, value, firstLine: lineOf(cursor, start), lastLine: lineOf(cursor) };
}

function block(cursor: Cursor, start: number, type: string): Block {
  const labels: string[] = [];
  while (!take(cursor, '{')) {
    labels.push(label(cursor));
    skip(cursor, false);
  }
  skip(cursor, false);
  const body = cursor.text[cursor.at] === '}' || atLineEnd(cursor) ? blockBody(cursor) : oneLine(cursor);
  return { type, labels, body, firstLine: lineOf(cursor, start), lastLine: lineOf(cursor, cursor.at - 1) };
}

const atLineEnd = ({ text, at }: Cursor): boolean => text[at] === '\n' || text.startsWith('\r\n', at);

function label(cursor: Cursor): string {
  if (take(cursor, '"')) return quoted(cursor, expression) ?? fail(cursor, 'expected a label without expressions');
  return identifier(cursor) ?? fail(cursor, 'expected "=", "{" or a label');
}

const blockBody = (cursor: Cursor): Body => bodyUpTo(cursor, (at) => take(at, '}') || (ended(at) && fail(at, 'expected "}"')));

/** `name { attribute = value }`: one attribute at most, and no block. */
function oneLine(cursor: Cursor): Body {
  const start = cursor.at;
  const name = named(cursor, 'the name of an attribute');
  skip(cursor, false);
  const only = attribute(cursor, start, name, new Set());
  skip(cursor, false);
  expect(cursor, '}');
  return { attributes: [only], blocks: [] };
}
