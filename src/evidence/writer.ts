import { IntegrityError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { type Checkpoint, checkpointName, readCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { EMPTY_ROOT, type Hash } from '../log/merkle.ts';
import { decodeBundle, encodeBundle } from '../log/tiles.ts';
import { rootFrom } from '../log/derive.ts';
import { type Disposals, disposedBy, isAboutLog } from '../log/disposal.ts';
import { STAGING } from '../log/paths.ts';
import { randomHex } from '../log/random.ts';
import { LogReader, type Reading } from '../log/reader.ts';
import { type Payload, signerOf, type Statement, type Unsealed } from '../log/statement.ts';
import { aTurn } from '../log/aside.ts';
import { AboutLog } from './about-log.ts';
import { type Edge, edgeRoot, extend, readEdge, removeStale, type Staged } from './edge.ts';
import type { Keys } from './keys.ts';
import { Lines } from './lines.ts';
import { dropped, holding } from './files.ts';
import type { Held, Objects } from './objects.ts';
import type { Payloads } from './payloads.ts';
import { eraOf, type Preparation, preparation, type TimedDraft } from './preparation.ts';
import { type Draft, headOf, lineOf } from './record.ts';
import { type Chain, type Signed, signChains } from './sealing.ts';

/** Whose turn it is to write, and where the newest signed checkpoint is committed: one place, compared before it is replaced. */
export interface Coordination {
  committed(): Promise<Buffer | null>;
  /** Writes what can be written before it is compared: meanwhile other things are. */
  ready?(after: Buffer): Promise<Held>;
  /** Resolves once `after` is durable. Throws `IntegrityError` where it does not stand at `before`. */
  commit(before: Buffer | null, after: Buffer, ready?: Held): Promise<void>;
}

export interface Place {
  readonly objects: Objects;
  readonly coordination: Coordination;
  readonly keys: Keys;
  readonly payloads: Payloads;
  readonly clock: () => Instant;
}

/**
 * The one writer of a log. A batch is staged, committed by replacing one note, applied, and published last; whatever
 * is interrupted is finished or dropped by {@link Writer.open}. What it resolves is there after a power cut.
 */
export class Writer {
  readonly #place: Place;
  #edge: Edge;
  #checkpoint: Checkpoint;
  #lock: Buffer;
  readonly #lines: Lines;
  readonly #aboutLog: AboutLog;
  #about: readonly About[];
  #disposals: Disposals;
  readonly #ahead: Preparation;
  #tidying: Promise<void> = Promise.resolve();

  private constructor(place: Place, state: { edge: Edge; checkpoint: Checkpoint; lock: Buffer; lines: Lines; about: readonly About[]; aboutLog: AboutLog }) {
    this.#aboutLog = state.aboutLog;
    this.#place = place;
    this.#about = state.about;
    this.#disposals = disposedBy(state.about);
    this.#edge = state.edge;
    this.#checkpoint = state.checkpoint;
    this.#lock = state.lock;
    this.#lines = state.lines;
    this.#ahead = preparation(place.payloads);
  }

  /** Signs the empty log, so that even nothing has a checkpoint. An earlier attempt may have left one: nobody has seen it. */
  static async initialize(objects: Objects, coordination: Coordination, keys: Keys): Promise<void> {
    const checkpoint = { origin: keys.description.origin, size: 0, root: EMPTY_ROOT };
    const [path, note] = [`log/checkpoints/${checkpointName(checkpoint)}`, Buffer.from(signCheckpoint(checkpoint, await keys.logSigner()))];
    await coordination.commit(await coordination.committed(), note);
    if (await objects.read(path)) await objects.replace(path, note);
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
    return new Writer(place, { edge, checkpoint, lock, lines, about, aboutLog });
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
    if (checkpoint.size < this.#checkpoint.size) throw rolledBack(this.#checkpoint.size, checkpoint.size);
    this.#edge = await readEdge(reader, checkpoint);
    await this.#lines.follow(reader, checkpoint.size);
    this.#about = await this.#aboutLog.upTo(reader, checkpoint.size);
    this.#disposals = disposedBy(this.#about);
    await keys.settle(this.#about);
    this.#checkpoint = checkpoint;
    this.#lock = lock;
  }

  /** Whether the log still stands where this writer left it. */
  async isCurrent(): Promise<boolean> {
    return (await this.#place.coordination.committed())?.equals(this.#lock) === true;
  }

  /** Makes and seals ahead what the next batch will hold, while this one waits for the disk. Nothing is written, and what comes to nothing is forgotten. */
  prepare(drafts: readonly Draft[]): void {
    this.#ahead.prepare(drafts);
  }

  /** All of them under one checkpoint, or none. One that is there already, by its id, is not sealed again: its index is told. */
  async append(drafts: readonly Draft[]): Promise<readonly number[]> {
    await this.#ahead.stop();
    await this.#tidying;
    const named = drafts.map((draft) => ({ draft, id: draft.id ?? randomHex(16) }));
    const indexes = new Map(named.map(({ draft, id }) => [id, this.#lines.indexOf(lineOf(draft.body), id)]));
    const fresh = [...new Map(named.filter(({ id }) => indexes.get(id) === null).map((it) => [it.id, it])).values()];
    const first = this.#edge.size;
    if (fresh.length > 0) await this.#seal(fresh);
    fresh.forEach(({ id }, place) => void indexes.set(id, first + place));
    return named.map(({ id }) => indexes.get(id) as number);
  }

  async #seal(drafts: readonly { readonly draft: Draft; readonly id: string }[]): Promise<void> {
    const { payloads, clock } = this.#place;
    const timed = drafts.map(({ draft, id }) => ({ draft, id, sealedAt: clock() }));
    const isDisposed = (era: string, digest: string) => this.#disposals.of(era, digest, Number.POSITIVE_INFINITY) !== null;
    const { payloads: named, stored } = await payloads.begin(this.#ahead.plainsOf(timed), isDisposed);
    const { sealed, added, about } = await beside(stored, () => this.#statements(timed, named.values()));
    await this.#commit(sealed, stored);
    await this.#lines.take(added, this.#edge.size);
    if (about.length === 0) return;
    this.#about = [...this.#about, ...about];
    this.#disposals = disposedBy(this.#about);
  }

  /** Signed, each in its line. */
  async #statements(timed: readonly Timed[], kept: Iterator<Payload>): Promise<Batch> {
    const lines = new Map<string, Statement[]>();
    const afterCheckpoint = { size: this.#checkpoint.size, root: this.#checkpoint.root.toString('base64') };
    const all = timed.map(({ draft, id, sealedAt }): Statement => {
      const { body, demo, subjects } = draft;
      const line = lineOf(body);
      const its = lines.get(line) ?? [];
      lines.set(line, its);
      const { seq: before, digest: prev } = this.#lines.last(line);
      const payloads = Array.from({ length: 1 + subjects.length }, () => kept.next().value as Payload);
      const seq = before + its.length + 1;
      const statement = { id, line, seq, prev, head: headOf(body), demo, sealedAt, era: eraOf(draft, sealedAt), payloads, afterCheckpoint };
      its.push(statement);
      return statement;
    });
    const chains: Chain[] = [];
    for (const statements of lines.values()) {
      const [first] = statements as [Statement];
      chains.push({ statements, signer: await this.#place.keys.statementSigner(signerOf(first.head)) });
    }
    const signed = new Map<Statement, Signed>();
    for (const [place, its] of (await signChains(chains)).entries()) its.forEach((one, at) => void signed.set(chains[place]?.statements[at] as Statement, one));
    const [added, about] = [this.#lines.draft(), [] as About[]];
    const sealed = all.map((statement, place): Signed => {
      const { line, seq, id, head, era, sealedAt } = statement;
      const [one, index] = [signed.get(statement) as Signed, this.#edge.size + place];
      added.add(line, { seq, digest: one.digest, id, index, about: isAboutLog(head) });
      if (isAboutLog(head)) about.push({ index, head, era, sealedAt });
      return one;
    });
    return { sealed, added, about };
  }

  async #commit(sealed: readonly Signed[], stored: Promise<void>): Promise<void> {
    const { objects, coordination, keys } = this.#place;
    const { edge, written } = extend(this.#edge, sealed);
    const checkpoint = { origin: keys.description.origin, size: edge.size, root: edgeRoot(edge) };
    const note = Buffer.from(signCheckpoint(checkpoint, await keys.logSigners(checkpoint.size)));
    const name = checkpointName(checkpoint);
    // The signature leaves this process only with the lock below: until then it lies in files that have no name, and nobody can hold it.
    const staged: Staged = [...written, [`log/checkpoints/${name}`, note]];
    const pointer = ['log/checkpoint', note] as const;
    // All that must be there before the commit is written at once, and waited for together.
    const [held, ready] = await holding([objects.hold?.(staged, pointer), coordination.ready?.(note)] as const, [
      objects.replace(`${STAGING}/${name}`, encodeStaging(staged)),
      stored,
    ]);
    await coordination.commit(this.#lock, note, ready).catch((error: unknown) => dropped([held, ready], error));
    await (held ? held.place() : publish(objects, staged, note));
    this.#tidying = tidy(objects, name, this.#edge, edge);
    this.#tidying.catch(() => undefined); // told to whoever comes next
    this.#lock = note;
    this.#edge = edge;
    this.#checkpoint = checkpoint;
  }
}

type Timed = TimedDraft & { readonly id: string };
interface Batch {
  readonly sealed: readonly Signed[];
  readonly added: ReturnType<Lines['draft']>;
  readonly about: readonly About[];
}

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

type About = Pick<Unsealed, 'index' | 'head' | 'era' | 'sealedAt'>;

async function publish(files: Objects, staged: Staged, note: Buffer): Promise<void> {
  await files.create(staged);
  await files.replace('log/checkpoint', note);
}

/** The table of what an interruption may have left behind, and what to do. */
async function recover({ objects: files, coordination, keys }: Place): Promise<Buffer> {
  const [lock, published] = [await coordination.committed(), await files.read('log/checkpoint')];
  if (!lock) throw new IntegrityError('LOCK', 'there is no committed checkpoint: the state folder or the database was moved or restored in part');
  const committed = readCheckpoint(lock, keys.verifier);
  const shown = published ? readCheckpoint(published, keys.verifier) : { ...committed, size: 0, root: EMPTY_ROOT };
  if (shown.size > committed.size) throw rolledBack(shown.size, committed.size);
  if (shown.size === committed.size && !shown.root.equals(committed.root)) throw new IntegrityError('FORK', `two roots are signed for size ${shown.size}`);
  const name = checkpointName(committed);
  if (shown.size < committed.size || !published) {
    const staging = await files.read(`${STAGING}/${name}`);
    const staged = staging ? decodeStaging(staging) : [];
    if (shown.size > 0 && !(await rootAt(shown.size, committed, overlaid(files, staged), keys)).equals(shown.root))
      throw new IntegrityError('FORK', `the log is published up to ${shown.size}, and what was committed up to ${committed.size} does not continue it`);
    if (staging) await publish(files, staged, lock);
    else {
      const reader = new LogReader(files, keys.verifier);
      if (!edgeRoot(await readEdge(reader, committed)).equals(committed.root))
        throw new IntegrityError('TORN', `the batch up to ${committed.size} was committed, but its tiles are not there`);
      await files.create([[`log/checkpoints/${name}`, lock]]);
      await files.replace('log/checkpoint', lock);
    }
  }
  // A larger batch may be that of a process which has lost its turn and does not know yet: it goes when the log is past it.
  for (const left of await files.list(STAGING)) if (Number(left.slice(0, 20)) <= committed.size) await files.remove(`${STAGING}/${left}`);
  return lock;
}

const rolledBack = (published: number, committed: number): IntegrityError =>
  new IntegrityError(
    'ROLLBACK',
    `the log is published up to ${published}, but its lock stands at ${committed}: an older state folder, or an older database, was put back`,
  );

/** The root that the log had at a smaller size, by the tiles of the larger one. */
function rootAt(size: number, { size: whole }: Checkpoint, files: Reading, keys: Keys): Promise<Hash> {
  const reader = new LogReader(files, keys.verifier);
  return rootFrom(size, (level, index) => reader.tile(level, index, whole));
}

/** The files as they will be once these are written. */
function overlaid(files: Objects, staged: Staged): Reading {
  const over = new Map(staged);
  return {
    read: async (path) => over.get(path) ?? files.read(path),
    readPart: (path, offset, length) => files.readPart(path, offset, length),
    list: (path) => files.list(path),
  };
}

const encodeStaging = (staged: Staged): Buffer =>
  encodeBundle(
    staged.flatMap(([path, bytes]) => [Buffer.from(path), bytes]),
    4,
  );

function decodeStaging(bytes: Buffer): Staged {
  let count = 0;
  for (let place = 0; place + 4 <= bytes.length; place += 4 + bytes.readUInt32BE(place)) count++;
  const items = decodeBundle(bytes, 4, count, STAGING);
  return items.flatMap((item, place) => (place % 2 === 0 ? [[item.toString('utf8'), items[place + 1] ?? Buffer.alloc(0)] as const] : []));
}
