import { expectations } from '../configuration/normalize.ts';
import type { File } from '../configuration/schema.ts';
import { ConfigurationError, TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage } from '../engine/coverage.ts';
import { Engine, Restoring } from '../engine/engine.ts';
import { ReplayNeeded, type Run } from '../engine/facts.ts';
import type { Retelling } from '../engine/retelling.ts';
import { Memory } from '../engine/memory.ts';
import { differences } from '../engine/replay.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Kept } from '../evidence/record.ts';
import type { Position, RecordRow, Store } from '../store/store.ts';
import { type DifferencesAside, differencesAside } from './differences-aside.ts';
import type { InForce } from './in-force-sealed.ts';
import { type Progress, readCollectors, readStreams } from './read-again.ts';
import { recalled } from './recalled.ts';
import { readRecord, type Told } from './read-record.ts';
import { type Program, type Stale, staleOf } from './units.ts';

/** Every configuration that was ever sealed, and which record holds it. */
type History = readonly { readonly at: Instant; readonly file: File; readonly record: number; readonly inForce: InForce | null }[];

/** What is known, up to some size of the log. */
export interface Known {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly assessor: Assessor;
  readonly size: number;
  readonly history: History;
}

/** What was made again by the code of today, and what that changed. */
export interface Replayed extends DifferencesAside {
  /** Everything was made again from the log: it cannot be told what that changed. */
  readonly rebuilt: boolean;
  readonly checks: readonly string[];
  readonly collectors: readonly string[];
  readonly datasets: readonly string[];
  /** Records whose answers were read again. */
  readonly records: number;
}

/** So many other processes may bring the cache further, one after another, before this one gives up. */
const PROCESSES = 20;

/** Bytes of payloads that are kept in memory while many records are read: most runs say again what the last one said. */
const REMEMBERED = 64 * 2 ** 20;

/** The engine's state, brought up to the log and kept in the database. The log leads; this follows. */
export class Cache {
  readonly #archive: Archive;
  #store: Store;
  readonly #program: Program;
  readonly #catalog: string;
  #engine: Engine | null = null;
  #position: Position | null = null;
  #history: History[number][] = [];
  #known: Known | null = null;
  #then = recalled<Known>();
  #replayed: Replayed[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  readonly #payloads = new Map<string, Uint8Array>();
  #remembered = 0;
  readonly #room: number | undefined;

  /** @param room bytes of decoded blocks that are kept in memory */
  constructor(archive: Archive, store: Store, program: Program, catalog: string, room?: number) {
    this.#room = room;
    this.#archive = archive;
    this.#store = store;
    this.#program = program;
    this.#catalog = catalog;
  }

