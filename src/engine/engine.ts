import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { clip } from '../core/interval.ts';
import type { Dataset, Joins, Selection } from '../datasets/dataset.ts';
import { inOrder } from './derive.ts';
import { type Change, type Fact, Facts, type Look, meets, type Retelling, type Run, streamId } from './facts.ts';
import { deriveFrom, examine, mergeFacts, mergeSteps, type Step } from './steps.ts';

/** All that has to be kept so that nothing is examined again: what was told, what follows, what was said of it. */
export interface State {
  readonly looks: readonly Look[];
  readonly facts: readonly (Fact & { readonly dataset: string })[];
  readonly steps: readonly (Step & { readonly check: string; readonly item: string })[];
}

/** What learning changed: items whose facts or verdicts have to be kept anew. */
export interface Learned {
  readonly looks: readonly Look[];
  /** Dataset and item. */
  readonly facts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Check and item. */
  readonly steps: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What is to be made anew: streams by other rows, all that a derived dataset holds, all that a check says. */
export interface Renewal {
  readonly streams?: readonly Retelling[];
  /** Ids. */
  readonly derived?: ReadonlySet<string>;
  readonly checks?: ReadonlySet<string>;
}

/** A stream of which present knowledge does not tell what was known before, and the records that told it then. */
export interface Forgotten {
  readonly dataset: string;
  readonly stream: string;
  readonly records: readonly number[];
}

/** Keeps every check's verdict on every item, and examines again only what a run may have changed. */
export class Engine {
  readonly facts: Facts;
  readonly #checks: readonly Check[];
  readonly #datasets: readonly Dataset[];
  readonly #derived: readonly Dataset[];
  readonly #verdicts: ReadonlyMap<string, Map<string, readonly Step[]>>;

