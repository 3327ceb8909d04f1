import { checks } from '../checks/index.ts';
import type { Collector } from '../collectors/collector.ts';
import { expectations } from '../configuration/normalize.ts';
import type { File } from '../configuration/schema.ts';
import { TickmarkError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import { datasets } from '../datasets/index.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage } from '../engine/coverage.ts';
import { Engine, type Learned } from '../engine/engine.ts';
import { ReplayNeeded, type Run } from '../engine/facts.ts';
import type { Archive } from '../evidence/archive.ts';
import type { Kept } from '../evidence/record.ts';
import type { Changes, Position, RecordRow, Store } from '../store/store.ts';
import { readRecord, type Told } from './read-record.ts';
import { CODE } from './version.ts';

type Progress = (done: number, of: number) => void;
/** Every configuration that was ever sealed, and which record holds it. */
type History = readonly { readonly at: Instant; readonly file: File; readonly record: number }[];

/** So many other processes may bring the cache further, one after another, before this one gives up. */
const PROCESSES = 20;

/** How many payloads are kept in memory while many records are read: most runs say again what the last one said. */
const REMEMBERED = 20_000;

/** The engine's state, brought up to the log and kept in the database. The log leads; this follows. */
export class Cache {
  readonly #archive: Archive;
  #store: Store;
  readonly #collectors: readonly Collector[];
  readonly #catalog: string;
  #engine: Engine | null = null;
  #position: Position | null = null;
  #history: History[number][] = [];
  #turn: Promise<unknown> = Promise.resolve();
  readonly #payloads = new Map<string, Uint8Array>();

  constructor(archive: Archive, store: Store, collectors: readonly Collector[], catalog: string) {
    this.#archive = archive;
    this.#store = store;
    this.#collectors = collectors;
    this.#catalog = catalog;
  }

  /** Brings everything up to the published log. Calls wait for each other. */
  sync(
    progress: Progress = () => undefined,
  ): Promise<{ readonly engine: Engine; readonly coverage: Coverage; readonly assessor: Assessor; readonly size: number; readonly history: History }> {
    const turn = this.#turn.then(async () => {
      let again = false;
      for (let attempt = 0; ; attempt++) {
        try {
          await (again ? this.#rebuild(progress) : this.#follow(progress));
          break;
        } catch (error) {
          const stale = error instanceof TickmarkError && error.code === 'STALE';
          if (again ? !stale : !stale && !(error instanceof ReplayNeeded)) throw error;
          if (attempt >= PROCESSES) throw error;
          again = !stale;
          this.#engine = null;
        }
      }
      const engine = this.#engine ?? new Engine(checks, datasets);
      const coverage = new Coverage(engine.facts, datasets, expectations(this.#history, this.#collectors));
      return { engine, coverage, assessor: new Assessor(engine, coverage), size: this.#position?.size ?? 0, history: this.#history };
    });
    this.#turn = turn.catch(() => undefined); // whoever waits next is told of what happens to it, not of this
    return turn;
  }

  /** Forgets all that is derived and derives it again from the log; into another store, where one is given. */
  rebuild(progress: Progress, replaced?: () => Promise<Store>): Promise<number> {
    const turn = this.#turn.then(async () => {
      this.#payloads.clear();
      this.#engine = null;
      this.#position = null;
      if (replaced) this.#store = await replaced();
      return this.#rebuild(progress);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #follow(progress: Progress): Promise<void> {
    // The cache before the log: another process may bring both further meanwhile, and the cache is never ahead of the log.
    const position = this.#engine ? null : await this.#store.position();
    const { size, root } = await this.#archive.checkpoint();
    if (!this.#engine) {
      if (!position || position.code !== CODE || position.size > size) {
        await this.#rebuild(progress);
        return;
      }
      this.#engine = Engine.restore(checks, await this.#store.load(), datasets);
      this.#position = position;
      this.#history = [];
      for (const index of await this.#store.configurations()) this.#remember(await this.#read(index));
    }
    const before = this.#position;
    if (!before || before.size >= size) return;
    const engine = this.#engine;
    const learned: Learned[] = [];
    const records: RecordRow[] = [];
    for await (const record of this.#archive.records(before.size)) {
      if (record.index >= size) break;
      const told = await readRecord(record, (payload) => this.#payload(payload), this.#collectors);
      for (const run of told.runs) learned.push(engine.learn(run));
      this.#remember(told);
      records.push(told.row);
      progress(record.index + 1 - before.size, size - before.size);
    }
    const after = { size, root, code: CODE, catalog: this.#catalog };
    try {
      await this.#store.save(before, { position: after, records, ...changesOf(engine, learned) });
    } catch (error) {
      this.#engine = null; // it has learned what was not kept
      throw error;
    }
    this.#position = after;
  }

  async #rebuild(progress: Progress): Promise<number> {
    const { size, root } = await this.#archive.checkpoint();
    const runs: Run[] = [];
    const records: RecordRow[] = [];
    this.#history = [];
    for await (const record of this.#archive.records(0)) {
      if (record.index >= size) break;
      const told = await readRecord(record, (payload) => this.#payload(payload), this.#collectors);
      runs.push(...told.runs);
      this.#remember(told);
      records.push(told.row);
      if (record.index % 50 === 0) progress(record.index, size);
    }
    const engine = Engine.from(checks, runs, datasets);
    const position = { size, root, code: CODE, catalog: this.#catalog };
    await this.#store.clear();
    await this.#store.save(null, { position, records, ...engine.state(), ...NOTHING_BEFORE });
    this.#engine = engine;
    this.#position = position;
    progress(size, size);
    return size;
  }

  async #read(index: number): Promise<Told> {
    return readRecord(await this.#archive.record(index), (payload) => this.#payload(payload), this.#collectors);
  }

  #remember({ file, runs }: Told): void {
    const [run] = runs;
    if (file && run) this.#history.push({ at: run.at, file, record: run.record });
  }

  async #payload(payload: Kept): Promise<Uint8Array> {
    const known = this.#payloads.get(payload.digest);
    if (known) return known;
    const bytes = await this.#archive.payload(payload);
    if (this.#payloads.size >= REMEMBERED) this.#payloads.clear();
    this.#payloads.set(payload.digest, bytes);
    return bytes;
  }
}

const NOTHING_BEFORE = { changedFacts: [], changedSteps: [] } as const;

/** What has to be kept of what was learned: every item it changed, whole. */
export function changesOf(engine: Engine, learned: readonly Learned[]): Omit<Changes, 'position' | 'records'> {
  const pairs = (of: (it: Learned) => ReadonlyMap<string, ReadonlySet<string>>) => {
    const all = new Map<string, Set<string>>();
    for (const it of learned) for (const [name, items] of of(it)) all.set(name, (all.get(name) ?? new Set()).union(items));
    return [...all].flatMap(([name, items]) => [...items].map((item) => ({ name, item })));
  };
  const [facts, steps] = [pairs((it) => it.facts), pairs((it) => it.steps)];
  return {
    looks: learned.flatMap(({ looks }) => looks),
    changedFacts: facts.map(({ name, item }) => ({ dataset: name, item })),
    facts: facts.flatMap(({ name, item }) => engine.factsOf(name, item)),
    changedSteps: steps.map(({ name, item }) => ({ check: name, item })),
    steps: steps.flatMap(({ name, item }) => engine.stepsOf(name, item)),
  };
}
