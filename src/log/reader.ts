import { IntegrityError } from '../core/error.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';
import { inclusionFrom } from './derive.ts';
import type { Hash } from './merkle.ts';
import type { NoteVerifier } from './note.ts';
import { bundlePath, decodeBundle, decodeTile, levelSize, statementsPath, TILE_WIDTH, tilePath } from './tiles.ts';

/** Files of an archive, wherever they lie. */
export interface Reading {
  /**
   * `null` where there is no such file.
   * @param atOnce a file of up to so many bytes may be read while all else waits: by who has handed so much to other threads that it would be read last
   */
  read(path: string, atOnce?: number): Promise<Buffer | null>;
  /** `length` bytes from `offset` on, fewer where the file ends before; `null` where there is no such file. */
  readPart(path: string, offset: number, length: number): Promise<Buffer | null>;
  /** Names in a folder, in order. */
  list(path: string): Promise<readonly string[]>;
}

/** Reads a published log below `log/`. Needs no lock: what is published never changes, but for partial tiles that full ones replace. */
export class LogReader {
  readonly #files: Reading;
  readonly verifier: NoteVerifier;
  /** The newest that was read: it is asked for far more often than it changes, and to verify it costs more than to read it. */
  #newest: { readonly bytes: Buffer; readonly checkpoint: Checkpoint } | null = null;

  constructor(files: Reading, verifier: NoteVerifier) {
    this.#files = files;
    this.verifier = verifier;
  }

  async checkpoint(): Promise<{ readonly checkpoint: Checkpoint; readonly note: string }> {
    const bytes = await this.#files.read('log/checkpoint');
    if (!bytes) throw new IntegrityError('CHECKPOINT', 'log/checkpoint is missing: the log has been moved or damaged');
    if (!this.#newest?.bytes.equals(bytes)) this.#newest = { bytes, checkpoint: readCheckpoint(bytes, this.verifier) };
    return { checkpoint: this.#newest.checkpoint, note: bytes.toString('utf8') };
  }

  /** A checkpoint that was published, by the name of its file; `null` where there is none of it. Not verified. */
  archived(name: string): Promise<Buffer | null> {
    return this.#files.read(`log/checkpoints/${name}`);
  }

  /** The hashes of one tile in a tree of `size`. */
  async tile(level: number, index: number, size: number): Promise<readonly Hash[]> {
    const width = Math.min(TILE_WIDTH, levelSize(level, size) - index * TILE_WIDTH);
    const { bytes, width: its } = await this.#atLeast((wide) => tilePath(level, index, wide), width);
    return decodeTile(bytes, its, tilePath(level, index, its)).slice(0, width);
  }

  entries(index: number, size: number): Promise<readonly Buffer[]> {
    return this.#bundle(bundlePath, 2, index, size);
  }

  statements(index: number, size: number): Promise<readonly Buffer[]> {
    return this.#bundle(statementsPath, 4, index, size);
  }

  /** From tiles alone: the leaf's hash and its way to the root. */
  inclusion(index: number, size: number): Promise<{ readonly leaf: Hash; readonly hashes: readonly Hash[] }> {
    return inclusionFrom(index, size, (level, tile) => this.tile(level, tile, size));
  }

  async #bundle(pathOf: (index: number, width: number) => string, lengthBytes: 2 | 4, index: number, size: number): Promise<readonly Buffer[]> {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
    const { bytes, width: its } = await this.#atLeast((wide) => pathOf(index, wide), width);
    return decodeBundle(bytes, lengthBytes, its, pathOf(index, its)).slice(0, width);
  }

  /**
   * The file of this width, or a wider one: a writer removes a partial one as soon as a wider one is published, while
   * a reader may still be at an older checkpoint.
   */
  async #atLeast(pathOf: (width: number) => string, width: number): Promise<{ readonly bytes: Buffer; readonly width: number }> {
    const full = `log/${pathOf(TILE_WIDTH)}`;
    for (let attempt = 0; attempt < 20; attempt++) {
      const exact = await this.#files.read(`log/${pathOf(width)}`);
      if (exact) return { bytes: exact, width };
      const wider = (await this.#files.list(`${full}.p`)).map(Number).filter((its) => its > width && its < TILE_WIDTH);
      const widest = Math.max(...wider);
      const partial = wider.length > 0 && (await this.#files.read(`log/${pathOf(widest)}`));
      if (partial) return { bytes: partial, width: widest };
      const whole = await this.#files.read(full);
      if (whole) return { bytes: whole, width: TILE_WIDTH };
      if (wider.length === 0) break; // not there, rather than replaced between two looks
    }
    throw new IntegrityError('MISSING', `log/${pathOf(width)} is missing`);
  }
}
