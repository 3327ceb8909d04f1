import { iso, NEVER } from '../core/instant.ts';
import { printable, printableJson } from '../core/printable.ts';
import { jsonPieces } from './json.ts';

/** Where a command speaks. Machine output is alone on stdout; everything said to people in between goes to stderr. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** The answer, for people. Nothing in JSON mode: a long one is put together only where it is said. */
  say(text: string | (() => string)): void;
  /** The same where it may be long: it is written line by line, no faster than it is taken. */
  sayLong(lines: () => Iterable<string>): Promise<void>;
  /** The answer, for machines. Nothing otherwise. */
  give(value: unknown): void;
  /** The same where it may be long: it is written piece by piece, no faster than it is taken, and what is iterable is read as it is written. */
  giveLong(value: unknown): Promise<void>;
  /** The answer as it was said by somebody else, byte for byte: in JSON mode too. */
  bytes(bytes: Uint8Array): void;
  /** On the way: never in the answer. */
  note(text: string): void;
  /** A line that is overwritten, on a terminal only. */
  progress(text: string): void;
}

export interface Streams {
  readonly stdout: { write(text: string | Uint8Array): unknown; once?(event: 'drain', then: () => void): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

export function output({ json, quiet }: { readonly json: boolean; readonly quiet: boolean }, { stdout, stderr }: Streams = process): Output {
  let drawn = false;
  const clear = () => {
    if (drawn) stderr.write('\r\u001b[2K');
    drawn = false;
  };
  return {
    json,
    quiet,
    say(text) {
      clear();
      if (!json && !quiet) stdout.write(`${typeof text === 'string' ? text : text()}\n`);
    },
    async sayLong(lines) {
      clear();
      if (!json && !quiet) await writtenLong(stdout, withFeeds(lines()));
    },
    give(value) {
      clear();
      if (json) stdout.write(`${printableJson(value)}\n`);
    },
    async giveLong(value) {
      clear();
      if (!json) return;
      await writtenLong(stdout, jsonPieces(value));
      await written(stdout, '\n');
    },
    bytes(bytes) {
      stdout.write(bytes);
    },
    note(text) {
      clear();
      if (!quiet) stderr.write(`${text}\n`);
    },
    progress(text) {
      if (quiet || json || !stderr.isTTY) return;
      clear();
      stderr.write(text);
      drawn = true;
    },
  };
}

/** So many signs are written at once. */
const CHUNK = 65_536;

async function writtenLong(stdout: Streams['stdout'], pieces: Iterable<string>): Promise<void> {
  let waiting = '';
  for (const piece of pieces) {
    waiting += piece;
    if (waiting.length < CHUNK) continue;
    await written(stdout, waiting);
    waiting = '';
  }
  if (waiting !== '') await written(stdout, waiting);
}

function* withFeeds(lines: Iterable<string>): Iterable<string> {
  for (const line of lines) yield `${line}\n`;
}

/** Waits where the reader is slower than we are. */
async function written(stdout: Streams['stdout'], text: string): Promise<void> {
  if (stdout.write(text) === false && stdout.once) await new Promise<void>((taken) => stdout.once?.('drain', taken));
}

/** ISO 8601, or `null` for what has not ended. */
export const instantOrNull = (at: number): string | null => (at === NEVER || at === -NEVER ? null : iso(at));

/** Columns, padded; the last one is left as it is. A cell is of one line, whoever wrote it. */
export const columns = (rows: readonly (readonly string[])[]): string => [...columnLines(() => rows)].join('\n');

/** The same, line by line. The rows are read twice: how wide they are is seen first. */
export function* columnLines(rows: () => Iterable<readonly string[]>): Iterable<string> {
  let widths: readonly number[] = [];
  for (const row of rows()) widths = row.map((cell, place) => Math.max(widths[place] ?? 0, printable(cell).length));
  for (const row of rows())
    yield row
      .map(printable)
      .map((cell, place) => (place === row.length - 1 ? cell : cell.padEnd(widths[place] ?? 0)))
      .join('  ')
      .trimEnd();
}
