import { type Instant, NEVER } from '../core/instant.ts';
import { moment, type Period, type Periods, subtract, union } from '../core/interval.ts';
import type { Dataset, Join, Row, Scalar, Selection, Value } from '../datasets/dataset.ts';
import { base } from './derive.ts';
import { type Lists, lists, NONE } from './lists.ts';
import { meets } from './fields.ts';
import { Memory } from './memory.ts';
import { LOOKS, type PackedLooks, packLooks } from './packed.ts';
import { isOf, Places, streamOf } from './places.ts';
import type { Fact, Look, Run } from './fact.ts';
import { hashOf, type Postings } from './postings.ts';
import { Retelling } from './retelling.ts';
import { type Change, changeOf, firstTold, lookOf, type Stream, take } from './stream.ts';
import { Table } from './table.ts';

export type { Fact, Look, Run } from './fact.ts';
export { meets } from './fields.ts';
export { type Change, ReplayNeeded, same, sameRest } from './stream.ts';

/** Of statements of people, and of configurations, nothing is asked again: what one says stands until another says otherwise. */
const STATED = /^(attestations|configuration)\//;
/** Whoever tells of events by entries may take one back. */
const TAKES_BACK = /^(attestations|files\/registers)\//;

export const streamId = (source: string, partition: string): string => `${encodeURIComponent(source)}/${encodeURIComponent(partition)}`;

/** What an item's id is made of. */
export function itemParts(item: string): { readonly source: string; readonly partition: string; readonly key: string } {
  // Items are asked about stream by stream, and a stream is read once.
  if (!isOf(item, last.stream)) {
    const stream = streamOf(item);
    const [source = '', partition = ''] = stream.split('/').map(decodeURIComponent);
    last = { stream, source, partition };
  }
  return { source: last.source, partition: last.partition, key: item.slice(last.stream.length + 1) };
}

let last = { stream: '', source: '', partition: '' };

/** The rows of every dataset with the time they hold: told by runs, or derived. */
export class Facts {
  readonly #datasets: ReadonlyMap<string, Dataset>;
  readonly #streams = new Map<string, Map<string, Stream>>();
  /** Of datasets that sources tell of. The items of derived ones are those they are derived from. */
  readonly #places: Map<string, Places>;
  readonly #tables = new Map<string, Table>();
  readonly #indexes = new Map<string, Postings>();
  /** Fields of datasets by which items are asked for: what is kept of the items says how they are found. */
  readonly #fields: ReadonlyMap<string, readonly string[]>;
  /** Blocks of looks that are to be kept anew, by dataset and stream. */
  readonly #changedLooks = new Map<string, Set<number>>();
  readonly lists: Lists;
  readonly memory: Memory;

  /** @param fields those of each dataset that joins name, by its id */
  constructor(datasets: Iterable<Dataset>, memory: Memory = new Memory(), fields: ReadonlyMap<string, readonly string[]> = new Map(), like?: Facts) {
    this.#datasets = new Map([...datasets].map((dataset) => [dataset.id, dataset]));
    this.#places = like ? like.#places : new Map();
    this.#fields = fields;
    this.lists = like?.lists ?? lists();
    this.memory = memory;
  }

  /** Whether anything reads this dataset. */
  reads(dataset: string): boolean {
    return this.#datasets.has(dataset);
  }

  /** Learns a run, in whatever order runs arrive, and says what that changes. */
  add(run: Run): Change[] {
    const stream = this.#stream(run.dataset, streamId(run.source, run.partition));
    const count = stream.runs.length + stream.superseded.length;
    this.#lookedAt(stream, run.record > stream.newest ? count : 0, count);
    stream.newest = Math.max(stream.newest, run.record);
    return this.#noted(stream.dataset, take(stream, run));
  }

