import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ConfigurationError, IntegrityError } from '../core/error.ts';
import { sha256hex } from '../log/merkle.ts';
import type { Reading } from '../log/reader.ts';
import { type TarFile, tarFiles } from '../log/tar.ts';

/** The files of a bundle, each hashed once as the bundle is opened. */
export interface BundleFiles extends Reading {
  /** Bytes of the bundle. */
  readonly total: number;
  readonly names: readonly string[];
  has(name: string): boolean;
  /** Bytes; 0 where there is no such file. */
  sizeOf(name: string): number;
  /** SHA-256, hex; `null` where there is no such file. */
  digest(name: string): string | null;
  /** The bytes of a file in order, some megabytes at a time; none where there is no such file. Each is overwritten by the next. */
  pieces(name: string): Iterable<Buffer>;
  /** `length` bytes from `offset` on, fewer where the file ends before. */
  slice(name: string, offset: number, length: number): Buffer;
  close(): void;
}

/** More is refused: what a bundle costs its reader is bounded before anything in it is believed. What is read as a whole may have a gibibyte; results, reports and populations are read in pieces. */
const LIMITS = { files: 1_000_000, size: 2 ** 33 - 1 };
const WHOLE = 2 ** 30;
const WINDOW = 4 * 1024 * 1024;
/** The files of a record, a payload and its key, lie side by side: they are read together. */
const NEAR = 16 * 1024;

/** Opens a bundle and reads through it once. Throws `IntegrityError` where it is not a tar of the one spelling, `ConfigurationError` where it cannot be read. */
export function openBundle(path: string): BundleFiles {
  const fd = opened(path);
  try {
    const { size: total } = fstatSync(fd);
    const read = windowed(fd);
    const files = new Map<string, TarFile & { readonly digest: string }>();
    for (const file of tarFiles(read, total, LIMITS)) files.set(file.name, { ...file, digest: digestOf(read, file) });
    const near = windowed(fd, NEAR);
    const part = (name: string, from: number, length: number): Buffer | null => {
      const file = files.get(name);
      if (!file) return null;
      const [offset, size] = [file.offset + from, Math.max(0, Math.min(length, file.size - from))];
      return size > NEAR ? whole(fd, Buffer.alloc(size), offset) : Buffer.from(near(offset, size));
    };
    return {
      total,
      names: [...files.keys()],
      has: (name) => files.has(name),
      sizeOf: (name) => files.get(name)?.size ?? 0,
      digest: (name) => files.get(name)?.digest ?? null,
      read: async (name) => {
        const size = files.get(name)?.size ?? 0;
        if (size > WHOLE) throw new IntegrityError('TAR', `${name} has ${size} bytes, and is read as a whole: at most ${WHOLE}`);
        return part(name, 0, size);
      },
      readPart: async (name, from, length) => part(name, from, length),
      list: async (folder) => [...files.keys()].filter((name) => name.startsWith(`${folder}/`)).map((name) => name.slice(folder.length + 1)),
      *pieces(name) {
        const file = files.get(name) ?? { offset: 0, size: 0 };
        for (let done = 0; done < file.size; done += WINDOW) yield read(file.offset + done, Math.min(WINDOW, file.size - done));
      },
      slice: (name, from, length) => part(name, from, length) ?? Buffer.alloc(0),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function opened(path: string): number {
  try {
    const fd = openSync(path, 'r');
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
  } catch (cause) {
    throw new ConfigurationError(`${path} cannot be read: ${(cause as Error).message}`, cause);
  }
  throw new ConfigurationError(`${path} is not a file. A bundle is one file, as "tickmark bundle export" writes it.`);
}

/** Reads in order cost one call of the system for some megabytes. What it gives is overwritten by the next read. */
function windowed(fd: number, size = WINDOW): (offset: number, length: number) => Buffer {
  const window = Buffer.alloc(size);
  let [start, filled] = [0, 0];
  return (offset, length) => {
    if (length > size) return whole(fd, Buffer.alloc(length), offset);
    if (offset < start || offset + length > start + filled) {
      start = offset;
      filled = whole(fd, window, offset).length;
    }
    return window.subarray(offset - start, Math.min(offset - start + length, filled));
  };
}

function whole(fd: number, into: Buffer, offset: number): Buffer {
  let filled = 0;
  for (;;) {
    const count = readSync(fd, into, filled, into.length - filled, offset + filled);
    filled += count;
    if (count === 0 || filled === into.length) return into.subarray(0, filled);
  }
}

function digestOf(read: (offset: number, length: number) => Buffer, { name, offset, size }: TarFile): string {
  if (size <= WINDOW) {
    const bytes = read(offset, size);
    if (bytes.length === size) return sha256hex(bytes);
  }
  const hash = createHash('sha256');
  for (let done = 0; done < size; ) {
    const bytes = read(offset + done, Math.min(WINDOW, size - done));
    if (bytes.length === 0) throw new IntegrityError('TAR', `the file is not a bundle: ${name} is cut short`);
    hash.update(bytes);
    done += bytes.length;
  }
  return hash.digest('hex');
}
