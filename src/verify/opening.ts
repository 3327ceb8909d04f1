import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import zlib from 'node:zlib';
import { IntegrityError } from '../core/error.ts';
import { decrypt, keyIn } from '../log/cipher.ts';
import { sha256hex } from '../log/merkle.ts';
import { isCanonical, type Unsealed, unsealStatement } from '../log/statement.ts';
import { type Parcel, parcel, serveThread, startThread, type Thread, unparcel } from '../log/threads.ts';

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

/** Opens payloads and reads statements: a few here, many in threads beside this one, for their arithmetic is most of what verifying costs. */
export interface Opener {
  /** In their order. Never throws for what a payload holds. */
  open(payloads: readonly Locked[]): Promise<readonly Opened[]>;
  /** As `unsealStatement` does; where `strict`, a statement that is not spelled canonically is refused too. */
  unseal(index: number, leaf: Buffer, envelope: Buffer, strict?: boolean): Promise<Unsealed>;
  close(): Promise<void>;
}

/** More is not handed from thread to thread at once. */
const ROUND = { items: 64, bytes: 4 * 1024 * 1024 };
/** Fewer do not pay for a thread that has to start. */
const FEW = 200;
const THREADS = 8;
const ROLE = 'tickmark: verifying';

/** Statements to read, with their entries: `[leaf, envelope, leaf, envelope, …]`. */
interface Statements {
  readonly indexes: readonly number[];
  readonly strict: boolean;
  readonly parts: Parcel;
}
type Asked = { readonly payloads: readonly Locked[] } | { readonly statements: Statements };
type Read = { readonly statement: Unsealed } | { readonly code: string; readonly says: string };
type Answer = readonly Opened[] | readonly Read[];

interface Waiting {
  readonly index: number;
  readonly leaf: Buffer;
  readonly envelope: Buffer;
  readonly strict: boolean;
  done(statement: Unsealed): void;
  failed(error: unknown): void;
}

export function opener(threads: number = Math.min(THREADS, availableParallelism())): Opener {
  const beside: Thread<Asked, Answer>[] = [];
  const queue: Waiting[] = [];
  let [seen, turn] = [0, 0];

  /** The threads, once there is so much to do that they pay. */
  const among = (more: number): readonly Thread<Asked, Answer>[] => {
    seen += more;
    if (threads < 2 || (beside.length === 0 && seen < FEW)) return [];
    while (beside.length < threads) beside.push(startThread(import.meta.url, ROLE));
    return beside;
  };

  function flush(): void {
    const all = queue.splice(0);
    const workers = among(all.length);
    for (let from = 0; from < all.length; from += ROUND.items) {
      const part = all.slice(from, from + ROUND.items);
      const worker = workers[turn++ % workers.length];
      if (!worker) for (const { done, failed, ...it } of part) settle(() => done(unsealed(it)), failed);
      else void handOver(worker, part);
    }
  }

  return {
    async open(payloads) {
      const workers = among(payloads.length);
      if (workers.length === 0) return payloads.map(opened);
      const parts = rounds(payloads).map((part) => workers[turn++ % workers.length]?.ask({ payloads: part }) as Promise<readonly Opened[]>);
      return (await Promise.all(parts)).flat();
    },
    unseal: (index, leaf, envelope, strict = false) =>
      new Promise((done, failed) => {
        if (queue.push({ index, leaf, envelope, strict, done, failed }) === 1) setImmediate(flush);
      }),
    async close() {
      await Promise.all(beside.map((it) => it.end()));
    },
  };
}

/** All of a part are strict, or none: nobody asks for both. */
async function handOver(worker: Thread<Asked, Answer>, part: readonly Waiting[]): Promise<void> {
  const parts = parcel(part.flatMap(({ leaf, envelope }) => [leaf, envelope]));
  const statements = { indexes: part.map(({ index }) => index), strict: part[0]?.strict === true, parts };
  try {
    const read = (await worker.ask({ statements }, [parts.bytes.buffer])) as readonly Read[];
    part.forEach(({ done, failed }, place) => {
      const its = read[place] as Read;
      if ('statement' in its) done(its.statement);
      else failed(new IntegrityError(its.code, its.says));
    });
  } catch (error) {
    for (const { failed } of part) failed(error);
  }
}

function settle(act: () => void, failed: (error: unknown) => void): void {
  try {
    act();
  } catch (error) {
    failed(error);
  }
}

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

serveThread<Asked, Answer>(ROLE, (asked) => {
  if ('payloads' in asked) return [asked.payloads.map(opened), []];
  const { indexes, strict, parts } = asked.statements;
  const items = unparcel(parts);
  return [indexes.map((index, place) => readOne({ index, leaf: items[2 * place] as Buffer, envelope: items[2 * place + 1] as Buffer, strict })), []];
});

type Statement = Pick<Waiting, 'index' | 'leaf' | 'envelope' | 'strict'>;

function unsealed({ index, leaf, envelope, strict }: Statement): Unsealed {
  const statement = unsealStatement(index, leaf, envelope);
  if (strict && !isCanonical(envelope)) throw new IntegrityError('STATEMENT', 'the statement is not spelled canonically: it could mean two things');
  return statement;
}

function readOne(it: Statement): Read {
  try {
    return { statement: unsealed(it) };
  } catch (error) {
    if (error instanceof IntegrityError) return { code: error.code, says: error.message };
    return { code: 'STATEMENT', says: `record ${it.index}: ${String(error).slice(0, 200)}` };
  }
}

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
