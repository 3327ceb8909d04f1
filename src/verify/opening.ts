import { spawnSync } from 'node:child_process';
import { IntegrityError } from '../core/error.ts';
import { aside, type How, serveAside } from '../log/aside.ts';
import { decrypt, keyIn } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { type Unsealed, vouch, vouchAside } from '../log/statement.ts';
import { decompressed, hasZstd } from '../log/zstd.ts';
import { type Parcel, parcel, unparcel } from '../log/threads.ts';
import { readStrictly } from './unsealing.ts';

/** A payload as the bundle holds it. */
export interface Locked {
  /** The ciphertext, which is the one that was sealed. */
  readonly file: Uint8Array;
  /** The file of its key: one line. */
  readonly key: string;
  /** What its statement says of the key. */
  readonly keyDigest: string;
  /** Bytes of the plain payload, as its statement says. */
  readonly size: number;
  /** Whether the plain bytes are wanted, or their digest only. */
  readonly plain: boolean;
}

export type Opened = { readonly sha256: string; readonly plain: Uint8Array | null } | { readonly failed: string };

/**
 * Opens payloads, a few here, many in threads beside this one; and reads statements, whose signatures are verified beside
 * this thread by Node itself: to hand the statements to threads of ours would cost as much again as what is left.
 */
export interface Opener {
  /** In their order. Never throws for what a payload holds. */
  open(payloads: readonly Locked[]): Promise<readonly Opened[]>;
  /** As `unsealStatement` does; a statement that is not spelled canonically, or does not say what one must, is refused too. */
  unseal(index: number, leaf: Buffer, envelope: Buffer): Promise<Unsealed>;
  close(): Promise<void>;
}

/** More is not handed from thread to thread at once. */
const ROUND = { items: 64, bytes: 4 * 1024 * 1024 };
/** Fewer do not pay for a thread that has to start. */
const FEW = 200;
const THREADS = 7;
const ROLE = 'tickmark: verifying';

/** Payloads to open, part by part: one after the other is not handed from thread to thread. */
interface LockedAside {
  readonly files: Parcel;
  readonly keys: readonly string[];
  readonly keyDigests: readonly string[];
  readonly sizes: readonly number[];
  readonly plain: readonly boolean[];
}
interface OpenedAside {
  /** Of the plain bytes, hex; or why there are none. */
  readonly sha256: readonly (string | { readonly failed: string })[];
  /** Of those whose bytes are wanted, one after the other. */
  readonly plains: Parcel;
}

/** @param threads beside this one, at most */
export function opener(threads: number = THREADS): Opener {
  const others = aside<LockedAside, OpenedAside>(import.meta.url, ROLE, threads);
  let seen = 0;

  /** Whether there is so much to do that threads pay. */
  const isMuch = (more: number): boolean => {
    seen += more;
    return others.isThere && seen >= FEW;
  };

  return {
    async open(payloads) {
      if (!isMuch(payloads.length)) return payloads.map(opened);
      const shared = others.share(PAYLOADS);
      for (const part of rounds(payloads)) shared.add(part);
      return (await shared.all()).flat();
    },
    async unseal(index, leaf, envelope) {
      return readStrictly(index, others.isThere ? await vouchAside(index, leaf, envelope) : vouch(index, leaf, envelope));
    },
    close: () => others.end(),
  };
}

const PAYLOADS: How<readonly Locked[], readonly Opened[], LockedAside, OpenedAside> = {
  here: (part) => part.map(opened),
  ask(part) {
    const files = parcel(part.map(({ file }) => file));
    const asked = {
      files,
      keys: part.map(({ key }) => key),
      keyDigests: part.map(({ keyDigest }) => keyDigest),
      sizes: part.map(({ size }) => size),
      plain: part.map(({ plain }) => plain),
    };
    return [asked, [files.bytes.buffer]];
  },
  done({ sha256, plains }, part) {
    const bytes = unparcel(plains).values();
    return sha256.map((its, place): Opened => {
      if (typeof its !== 'string') return its;
      return { sha256: its, plain: part[place]?.plain ? (bytes.next().value ?? null) : null };
    });
  },
};

function rounds(payloads: readonly Locked[]): readonly (readonly Locked[])[] {
  const parts: Locked[][] = [];
  let room = 0;
  for (const payload of payloads) {
    const last = parts.at(-1);
    if (!last || last.length >= ROUND.items || payload.file.length + payload.size > room) {
      parts.push([payload]);
      room = ROUND.bytes;
    } else last.push(payload);
    room -= payload.file.length + payload.size;
  }
  return parts;
}

serveAside<LockedAside, OpenedAside>(ROLE, ({ files, keys, keyDigests, sizes, plain }) => {
  const all = unparcel(files).map((file, place) =>
    opened({ file, key: keys[place] ?? '', keyDigest: keyDigests[place] ?? '', size: sizes[place] ?? 0, plain: plain[place] === true }),
  );
  const plains = parcel(all.flatMap((it) => ('plain' in it && it.plain ? [it.plain] : [])));
  return [{ sha256: all.map((it) => ('failed' in it ? it : it.sha256)), plains }, [plains.bytes.buffer]];
});

function opened({ file, key, keyDigest, size, plain: wanted }: Locked): Opened {
  try {
    const compressed = decrypt(file, keyIn(key), keyDigest);
    const plain = (unpacker as Unpack)(compressed, Math.max(1, size));
    if (plain.length !== size) throw new IntegrityError('PAYLOAD', 'it is not of the size that was sealed');
    return { sha256: sha256hex(plain), plain: wanted ? plain : null };
  } catch (error) {
    return { failed: error instanceof IntegrityError ? error.message : String(error).slice(0, 200) };
  }
}

type Unpack = (bytes: Buffer, most: number) => Buffer;

/** Built in from Node 22.15 on; before that, by the program that Debian ships. */
export const unpacker: Unpack | null = (() => {
  if (hasZstd) return decompressed;
  const run = (input: Buffer, maxBuffer: number) => spawnSync('zstd', ['-d', '-c', '-q'], { input, maxBuffer });
  if (spawnSync('zstd', ['--version']).status !== 0) return null;
  return (bytes, most) => {
    const { status, stdout, error } = run(bytes, most + 1);
    if (status !== 0 || error) throw new IntegrityError('PAYLOAD', 'zstd cannot decompress it');
    return stdout;
  };
})();
