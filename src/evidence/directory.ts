import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ConfigurationError, IntegrityError, TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { NoteVerifier } from '../log/note.ts';
import { LOCK } from '../log/paths.ts';
import type { Reading } from '../log/reader.ts';
import { type Verification, verifyLog } from '../verify/log.ts';
import type { Archive, CheckpointSummary, InclusionProof } from './archive.ts';
import { ArchiveReader } from './archive-reader.ts';
import { admit, noteDoubt, release, reserve, settle } from './disk.ts';
import { type Calls, CALLS, Files, FsyncFailed, isCode } from './files.ts';
import { grouped } from './grouped.ts';
import { Keys } from './keys.ts';
import { FileKeystore } from './keystore.ts';
import { refuseMoved } from './moved.ts';
import type { PublicPlace } from './objects.ts';
import { Payloads } from './payloads.ts';
import type { Draft, Kept, SealedRecord } from './record.ts';
import { type Coordination, Writer } from './writer.ts';

export interface ArchiveOptions {
  /** The state folder: `.tickmark` of a workspace. */
  readonly dir: string;
  readonly clock: () => Instant;
  /** Name of a log that is to be made where there is none: `acme.example/tickmark`. Without it, none is made. */
  readonly origin?: string;
  readonly calls?: Calls;
  /** Where what is public lies: in the folder unless said. What is secret, and whose turn it is, stays in the folder. */
  readonly place?: (files: Files) => Promise<PublicPlace>;
  /** What to do when the disk did not confirm a write. Ends the process unless said. */
  readonly abort?: (error: unknown) => never;
}

export const die = (error: unknown): never => {
  process.stderr.write(`tickmark: ${String(error)}: stopping at once, so that nothing is claimed that is not on the disk\n`);
  process.abort();
};

/** Opens the archive of a folder, and makes it first if an origin is given. One process writes; others hand it their records. */
export async function openArchive({ dir, clock, origin, calls = CALLS, place = inFolder, abort = die }: ArchiveOptions): Promise<Archive> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = new Files(dir, calls);
  await refuseMoved(files);
  const its = await place(files);
  try {
    const keys = (await Keys.open(its.objects, files)) ?? (origin === undefined ? null : await begin(files, its, origin, abort));
    if (!keys) throw new ConfigurationError(`there is no log in ${dir}. Run "tickmark init" there, or name another folder with --workspace.`);
    return new DirectoryArchive({ dir, files, place: its, keys, clock, abort });
  } catch (error) {
    its.close();
    throw error;
  }
}

/** Makes a log, or goes on where making it was interrupted. */
async function begin(files: Files, its: PublicPlace, origin: string, abort: (error: unknown) => never): Promise<Keys> {
  const unlock = takeLock(files.root);
  if (!unlock) throw new ConfigurationError(`another process is making the log in ${files.root}; try again`);
  try {
    return (await Keys.open(its.objects, files)) ?? (await makeLog(files, its, origin)); // another process may have made it meanwhile
  } catch (error) {
    throw endWhereFatal(error, files.root, abort);
  } finally {
    unlock();
  }
}

/** Everything in one folder. */
async function inFolder(files: Files): Promise<PublicPlace> {
  return { objects: files, reading: files, admit: async () => undefined, problems: () => [], close: () => undefined };
}

interface Opened {
  readonly dir: string;
  readonly files: Files;
  readonly place: PublicPlace;
  readonly keys: Keys;
  readonly clock: () => Instant;
  readonly abort: (error: unknown) => never;
}

/** The description comes last: it is what makes a folder a log. What is interrupted before it is begun anew. */
async function makeLog(files: Files, { objects, admit: admitted }: PublicPlace, origin: string): Promise<Keys> {
  await admit(files);
  await admitted();
  if ((await objects.list('log/checkpoints')).some((name) => Number(name.slice(0, 20)) > 0))
    throw new IntegrityError(
      'DESCRIPTION',
      'log/log.json is missing, and log/checkpoints is of a log that holds records. Put log/log.json back from a backup.',
    );
  const committed = await files.read(LOCK);
  if (committed && committed.toString('utf8').split('\n')[1] !== '0')
    throw new ConfigurationError(
      `the state folder ${files.root} belongs to a log, but there is none where it should lie. Put archive.url in tickmark.yaml back to where the log is, or copy the folders log, packs and payloads there first.`,
    );
  await files.anchor();
  const keys = await Keys.create(objects, files, origin);
  await Writer.initialize(objects, lockFile(files), keys);
  await keys.publish();
  return keys;
}

