import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256hex } from '../../log/merkle.ts';
import type { Objects, Versions } from '../objects.ts';
import { digestInName, lockedKind } from './kinds.ts';

export interface CacheOptions {
  readonly objects: Objects;
  readonly versions: Versions;
  /** Folder for what is locked, which may be deleted at any time. */
  readonly folder: string;
  /** Bytes kept in memory, and on the disk. */
  readonly memory?: number;
  readonly disk?: number;
}

const MIB = 1024 * 1024;

/**
 * The same files, fetched once. Only what never changes is kept, and what comes from the disk is checked against the
 * digest under which it was written to the bucket. Verifying does not read through here: it asks the bucket.
 */
export function cached({ objects, versions, folder, memory = 64 * MIB, disk = 1024 * MIB }: CacheOptions): Objects {
  const kept = new Map<string, Buffer>(); // the least recently used first
  let size = 0;
  const shelf = diskShelf(folder, disk);

  function forget(path: string): void {
    size -= kept.get(path)?.length ?? 0;
    kept.delete(path);
  }

  function keep(path: string, bytes: Buffer): Buffer {
    forget(path);
    kept.set(path, bytes);
    size += bytes.length;
    for (const [oldest] of kept) {
      if (size <= memory) break;
      forget(oldest);
    }
    return bytes;
  }

  async function read(path: string): Promise<Buffer | null> {
    if (!isImmutable(path)) return objects.read(path);
    const there = kept.get(path);
    if (there) return keep(path, there);
    const digest = lockedKind(path) === null ? null : ((await versions.get(path))?.digest ?? digestInName(path));
    const shelved = digest === null ? null : shelf.read(digest);
    if (shelved) return keep(path, shelved);
    const bytes = await objects.read(path);
    if (!bytes) return null;
    if (digest !== null && sha256hex(bytes) === digest) shelf.write(digest, bytes);
    return keep(path, bytes);
  }

  return {
    ...objects,
    read,

    async readPart(path, offset, length) {
      return kept.get(path)?.subarray(offset, offset + length) ?? objects.readPart(path, offset, length);
    },

    async remove(path) {
      const before = lockedKind(path) === null ? null : ((await versions.get(path))?.digest ?? digestInName(path));
      await objects.remove(path);
      forget(path);
      if (before !== null) shelf.remove(before);
    },

    async overwrite(path, offset, bytes) {
      const before = (await versions.get(path))?.digest ?? digestInName(path);
      await objects.overwrite(path, offset, bytes);
      forget(path);
      if (before !== null) shelf.remove(before);
    },
  };
}

/** A partial tile is removed once, but never changes. */
const isImmutable = (path: string): boolean => lockedKind(path) !== null || /^log\/(tile|statements)\//.test(path);

interface Shelf {
  read(digest: string): Buffer | null;
  write(digest: string, bytes: Buffer): void;
  remove(digest: string): void;
}

/** Files by digest. Whatever goes wrong with them, the bucket has them too: so nothing here is an error. */
function diskShelf(folder: string, limit: number): Shelf {
  const place = (digest: string): string => join(folder, digest.slice(0, 2), digest);
  const attempt = <Result>(act: () => Result): Result | null => {
    try {
      return act();
    } catch {
      return null;
    }
  };
  let size: number | null = null; // counted when something is first written

  function measure(): readonly { readonly path: string; readonly bytes: number; readonly used: number }[] {
    const names = attempt(() => readdirSync(folder, { recursive: true, encoding: 'utf8' })) ?? [];
    return names.flatMap((name) => {
      const its = attempt(() => statSync(join(folder, name)));
      return its?.isFile() ? [{ path: join(folder, name), bytes: its.size, used: its.mtimeMs }] : [];
    });
  }

  /** Down to three quarters, so that not every write makes room. */
  function makeRoom(): void {
    const files = measure().toSorted((a, b) => a.used - b.used);
    size = files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { path, bytes } of files) {
      if (size <= limit * 0.75) return;
      attempt(() => rmSync(path, { force: true }));
      size -= bytes;
    }
  }

  return {
    read(digest) {
      const bytes = attempt(() => readFileSync(place(digest)));
      if (!bytes) return null;
      if (sha256hex(bytes) !== digest) {
        attempt(() => rmSync(place(digest), { force: true }));
        return null;
      }
      attempt(() => utimesSync(place(digest), new Date(), new Date()));
      return bytes;
    },

    write(digest, bytes) {
      size ??= measure().reduce((sum, file) => sum + file.bytes, 0);
      attempt(() => {
        mkdirSync(dirname(place(digest)), { recursive: true, mode: 0o700 });
        writeFileSync(`${place(digest)}.tmp`, bytes, { mode: 0o600 });
        renameSync(`${place(digest)}.tmp`, place(digest));
      });
      size += bytes.length;
      if (size > limit) makeRoom();
    },

    remove: (digest) => void attempt(() => rmSync(place(digest), { force: true })),
  };
}
