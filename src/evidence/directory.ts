import { mkdirSync } from 'node:fs';
import { ConfigurationError, TickmarkError } from '../core/error.ts';
import type { Duration, Instant } from '../core/instant.ts';
import type { NoteVerifier } from '../log/note.ts';
import type { Reading } from '../log/reader.ts';
import type { Unsealed } from '../log/statement.ts';
import { type Verification, verifyLog } from '../verify/log.ts';
import type { Archive, CheckpointSummary, InclusionProof } from './archive.ts';
import { ArchiveReader } from './archive-reader.ts';
import { admit, confirm, release, reserve, settle, sweep } from './disk.ts';
import { type Calls, CALLS, Files, isCode } from './files.ts';
import { begin, die, endWhereFatal, inFolder, lockFile, takeLock } from './folder.ts';
import { grouped } from './grouped.ts';
import { handOver, serve, socketPath } from './hand-over.ts';
import { Keys } from './keys.ts';
import { FileKeystore, hasKey, type KeyEncryption, type Keystore } from './keystore.ts';
import { refuseMoved } from './moved.ts';
import type { PublicPlace } from './objects.ts';
import { follow, type Order, type Told } from './orders.ts';
import { Payloads } from './payloads.ts';
import type { Draft, Kept, SealedRecord } from './record.ts';
import { noteWhole, scrub, type Scrubbed, scrubbed } from './scrub.ts';
import { Writer } from './writer.ts';

export interface ArchiveOptions {
  /** The state folder: `.tickmark` of a workspace. */
  readonly dir: string;
  readonly clock: () => Instant;
  /** Name of a log that is to be made where there is none: `acme.example/tickmark`. Without it, none is made. */
  readonly origin?: string;
  readonly calls?: Calls;
  /** Where what is public lies: in the folder unless said. What is secret, and whose turn it is, stays in the folder. */
  readonly place?: (files: Files) => Promise<PublicPlace>;
  /** What wraps the keys of eras. Files beside them, unless said. */
  readonly encryption?: (origin: string) => KeyEncryption;
  /** What to do when the disk did not confirm a write. Ends the process unless said. */
  readonly abort?: (error: unknown) => never;
}

/** Opens the archive of a folder, and makes it first if an origin is given. One process writes; others hand it their records. */
export async function openArchive({ dir, clock, origin, calls = CALLS, place = inFolder, encryption, abort = die }: ArchiveOptions): Promise<Archive> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const files = new Files(dir, calls);
  await refuseMoved(files);
  const its = await place(files);
  try {
    const keys = (await Keys.open(its.objects, files)) ?? (origin === undefined ? null : await begin(files, its, origin, abort));
    if (!keys) throw new ConfigurationError(`there is no log in ${dir}. Run "tickmark init" there, or name another folder with --workspace.`);
    return new DirectoryArchive({ dir, files, place: its, keys, clock, encryption, abort });
  } catch (error) {
    its.close();
    throw error;
  }
}

interface Opened {
  readonly dir: string;
  readonly files: Files;
  readonly place: PublicPlace;
  readonly keys: Keys;
  readonly clock: () => Instant;
  readonly encryption: ((origin: string) => KeyEncryption) | undefined;
  readonly abort: (error: unknown) => never;
}

class DirectoryArchive implements Archive {
  readonly #dir: string;
  readonly #files: Files;
  readonly #place: PublicPlace;
  #keys: Keys;
  readonly #clock: () => Instant;
  readonly #abort: (error: unknown) => never;
  readonly #keystore: Keystore;
  readonly #payloads: Payloads;
  readonly #reader: ArchiveReader;
  #writing: { readonly writer: Writer; release(): void } | null = null;
  readonly #grouped = grouped(
    (drafts) => this.#append(drafts),
    (drafts, isWhole) => this.#writing?.writer.prepare(drafts, isWhole),
  );
  #full = false;

  constructor({ dir, files, place, keys, clock, encryption, abort }: Opened) {
    this.#dir = dir;
    this.#files = files;
    this.#place = place;
    this.#keys = keys;
    this.#clock = clock;
    this.#abort = abort;
    this.#keystore = new FileKeystore(files, encryption?.(keys.description.origin));
    this.#payloads = new Payloads(place.reading, this.#keystore);
    this.#reader = new ArchiveReader(
      place.reading,
      () => this.#keys.verifier,
      this.#payloads,
      () => this.#keys.learn(),
    );
  }

  get origin(): string {
    return this.#keys.description.origin;
  }

  get verifierKey(): string {
    return this.#keys.description.verifierKey;
  }

  get files(): Reading {
    return this.#place.reading;
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
    return scrub(
      { objects: this.#place.objects, keystore: this.#keystore, verifier: this.#keys.verifier, clock: this.#clock, about: () => this.about() },
      budget,
    );
  }

  scrubbed(): Promise<Scrubbed> {
    return scrubbed(this.#place.objects);
  }

  payload(payload: Kept): Promise<Uint8Array> {
    return this.#reader.payload(payload);
  }

  bytes(payload: Kept): Promise<Uint8Array> {
    return this.#reader.bytes(payload);
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
    this.#forgetKeys();
    this.#place.problems(); // those of earlier reading are found again, if they are still there
    const verification = await verifyLog(this.#place.objects, {
      ...(progress ? { progress } : {}),
      hasKey: (era, payload) => hasKey(this.#keystore, era, payload),
    });
    return { ...verification, problems: [...verification.problems, ...this.#place.problems()] };
  }

  async fsck(progress?: (done: number, of: number) => void): Promise<Verification> {
    const startedAt = this.#clock();
    const verification = await this.verify(progress);
    await noteWhole(this.#place.objects, verification, { startedAt, finishedAt: this.#clock() });
    return verification;
  }

  async close(): Promise<void> {
    await this.#grouped.idle();
    await this.#writing?.writer.tidied().catch(() => undefined); // who opens the log next removes it
    this.#forget();
    this.#place.close();
  }

  #append(drafts: readonly Draft[]): Promise<readonly number[]> {
    return this.#byWriter({ order: 'append', drafts }) as Promise<readonly number[]>;
  }

  /** Orders wait for batches and for each other. */
  #ordered(order: Order): Promise<Told> {
    return this.#grouped.alone(() => this.#byWriter(order));
  }

  async #byWriter(order: Order): Promise<Told> {
    for (let attempt = 0; ; attempt++) {
      const writer = await this.#writer();
      const means = { reader: this.#reader, objects: this.#place.reading, keystore: this.#keystore, keys: this.#keys, clock: this.#clock };
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
      const [files, { objects }] = [this.#files, this.#place];
      await refuseMoved(files);
      await this.#place.admit();
      this.#forgetKeys();
      this.#keys = (await Keys.open(objects, files)) ?? this.#keys; // another process may have made a key meanwhile
      const place = { objects, coordination: lockFile(files), keys: this.#keys, payloads: this.#payloads, clock: this.#clock };
      const writer = await this.#guarded(async () => {
        await admit(files);
        await confirm(files);
        await sweep(files);
        const opened = await Writer.open(place);
        await settle(files, objects);
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

  /** Keys are added and destroyed by the process that writes: any other reads them again. */
  #forgetKeys(): void {
    if (!this.#writing) this.#keystore.forget?.();
  }

  #forget(): void {
    this.#writing?.release();
    this.#writing = null;
  }
}
