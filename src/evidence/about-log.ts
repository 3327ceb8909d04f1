import { isAboutLog } from '../log/disposal.ts';
import type { LogReader } from '../log/reader.ts';
import { type Unsealed, unsealStatement } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import { readNote } from './lines.ts';
import type { Objects } from './objects.ts';

const KINDS = ['disposal', 'hold', 'key'].map((kind) => Buffer.from(`"urn:tickmark:${kind}:`));

/**
 * The records that speak of the log itself: disposals, holds, keys. Few among many, so they are found once and followed
 * as the log grows; where the writer has noted them, they are read from there. A wrong note hides a disposal, and what
 * was disposed of is then said to be unreadable: never the other way.
 */
export class AboutLog {
  readonly #objects: Objects;
  #size = 0;
  #all: readonly Unsealed[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  /** What is known without reading further. */
  get known(): readonly Unsealed[] {
    return this.#all;
  }

  /** All of them in a log of `size`, in order. */
  upTo(reader: LogReader, size: number): Promise<readonly Unsealed[]> {
    const turn = this.#turn.then(() => this.#follow(reader, size));
    this.#turn = turn.catch(() => undefined); // whoever asks next is told of what happens to it, not of this
    return turn;
  }

  async #follow(reader: LogReader, size: number): Promise<readonly Unsealed[]> {
    if (size > 0 && this.#size >= size) return this.#all; // asked for with every payload: nothing is read again for it
    const found: Unsealed[] = [];
    let from = this.#size;
    if (from === 0) {
      const note = await readNote(this.#objects, size);
      for (const index of note.about) found.push(await statementAt(reader, index, size));
      from = note.size;
    }
    for (let bundle = Math.floor(from / TILE_WIDTH); bundle * TILE_WIDTH < size; bundle++) {
      const statements = await reader.statements(bundle, size);
      const indexes = statements.keys().map((place) => bundle * TILE_WIDTH + place);
      for (const index of indexes)
        if (index >= from && speaksOfLog(statements[index % TILE_WIDTH] ?? Buffer.alloc(0))) found.push(await statementAt(reader, index, size));
    }
    this.#all = [...this.#all, ...found.filter(({ head }) => isAboutLog(head))];
    this.#size = Math.max(this.#size, size);
    return this.#all;
  }
}

/** Looked for in the bytes: whether it is so is told by reading it. */
function speaksOfLog(envelope: Buffer): boolean {
  const text = envelope.toString('latin1');
  const start = text.indexOf('"payload":"') + '"payload":"'.length;
  const payload = Buffer.from(text.slice(start, text.indexOf('"', start)), 'base64');
  return KINDS.some((kind) => payload.includes(kind));
}

export async function statementAt(reader: LogReader, index: number, size: number): Promise<Unsealed> {
  const bundle = Math.floor(index / TILE_WIDTH);
  const [entries, statements] = [await reader.entries(bundle, size), await reader.statements(bundle, size)];
  return unsealStatement(index, entries[index % TILE_WIDTH] ?? Buffer.alloc(0), statements[index % TILE_WIDTH] ?? Buffer.alloc(0));
}
