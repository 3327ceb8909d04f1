import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Tried } from './asked.ts';

/** Of a file: of its code alone, and of the code with the tests that judge it. */
interface Digests {
  readonly code: string;
  readonly all: string;
}
type Note = Tried & Digests;

/** What was tried, noted as it is: a run that is stopped loses one mutant. The last note on a mutant counts. */
export class Notes {
  readonly #path: string;
  readonly #noted = new Map<string, Note>();
  #digests: ReadonlyMap<string, Digests> = new Map();

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
    for (const line of lines.slice(0, -1)) this.#keep(JSON.parse(line) as Note);
  }

  /** `left`: what is noted of this code and these tests stands. `alive`: whatever died stands while the code is the same. */
  begin(digests: ReadonlyMap<string, Digests>, kept: 'all' | 'left' | 'alive'): void {
    this.#digests = digests;
    const stands = ({ key, code, all, outcome }: Note) => {
      const now = digests.get(fileOf(key));
      if (now === undefined) return true;
      if (kept === 'alive') return code === now.code && ['killed', 'endless', 'early'].includes(outcome);
      return kept === 'left' && all === now.all;
    };
    for (const note of [...this.#noted.values()]) if (!stands(note)) this.#noted.delete(note.key);
    writeFileSync(this.#path, [...this.#noted.values()].map((note) => `${JSON.stringify(note)}\n`).join(''));
  }

  add(tried: Tried): void {
    const note: Note = { ...tried, ...(this.#digests.get(fileOf(tried.key)) ?? { code: '', all: '' }) };
    this.#keep(note);
    appendFileSync(this.#path, `${JSON.stringify(note)}\n`);
  }

  outcomes(): ReadonlyMap<string, Tried> {
    return this.#noted;
  }

  known(): readonly string[] {
    return [...this.#noted.keys()];
  }

  #keep(note: Note): void {
    this.#noted.set(note.key, note);
  }
}

const fileOf = (key: string): string => key.slice(0, key.lastIndexOf('#'));
