import { NEVER } from '../core/instant.ts';
import { moment, type Periods, union } from '../core/interval.ts';
import type { Dataset, Join, Row, Scalar, Selection, Value } from '../datasets/dataset.ts';
import { type Change, changesSince, difference, emptied, type Fact, firstTold, type Look, lookOf, openOf, type Run, type Stream, take } from './stream.ts';

export { type Change, type Fact, type Look, ReplayNeeded, type Run, same, sameRest } from './stream.ts';

/** Of statements of people nothing is asked again: what one says stands until another says otherwise. */
const STATED = 'attestations/';
/** Whoever tells of events by entries may take one back. */
const TAKES_BACK = /^(attestations|files\/registers)\//;

/** All runs of one stream, in the order of their records. */
export interface Retelling {
  readonly dataset: string;
  readonly stream: string;
  readonly runs: readonly Run[];
}

export const streamId = (source: string, partition: string): string => `${encodeURIComponent(source)}/${encodeURIComponent(partition)}`;

/** What an item's id is made of. */
export function itemParts(item: string): { readonly source: string; readonly partition: string; readonly key: string } {
  const [source = '', partition = '', ...key] = item.split('/');
  return { source: decodeURIComponent(source), partition: decodeURIComponent(partition), key: key.join('/') };
}

/** What a field meets in a join: each entry of a list; `null` meets nothing. */
export function meets(value: Value | undefined): readonly Scalar[] {
  if (value === null || value === undefined) return [];
  return typeof value === 'object' ? value : [value];
}

/** The rows of every dataset with the time they hold: told by runs, or derived. */
export class Facts {
  readonly #datasets: ReadonlyMap<string, Dataset>;
  readonly #streams = new Map<string, Map<string, Stream>>();
  /** Of derived datasets. Their items are those they are derived from. */
  readonly #derived = new Map<string, Map<string, readonly Fact[]>>();
  readonly #indexes = new Map<string, Map<Scalar, Set<string>>>();

  constructor(datasets: Iterable<Dataset>) {
    this.#datasets = new Map([...datasets].map((dataset) => [dataset.id, dataset]));
  }

  /** Whether anything reads this dataset. */
  reads(dataset: string): boolean {
    return this.#datasets.has(dataset);
  }

  /** Learns a run, in whatever order runs arrive, and says what that changes. */
  add(run: Run): Change[] {
    const stream = this.#stream(run.dataset, streamId(run.source, run.partition));
    return this.#noted(stream.dataset, take(stream, run));
  }

  /** Tells a stream anew by these runs alone, whatever it was told before, and says what that changes. */
  replace({ dataset, stream: id, runs }: Retelling): Change[] {
    const stream = this.#stream(dataset, id);
    const before = stream.told;
    Object.assign(stream, emptied());
    for (const run of runs) take(stream, run);
    if (runs.length === 0) this.#streams.get(dataset)?.delete(id);
    return this.#noted(stream.dataset, changesSince(stream, before));
  }

  /**
   * Forgets of a stream what later records than this one told, and says what that changes; `null` where what was known
   * then cannot be told from what is known now: it was told late or twice, or an event was told anew since.
   */
  recall(dataset: string, id: string, record: number): Change[] | null {
    const stream = this.#stream(dataset, id);
    const every = [...stream.superseded, ...stream.runs];
    const later = every.filter((look) => look.record > record);
    if (later.length === 0) return [];
    if (later.length === every.length) return this.replace({ dataset, stream: id, runs: [] });
    const next = later.reduce((least, { at }) => Math.min(least, at), NEVER);
    const isInOrder = every.every((look) => look.record > record || look.at < next);
    const mayTakeBack = later.some(({ source }) => TAKES_BACK.test(source));
    const wasToldAnew = (fact: Fact) => (fact.records[0] ?? 0) > record && firstTold(fact) <= record;
    const { told: before, dataset: of } = stream;
    if (!isInOrder || (of.happened && mayTakeBack) || (of.happened && [...before.values()].some((facts) => facts.some(wasToldAnew)))) return null;
    stream.told = new Map();
    for (const [item, facts] of before) {
      const known = facts
        .filter(({ records: [its = 0] }) => its <= record)
        .map((fact) => (fact.to < next || fact.to === NEVER ? fact : { ...fact, to: NEVER }));
      if (known.length > 0) stream.told.set(item, known);
    }
    stream.open = openOf(stream);
    stream.runs = stream.runs.filter((run) => run.record <= record);
    stream.superseded = stream.superseded.filter((look) => look.record <= record);
    return this.#noted(stream.dataset, changesSince(stream, before));
  }