/** After a write that the disk did not confirm the process says nothing more. Any other error is answered as it is. */
function endWhereFatal(error: unknown, dir: string, abort: (error: unknown) => never): unknown {
  if (!(error instanceof FsyncFailed)) return error;
  try {
    noteDoubt(dir);
  } catch {
    // the disk does not take the note either: to stop is all the more needed
  }
  return abort(error);
}

class DirectoryArchive implements Archive {
  readonly #dir: string;
  readonly #files: Files;
  readonly #place: PublicPlace;
  readonly #keys: Keys;
  readonly #clock: () => Instant;
  readonly #abort: (error: unknown) => never;
  readonly #payloads: Payloads;
  readonly #reader: ArchiveReader;
  #writing: { readonly writer: Writer; release(): void } | null = null;
  readonly #grouped = grouped((drafts) => this.#append(drafts));
  #full = false;

  constructor({ dir, files, place, keys, clock, abort }: Opened) {
    this.#dir = dir;
    this.#files = files;
    this.#place = place;
    this.#keys = keys;
    this.#clock = clock;
    this.#abort = abort;
    this.#payloads = new Payloads(place.reading, new FileKeystore(files));
    this.#reader = new ArchiveReader(place.reading, keys.verifier, this.#payloads);
  }

  get origin(): string {
    return this.#keys.description.origin;
  }

  get verifierKey(): string {
    return this.#keys.description.verifierKey;
  }

  get files(): Reading {
    return this.#files;
  }

  get verifier(): NoteVerifier {
    return this.#keys.verifier;
  }

  append(drafts: readonly Draft[]): Promise<readonly number[]> {
    return this.#grouped.append(drafts);
  }

  checkpoint(): Promise<CheckpointSummary> {
    return this.#reader.checkpoint();
  }

  record(index: number): Promise<SealedRecord> {
    return this.#reader.record(index);
  }

  records(from: number): AsyncIterable<SealedRecord> {
    return this.#reader.records(from);
  }

  payload(payload: Kept): Promise<Uint8Array> {
    return this.#reader.payload(payload);
  }

  secret(payload: Pick<Kept, 'era' | 'digest'>): Promise<Uint8Array | null> {
    return this.#payloads.secret(payload);
  }

  envelope(index: number): Promise<string> {
    return this.#reader.envelope(index);
  }

  entry(index: number): Promise<Uint8Array> {
    return this.#reader.entry(index);
  }

  proof(index: number): Promise<InclusionProof> {
    return this.#reader.proof(index);
  }

  async verify(progress?: (done: number, of: number) => void): Promise<Verification> {
    this.#place.problems(); // those of earlier reading are found again, if they are still there
    const verification = await verifyLog(this.#place.objects, progress);
    return { ...verification, problems: [...verification.problems, ...this.#place.problems()] };
  }

  async close(): Promise<void> {
    await this.#grouped.idle();
    this.#forget();
    this.#place.close();
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
      const [files, { objects }] = [this.#files, this.#place];
      await refuseMoved(files);
      await this.#place.admit();
      const keys = (await Keys.open(objects, files)) ?? this.#keys; // another process may have made a key meanwhile
      const place = { objects, coordination: lockFile(files), keys, payloads: this.#payloads, clock: this.#clock };
      const writer = await this.#guarded(async () => {
        await admit(files);
        const opened = await Writer.open(place);
        await settle(files, objects);
        return opened;
      });
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
        endWhereFatal(error, this.#dir, this.#abort);
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
export function takeLock(dir: string): (() => void) | null {
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
