import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError, IntegrityError, TickmarkError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { Unsealed } from '../log/statement.ts';
import { type Verification, verifyLog } from '../verify/log.ts';
import type { Archive, CheckpointSummary, InclusionProof } from './archive.ts';
import { ArchiveReader } from './archive-reader.ts';
import { admit, noteDoubt, release, reserve, settle } from './disk.ts';
import { type Calls, CALLS, Files, FsyncFailed, isCode } from './files.ts';
import { handOver, serve, socketPath } from './hand-over.ts';
import { Keys } from './keys.ts';
import { FileKeystore, hasKey, type KeyEncryption, type Keystore } from './keystore.ts';
import { follow, type Order, type Told } from './orders.ts';
import { Payloads } from './payloads.ts';
import type { Draft, Kept, SealedRecord } from './record.ts';
import { noteWhole, scrub, type Scrubbed, scrubbed } from './scrub.ts';
import { type Coordination, Writer } from './writer.ts';

export interface ArchiveOptions {
  /** The state folder: `.tickmark` of a workspace. */
  readonly dir: string;
  readonly clock: () => Instant;
  /** Name of a log that is to be made where there is none: `acme.example/tickmark`. Without it, none is made. */
  readonly origin?: string;
  readonly calls?: Calls;
  /** What wraps the keys of eras. Files beside them, unless said. */
  readonly encryption?: (origin: string) => KeyEncryption;
  /** What to do when the disk did not confirm a write. Ends the process unless said. */
  readonly abort?: (error: unknown) => never;
}

/** Calls of `append` that go under one checkpoint at most. */
const BATCH = 256;

interface Waiting {
  readonly drafts: readonly Draft[];
  resolve(indexes: readonly number[]): void;
  reject(error: unknown): void;
}

const die = (error: unknown): never => {
  process.stderr.write(`tickmark: ${String(error)}: stopping at once, so that nothing is claimed that is not on the disk\n`);
  process.abort();
};

/** Opens the archive in a folder, and makes it first if an origin is given. One process writes; others hand it their records. */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const { dir, origin, calls = CALLS } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = new Files(dir, calls);
  let keys = await Keys.open(files, files);
  if (!keys && origin !== undefined) {
    const unlock = takeLock(dir);
    if (!unlock) throw new ConfigurationError(`another process is making the log in ${dir}; try again`);
    keys = await Keys.create(files, files, origin);
    await Writer.initialize(files, lockFile(files), keys);
    unlock();
  }
  if (!keys) throw new ConfigurationError(`there is no log in ${dir}. Run "tickmark init" there, or name another folder with --workspace.`);
  return new DirectoryArchive(dir, files, keys, options);
}

class DirectoryArchive implements Archive {
  readonly #dir: string;
  readonly #files: Files;
  #keys: Keys;
  readonly #clock: () => Instant;
  readonly #abort: (error: unknown) => never;
  readonly #keystore: Keystore;
  readonly #payloads: Payloads;
  readonly #reader: ArchiveReader;
  #writing: { readonly writer: Writer; release(): void } | null = null;
  #waiting: Waiting[] = [];
  #queue: Promise<void> = Promise.resolve();
  #full = false;

  constructor(dir: string, files: Files, keys: Keys, { clock, abort = die, encryption }: ArchiveOptions) {
    this.#dir = dir;
    this.#files = files;
    this.#keys = keys;
    this.#clock = clock;
    this.#abort = abort;
    this.#keystore = new FileKeystore(files, encryption?.(keys.description.origin));
    this.#payloads = new Payloads(files, this.#keystore);
    this.#reader = new ArchiveReader(files, () => this.#keys.verifier, this.#payloads);
  }

  get origin(): string {
    return this.#keys.description.origin;
  }

