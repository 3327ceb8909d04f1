import { iso, NEVER } from '../core/instant.ts';
import { jsonPieces } from './json.ts';

/** Where a command speaks. Machine output is alone on stdout; everything said to people in between goes to stderr. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** The answer, for people. Nothing in JSON mode: a long one is put together only where it is said. */
  say(text: string | (() => string)): void;
  /** The answer, for machines. Nothing otherwise. */
  give(value: unknown): void;
  /** The same where it may be long: it is written piece by piece, no faster than it is taken, and what is iterable is read as it is written. */
  giveLong(value: unknown): Promise<void>;
  /** On the way: never in the answer. */
  note(text: string): void;
  /** A line that is overwritten, on a terminal only. */
  progress(text: string): void;
}

interface Streams {
  readonly stdout: { write(text: string): unknown; once?(event: 'drain', then: () => void): unknown };
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
    give(value) {
      clear();
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    async giveLong(value) {
      clear();
      if (!json) return;
      let waiting = '';
      for (const piece of jsonPieces(value)) {
        waiting += piece;
        if (waiting.length < CHUNK) continue;
        await written(stdout, waiting);
        waiting = '';
      }
      await written(stdout, `${waiting}\n`);
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

/** Waits where the reader is slower than we are. */
async function written(stdout: Streams['stdout'], text: string): Promise<void> {
  if (stdout.write(text) === false && stdout.once) await new Promise<void>((taken) => stdout.once?.('drain', taken));
}

/** ISO 8601, or `null` for what has not ended. */
export const instantOrNull = (at: number): string | null => (at === NEVER || at === -NEVER ? null : iso(at));

/** Columns, padded; the last one is left as it is. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, place) => Math.max(all[place] ?? 0, cell.length)), []);
  return rows
    .map((row) =>
      row
        .map((cell, place) => (place === row.length - 1 ? cell : cell.padEnd(widths[place] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
