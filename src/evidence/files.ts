import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsync,
  mkdirSync,
  openSync,
  readdir,
  readFile,
  readFileSync,
  renameSync,
  unlinkSync,
  write,
  writeSync,
} from 'node:fs';
import { chmod, open as openFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { IntegrityError } from '../core/error.ts';
import type { Held, Objects } from './objects.ts';

/** The few calls that durability rests on, so that a test can let any of them fail, or be the last one. */
export interface Calls {
  open(path: string, flags: number, mode: number): Promise<number>;
  /** At the place of the descriptor, or at `position`. */
  write(fd: number, bytes: Uint8Array, position?: number): Promise<void>;
  fsync(fd: number): Promise<void>;
  close(fd: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
}

const writeSome = promisify(write);
const READ = promisify(readFile);

const HOUR = 3_600_000;
/** More bytes than this are written, and read, beside this thread. */
const MUCH = 256 * 1024;

/** What the kernel answers at once is asked at once: to hand it to another thread costs several times as long. What waits for the disk is handed over. */
export const CALLS: Calls = {
  open: async (path, flags, mode) => openSync(path, flags, mode),
  async write(fd, bytes, position) {
    for (let place = 0; place < bytes.length; ) {
      const at = position === undefined ? undefined : position + place;
      if (bytes.length <= MUCH) place += writeSync(fd, bytes, place, undefined, at);
      else place += (await writeSome(fd, bytes, place, undefined, at)).bytesWritten;
    }
  },
  fsync: promisify(fsync),
  close: async (fd) => closeSync(fd),
  rename: async (from, to) => renameSync(from, to),
  unlink: async (path) => unlinkSync(path),
  mkdir: async (path) => mkdirSync(path),
};

/** A failed fsync or close: the pages may be gone, and a second fsync would succeed all the same. The process must end. */
export class FsyncFailed extends Error {}

/** Files below one folder, written so that they are there after a power cut once the call returns. */
export class Files implements Objects {
  readonly root: string;
  readonly #calls: Calls;
  /** Folders that are confirmed to be there, and files whose names are. */
  readonly #known = new Set<string>();
  readonly #appended = new Set<string>();

  constructor(root: string, calls: Calls = CALLS) {
    this.root = resolve(root);
    this.#calls = calls;
  }

  /** `null` where there is no such file. */
  async read(path: string, atOnce = MUCH): Promise<Buffer | null> {
    try {
      return smallFile(join(this.root, path), atOnce) ?? (await READ(join(this.root, path)));
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return null;
      throw error;
    }
  }

  async readPart(path: string, offset: number, length: number): Promise<Buffer | null> {
    const file = await openFile(join(this.root, path)).catch((error: unknown) => {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return null;
      throw error;
    });
    if (!file) return null;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** Names in a folder; what an interrupted write left behind is nobody's. */
  async list(path: string): Promise<readonly string[]> {
    try {
      return (await promisify(readdir)(join(this.root, path))).filter((name) => !name.endsWith('.tmp')).sort();
    } catch (error) {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** Replaces a file, or makes it. */
  async replace(path: string, bytes: Uint8Array, mode = 0o644): Promise<void> {
    await (await this.#written([[path, bytes]], mode)).place();
  }

  /** Writes files that never change. One that is there with the same bytes is fine, with others it is an `IntegrityError`. */
  async create(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Promise<void> {
    const { fresh, there } = await this.#fresh(files);
    await (await this.#written(fresh, 0o444, there)).place();
  }

  async hold(files: Iterable<readonly [path: string, bytes: Uint8Array]>, pointer: readonly [path: string, bytes: Uint8Array]): Promise<Held> {
    const { fresh, there } = await this.#fresh(files);
    const [immutable, its] = await holding([this.#written(fresh, 0o444, there), this.#written([pointer], 0o644)]);
    return {
      async place() {
        await immutable.place();
        await its.place();
      },
      drop: async () => void (await together([immutable.drop(), its.drop()])),
    };
  }

  /** Those that are not there yet, and those that are, with the same bytes. */
  async #fresh(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Promise<{ readonly fresh: readonly Named[]; readonly there: readonly string[] }> {
    const [fresh, there] = [[] as Named[], [] as string[]];
    for (const [path, bytes] of files) {
      const before = existsSync(join(this.root, path)) ? await this.read(path) : null;
      if (before && !before.equals(bytes)) throw new IntegrityError('IMMUTABLE', `${path} is there with other bytes`);
      if (before) there.push(path);
      else fresh.push([path, bytes]);
    }
    return { fresh, there };
  }

  /** Adds bytes to the end of a file, or begins it. Torn where the power fails: the caller reads what is whole. */
  async append(path: string, bytes: Uint8Array, mode: number): Promise<void> {
    const final = join(this.root, path);
    const folders = await this.#folder(dirname(final));
    const fd = await this.#calls.open(final, constants.O_CREAT | constants.O_APPEND | constants.O_WRONLY, mode);
    await this.#confirmed(fd, () => this.#calls.write(fd, bytes));
    if (this.#appended.has(path)) return;
    await this.#syncFolders([...folders, dirname(final)]);
    this.#appended.add(path);
  }

  /** Overwrites bytes of a file where they lie, so that they are gone from the disk. */
  async overwrite(path: string, offset: number, bytes: Uint8Array): Promise<void> {
    const final = join(this.root, path);
    const mode = (await stat(final)).mode & 0o777;
    if ((mode & 0o200) === 0) await chmod(final, mode | 0o200); // what never changes is nobody's to write, its owner's included
    try {
      const fd = await this.#calls.open(final, constants.O_WRONLY, 0);
      await this.#confirmed(fd, () => this.#calls.write(fd, bytes, offset));
    } finally {
      if ((mode & 0o200) === 0) await chmod(final, mode);
    }
  }

  /** Overwrites and removes what interrupted writes have left below a folder of secrets. Only for whoever holds the turn. */
  async sweep(path: string): Promise<void> {
    for (const name of await this.#leftovers(path)) {
      await this.overwrite(name, 0, Buffer.alloc((await stat(join(this.root, name))).size));
      await this.remove(name);
    }
  }

  /** Removes what writes that were interrupted more than an hour ago have left below a folder: one that goes on is not met. */
  async sweepOld(path: string): Promise<void> {
    for (const name of await this.#leftovers(path)) {
      const its = await stat(join(this.root, name)).catch(() => null); // it has its name by now
      if (its && Date.now() - its.mtimeMs > HOUR) await this.remove(name);
    }
  }

  async #leftovers(path: string): Promise<readonly string[]> {
    const names = await promisify(readdir)(join(this.root, path), { recursive: true, encoding: 'utf8' }).catch((error: unknown): string[] => {
      if (isCode(error, 'ENOENT')) return [];
      throw error;
    });
    return names.filter((it) => it.endsWith('.tmp')).map((name) => join(path, name));
  }

  async remove(path: string): Promise<void> {
    try {
      await this.#calls.unlink(join(this.root, path));
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
  }

  /** Has the disk confirm the names in these folders, and the bytes of these files, where they are there. */
  async confirm(paths: readonly string[]): Promise<void> {
    await together(paths.map((path) => join(this.root, path)).flatMap((path) => (existsSync(path) ? [this.#syncFolder(path)] : [])));
  }

  /** Makes the folder itself durable, and the two above it, which may be as new: a workspace and its state folder. */
  async anchor(): Promise<void> {
    for (const path of [this.root, dirname(this.root), dirname(dirname(this.root))]) await this.#syncFolder(path);
  }

  /** All of them, or none. Each is confirmed by the disk before it gets its name; which is first does not matter. */
  async #written(files: readonly Named[], mode: number, there: readonly string[] = []): Promise<Held> {
    const folders = new Set<string>();
    const within = async (path: string) => {
      for (const folder of await this.#folder(dirname(path))) folders.add(folder);
      folders.add(dirname(path));
    };
    const written: { readonly fd: number; readonly temporary: string; readonly final: string }[] = [];
    for (const path of there) await within(join(this.root, path));
    try {
      for (const [path, bytes] of files) {
        const final = join(this.root, path);
        await within(final);
        const temporary = `${final}.${randomBytes(6).toString('hex')}.tmp`;
        const fd = await this.#calls.open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, mode);
        written.push({ fd, temporary, final });
        await this.#calls.write(fd, bytes);
      }
    } catch (error) {
      for (const { fd, temporary } of written) {
        await this.#calls.close(fd);
        await this.#calls.unlink(temporary);
      }
      throw error; // nothing was promised yet: a full disk loses the batch and nothing else
    }
    await together(written.map(({ fd }) => this.#sync(fd)));
    const calls = this.#calls;
    return {
      place: async () => {
        for (const { temporary, final } of written) await calls.rename(temporary, final);
        await this.#syncFolders(folders);
        for (const folder of folders) this.#known.add(folder);
      },
      async drop() {
        for (const { temporary } of written) await calls.unlink(temporary);
      },
    };
  }

  async #confirmed(fd: number, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      await this.#calls.close(fd);
      throw error;
    }
    await this.#sync(fd);
  }

  /** Makes a folder, and what is above it. Resolves to those whose names have yet to be confirmed: who made one may have been killed before that. */
  async #folder(path: string): Promise<readonly string[]> {
    if (this.#known.has(path) || path === this.root) return [];
    const above = await this.#folder(dirname(path));
    try {
      await this.#calls.mkdir(path);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
    return [...above, dirname(path)];
  }

  #syncFolders(paths: Iterable<string>): Promise<unknown> {
    return together([...new Set(paths)].map((path) => this.#syncFolder(path)));
  }

  async #syncFolder(path: string): Promise<void> {
    await this.#sync(await this.#calls.open(path, constants.O_RDONLY, 0));
  }

  async #sync(fd: number): Promise<void> {
    try {
      await this.#calls.fsync(fd);
      await this.#calls.close(fd);
    } catch (cause) {
      throw new FsyncFailed('the disk did not confirm a write', { cause });
    }
  }
}

/** A small file is read at once, as it is written: the threads that would read it may all be waiting for the disk. `null` of a large one. */
function smallFile(path: string, most: number): Buffer | null {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    return size <= most ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}

type Named = readonly [path: string, bytes: Uint8Array];

/** Waits for every one, and fails with one that failed, a disk that did not confirm before all others: none is left behind at work. */
export async function together<Asked extends readonly unknown[]>(asked: readonly [...Asked]): Promise<{ [Place in keyof Asked]: Awaited<Asked[Place]> }> {
  const failed = (await Promise.allSettled(asked)).flatMap((it) => (it.status === 'rejected' ? [it.reason as unknown] : []));
  if (failed.length > 0) throw failed.find((reason) => reason instanceof FsyncFailed) ?? failed[0];
  return (await Promise.all(asked)) as { [Place in keyof Asked]: Awaited<Asked[Place]> };
}

/** What is held, once all else is done too: where any of it fails nothing is held. */
export async function holding<Asked extends readonly (Promise<Held> | undefined)[]>(
  held: readonly [...Asked],
  others: readonly Promise<unknown>[] = [],
): Promise<{ [Place in keyof Asked]: Awaited<Asked[Place]> }> {
  try {
    await together([...held, ...others]);
  } catch (error) {
    const there = await Promise.allSettled(held);
    await dropped(
      there.map((it) => (it.status === 'fulfilled' ? it.value : undefined)),
      error,
    );
  }
  return together(held);
}

/** Drops what was held, and fails as what made it unwanted did. */
export async function dropped(held: readonly (Held | undefined)[], error: unknown): Promise<never> {
  await Promise.allSettled(held.map((it) => it?.drop()));
  throw error;
}

export const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;
