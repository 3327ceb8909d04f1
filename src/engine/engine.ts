import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Dataset, Joins, Selection } from '../datasets/dataset.ts';
import { base, inOrder, joinFields } from './derive.ts';
import { Drawn } from './drawn.ts';
import { type Change, type Fact, Facts, type Look, meets, type Run, streamId } from './facts.ts';
import type { Block, Forgotten, KeptBlock, Renewal, State } from './knowledge.ts';
import { Memory } from './memory.ts';
import { type PackedFacts, type PackedLooks, type PackedSteps, unpackLooks } from './packed.ts';
import type { PackedFields } from './fields.ts';
import type { Retelling } from './retelling.ts';
import { deriver, type Examine, examiner, factsBefore, mergeFacts } from './steps.ts';
import { Verdicts } from './verdicts.ts';

export type { Block, Forgotten, KeptBlock, Renewal, State } from './knowledge.ts';

/** So many changes are followed at a time: each holds the rows that it is about. */
const MANY = 100_000;

/** Keeps every check's verdict on every item, and examines again only what a run may have changed. */
export class Engine {
  readonly facts: Facts;
  readonly #checks: readonly Check[];
  readonly #datasets: readonly Dataset[];
  readonly #derived: readonly Dataset[];
  readonly #verdicts: ReadonlyMap<string, Verdicts>;
  readonly #examiners = new Map<string, Examiner>();
  readonly #drawn = new Drawn();

  readonly memory: Memory;