  /** The same facts, to go on from apart from these. */
  fork(): Facts {
    const fork = new Facts(this.#datasets.values());
    for (const [dataset, streams] of this.#streams)
      fork.#streams.set(
        dataset,
        new Map(
          [...streams].map(([id, { runs, superseded, told, open, ...stream }]) => [
            id,
            { ...stream, runs: [...runs], superseded: [...superseded], told: new Map(told), open: new Map(open) },
          ]),
        ),
      );
    for (const [dataset, told] of this.#derived) fork.#derived.set(dataset, new Map(told));
    return fork;
  }

  /** Sets what is derived of one item, and says what that changes. */
  derive(dataset: Dataset, item: string, facts: readonly Fact[]): Change[] {
    const told = this.#derivedOf(dataset.id);
    const before = told.get(item) ?? [];
    if (facts.length > 0) told.set(item, facts);
    else told.delete(item);
    for (const { row } of facts) this.#remember(dataset, item, row);
    const since = difference(before, facts);
    return since === NEVER ? [] : [{ dataset, item, since, rows: [...before, ...facts].map(({ row }) => row) }];
  }

  /** Every item of a selection's dataset, whether or not the selection admits its rows. */
  *items({ dataset }: Pick<Selection, 'dataset'>): Iterable<string> {
    if (dataset.derived) yield* this.#derivedOf(dataset.id).keys();
    else for (const stream of this.#streams.get(dataset.id)?.values() ?? []) yield* stream.told.keys();
  }

  of({ dataset }: Pick<Selection, 'dataset'>, item: string): readonly Fact[] {
    if (dataset.derived) return this.#derivedOf(dataset.id).get(item) ?? [];
    const second = item.indexOf('/', item.indexOf('/') + 1);
    return this.#streams.get(dataset.id)?.get(item.slice(0, second))?.told.get(item) ?? [];
  }

  joined({ rows, key }: Join, item: Row): readonly Fact[] {
    const values = key === null ? [] : meets(item[key.ours]);
    const items = key === null ? [...this.items(rows)] : [...new Set(values.flatMap((value) => [...this.having(rows, key.theirs, value)]))];
    const matches = (row: Row) => (key === null || meets(row[key.theirs]).some((value) => values.includes(value))) && rows.admits(row);
    return items.sort().flatMap((other) => this.of(rows, other).filter(({ row }) => matches(row)));
  }

  /** Items that at some time had this value in this field. */
  having(rows: Pick<Selection, 'dataset'>, field: string, value: Scalar): Iterable<string> {
    const name = `${rows.dataset.id}.${field}`;
    if (!this.#indexes.has(name)) {
      this.#indexes.set(name, new Map());
      for (const item of this.items(rows)) for (const { row } of this.of(rows, item)) this.#remember(rows.dataset, item, row);
    }
    return this.#indexes.get(name)?.get(value) ?? [];
  }

  /** The times at which a source was asked completely, and answered. What is declared once and for all is looked at ever since. */
  looks(dataset: Dataset, stream: string): Periods {
    const complete = this.runs(dataset, stream).filter((run) => run.complete);
    if (dataset.freshness === NEVER || complete[0]?.source.startsWith(STATED))
      return union(complete.slice(0, 1).map(({ at, polled }) => ({ from: polled?.from ?? at, to: NEVER })));
    return union(complete.map((run) => run.polled ?? moment(run.at)));
  }

  /** Every time a source was asked about it, in order. */
  runs({ id }: Pick<Dataset, 'id'>, stream: string): readonly Look[] {
    return this.#streams.get(id)?.get(stream)?.runs ?? [];
  }

  /** Every telling, those included that a later one has replaced. */
  *everyLook({ id }: Pick<Dataset, 'id'>, stream: string): Iterable<Look> {
    const its = this.#streams.get(id)?.get(stream);
    for (const run of its?.runs ?? []) yield lookOf(run);
    yield* its?.superseded ?? [];
  }

  /** Every stream of a dataset, by id. */
  streams({ id }: Pick<Dataset, 'id'>): readonly string[] {
    return [...(this.#streams.get(id)?.keys() ?? [])];
  }

  /** Puts back what was kept of one stream, without telling it again. */
  restore(dataset: string, stream: string, runs: readonly Look[], facts: readonly Fact[]): void {
    const known = this.#datasets.get(dataset);
    if (!known) return;
    const told = byItem(facts);
    if (known.derived) {
      const derived = this.#derivedOf(dataset);
      for (const [item, its] of told) derived.set(item, its);
      return;
    }
    const inOrder = runs.toSorted((a, b) => a.at - b.at || a.record - b.record);
    const isLast = (run: Look, place: number) => inOrder[place + 1]?.at !== run.at;
    Object.assign(this.#stream(dataset, stream), {
      runs: inOrder.filter(isLast).map((run) => ({ ...run, rows: null, taught: run.record })),
      superseded: inOrder.filter((run, place) => !isLast(run, place)),
      told,
      open: openOf({ id: stream, told }),
    });
  }

  #derivedOf(id: string): Map<string, readonly Fact[]> {
    const told = this.#derived.get(id) ?? new Map<string, readonly Fact[]>();
    this.#derived.set(id, told);
    return told;
  }

  #stream(name: string, id: string): Stream {
    const dataset = this.#datasets.get(name);
    if (!dataset || dataset.derived) throw new RangeError(`no run can tell of ${name}`);
    const streams = this.#streams.get(name) ?? new Map<string, Stream>();
    this.#streams.set(name, streams);
    const stream = streams.get(id) ?? { id, dataset, ...emptied() };
    streams.set(id, stream);
    return stream;
  }

  #noted(dataset: Dataset, changes: Change[]): Change[] {
    for (const { item, rows } of changes) for (const row of rows) this.#remember(dataset, item, row);
    return changes;
  }

  #remember({ id }: Dataset, item: string, row: Row): void {
    for (const field in row) {
      const index = this.#indexes.get(`${id}.${field}`);
      if (!index) continue;
      for (const value of meets(row[field])) {
        const having = index.get(value);
        if (having) having.add(item);
        else index.set(value, new Set([item]));
      }
    }
  }
}

function byItem(facts: readonly Fact[]): Map<string, readonly Fact[]> {
  const told = new Map<string, Fact[]>();
  for (const fact of facts) {
    const its = told.get(fact.item);
    if (its) its.push(fact);
    else told.set(fact.item, [fact]);
  }
  return told;
}