  /** Brings everything up to the published log. Calls wait for each other. */
  sync(progress: Progress = () => undefined): Promise<Known> {
    return this.#inTurn(async () => {
      await this.#abreast(() => this.#follow(progress));
      return this.#now();
    });
  }

  /**
   * What was known when a record was the newest. Nobody waits for it but who asks for such: of those one is worked out
   * after the other. Throws `ConfigurationError` where there is no such record, `TickmarkError` `BUSY` where many wait.
   */
  async knownAt(record: number, progress: Progress = () => undefined): Promise<Known> {
    const now = await this.sync(progress);
    if (record >= now.size) throw new ConfigurationError(`there is no record ${record}: the newest is ${now.size - 1}.`);
    if (record === now.size - 1) return now;
    return this.#then.of(record, () => this.#recall(now, record, progress));
  }

  /** Makes again what these checks and collectors gave, by the code of today; what opening had to make again is told too. */
  replay(asked: Pick<Stale, 'checks' | 'collectors'>, progress: Progress): Promise<readonly Replayed[]> {
    return this.#inTurn(async () => {
      await this.#abreast(async () => {
        await this.#follow(progress);
        const everyDataset = new Set(this.#program.datasets.map(({ id }) => id));
        await this.#renew({ ...asked, datasets: asked.collectors.size > 0 ? everyDataset : new Set(), house: false }, progress);
      });
      const replayed = this.#replayed;
      this.#replayed = [];
      return replayed;
    });
  }

  /** Forgets all that is derived and derives it again from the log; into another store, where one is given. */
  rebuild(progress: Progress, replaced?: () => Promise<Store>): Promise<number> {
    return this.#inTurn(async () => {
      this.#payloads.clear();
      this.#remembered = 0;
      this.#forget();
      this.#position = null;
      this.#replayed = [];
      this.#store.forget();
      if (replaced) this.#store = await replaced();
      return this.#rebuild(progress);
    });
  }

  /** Calls wait for each other. */
  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined); // whoever waits next is told of what happens to it, not of this
    return turn;
  }

  /** Again, as often as another process was faster. */
  async #abreast(act: () => Promise<void>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await act();
        return;
      } catch (error) {
        this.#forget(); // it may have learned what was not kept
        if (!(error instanceof TickmarkError && error.code === 'STALE') || attempt >= PROCESSES) throw error;
      }
    }
  }

  #forget(): void {
    this.#engine = null;
    this.#known = null;
    this.#then = recalled();
  }

  #now(): Known {
    const engine = this.#engine ?? new Engine(this.#program.checks, this.#program.datasets, this.#memory());
    const known = this.#known ?? this.#knownOf(engine, this.#position?.size ?? 0, this.#history);
    this.#known = known;
    return known;
  }

  #knownOf(engine: Engine, size: number, history: History): Known {
    const coverage = new Coverage(engine.facts, this.#program.datasets, expectations(history, this.#program.collectors));
    return { engine, coverage, assessor: new Assessor(engine, coverage), size, history: [...history] };
  }

  async #recall({ engine: now, history }: Known, record: number, progress: Progress): Promise<Known> {
    const { engine, forgotten } = now.knownAt(record);
    engine.renew({ streams: await readStreams(engine, forgotten, (index) => this.#read(index), progress) });
    return this.#knownOf(
      engine,
      record + 1,
      history.filter((it) => it.record <= record),
    );
  }

  async #follow(progress: Progress): Promise<void> {
    if (!this.#engine && !(await this.#load(progress))) {
      await this.#rebuild(progress);
      return;
    }
    const { size, root } = await this.#archive.checkpoint();
    const [before, engine] = [this.#position, this.#engine];
    if (!before || !engine || before.size >= size) return;
    const records: RecordRow[] = [];
    let more = false;
    for await (const record of this.#archive.records(before.size)) {
      if (record.index >= size) break;
      const told = await this.#told(record);
      for (const run of told.runs) await this.#learn(engine, run);
      more ||= told.runs.length > 0;
      this.#remember(told);
      records.push(told.row);
      progress(record.index + 1 - before.size, size - before.size);
    }
    const after = { size, root, code: this.#program.code, catalog: this.#catalog };
    await this.#store.save(before, { position: after, records, blocks: engine.changed() });
    if (more) engine.facts.memory.rest();
    this.#position = after;
    // Records of what people did in Tickmark tell nothing of the company: what was laid over what is known stands.
    this.#known = more ? null : this.#known && { ...this.#known, size };
  }

  /** Puts back what the database holds, and makes again what other code has made. `false` where it cannot be gone on from. */
  async #load(progress: Progress): Promise<boolean> {
    // The cache before the log: another process may bring both further meanwhile, and the cache is never ahead of the log.
    const position = await this.#store.position();
    const stale = staleOf(await this.#store.units(), this.#program.units);
    const { size } = await this.#archive.checkpoint();
    if (!position || position.size > size || stale.house) return false;
    const restoring = new Restoring(this.#program.checks, this.#program.datasets, this.#memory());
    await this.#store.load(restoring);
    this.#engine = restoring.engine();
    this.#position = position;
    this.#history = [];
    for (const index of await this.#store.configurations()) this.#remember(await this.#read(index));
    if (stale.checks.size + stale.collectors.size + stale.datasets.size > 0) await this.#renew(stale, progress);
    return true;
  }

  async #renew({ checks, collectors, datasets }: Stale, progress: Progress): Promise<void> {
    const [position, engine] = [this.#position, this.#engine];
    if (!position || !engine) return;
    const before = engine.fork();
    const nothing = { streams: [], rows: [] };
    const { streams, rows } =
      collectors.size === 0
        ? nothing
        : await readCollectors(engine, collectors, { records: this.#runs(position.size), read: (index) => this.#read(index) }, (index) =>
            progress(Math.min(index + 1, position.size), position.size),
          );
    engine.renew({ checks, derived: datasets, streams }, (done, of) => progress(done, of, 'items'));
    const after = { ...position, code: this.#program.code, catalog: this.#catalog };
    await this.#store.save(position, { position: after, units: this.#program.units, records: rows, blocks: engine.changed() });
    this.#position = after;
    this.#known = null;
    this.#then = recalled();
    const all = this.#program.checks.map(({ id }) => id);
    const spoken = (ids: ReadonlySet<string>) => [...ids].sort();
    this.#replayed.push({
      rebuilt: false,
      checks: spoken(checks),
      collectors: spoken(collectors),
      datasets: spoken(datasets),
      records: rows.length,
      ...differencesAside(differences(before, engine, all), (part) => this.#store.aside(part)),
    });
  }

  async #rebuild(progress: Progress): Promise<number> {
    const { checks, datasets, units, code } = this.#program;
    const { size, root } = await this.#archive.checkpoint();
    const engine = new Engine(checks, datasets, this.#memory());
    const records: RecordRow[] = [];
    const made = this.#position === null && (await this.#store.position()) === null;
    this.#forget();
    this.#history = [];
    for await (const record of this.#archive.records(0)) {
      if (record.index >= size) break;
      const told = await this.#told(record);
      for (const run of told.runs)
        await this.#late(
          engine,
          run,
          () => engine.tell(run),
          (streams) => engine.tellAnew(streams),
        );
      this.#remember(told);
      records.push(told.row);
      if (record.index % 50 === 0) progress(record.index, size);
    }
    engine.examineAll();
    const position = { size, root, code, catalog: this.#catalog };
    await this.#store.clear();
    await this.#store.save(null, { position, units, records, blocks: engine.changed() });
    engine.facts.memory.rest();
    this.#engine = engine;
    this.#position = position;
    if (!made) this.#replayed.push({ rebuilt: true, checks: [], collectors: [], datasets: [], records: size, items: 0, count: 0, differences: [] });
    progress(size, size);
    return size;
  }

  #learn(engine: Engine, run: Run): Promise<void> {
    return this.#late(
      engine,
      run,
      () => engine.learn(run),
      (streams) => engine.renew({ streams }),
    );
  }

  /** A run that comes late, when the rows of before are not at hand any more: its stream is read again from the log. */
  async #late(engine: Engine, run: Run, tell: () => unknown, again: (streams: readonly Retelling[]) => unknown): Promise<void> {
    try {
      tell();
    } catch (error) {
      if (!(error instanceof ReplayNeeded)) throw error;
      const { dataset, stream } = error;
      const streams = await readStreams(
        engine,
        [{ dataset, stream, tellings: [...engine.facts.everyLook({ id: dataset }, stream), run] }],
        (index) => this.#read(index),
        () => undefined,
      );
      again(streams);
    }
  }

  /** One for each engine that begins anew; what goes on from it shares it. */
  #memory(): Memory {
    return new Memory(this.#room, (content) => this.#store.aside(content));
  }

  async *#runs(size: number): AsyncIterable<{ readonly collector: string; readonly index: number; read(): Promise<Told> }> {
    for await (const record of this.#archive.records(0)) {
      if (record.index >= size) return;
      if (record.body.kind === 'run') yield { collector: record.body.collector.id, index: record.index, read: () => this.#told(record) };
    }
  }

  async #read(index: number): Promise<Told> {
    return this.#told(await this.#archive.record(index));
  }

  #told(record: Parameters<typeof readRecord>[0]): Promise<Told> {
    return readRecord(record, (payload) => this.#payload(payload), this.#program.collectors);
  }

  #remember({ file, inForce = null, runs }: Told): void {
    const [run] = runs;
    if (file && run) this.#history.push({ at: run.at, file, record: run.record, inForce });
  }

  async #payload(payload: Kept): Promise<Uint8Array> {
    const known = this.#payloads.get(payload.digest);
    if (known) return known;
    const bytes = await this.#archive.bytes(payload);
    if (this.#remembered + bytes.length > REMEMBERED) {
      this.#payloads.clear();
      this.#remembered = 0;
    }
    if (bytes.length > REMEMBERED) return bytes;
    this.#payloads.set(payload.digest, bytes);
    this.#remembered += bytes.length;
    return bytes;
  }
}