  /** `also`: datasets that no check reads and that are wanted all the same. */
  constructor(
    checks: readonly Check[],
    also: readonly Dataset[] = [],
    memory: Memory = new Memory(),
    from?: { readonly facts: Facts; readonly verdicts: ReadonlyMap<string, Verdicts> },
  ) {
    const read = checks.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset));
    this.#checks = checks;
    this.#datasets = inOrder([...read, ...also]);
    this.#derived = this.#datasets.filter(({ derived }) => derived);
    for (const { id, derived } of this.#derived) if (derived?.population.dataset.happened) throw new RangeError(`${id}: derived from events`);
    const facts = from?.facts ?? new Facts(this.#datasets, memory, joinFields(checks, this.#datasets));
    this.facts = facts;
    this.memory = memory;
    this.#verdicts =
      from?.verdicts ??
      new Map(checks.map(({ id, population: { dataset } }) => [id, new Verdicts(base(dataset).id, facts.places(dataset), facts.lists, memory)]));
  }

  /** Takes in many runs at once: everything is told first, and examined once. */
  static from(checks: readonly Check[], runs: Iterable<Run>, also: readonly Dataset[] = [], memory?: Memory): Engine {
    const engine = new Engine(checks, also, memory);
    for (const run of runs) engine.tell(run);
    engine.examineAll();
    return engine;
  }

  /** Puts back what {@link kept} gave. */
  static restore(checks: readonly Check[], blocks: Iterable<Block>, also: readonly Dataset[] = [], memory?: Memory): Engine {
    const restoring = new Restoring(checks, also, memory);
    for (const { content, ...block } of blocks) restoring.block({ ...block, read: () => content });
    return restoring.engine();
  }

  /** Takes in a run and examines nothing. For many of them, with {@link examineAll} after the last. */
  tell(run: Run): void {
    if (this.facts.reads(run.dataset)) this.facts.add(run);
  }

  /** The same of streams that were told anew. */
  tellAnew(streams: Iterable<Retelling>): void {
    for (const retelling of streams) for (const _ of this.facts.replace(retelling));
  }

  /** Derives and examines everything from the beginning. */
  examineAll(): void {
    for (const dataset of this.#derived) {
      const derive = deriver(dataset, this.facts);
      for (const [place] of this.facts.table(population(dataset).dataset).entries()) this.#derive(dataset, derive, place, -Infinity);
    }
    // Item by item, so that its row is at hand for all checks that ask about it.
    for (const [dataset, checks] of Map.groupBy(this.#checks, (check) => check.population.dataset)) {
      const examiners = checks.map((check) => this.#examiner(check));
      for (const [place, facts] of this.facts.table(dataset).entries()) for (const its of examiners) this.#examine(its, place, facts, -Infinity);
    }
  }

  /** Takes in one more run, and examines what it touches: says how many items of checks that were. A dataset that nothing reads is passed over. */
  learn(run: Run): number {
    return this.facts.reads(run.dataset) ? this.#follow(this.facts.add(run)) : 0;
  }

  /**
   * Makes anew what is asked, and examines whatever that touches. Streams are told as they would be from the beginning.
   * @param progress items of checks that are examined again, of those that are known to be touched so far
   */
  renew({ streams = [], derived = new Set(), checks = new Set() }: Renewal, progress: Progress = () => undefined): number {
    const { facts } = this;
    const its = function* () {
      for (const retelling of streams) if (facts.reads(retelling.dataset.id)) yield* facts.replace(retelling);
    };
    return this.#followAll(its(), derived, checks, progress);
  }

  /** What was known up to a record, and the streams that have to be told again for it: {@link renew} does that. This engine stays as it is. */
  knownAt(record: number): { readonly engine: Engine; readonly forgotten: readonly Forgotten[] } {
    const engine = this.fork();
    const forgotten: Forgotten[] = [];
    const recalled = function* () {
      for (const { dataset, stream } of [...engine.streams()]) {
        const known = engine.facts.recall(dataset, stream, record);
        if (known) yield* known;
        else forgotten.push({ dataset, stream, tellings: upTo(engine.facts.everyLook({ id: dataset }, stream), record) });
      }
    };
    engine.#followAll(recalled());
    return { engine, forgotten };
  }

  /** The same knowledge, to go on from apart from this. */
  fork(): Engine {
    const verdicts = new Map([...this.#verdicts].map(([check, its]) => [check, its.fork()]));
    return new Engine(this.#checks, this.#datasets, this.memory, { facts: this.facts.fork(), verdicts });
  }

  /** Part by part: what one part touches is examined again where a later one touches it too. */
  #followAll(
    told: Iterable<Change>,
    derived: ReadonlySet<string> = new Set(),
    checks: ReadonlySet<string> = new Set(),
    progress: Progress = () => undefined,
  ): number {
    let [changes, examined] = [[] as Change[], 0];
    for (const change of told) {
      changes.push(change);
      if (changes.length < MANY) continue;
      const before = examined;
      examined += this.#follow(changes, undefined, undefined, (done, of) => progress(before + done, before + of));
      changes = [];
    }
    const before = examined;
    return examined + this.#follow(changes, derived, checks, (done, of) => progress(before + done, before + of));
  }

  /** Derives and examines what changes touch; of some derived datasets and checks, everything. Item by item as they lie, so that each block is asked for once. */
  #follow(
    told: readonly Change[],
    derived: ReadonlySet<string> = new Set(),
    checks: ReadonlySet<string> = new Set(),
    progress: Progress = () => undefined,
  ): number {
    let [examined, touched] = [0, 0];
    const changes = [...told];
    const held = (dataset: Dataset) => Array.from(this.facts.table(dataset).entries(), ([place]) => place);
    for (const dataset of this.#derived) {
      const from = population(dataset);
      const items = derived.has(dataset.id) ? whole([...held(from.dataset), ...held(dataset)]) : this.#touched(from, dataset.derived?.with ?? {}, changes);
      if (items.size === 0) continue;
      const derive = deriver(dataset, this.facts);
      for (const [place, since] of inPlace(items)) for (const change of this.#derive(dataset, derive, place, since)) changes.push(change);
    }
    for (const check of this.#checks) {
      const items = checks.has(check.id)
        ? whole([...held(check.population.dataset), ...this.verdicts(check).held()])
        : this.#touched(check.population, check.with, changes);
      if (items.size === 0) continue;
      const table = this.facts.table(check.population.dataset);
      const examiner = this.#examiner(check);
      touched += items.size;
      for (const [place, since] of inPlace(items)) {
        this.#examine(examiner, place, table.at(place), since);
        if (++examined % SOME === 0) progress(examined, touched);
      }
      progress(examined, touched);
    }
    return examined;
  }

  /** Those that are read, each after those that it is derived from. */
  datasets(): readonly Dataset[] {
    return this.#datasets;
  }

  verdicts({ id }: Pick<Check, 'id'>): Verdicts {
    return this.#verdicts.get(id) ?? new Verdicts('', this.facts.placesOf(''), this.facts.lists, this.memory);
  }

  state(): State {
    const facts = this.#datasets.flatMap((dataset) =>
      Array.from(this.facts.table(dataset).entries()).flatMap(([, its]) => its.map((fact) => ({ ...fact, dataset: dataset.id }))),
    );
    const steps = this.#checks.flatMap((check) =>
      Array.from(this.verdicts(check)).flatMap(([item, its]) => its.map((step) => ({ ...step, check: check.id, item }))),
    );
    return { looks: [...this.looks()], facts, steps };
  }

  *looks(): Iterable<Look> {
    for (const { dataset, stream } of this.streams()) yield* this.facts.everyLook({ id: dataset }, stream);
  }

  /** Every dataset as every source tells of it. */
  *streams(): Iterable<Pick<Forgotten, 'dataset' | 'stream'>> {
    for (const dataset of this.#datasets) for (const stream of this.facts.streams(dataset)) yield { dataset: dataset.id, stream };
  }

  /** Everything that is to be kept, piece by piece. */
  *kept(): Iterable<Block> {
    for (const looks of this.facts.lookBlocks('all')) yield { kind: 'looks', ...looks };
    for (const block of this.#blocks((its) => its.blocks())) if (block.content !== null) yield block;
  }

  /** What is to be kept anew, since it was asked last. */
  *changed(): Iterable<Block> {
    const changed = (its: { readonly changed: Set<number> }) => {
      const blocks = [...its.changed].sort((a, b) => a - b);
      its.changed.clear();
      return blocks;
    };
    for (const looks of this.facts.lookBlocks('changed')) yield { kind: 'looks', ...looks };
    yield* this.#blocks(changed);
  }

  *#blocks(of: (its: { readonly changed: Set<number>; blocks(): readonly number[] }) => readonly number[]): Iterable<Block> {
    for (const { id: name, derived } of this.#datasets) {
      const places = this.facts.placesOf(name);
      if (derived) continue;
      for (const block of of(places)) yield { kind: 'items', name, block, content: places.block(block), kept: (read) => places.kept(block, read as never) };
    }
    for (const dataset of this.#datasets) {
      const [name, table] = [dataset.id, this.facts.table(dataset)];
      for (const block of of(table)) {
        yield { kind: 'facts', name, block, content: table.pack(block), kept: (read) => table.kept(block, read as never) };
        if (table.fields.length > 0)
          yield { kind: 'fields', name, block, content: table.packFields(block), kept: (read) => table.keptFields(block, read as never) };
      }
    }
    for (const { id: name } of this.#checks) {
      const verdicts = this.verdicts({ id: name });
      for (const block of of(verdicts))
        yield { kind: 'steps', name, block, content: verdicts.pack(block), kept: (read) => verdicts.kept(block, read as never) };
    }
  }

  /** The items that changes touch, each with the instant from which on. */
  #touched(items: Selection, joins: Joins, changes: readonly Change[]): Map<number, Instant> {
    const touched = new Map<number, Instant>();
    const touch = (place: number, since: Instant) => touched.set(place, Math.min(since, touched.get(place) ?? since));
    const read = Object.values(joins);
    let all = NEVER; // from when on every item is touched
    for (const { dataset, place, since, rows } of changes) {
      if (items.dataset === dataset) touch(place, since);
      for (const { rows: selection, key } of read) {
        if (selection.dataset !== dataset) continue;
        const admitted = rows.filter((row) => selection.admits(row));
        if (key)
          for (const row of admitted)
            for (const value of meets(row[key.theirs])) for (const other of this.facts.placesHaving(items, key.ours, value)) touch(other, since);
        else if (admitted.length > 0) all = Math.min(all, since);
      }
    }
    if (all !== NEVER) for (const [other] of this.facts.table(items.dataset).entries()) touch(other, all);
    return touched;
  }

  #derive(dataset: Dataset, derive: ReturnType<typeof deriver>, place: number, since: Instant): Change[] {
    const from = population(dataset);
    const facts = [...factsBefore(this.facts.table(dataset).at(place), since)];
    for (const fact of this.facts.table(from.dataset).at(place)) if (fact.to > since && from.admits(fact.row)) facts.push(...derive(fact, since));
    return this.facts.derive(dataset, place, mergeFacts(facts));
  }

  #examiner(check: Check): Examiner {
    const known = this.#examiners.get(check.id);
    if (known) return known;
    const verdicts = this.verdicts(check);
    const made = { selection: check.population, verdicts, examine: examiner(check, this.facts, verdicts.says) };
    this.#examiners.set(check.id, made);
    return made;
  }

  #examine({ selection, verdicts, examine }: Examiner, place: number, facts: readonly Fact[], since: Instant): void {
    verdicts.begin(place, since, this.#drawn);
    for (const fact of facts) if (fact.to > since && selection.admits(fact.row)) examine(fact, since, this.#drawn);
    verdicts.set(place, this.#drawn);
  }
}

/** So many done, of so many. */
type Progress = (done: number, of: number) => void;
/** Progress is told after so many items: often enough for whoever waits, and not for each. */
const SOME = 1000;

const whole = (places: Iterable<number>): Map<number, Instant> => new Map(Array.from(places, (place) => [place, -Infinity]));
const inPlace = (items: ReadonlyMap<number, Instant>): readonly (readonly [number, Instant])[] => [...items].sort(([a], [b]) => a - b);

/** A check at work. */
interface Examiner {
  readonly selection: Selection;
  readonly verdicts: Verdicts;
  readonly examine: Examine;
}

/** Puts an engine back piece by piece, whatever order the pieces come in. What nothing reads any more is passed over. */
export class Restoring {
  readonly #engine: Engine;
  readonly #datasets: ReadonlyMap<string, Dataset>;
  readonly #checks: ReadonlyMap<string, Check>;
  readonly #streams = new Map<string, { readonly dataset: string; readonly stream: string; readonly looks: Look[] }>();

  constructor(checks: readonly Check[], also: readonly Dataset[], memory?: Memory) {
    this.#engine = new Engine(checks, also, memory);
    this.#datasets = new Map(this.#engine.datasets().map((dataset) => [dataset.id, dataset]));
    this.#checks = new Map(checks.map((check) => [check.id, check]));
  }

  block({ kind, name, block, read }: KeptBlock): void {
    const { facts } = this.#engine;
    const [dataset, check] = [this.#datasets.get(name), this.#checks.get(name)];
    if (kind === 'looks') this.#looks(unpackLooks(read() as PackedLooks));
    if (kind === 'items' && dataset) facts.placesOf(name).wait(block, () => read() as readonly string[]);
    if (kind === 'facts' && dataset) facts.table(dataset).wait(block, () => read() as PackedFacts);
    if (kind === 'fields' && dataset) facts.table(dataset).waitFields(block, () => read() as PackedFields);
    if (kind === 'steps' && check) this.#engine.verdicts(check).wait(block, () => read() as PackedSteps);
  }

  engine(): Engine {
    for (const { dataset, stream, looks } of this.#streams.values()) this.#engine.facts.restore(dataset, stream, looks);
    return this.#engine;
  }

  #looks(looks: readonly Look[]): void {
    const [first] = looks;
    if (!first) return;
    const stream = streamId(first.source, first.partition);
    const name = `${first.dataset} ${stream}`;
    const its = this.#streams.get(name) ?? { dataset: first.dataset, stream, looks: [] };
    this.#streams.set(name, its);
    its.looks.push(...looks);
  }
}

const upTo = (looks: Iterable<Look>, record: number): Forgotten['tellings'] =>
  Array.from(looks, ({ at, record: its }) => ({ at, record: its }))
    .filter((its) => its.record <= record)
    .sort((a, b) => a.at - b.at || a.record - b.record);

function population({ id, derived }: Dataset): Selection {
  if (!derived) throw new RangeError(`${id} is not derived`);
  return derived.population;
}
