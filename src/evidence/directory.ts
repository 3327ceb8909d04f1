import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError, IntegrityError, TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { sha256hex, verifyInclusion } from '../log/merkle.ts';
import { TILE_WIDTH } from '../log/tiles.ts';
import type { Archive, CheckpointSummary, InclusionProof, Verification } from './archive.ts';
import { noteDoubt, release, reserve } from './disk.ts';
import { type Calls, CALLS, Files, isCode } from './files.ts';
import { Keys } from './keys.ts';
import { LogReader } from './reader.ts';
import type { Draft, SealedRecord } from './record.ts';
import { unseal } from './statement.ts';
import { verifyArchive } from './verify.ts';
import { blobPath } from './paths.ts';
import { isFatal, Writer } from './writer.ts';

export interface ArchiveOptions {
  /** The state folder: `.tickmark` of a workspace. */
  readonly dir: string;
  readonly clock: () => Instant;
  /** Name of a log that is to be made where there is none: `acme.example/tickmark`. Without it, none is made. */
  readonly origin?: string;
  readonly calls?: Calls;
  /** What to do when the disk did not confirm a write. Ends the process unless said. */
  readonly abort?: (error: unknown) => never;
}

const die = (error: unknown): never => {
  process.stderr.write(`tickmark: ${String(error)}: stopping at once, so that nothing is claimed that is not on the disk\n`);
  process.abort();
};

/** Opens the archive in a folder, and makes it first if an origin is given. One process writes; others hand it their records. */
export async function openArchive({ dir, clock, origin, calls = CALLS, abort = die }: ArchiveOptions): Promise<Archive> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = new Files(dir, calls);
  let keys = await Keys.open(files);
  if (!keys && origin !== undefined) {
    const unlock = takeLock(dir);
    if (!unlock) throw new ConfigurationError(`another process is making the log in ${dir}; try again`);
    keys = await Keys.create(files, origin);
    await Writer.initialize(files, keys);
    unlock();
  }
  if (!keys) throw new ConfigurationError(`there is no log in ${dir}. Run "tickmark init" there, or name another folder with --workspace.`);
  return new DirectoryArchive(dir, files, keys, clock, abort);
}

class DirectoryArchive implements Archive {
  readonly #dir: string;
  readonly #files: Files;
  readonly #keys: Keys;
  readonly #clock: () => Instant;
  readonly #abort: (error: unknown) => never;
  readonly #reader: LogReader;
  #writing: { readonly writer: Writer; release(): void } | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #full = false;

  constructor(dir: string, files: Files, keys: Keys, clock: () => Instant, abort: (error: unknown) => never) {
    this.#dir = dir;
    this.#files = files;
    this.#keys = keys;
    this.#clock = clock;
    this.#abort = abort;
    this.#reader = new LogReader(files, keys.verifier);
  }

  get origin(): string {
    return this.#keys.description.origin;
  }

  get verifierKey(): string {
    return this.#keys.description.verifierKey;
  }

  append(drafts: readonly Draft[]): Promise<readonly number[]> {
    const turn = this.#queue.then(() => this.#append(drafts));
    this.#queue = turn.catch(() => undefined); // the next in the queue is not to blame
    return turn;
  }

