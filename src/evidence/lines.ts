import { IntegrityError } from '../core/error.ts';
import { isAboutLog } from '../log/disposal.ts';
import type { LogReader } from '../log/reader.ts';
import { readVouched } from '../log/statement.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import { type Unsealings, unsealing } from '../verify/unsealing.ts';
import type { Objects } from './objects.ts';

/** The newest statement of a line: what the next one continues. */
interface Last {
  readonly seq: number;
  readonly digest: string | null;
}

interface Added extends Last {
  readonly id: string;
  readonly index: number;
  /** Whether it speaks of the log itself: a disposal, a hold, a key. */
  readonly about: boolean;
}

interface Line extends Last {
  /** The newest ids of the line and where they are sealed, the oldest first, so that what is handed in again is known. */
  readonly recent: Map<string, number>;
}

/** As it is noted. */
interface Noted extends Last {
  readonly recent: readonly (readonly [id: string, index: number])[];
}

const NOTE = 'log/.state/lines';
/** More than a batch that is handed in again may hold of one line. */
const RECENT = 512;
/** Statements are read so many at a time, and of so many such parts the signatures are verified meanwhile. */
const [TOGETHER, BEGUN] = [32, 16];
/** The note is written again after so many records; as many are read at most when the log is opened. */
const EVERY = 4096;

/**
 * Where each line of records stands. Follows from the statements, and is noted beside the log so that opening a long
 * one does not read it all. The note proves nothing: a wrong one would break the numbering, which verifying reports.
 */
export class Lines {
  readonly #objects: Objects;
  readonly #lines: Map<string, Line>;
  readonly #about: number[];
  #noted: number;
  /** Size of the log up to which the lines are told. */
  #size: number;

  private constructor(objects: Objects, { size, lines, about }: Note) {
    this.#objects = objects;
    this.#lines = new Map(Object.entries(lines).map(([line, { recent, ...last }]) => [line, { ...last, recent: new Map(recent) }]));
    this.#about = [...about];
    this.#noted = size;
    this.#size = size;
  }

  static async read(objects: Objects, reader: LogReader, size: number): Promise<Lines> {
    const lines = new Lines(objects, await readNote(objects, size));
    await lines.follow(reader, size);
    return lines;
  }

  /** Takes in the statements that have come since, the log being of `size` now. */
  async follow(reader: LogReader, size: number): Promise<void> {
    const added = this.draft(null);
    const shared = unsealing(size - this.#size, readVouched);
    const begun: (() => Promise<Unsealings>)[] = [];
    const tell = async (its: (typeof begun)[number]) => {
      for (const statement of await its()) {
        if (statement === null || statement instanceof Error)
          throw statement ?? new IntegrityError('STATEMENT', 'a statement is missing at the end of the log');
        const { index, line, seq, digest, id, head } = statement;
        added.add(line, { seq, digest, id, index, about: isAboutLog(head) });
      }
    };
    for (let bundle = Math.floor(this.#size / TILE_WIDTH); bundle * TILE_WIDTH < size; bundle++) {
      const [entries, statements] = [await reader.entries(bundle, size), await reader.statements(bundle, size)];
      for (let from = Math.max(0, this.#size - bundle * TILE_WIDTH); from < entries.length; from += TOGETHER)
        begun.push(shared.add(bundle * TILE_WIDTH + from, entries.slice(from, from + TOGETHER), statements.slice(from, from + TOGETHER)));
      for (const its of begun.splice(0, begun.length - BEGUN)) await tell(its);
    }
    for (const its of begun) await tell(its);
    await this.take(added, size);
  }

  last(line: string): Last {
    return this.#lines.get(line) ?? { seq: 0, digest: null };
  }

  /** Where a record with this id is sealed, if it is among the newest of its line. */
  indexOf(line: string, id: string): number | null {
    return this.#lines.get(line)?.recent.get(id) ?? null;
  }

  /** What a batch adds, before it is committed; with the one before it, which may not be committed either. */
  draft(before: Additions | null): Additions {
    return new Additions(this, before);
  }

  /** Takes in what was committed, the log being of `size` now. */
  async take(additions: Additions, size: number): Promise<void> {
    for (const { line, seq, digest, id, index, about } of additions.all) {
      const recent = this.#lines.get(line)?.recent ?? new Map<string, number>();
      recent.set(id, index);
      if (recent.size > RECENT) for (const oldest of recent.keys()) if (recent.delete(oldest)) break;
      this.#lines.set(line, { seq, digest, recent });
      if (about) this.#about.push(index);
    }
    this.#size = size;
    if (size - this.#noted < EVERY) return;
    const lines = Object.fromEntries([...this.#lines].map(([line, { recent, ...last }]) => [line, { ...last, recent: [...recent] }]));
    await this.#objects.replace(NOTE, Buffer.from(JSON.stringify({ size, lines, about: this.#about } satisfies Note)));
    this.#noted = size;
  }
}

/** What a batch adds to the lines, and what they are with it. Of the batch before it no more is held than what that one added itself. */
export class Additions {
  readonly #lines: Lines;
  readonly #before: Told | null;
  readonly #its: Told = { last: new Map(), ids: new Map() };
  readonly all: (Added & { readonly line: string })[] = [];

  constructor(lines: Lines, before: Additions | null) {
    this.#lines = lines;
    this.#before = before === null ? null : before.#its;
  }

  last(line: string): Last {
    return this.#its.last.get(line) ?? this.#before?.last.get(line) ?? this.#lines.last(line);
  }

  /** As {@link Lines.indexOf}. */
  indexOf(line: string, id: string): number | null {
    const name = `${id} ${line}`;
    return this.#its.ids.get(name) ?? this.#before?.ids.get(name) ?? this.#lines.indexOf(line, id);
  }

  add(line: string, added: Added): void {
    this.#its.last.set(line, added);
    this.#its.ids.set(`${added.id} ${line}`, added.index);
    this.all.push({ line, ...added });
  }
}

interface Told {
  readonly last: Map<string, Last>;
  readonly ids: Map<string, number>;
}

interface Note {
  readonly size: number;
  readonly lines: Readonly<Record<string, Noted>>;
  /** Indexes of the records that speak of the log itself. */
  readonly about: readonly number[];
}

/** A note that cannot be read, or is ahead of the log, is none: the statements themselves tell. */
export async function readNote(objects: Objects, size: number): Promise<Note> {
  const none = { size: 0, lines: {}, about: [] };
  const bytes = await objects.read(NOTE);
  if (!bytes) return none;
  try {
    const note = JSON.parse(bytes.toString('utf8')) as Note;
    return Number.isSafeInteger(note.size) && note.size <= size && Array.isArray(note.about) ? note : none;
  } catch {
    return none; // half a note
  }
}