  /** `also`: datasets that no check reads and that are wanted all the same. */
  constructor(checks: readonly Check[], also: readonly Dataset[] = [], facts?: Facts) {
    const read = checks.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset));
    this.#checks = checks;
    this.#datasets = inOrder([...read, ...also]);
    this.#derived = this.#datasets.filter(({ derived }) => derived);
    for (const { id, derived } of this.#derived) if (derived?.population.dataset.happened) throw new RangeError(`${id}: derived from events`);
    this.facts = facts ?? new Facts(this.#datasets);
    this.#verdicts = new Map(checks.map(({ id }) => [id, new Map()]));
  }

  /** Takes in many runs at once: everything is told first, and examined once. */
  static from(checks: readonly Check[], runs: readonly Run[], also: readonly Dataset[] = []): Engine {
    const engine = new Engine(checks, also);
    for (const run of runs) if (engine.facts.reads(run.dataset)) engine.facts.add(run);
    for (const dataset of engine.#derived) for (const item of [...engine.facts.items(population(dataset))]) engine.#derive(dataset, item, -Infinity);
    for (const check of checks) for (const item of engine.facts.items(check.population)) engine.#examine(check, item, -Infinity);
    return engine;
  }

  /** Puts back what {@link state} gave. */
  static restore(checks: readonly Check[], { looks, facts, steps }: State, also: readonly Dataset[] = []): Engine {
    const restoring = new Restoring(checks, also);
    restoring.looks(looks);
    restoring.facts(facts);
    restoring.steps(steps);
    return restoring.engine();
  }

  /** Puts back the verdicts on one item, in the order of time. */
  restore(check: string, item: string, steps: readonly Step[]): void {
    this.#verdicts.get(check)?.set(item, steps);
  }

  /** Takes in one more run, and examines what it touches. A dataset that nothing reads is passed over. */
  learn(run: Run): Learned {
    const { rows: _, ...look } = run;
    if (!this.facts.reads(run.dataset)) return { looks: [], facts: new Map(), steps: new Map() };
    return this.#follow([look], this.facts.add(run));
  }

  /** Makes anew what is asked, and examines whatever that touches. Streams are told as they would be from the beginning. */
  renew({ streams = [], derived = new Set(), checks = new Set() }: Renewal): Learned {
    const known = streams.filter(({ dataset }) => this.facts.reads(dataset));
    const changes = known.flatMap((retelling) => this.facts.replace(retelling));
    const looks = known.flatMap(({ dataset, stream }) => [...this.facts.everyLook({ id: dataset }, stream)]);
    return this.#follow(looks, changes, derived, checks);
  }

  /** What was known up to a record, and the streams that have to be told again for it: {@link renew} does that. This engine stays as it is. */
  knownAt(record: number): { readonly engine: Engine; readonly forgotten: readonly Forgotten[] } {
    const engine = this.fork();
    const changes: Change[] = [];
    const forgotten: Forgotten[] = [];
    for (const { dataset, stream } of [...engine.streams()]) {
      const known = engine.facts.recall(dataset, stream, record);
      if (known) changes.push(...known);
      else forgotten.push({ dataset, stream, records: recordsUpTo(engine.facts.everyLook({ id: dataset }, stream), record) });
    }
    engine.#follow([], changes);
    return { engine, forgotten };
  }

  /** The same knowledge, to go on from apart from this. */
  fork(): Engine {
    const fork = new Engine(this.#checks, this.#datasets, this.facts.fork());
    for (const [check, verdicts] of this.#verdicts) for (const [item, steps] of verdicts) fork.#verdicts.get(check)?.set(item, steps);
    return fork;
  }

  /** Derives and examines what changes touch; of some derived datasets and checks, everything. */
  #follow(looks: readonly Look[], told: readonly Change[], derived: ReadonlySet<string> = new Set(), checks: ReadonlySet<string> = new Set()): Learned {
    const learned = { looks, facts: new Map<string, Set<string>>(), steps: new Map<string, Set<string>>() };
    const note = (notes: Map<string, Set<string>>, name: string, item: string) => notes.set(name, (notes.get(name) ?? new Set()).add(item));
    const changes = [...told];
    const whole = (items: Iterable<string>) => new Map([...items].map((item) => [item, -Infinity] as const));
    for (const dataset of this.#derived) {
      const from = population(dataset);
      const items = derived.has(dataset.id)
        ? whole([...this.facts.items(from), ...this.facts.items({ dataset })])
        : this.#touched(from, dataset.derived?.with ?? {}, changes);
      for (const [item, since] of items) changes.push(...this.#derive(dataset, item, since));
    }
    for (const { dataset, item } of changes) note(learned.facts, dataset.id, item);
    for (const check of this.#checks) {
      const items = checks.has(check.id)
        ? whole([...this.facts.items(check.population), ...this.verdicts(check).keys()])
        : this.#touched(check.population, check.with, changes);
      for (const [item, since] of items) {
        this.#examine(check, item, since);
        note(learned.steps, check.id, item);
      }
    }
    return learned;
  }

  verdicts({ id }: Pick<Check, 'id'>): ReadonlyMap<string, readonly Step[]> {
    return this.#verdicts.get(id) ?? new Map();
  }

  state(): State {
    return { looks: [...this.looks()], facts: [...this.everyFact()], steps: [...this.everyStep()] };
  }

  *looks(): Iterable<Look> {
    for (const { dataset, stream } of this.streams()) yield* this.facts.everyLook({ id: dataset }, stream);
  }

  /** Every dataset as every source tells of it. */
  *streams(): Iterable<Pick<Retelling, 'dataset' | 'stream'>> {
    for (const dataset of this.#datasets) for (const stream of this.facts.streams(dataset)) yield { dataset: dataset.id, stream };
  }

  *everyFact(): Iterable<State['facts'][number]> {
    for (const dataset of this.#datasets) for (const item of this.facts.items({ dataset })) yield* this.factsOf(dataset.id, item);
  }

  *everyStep(): Iterable<State['steps'][number]> {
    for (const check of this.#checks) for (const item of this.verdicts(check).keys()) yield* this.stepsOf(check.id, item);
  }

  factsOf(dataset: string, item: string): State['facts'] {
    const known = this.#datasets.find(({ id }) => id === dataset);
    return known ? this.facts.of({ dataset: known }, item).map((fact) => ({ ...fact, dataset })) : [];
  }

  stepsOf(check: string, item: string): State['steps'] {
    return (this.#verdicts.get(check)?.get(item) ?? []).map((step) => ({ ...step, check, item }));
  }

  /** The items that changes touch, each with the instant from which on. */
  #touched(items: Selection, joins: Joins, changes: readonly Change[]): Map<string, Instant> {
    const touched = new Map<string, Instant>();
    const touch = (item: string, since: Instant) => touched.set(item, Math.min(since, touched.get(item) ?? since));
    for (const { dataset, item, since, rows } of changes) {
      if (items.dataset === dataset) touch(item, since);
      for (const { rows: selection, key } of Object.values(joins)) {
        if (selection.dataset !== dataset) continue;
        const admitted = rows.filter((row) => selection.admits(row));
        if (key)
          for (const row of admitted)
            for (const value of meets(row[key.theirs])) for (const other of this.facts.having(items, key.ours, value)) touch(other, since);
        if (!key && admitted.length > 0) for (const other of this.facts.items(items)) touch(other, since);
      }
    }
    return touched;
  }

  #derive(dataset: Dataset, item: string, since: Instant): Change[] {
    const kept = clip(this.facts.of({ dataset }, item), { from: -Infinity, to: since });
    const facts = this.facts
      .of(population(dataset), item)
      .filter(({ row, to }) => to > since && population(dataset).admits(row))
      .flatMap((fact) => deriveFrom(dataset, fact, this.facts, since));
    return this.facts.derive(dataset, item, mergeFacts([...kept, ...facts]));
  }

  #examine(check: Check, item: string, since: Instant): void {
    const verdicts = this.#verdicts.get(check.id);
    const before = since === -Infinity ? undefined : verdicts?.get(item);
    const steps: Step[] = before ? clip(before, { from: -Infinity, to: since }) : [];
    for (const fact of this.facts.of(check.population, item))
      if (fact.to > since && check.population.admits(fact.row)) for (const step of examine(check, fact, this.facts, since)) steps.push(step);
    const all = steps.length > 1 ? mergeSteps(steps) : steps;
    if (all.length > 0) verdicts?.set(item, all);
    else verdicts?.delete(item);
  }
}

/** Puts an engine back piece by piece, whatever order the pieces come in. */
export class Restoring {
  readonly #engine: Engine;
  readonly #streams = new Map<string, { readonly dataset: string; readonly stream: string; readonly looks: Look[]; readonly facts: Fact[] }>();
  readonly #steps = new Map<string, Map<string, Step[]>>();

  constructor(checks: readonly Check[], also: readonly Dataset[]) {
    this.#engine = new Engine(checks, also);
    for (const { id } of checks) this.#steps.set(id, new Map());
  }

  looks(looks: State['looks']): void {
    for (const look of looks) this.#stream(look.dataset, streamId(look.source, look.partition)).looks.push(look);
  }

  facts(facts: State['facts']): void {
    for (const { dataset, ...fact } of facts) this.#stream(dataset, fact.stream).facts.push(fact);
  }

  /** Those of checks that are no more are passed over. */
  steps(steps: State['steps']): void {
    for (const { check, item, ...step } of steps) {
      const its = this.#steps.get(check);
      const known = its?.get(item);
      if (known) known.push(step);
      else its?.set(item, [step]);
    }
  }

  engine(): Engine {
    for (const { dataset, stream, looks, facts } of this.#streams.values()) {
      const inTime = facts.sort((a, b) => (a.item === b.item ? a.from - b.from : a.item < b.item ? -1 : 1));
      this.#engine.facts.restore(dataset, stream, looks, inTime);
    }
    for (const [check, items] of this.#steps)
      for (const [item, steps] of items)
        this.#engine.restore(
          check,
          item,
          steps.sort((a, b) => a.from - b.from),
        );
    return this.#engine;
  }

  #stream(dataset: string, stream: string) {
    const name = `${dataset} ${stream}`;
    const its = this.#streams.get(name) ?? { dataset, stream, looks: [], facts: [] };
    this.#streams.set(name, its);
    return its;
  }
}

const recordsUpTo = (looks: Iterable<Look>, record: number): readonly number[] =>
  [...new Set([...looks].map((look) => look.record))].filter((its) => its <= record).sort((a, b) => a - b);

function population({ id, derived }: Dataset): Selection {
  if (!derived) throw new RangeError(`${id} is not derived`);
  return derived.population;
}