  /** To tell a stream from its beginning, beside what is known of it. Throws `RangeError` where no run can tell of the dataset. */
  retelling(dataset: string, stream: string): Retelling {
    return new Retelling(this.#told(dataset), stream, this);
  }

  /** Puts a stream that was told anew in the place of what it was told before, and says what that changes: all of it has to be asked for. */
  *replace(retelling: Retelling): Iterable<Change> {
    const stream = this.#stream(retelling.dataset.id, retelling.stream);
    const { table: its, runs, superseded, newest } = retelling.told();
    const { id, dataset, table } = stream;
    const count = stream.runs.length + stream.superseded.length;
    for (const place of table.places.of(id)) yield* this.#set(stream, place, its.of(table.places.name(place)));
    for (const place of its.places.of(id)) {
      const name = its.places.name(place);
      if (table.places.find(name) === undefined) yield* this.#set(stream, table.places.add(name), its.at(place));
    }
    Object.assign(stream, { runs, superseded, newest });
    this.#lookedAt(stream, 0, Math.max(count, runs.length + superseded.length));
    if (runs.length === 0) this.#streams.get(dataset.id)?.delete(id);
  }

  /**
   * Forgets of a stream what later records than this one told, and says what that changes: all of it has to be asked for.
   * `null` where what was known then cannot be told from what is known now: it was told late or twice, or an event was
   * told anew since.
   */
  recall(dataset: string, id: string, record: number): Iterable<Change> | null {
    const stream = this.#stream(dataset, id);
    const every = [...stream.superseded, ...stream.runs];
    const later = every.filter((look) => look.record > record);
    if (later.length === 0) return [];
    if (later.length === every.length) return this.replace(this.retelling(dataset, id));
    const next = later.reduce((least, { at }) => Math.min(least, at), NEVER);
    const isInOrder = every.every((look) => look.record > record || look.at < next);
    const mayTakeBack = later.some(({ source }) => TAKES_BACK.test(source));
    const wasToldAnew = (fact: Fact) => (fact.records[0] ?? 0) > record && firstTold(fact) <= record;
    const { happened } = stream.dataset;
    const { table } = stream;
    if (!isInOrder || (happened && mayTakeBack) || (happened && table.places.of(id).some((place) => table.at(place).some(wasToldAnew)))) return null;
    return this.#unlearned(stream, record, next);
  }

  *#unlearned(stream: Stream, record: number, next: Instant): Iterable<Change> {
    const { id, table } = stream;
    for (const place of table.places.of(id)) {
      const known = table.at(place).filter(({ records: [its = 0] }) => its <= record);
      yield* this.#set(
        stream,
        place,
        known.map((fact) => (fact.to < next || fact.to === NEVER ? fact : { ...fact, to: NEVER })),
      );
    }
    stream.runs = stream.runs.filter((run) => run.record <= record);
    stream.superseded = stream.superseded.filter((look) => look.record <= record);
  }

  /** Sets what is told of one item, where that is something else. */
  *#set({ dataset, table }: Stream, place: number, facts: readonly Fact[]): Iterable<Change> {
    const change = changeOf(dataset, place, table.at(place), facts);
    if (!change) return;
    table.set(place, facts);
    for (const row of change.rows) this.#remember(dataset, place, row);
    yield change;
  }

  /** The same facts, to go on from apart from these. */
  fork(): Facts {
    const fork = new Facts(this.#datasets.values(), this.memory, this.#fields, this);
    for (const [dataset, table] of this.#tables) fork.#tables.set(dataset, table.fork(this.lists, this.memory));
    for (const [dataset, streams] of this.#streams) {
      const known = this.#datasets.get(dataset);
      if (!known) continue;
      const table = fork.table(known);
      const forked = [...streams].map(([id, { runs, superseded, ...stream }]) => {
        const its: Stream = { ...stream, table, runs: [...runs], superseded: [...superseded] };
        return [id, its] as const;
      });
      fork.#streams.set(dataset, new Map(forked));
    }
    return fork;
  }

  /** Sets what is derived of one item, and says what that changes. */
  derive(dataset: Dataset, place: number, facts: readonly Fact[]): Change[] {
    const table = this.table(dataset);
    const change = changeOf(dataset, place, table.at(place), facts);
    if (!change) return [];
    table.set(place, facts);
    for (const { row } of facts) this.#remember(dataset, place, row);
    return [change];
  }

  /** Every item of a selection's dataset, whether or not the selection admits its rows. */
  *items({ dataset }: Pick<Selection, 'dataset'>): Iterable<string> {
    const table = this.table(dataset);
    for (const [place] of table.entries()) yield table.places.name(place);
  }

  of({ dataset }: Pick<Selection, 'dataset'>, item: string): readonly Fact[] {
    return this.table(dataset).of(item);
  }

  /** Where the items of a dataset have their places. */
  places(dataset: Dataset): Places {
    return this.placesOf(base(dataset).id);
  }

  /** @param id of a dataset that sources tell of */
  placesOf(id: string): Places {
    const places = this.#places.get(id) ?? new Places(this.memory);
    this.#places.set(id, places);
    return places;
  }

  table(dataset: Dataset): Table {
    const table = this.#tables.get(dataset.id) ?? new Table(this.places(dataset), this.lists, this.memory, this.#fields.get(dataset.id));
    this.#tables.set(dataset.id, table);
    return table;
  }

  /** The facts that an item is joined with, in the order of their items. */
  joined({ rows, key }: Join, item: Row): readonly Fact[] {
    const table = this.table(rows.dataset);
    const values = key === null ? [] : meets(item[key.ours]);
    const places = key === null ? Array.from(table.entries(), ([place]) => place) : this.#mayMeet(rows, key.theirs, values);
    if (places.length === 0) return NONE;
    const found = places.map((place) => ({ name: places.length > 1 ? table.places.name(place) : '', facts: table.at(place) }));
    if (found.length > 1) found.sort((a, b) => (a.name < b.name ? -1 : 1));
    const facts: Fact[] = [];
    for (const its of found)
      for (const fact of its.facts) if ((key === null || meetsAny(fact.row[key.theirs], values)) && rows.admits(fact.row)) facts.push(fact);
    return facts;
  }

  /** Items that at some time had this value in this field. */
  *having(rows: Pick<Selection, 'dataset'>, field: string, value: Scalar): Iterable<string> {
    const places = this.places(rows.dataset);
    for (const place of this.placesHaving(rows, field, value)) yield places.name(place);
  }

  /** @param passing whether many are asked for one after another: what is not at hand is let go of again */
  placesHaving(rows: Pick<Selection, 'dataset'>, field: string, value: Scalar, passing = false): readonly number[] {
    const [table, how] = [this.table(rows.dataset), passing ? ('glanceAt' as const) : ('at' as const)];
    return this.#mayMeet(rows, field, [value]).filter((place) => table[how](place).some(({ row }) => meetsAny(row[field], [value])));
  }

  /**
   * The times at which a source was asked completely, and answered. What is declared once and for all is looked at ever
   * since, but for the times in which nobody can tell any more what was declared.
   */
  looks(dataset: Dataset, stream: string): Periods {
    const runs = this.runs(dataset, stream);
    const complete = runs.filter((run) => run.complete);
    if (dataset.freshness !== NEVER && !complete.some(({ source }) => STATED.test(source))) return union(complete.map((run) => run.polled ?? moment(run.at)));
    const since = complete.slice(0, 1).map(({ at, polled }) => ({ from: polled?.from ?? at, to: NEVER }));
    return subtract(since, union(lostIn(runs)));
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

  /** Blocks of looks: all, or those that are to be kept anew since that was asked last. */
  *lookBlocks(which: 'all' | 'changed'): Iterable<{ readonly name: string; readonly block: number; readonly content: PackedLooks | null }> {
    const count = ({ runs, superseded }: Stream) => Math.ceil((runs.length + superseded.length) / LOOKS);
    const all = () =>
      [...this.#streams].flatMap(([dataset, streams]) =>
        [...streams.values()].map((stream) => [`${dataset} ${stream.id}`, Array.from({ length: count(stream) }, (_, block) => block)] as const),
      );
    const asked = which === 'all' ? all() : [...this.#changedLooks].map(([name, blocks]) => [name, [...blocks].sort((a, b) => a - b)] as const);
    if (which === 'changed') this.#changedLooks.clear();
    for (const [name, blocks] of asked) {
      const [dataset = '', stream = ''] = name.split(' ');
      const looks = [...this.everyLook({ id: dataset }, stream)].sort((a, b) => a.record - b.record);
      for (const block of blocks) yield { name, block, content: packLooks(looks.slice(block * LOOKS, (block + 1) * LOOKS)) };
    }
  }

  /** Looks from one place to another are to be kept anew. */
  #lookedAt({ dataset, id }: Stream, first: number, last: number): void {
    const name = `${dataset.id} ${id}`;
    const blocks = this.#changedLooks.get(name) ?? new Set();
    this.#changedLooks.set(name, blocks);
    for (let block = Math.floor(first / LOOKS); block <= Math.floor(last / LOOKS); block++) blocks.add(block);
  }

  /** Every stream of a dataset, by id. */
  streams({ id }: Pick<Dataset, 'id'>): readonly string[] {
    return [...(this.#streams.get(id)?.keys() ?? [])];
  }

  /** Puts back what was kept of the looks of one stream, without telling it again. */
  restore(dataset: string, stream: string, runs: readonly Look[]): void {
    const known = this.#datasets.get(dataset);
    if (!known || known.derived) return;
    const inOrder = runs.toSorted((a, b) => a.at - b.at || a.record - b.record);
    const isLast = (run: Look, place: number) => inOrder[place + 1]?.at !== run.at;
    Object.assign(this.#stream(dataset, stream), {
      runs: inOrder.filter(isLast).map((run) => ({ ...run, rows: null, taught: run.record })),
      superseded: inOrder.filter((run, place) => !isLast(run, place)),
      newest: runs.reduce((newest, { record }) => Math.max(newest, record), -1),
    });
  }

  #told(name: string): Dataset {
    const dataset = this.#datasets.get(name);
    if (!dataset || dataset.derived) throw new RangeError(`no run can tell of ${name}`);
    return dataset;
  }

  #stream(name: string, id: string): Stream {
    const dataset = this.#told(name);
    const streams = this.#streams.get(name) ?? new Map<string, Stream>();
    this.#streams.set(name, streams);
    const stream = streams.get(id) ?? { id, dataset, table: this.table(dataset), runs: [], superseded: [], newest: -1 };
    streams.set(id, stream);
    return stream;
  }

  /** Items that may have had one of some values in a field, ascending: whether they had it is to be seen. */
  #mayMeet({ dataset }: Pick<Selection, 'dataset'>, field: string, values: readonly Scalar[]): readonly number[] {
    const index = this.#index(dataset, field);
    const places = values.flatMap((value) => index.of(hashOf(value)));
    return places.length < 2 ? places : [...new Set(places)].sort((a, b) => a - b);
  }

  #index(dataset: Dataset, field: string): Postings {
    const name = `${dataset.id}.${field}`;
    const index = this.#indexes.get(name) ?? this.table(dataset).index(field);
    this.#indexes.set(name, index);
    return index;
  }

  #noted(dataset: Dataset, changes: Change[]): Change[] {
    if (this.#indexes.size > 0) for (const { place, rows } of changes) for (const row of rows) this.#remember(dataset, place, row);
    return changes;
  }

  #remember({ id }: Dataset, place: number, row: Row): void {
    if (this.#indexes.size === 0) return;
    for (const field in row) {
      const index = this.#indexes.get(`${id}.${field}`);
      if (index) for (const value of meets(row[field])) index.add(hashOf(value), place);
    }
  }
}

/**
 * When what stated or declared something is lost: from then on up to what is said next, or for the time that it says
 * itself. Another source is simply asked again.
 *
 * @param runs of one stream, in order
 */
export const lostIn = (runs: readonly Look[]): readonly Period[] =>
  runs.flatMap(({ at, complete, source, polled }, place) => {
    if (complete || !STATED.test(source)) return [];
    const until = polled?.to ?? at;
    const next = runs.slice(place + 1).find((run) => run.complete && run.at >= until);
    return [{ from: polled?.from ?? at, to: next?.at ?? NEVER }];
  });

const meetsAny = (value: Value | undefined, values: readonly Scalar[]): boolean => {
  for (const it of meets(value)) if (values.includes(it)) return true;
  return false;
};
