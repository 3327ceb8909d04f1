import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../core/error.ts';

/** Where bytes go that are not needed now: what it gives brings them back. */
export interface Scratch {
  put(bytes: Uint8Array): () => Buffer;
  /** Bytes of the file. */
  readonly size: number;
  /** Empties it and throws its key away: nothing that was put there comes back. */
  empty(): void;
}

/** A part of the file is as many whole pages as it needs. */
const PAGE = 512;
const CIPHER = 'aes-256-ctr';

/**
 * A file of this process alone for what its memory has no room for. It has no name from the moment it is opened, and what
 * is in it is encrypted under a key that is nowhere but in memory: nothing of it can be read once the process has ended,
 * so that what was disposed of does not stay there. Pages of what nobody can ask for any more are used again.
 */
export function openScratch(dir: string): Scratch {
  let held: Held | null = null;
  const ended = new FinalizationRegistry<Part>((part) => {
    if (part.of !== held) return;
    const its = held.free.get(part.pages) ?? [];
    held.free.set(part.pages, its);
    its.push(part.at);
  });

  return {
    put(bytes) {
      const of = held ?? { file: unnamed(dir), key: randomBytes(32), free: new Map(), size: 0, parts: 0 };
      held = of;
      const pages = Math.max(1, Math.ceil(bytes.length / PAGE));
      const part = { of, at: placeFor(of, pages), pages, length: bytes.length, number: of.parts++ };
      writeWhole(of.file, createCipheriv(CIPHER, of.key, nonceOf(part)).update(bytes), part.at);
      const back = () => {
        if (part.of !== held) throw new RangeError('the scratch file was emptied');
        return read(part);
      };
      ended.register(back, part);
      return back;
    },
    get size() {
      return held?.size ?? 0;
    },
    empty() {
      if (!held) return;
      ftruncateSync(held.file, 0);
      closeSync(held.file);
      held.key.fill(0);
      held = null;
    },
  };
}

interface Held {
  readonly file: number;
  readonly key: Buffer;
  /** Where parts of so many pages were that nobody asks for any more. */
  readonly free: Map<number, number[]>;
  size: number;
  /** How many parts were ever put there. */
  parts: number;
}

function placeFor(held: Held, pages: number): number {
  const again = held.free.get(pages)?.pop();
  if (again !== undefined) return again;
  held.size += pages * PAGE;
  return held.size - pages * PAGE;
}

function read(part: Part): Buffer {
  const {
    of: { file, key },
    at,
    length,
  } = part;
  const sealed = Buffer.allocUnsafe(length);
  for (let done = 0; done < length; ) {
    const count = readSync(file, sealed, done, length - done, at + done);
    if (count === 0) throw new RangeError('the scratch file ends too soon');
    done += count;
  }
  return createDecipheriv(CIPHER, key, nonceOf(part)).update(sealed);
}

interface Part {
  readonly of: Held;
  readonly at: number;
  readonly pages: number;
  readonly length: number;
  /** No two parts under one key have the same. */
  readonly number: number;
}

/** The upper half; the lower one counts the blocks of the part. */
function nonceOf({ number }: Part): Buffer {
  const nonce = Buffer.alloc(16);
  nonce.writeBigUInt64BE(BigInt(number));
  return nonce;
}

function unnamed(dir: string): number {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `scratch-${process.pid}-${randomBytes(6).toString('hex')}`);
  const file = openSync(path, 'wx+', 0o600);
  rmSync(path);
  return file;
}

function writeWhole(file: number, bytes: Uint8Array, at: number): void {
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, at + done);
  } catch (cause) {
    throw new ConfigurationError(
      `what memory has no room for cannot be written into the state folder: ${cause instanceof Error ? cause.message : cause}. Make room on its disk, or give the program more memory (TICKMARK_MEMORY).`,
      cause,
    );
  }
}