  append(drafts: readonly Draft[]): Promise<readonly number[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ drafts, resolve, reject });
      this.#queue = this.#queue.then(() => this.#flush());
    });
  }

  async checkpoint(): Promise<CheckpointSummary> {
    try {
      return await this.#reader.checkpoint();
    } catch (error) {
      if (!(error instanceof IntegrityError) || (error.code !== 'SIGNATURE' && error.code !== 'KEY_PERIOD')) throw error;
      this.#keys = (await Keys.open(this.#files, this.#files)) ?? this.#keys; // the writer may have replaced the key since
      return this.#reader.checkpoint();
    }
  }

  record(index: number): Promise<SealedRecord> {
    return this.#reader.record(index);
  }

  records(from: number): AsyncIterable<SealedRecord> {
    return this.#reader.records(from);
  }

  statements(from: number): AsyncIterable<Unsealed> {
    return this.#reader.statements(from);
  }

  about(): Promise<readonly Unsealed[]> {
    this.#forgetKeys();
    return this.#reader.about();
  }

  destroy(planned: number): Promise<string | null> {
    return this.#ordered({ order: 'destroy', planned }) as Promise<string | null>;
  }

  async erase(planned: number): Promise<void> {
    await this.#ordered({ order: 'erase', planned });
  }

  rotateKey(who: 'log' | { readonly statements: string }, overlap: Duration): Promise<number> {
    const its = who === 'log' ? ({ role: 'log', who: '' } as const) : ({ role: 'statement', who: who.statements } as const);
    return this.#ordered({ order: 'rotate', ...its, overlap }) as Promise<number>;
  }

  retireKey(): Promise<number | null> {
    return this.#ordered({ order: 'retire' }) as Promise<number | null>;
  }

  scrub(budget: Duration): Promise<Scrubbed> {
    this.#forgetKeys();
    return scrub({ objects: this.#files, keystore: this.#keystore, verifier: this.#keys.verifier, clock: this.#clock, about: () => this.about() }, budget);
  }

  scrubbed(): Promise<Scrubbed> {
    return scrubbed(this.#files);
  }

  payload(payload: Kept): Promise<Uint8Array> {
    return this.#reader.payload(payload);
  }

  envelope(index: number): Promise<string> {
    return this.#reader.envelope(index);
  }

  proof(index: number): Promise<InclusionProof> {
    return this.#reader.proof(index);
  }

  verify(progress?: (done: number, of: number) => void): Promise<Verification> {
    this.#forgetKeys();
    return verifyLog(this.#files, {
      ...(progress ? { progress } : {}),
      hasKey: (era, digest) => hasKey(this.#keystore, era, digest),
    });
  }

  async fsck(progress?: (done: number, of: number) => void): Promise<Verification> {
    const startedAt = this.#clock();
    const verification = await this.verify(progress);
    await noteWhole(this.#files, verification, { startedAt, finishedAt: this.#clock() });
    return verification;
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#forget();
  }

  /** What has come while a batch was on its way goes under one checkpoint, and one another's faults harm nobody. */
  async #flush(): Promise<void> {
    const batch = this.#waiting.splice(0, BATCH);
    if (batch.length === 0) return;
    try {
      const indexes = (await this.#append(batch.flatMap(({ drafts }) => drafts))).values();
      for (const { drafts, resolve } of batch) resolve([...indexes.take(drafts.length)]);
    } catch (error) {
      const [first, ...others] = batch;
      if (others.length === 0) return first?.reject(error);
      for (const it of batch) await this.#append(it.drafts).then(it.resolve, it.reject);
    }
    return undefined;
  }

  #append(drafts: readonly Draft[]): Promise<readonly number[]> {
    return this.#byWriter({ order: 'append', drafts }) as Promise<readonly number[]>;
  }

  /** Orders wait for batches and for each other. */
  #ordered(order: Order): Promise<Told> {
    const turn = this.#queue.then(() => this.#byWriter(order));
    this.#queue = turn.then(
      () => undefined,
      () => undefined, // it is told to whoever gave the order
    );
    return turn;
  }

  async #byWriter(order: Order): Promise<Told> {
    for (let attempt = 0; ; attempt++) {
      const writer = await this.#writer();
      const means = { reader: this.#reader, objects: this.#files, keystore: this.#keystore, keys: this.#keys, clock: this.#clock };
      if (writer) return this.#guarded(() => follow(order, { ...means, writer }));
      try {
        return await handOver(socketPath(this.#dir), order);
      } catch (error) {
        if (error instanceof TickmarkError || attempt >= 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50)); // the writer is starting, or has just gone
      }
    }
  }

  /** This process's writer, or `null` while another process is the one. */
  async #writer(): Promise<Writer | null> {
    if (this.#writing) return this.#writing.writer;
    const unlock = takeLock(this.#dir);
    if (!unlock) return null;
    try {
      const files = this.#files;
      this.#forgetKeys();
      this.#keys = (await Keys.open(files, files)) ?? this.#keys; // another process may have made a key meanwhile
      const place = { objects: files, coordination: lockFile(files), keys: this.#keys, payloads: this.#payloads, clock: this.#clock };
      const writer = await this.#guarded(async () => {
        await admit(files);
        await files.sweep('keys'); // the halves of keys that a power cut left
        const opened = await Writer.open(place);
        await settle(files);
        return opened;
      });
      if (!this.#full) await this.#guarded(() => reserve(this.#files));
      const server = await serve(socketPath(this.#dir), (order) => (order.order === 'append' ? this.append(order.drafts) : this.#ordered(order)));
      this.#writing = {
        writer,
        release() {
          server.close();
          unlock();
        },
      };
      return writer;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  async #guarded<Result>(act: () => Promise<Result>): Promise<Result> {
    try {
      return await act();
    } catch (error) {
      try {
        if (error instanceof FsyncFailed) {
          noteDoubt(this.#dir);
          this.#abort(error);
        }
        if (isCode(error, 'ENOSPC')) {
          this.#full = true; // and the room is not taken again by this process
          await release(this.#files);
        }
      } finally {
        this.#forget(); // what is in memory may be ahead of what was committed: read it again
      }
      throw error;
    }
  }

  /** Keys are added and destroyed by the process that writes: any other reads them again. */
  #forgetKeys(): void {
    if (!this.#writing) this.#keystore.forget?.();
  }

  #forget(): void {
    this.#writing?.release();
    this.#writing = null;
  }
}

const LOCK = 'log/.state/lock';

/** The checkpoint that is committed, in a file: only the holder of the folder's lock replaces it. */
function lockFile(files: Files): Coordination {
  return {
    committed: () => files.read(LOCK),
    async commit(before, after) {
      const now = await files.read(LOCK);
      if (before === null ? now !== null : !now?.equals(before))
        throw new IntegrityError('RACE', 'somebody else has written to the log: its lock is not the one that was read');
      await files.replace(LOCK, after);
    },
  };
}

/** A lock of the kernel, by way of SQLite: it ends with the process, however that ends. `null` where another holds it. */
function takeLock(dir: string): (() => void) | null {
  const lock = new DatabaseSync(join(dir, 'writer.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return () => lock.close();
  } catch (error) {
    lock.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return null;
    throw error;
  }
}
