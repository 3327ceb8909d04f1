import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import zlib from 'node:zlib';
import { IntegrityError } from '../core/error.ts';
import { decrypt, keyIn } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { serveThread, startThread, type Thread } from '../log/threads.ts';

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

/** Opens payloads: a few here, many in threads beside this one, for their arithmetic is most of what verifying a bundle costs. */
export interface Opener {
  /** In their order. Never throws for what a payload holds. */
  open(payloads: readonly Locked[]): Promise<readonly Opened[]>;
  close(): Promise<void>;
}

/** More bytes than this are not handed from thread to thread at once. */
const ROUND = { payloads: 64, bytes: 4 * 1024 * 1024 };
/** Fewer do not pay for a thread that has to start. */
const FEW = 200;
const THREADS = 8;
/** What tells a thread that it is one of these: in the verifier of one file, all code starts in the same place. */
const ROLE = 'tickmark: payloads';

export function opener(threads: number = Math.min(THREADS, availableParallelism())): Opener {
  const beside: Thread<readonly Locked[], readonly Opened[]>[] = [];
  let [waiting, turn] = [0, 0];
  return {
    async open(payloads) {
      waiting += payloads.length;
      if (threads < 2 || (beside.length === 0 && waiting < FEW)) return payloads.map(opened);
      while (beside.length < threads) beside.push(startThread(import.meta.url, ROLE));
      const parts = rounds(payloads).map((part) => beside[turn++ % beside.length]?.ask(part) ?? Promise.resolve(part.map(opened)));
      return (await Promise.all(parts)).flat();
    },
    async close() {
      await Promise.all(beside.map((it) => it.end()));
    },
  };
}

function rounds(payloads: readonly Locked[]): readonly (readonly Locked[])[] {
  const parts: Locked[][] = [];
  let room = 0;
  for (const payload of payloads) {
    const last = parts.at(-1);
    if (!last || last.length >= ROUND.payloads || payload.file.length + payload.size > room) {
      parts.push([payload]);
      room = ROUND.bytes;
    } else last.push(payload);
    room -= payload.file.length + payload.size;
  }
  return parts;
}

serveThread<readonly Locked[], readonly Opened[]>(ROLE, (payloads) => [payloads.map(opened), []]);

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
  if (typeof zlib.zstdDecompressSync === 'function') return (bytes, most) => zlib.zstdDecompressSync(bytes, { maxOutputLength: most });
  const run = (input: Buffer, maxBuffer: number) => spawnSync('zstd', ['-d', '-c', '-q'], { input, maxBuffer });
  if (spawnSync('zstd', ['--version']).status !== 0) return null;
  return (bytes, most) => {
    const { status, stdout, error } = run(bytes, most + 1);
    if (status !== 0 || error) throw new IntegrityError('PAYLOAD', 'zstd cannot decompress it');
    return stdout;
  };
})();
