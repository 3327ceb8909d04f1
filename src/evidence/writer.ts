import { aTurn } from '../log/aside.ts';
import { checkpointName, readCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { type Disposals, disposedBy } from '../log/disposal.ts';
import { STAGING } from '../log/paths.ts';
import { LogReader } from '../log/reader.ts';
import { signerOf } from '../log/statement.ts';
import { AboutLog } from './about-log.ts';
import { type About, type Made, type Making, making, type Means, type Standing, timed } from './batch.ts';
import { type Edge, readEdge, removeStale, type Staged } from './edge.ts';
import { dropped, holding } from './files.ts';
import { emptyLog, type Keys } from './keys.ts';
import { Lines } from './lines.ts';
import type { Objects } from './objects.ts';
import type { Coordination, Place } from './place.ts';
import { type Preparation, preparation } from './preparation.ts';
import { type Draft, headOf } from './record.ts';
import { encodeStaging, publish, recover, rolledBack } from './recovery.ts';

/**
 * The one writer of a log. A batch is staged, committed by replacing one note, applied, and published last; whatever
 * is interrupted is finished or dropped by {@link Writer.open}. What it resolves is there after a power cut.
 */
export class Writer {
  readonly #place: Place;
  #standing: Standing;
  #lock: Buffer;
  readonly #lines: Lines;
  readonly #aboutLog: AboutLog;
  #about: readonly About[];
  #disposals: Disposals;
  readonly #ahead: Preparation;
  /** The batch on its way, and the one after it. */
  #current: Promise<Making> | null = null;
  #next: Next | null = null;
  #tidying: Promise<void> = Promise.resolve();

  private constructor(place: Place, state: { standing: Standing; lock: Buffer; lines: Lines; about: readonly About[]; aboutLog: AboutLog }) {
    this.#aboutLog = state.aboutLog;
    this.#place = place;
    this.#about = state.about;
    this.#disposals = disposedBy(state.about);
    this.#standing = state.standing;
    this.#lock = state.lock;
    this.#lines = state.lines;
    this.#ahead = preparation(place.payloads);
  }

  /** Signs the empty log, so that even nothing has a checkpoint. An earlier attempt may have left one, by another key at most: nobody has seen it. */
  static async initialize(objects: Objects, coordination: Coordination, keys: Keys): Promise<void> {
    const [path, note] = emptyLog(await keys.logSigner());
    await coordination.commit(await coordination.committed(), note);
    const there = await objects.read(path);
    if (there?.equals(note) === false) await objects.replace(path, note);
    else await objects.create([[path, note]]);
    await objects.replace('log/checkpoint', note);
  }

  /** Recovers, then reads the right edge. The caller holds the turn. */
  static async open(place: Place): Promise<Writer> {
    const lock = await recover(place);
    const checkpoint = readCheckpoint(lock, place.keys.verifier);
    const reader = new LogReader(place.objects, place.keys.verifier);
    const [edge, lines] = [await readEdge(reader, checkpoint), await Lines.read(place.objects, reader, checkpoint.size)];
    const aboutLog = new AboutLog(place.objects);
    const about = await aboutLog.upTo(reader, checkpoint.size);
    await place.keys.settle(about);
    return new Writer(place, { standing: { edge, checkpoint, added: null }, lock, lines, about, aboutLog });
  }

  /** The committed note that it goes on from. */
  get standsAt(): Buffer {
    return this.#lock;
  }

  /** The records so far that speak of the log itself. */
  get about(): readonly About[] {
    return this.#about;
  }

  /** Resolves once nothing of the last batch is left that has had its time. Throws what went wrong with that. */
  tidied(): Promise<void> {
    return this.#tidying;
  }

  /** Takes in what others have written since: the right edge and the new statements, not the whole log. The caller holds the turn. */
  async refresh(): Promise<void> {
    const { keys, objects } = this.#place;
    await keys.refresh();
    if (await this.isCurrent()) return;
    const lock = await recover(this.#place);
    const [checkpoint, reader] = [readCheckpoint(lock, keys.verifier), new LogReader(objects, keys.verifier)];
    const before = this.#standing.checkpoint.size;
    if (checkpoint.size < before) throw rolledBack(before, checkpoint.size);
    const edge = await readEdge(reader, checkpoint);
    await this.#lines.follow(reader, checkpoint.size);
    this.#about = await this.#aboutLog.upTo(reader, checkpoint.size);
    this.#disposals = disposedBy(this.#about);
    await keys.settle(this.#about);
    this.#standing = { edge, checkpoint, added: null };
    this.#lock = lock;
  }

  /** Whether the log still stands where this writer left it. */
  async isCurrent(): Promise<boolean> {
    return (await this.#place.coordination.committed())?.equals(this.#lock) === true;
  }

  /**
   * Told of what comes next while a batch is on its way: its payloads are sealed, and where no draft can join them any
   * more its statements are signed as well, as they will be if the batch before it is committed. Nothing is written,
   * and what comes to nothing is forgotten.
   */
  prepare(drafts: readonly Draft[], isWhole: boolean): void {
    this.#ahead.prepare(drafts);
    if (isWhole && !areSame(this.#next?.drafts, drafts)) this.#next = { drafts, making: this.#makeAhead(drafts, this.#current) };
  }

  /** All of them under one checkpoint, or none. One that is there already, by its id, is not sealed again: its index is told. */
  async append(drafts: readonly Draft[]): Promise<readonly number[]> {
    const current = this.#makingOf(drafts, this.#next);
    this.#next = null;
    this.#current = current;
    try {
      const { begun, made } = await current;
      const stored = begun.then(({ store }) => store());
      const batch = await beside(stored, () => made);
      if (batch.fresh > 0) await this.#commit(batch, stored);
      return batch.indexes;
    } finally {
      this.#current = null;
    }
  }

  /** What was made of them ahead, if the log stands where it was made for; or else a new one. */
  async #makingOf(drafts: readonly Draft[], next: Next | null): Promise<Making> {
    const ahead = areSame(next?.drafts, drafts) ? ((await next?.making) ?? null) : null;
    if (ahead?.on !== this.#standing) await this.#ahead.stop();
    await this.#tidying;
    return ahead?.on === this.#standing ? ahead : making(timed(drafts, this.#place.clock), this.#standing, this.#means);
  }

  /** `null` where it has to wait for its turn: to make a key is to write one, and what speaks of the log may change what the next batch is made of. */
  async #makeAhead(drafts: readonly Draft[], current: Promise<Making> | null): Promise<Making | null> {
    try {
      const now = await current;
      if (!now) return null;
      const [{ store }, { after, about }] = [await now.begun, await now.made];
      await store(); // what is said again is found by the keys that were kept
      const its = timed(drafts, this.#place.clock);
      const isReady = await this.#ahead.isAtHand(its);
      if (!isReady || about.length > 0 || !drafts.every(({ body }) => this.#place.keys.isAtHand(signerOf(headOf(body))))) return null;
      return making(its, after, this.#means);
    } catch {
      return null; // it is told to whom it befell
    }
  }

  get #means(): Means {
    const { payloads, keys } = this.#place;
    const [lines, disposals] = [this.#lines, this.#disposals];
    const isDisposed = (era: string, digest: string) => disposals.names(era, digest);
    return { payloads, lines, isDisposed, plainsOf: this.#ahead.plainsOf, signer: (who) => keys.statementSigner(who) };
  }

  async #commit({ files, about, added, after }: Made, stored: Promise<void>): Promise<void> {
    const { objects, coordination, keys } = this.#place;
    const note = Buffer.from(signCheckpoint(after.checkpoint, await keys.logSigners(after.checkpoint.size)));
    const name = checkpointName(after.checkpoint);
    // The signature leaves this process only with the lock below: until then it lies in files that have no name, and nobody can hold it.
    const staged: Staged = [...files, [`log/checkpoints/${name}`, note]];
    const pointer = ['log/checkpoint', note] as const;
    // All that must be there before the commit is written at once, and waited for together.
    const [held, ready] = await holding([objects.hold?.(staged, pointer), coordination.ready?.(note)] as const, [
      objects.replace(`${STAGING}/${name}`, encodeStaging(staged)),
      stored,
    ]);
    await coordination.commit(this.#lock, note, ready).catch((error: unknown) => dropped([held, ready], error));
    await (held ? held.place() : publish(objects, staged, note));
    this.#tidying = tidy(objects, name, this.#standing.edge, after.edge);
    this.#tidying.catch(() => undefined); // told to whoever comes next
    this.#lock = note;
    this.#standing = after;
    await this.#lines.take(added, after.edge.size);
    if (about.length === 0) return;
    this.#about = [...this.#about, ...about];
    this.#disposals = disposedBy(this.#about);
  }
}

/** A batch that was told of before its turn. */
interface Next {
  readonly drafts: readonly Draft[];
  readonly making: Promise<Making | null>;
}

const areSame = (one: readonly Draft[] | undefined, other: readonly Draft[]): boolean =>
  one?.length === other.length && one.every((draft, place) => draft === other[place]);

/** What is published is acknowledged before what has had its time is removed: should that be cut short, recovery knows both. */
async function tidy(objects: Objects, name: string, before: Edge, after: Edge): Promise<void> {
  await aTurn();
  await objects.remove(`${STAGING}/${name}`);
  await removeStale(objects, before, after);
}

/** What is written meanwhile is waited for, whatever becomes of the rest: it must not meet the next batch. */
async function beside<Result>(writing: Promise<void>, act: () => Promise<Result>): Promise<Result> {
  writing.catch(() => undefined); // told to whoever waits for it
  try {
    return await act();
  } catch (error) {
    await writing;
    throw error;
  }
}
