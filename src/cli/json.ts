/** So many entries of a list are spelled at once. */
const BATCH = 500;

/** A text that is never one: it is spelled as it is made. */
export class LongText {
  readonly pieces: Iterable<string>;

  constructor(pieces: Iterable<string>) {
    this.pieces = pieces;
  }
}

/**
 * JSON as `JSON.stringify(value, null, 2)` spells it, piece by piece: a list is never spelled whole. Beside arrays any
 * iterable is a list, and is read as it is written.
 */
export function* jsonPieces(value: unknown, indent = ''): Iterable<string> {
  if (value instanceof LongText) yield* ofText(value);
  else if (isIterable(value)) yield* ofList(value, indent);
  else if (isLong(value)) yield* ofObject(value, indent);
  else yield indented(JSON.stringify(value, null, 2), indent);
}

function* ofList(list: Iterable<unknown>, indent: string): Iterable<string> {
  let [before, batch] = ['[', [] as unknown[]];
  for (const entry of list) {
    const long = isIterable(entry) ? !Array.isArray(entry) || entry.length > BATCH : isLong(entry);
    if (!long) batch.push(entry);
    if (batch.length >= BATCH || (long && batch.length > 0)) {
      yield before + entries(batch, indent);
      [before, batch] = [',', []];
    }
    if (!long) continue;
    yield `${before}\n${indent}  `;
    yield* jsonPieces(entry, `${indent}  `);
    before = ',';
  }
  if (batch.length > 0) yield before + entries(batch, indent);
  yield before === '[' && batch.length === 0 ? '[]' : `\n${indent}]`;
}

function* ofText({ pieces }: LongText): Iterable<string> {
  yield '"';
  for (const piece of pieces) yield JSON.stringify(piece).slice(1, -1);
  yield '"';
}

function* ofObject(value: object, indent: string): Iterable<string> {
  let before = '{';
  for (const [key, its] of Object.entries(value)) {
    if (its === undefined) continue;
    yield `${before}\n${indent}  ${JSON.stringify(key)}: `;
    yield* jsonPieces(its, `${indent}  `);
    before = ',';
  }
  yield before === '{' ? '{}' : `\n${indent}}`;
}

/** The entries of a list without its brackets. */
const entries = (batch: readonly unknown[], indent: string): string => indented(JSON.stringify(batch, null, 2).slice(1, -2), indent);

/** A line feed in JSON is one between its parts: those of texts are spelled otherwise. */
const indented = (text: string, indent: string): string => (indent === '' ? text : text.replaceAll('\n', `\n${indent}`));

const isIterable = (value: unknown): value is Iterable<unknown> => typeof value === 'object' && value !== null && Symbol.iterator in value;

/** Whether an object holds a list that is not to be spelled at once. */
function isLong(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof LongText) return true;
  return Object.values(value).some((its) => (isIterable(its) ? !Array.isArray(its) || its.length > BATCH : isLong(its)));
}