  async checkpoint(): Promise<CheckpointSummary> {
    const { checkpoint } = await this.#reader.checkpoint();
    return { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') };
  }

  async record(index: number): Promise<SealedRecord> {
    return (await this.#sealed(index)).record;
  }

  async *records(from: number): AsyncIterable<SealedRecord> {
    const { size } = await this.checkpoint();
    for (let index = from; index < size; ) {
      const bundle = Math.floor(index / TILE_WIDTH);
      const [entries, statements] = [await this.#reader.entries(bundle, size), await this.#reader.statements(bundle, size)];
      for (; index < size && Math.floor(index / TILE_WIDTH) === bundle; index++) {
        yield unseal(index, entries[index % TILE_WIDTH] ?? Buffer.alloc(0), statements[index % TILE_WIDTH] ?? Buffer.alloc(0)).record;
      }
    }
  }

  async payload(digest: string): Promise<Uint8Array> {
    const bytes = await this.#files.read(blobPath(digest));
    if (!bytes) throw new IntegrityError('PAYLOAD_MISSING', `${blobPath(digest)} is missing from the state folder`);
    if (sha256hex(bytes) !== digest) throw new IntegrityError('PAYLOAD_ALTERED', `${blobPath(digest)} is not what was sealed`);
    return bytes;
  }

  async envelope(index: number): Promise<string> {
    return (await this.#sealed(index)).envelope.toString('utf8');
  }

  async entry(index: number): Promise<Uint8Array> {
    return (await this.#sealed(index)).entry;
  }

  async proof(index: number): Promise<InclusionProof> {
    await this.#sealed(index);
    const { checkpoint, note } = await this.#reader.checkpoint();
    const { leaf, hashes } = await this.#reader.inclusion(index, checkpoint.size);
    if (!verifyInclusion(leaf, index, checkpoint.size, hashes, checkpoint.root))
      throw new IntegrityError('INCLUSION', `record ${index} does not lead to the signed root`);
    return {
      index,
      leafHash: leaf.toString('base64'),
      hashes: hashes.map((hash) => hash.toString('base64')),
      checkpoint: { origin: checkpoint.origin, size: checkpoint.size, root: checkpoint.root.toString('base64') },
      note,
    };
  }

  verify(progress?: (done: number, of: number) => void): Promise<Verification> {
    return verifyArchive(this.#files, progress);
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#forget();
  }

  async #sealed(index: number): Promise<{ readonly record: SealedRecord; readonly envelope: Buffer; readonly entry: Buffer }> {
    const { size } = await this.checkpoint();
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new ConfigurationError(`there is no record ${index}: the log holds ${size}, numbered from 0.`);
    const bundle = Math.floor(index / TILE_WIDTH);
    const [entries, statements] = [await this.#reader.entries(bundle, size), await this.#reader.statements(bundle, size)];
    const [entry, envelope] = [entries[index % TILE_WIDTH] ?? Buffer.alloc(0), statements[index % TILE_WIDTH] ?? Buffer.alloc(0)];
    return { entry, envelope, record: unseal(index, entry, envelope).record };
  }

  async #append(drafts: readonly Draft[]): Promise<readonly number[]> {
    for (let attempt = 0; ; attempt++) {
      const writer = await this.#writer();
      if (writer) return this.#guarded(() => writer.append(drafts));
      try {
        return await handOver(socketPath(this.#dir), drafts);
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
      const keys = (await Keys.open(this.#files)) ?? this.#keys; // another process may have made a key meanwhile
      const writer = await this.#guarded(() => Writer.open(this.#files, keys, this.#clock));
      if (!this.#full) await this.#guarded(() => reserve(this.#files));
      const server = await serve(socketPath(this.#dir), (drafts) => this.append(drafts));
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
        if (isFatal(error)) {
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

  #forget(): void {
    this.#writing?.release();
    this.#writing = null;
  }
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

/** Paths of sockets are short, those of folders are not. */
function socketPath(dir: string): string {
  const name = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 20);
  if (process.platform === 'win32') return `\\\\.\\pipe\\tickmark-${name}`;
  const folder = join(tmpdir(), `tickmark-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `log-${name}`);
}

type Answer = { readonly indexes: readonly number[] } | { readonly code: string; readonly message: string; readonly exit: 1 | 2 | 3 };

async function serve(path: string, append: (drafts: readonly Draft[]) => Promise<readonly number[]>): Promise<Server> {
  const { rmSync } = await import('node:fs');
  if (process.platform !== 'win32') rmSync(path, { force: true }); // the lock is ours, so a socket that is there is a dead one
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void whole(socket)
      .then(async (bytes) => answer(await append(parseDrafts(bytes)).then((indexes): Answer => ({ indexes }), refusal)))
      .catch((error: unknown) => socket.destroy(error instanceof Error ? error : undefined));
    const answer = (it: Answer) => socket.end(JSON.stringify(it));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return server;
}

const refusal = (error: unknown): Answer => {
  const known = error instanceof TickmarkError ? error : new TickmarkError('WRITER', String(error));
  return { code: known.code, message: known.message, exit: known.exit };
};

async function handOver(path: string, drafts: readonly Draft[]): Promise<readonly number[]> {
  const socket = createConnection({ path, allowHalfOpen: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.end(
    JSON.stringify(
      drafts.map((draft) => ({
        ...draft,
        subjects: draft.subjects.map(({ bytes, ...subject }) => ({ ...subject, bytes: Buffer.from(bytes).toString('base64') })),
      })),
    ),
  );
  const answer = JSON.parse((await whole(socket)).toString('utf8')) as Answer;
  if ('indexes' in answer) return answer.indexes;
  throw new TickmarkError(answer.code, answer.message, { exit: answer.exit });
}

function parseDrafts(bytes: Buffer): readonly Draft[] {
  const drafts = JSON.parse(bytes.toString('utf8')) as readonly (Draft & { readonly subjects: readonly { readonly bytes: unknown }[] })[];
  return drafts.map((draft) => ({
    ...draft,
    subjects: draft.subjects.map((subject) => ({ ...subject, bytes: Buffer.from(String(subject.bytes), 'base64') })),
  }));
}

/** All that the other side says, up to its end. The socket stays open for the answer. */
function whole(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk) => void chunks.push(chunk));
    socket.once('end', () => resolve(Buffer.concat(chunks)));
    socket.once('error', reject);
  });
}
