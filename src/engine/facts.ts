import { type Instant, NEVER } from '../core/instant.ts';
import { moment, type Period, type Periods, union } from '../core/interval.ts';
import type { Dataset, Join, Row, Scalar, Selection, Value } from '../datasets/dataset.ts';

/** One answer of a source about one partition of a dataset. Told twice for the same `at`, the later telling counts. */
export interface Run {
  readonly dataset: string;
  /** Collector and name of the source: `github/organization/acme`. */
  readonly source: string;
  readonly partition: string;
  /** When it began; of an export, when that was generated. */
  readonly at: Instant;
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly reason: string | null;
  /** Of a poll for events: the time it asked about, up to its watermark. A snapshot of states looks at the instant it began. */
  readonly polled?: Period;
  readonly rows: readonly Row[];
  /** Index of the record that told it. */
  readonly record: number;
}

/** A run without its rows: that a source was asked, and whether it told all. */
export type Look = Omit<Run, 'rows'>;

/** A row and when it holds. `item` is source, partition and key, `stream` the first two. */
export interface Fact extends Period {
  readonly item: string;
  readonly stream: string;
  readonly row: Row;
  /** The records that taught it: one, or those of all rows that a derived row follows from. */
  readonly records: readonly number[];
  /** Of a derived row: the datasets that must be covered for it to count, and those of them in which nothing was found. */
  readonly needs: readonly string[];
  readonly lacks: readonly string[];
}

/** From `since` on, `rows` of one item hold otherwise than they did. */
export interface Change {
  readonly dataset: Dataset;
  readonly item: string;
  readonly since: Instant;
  readonly rows: readonly Row[];
}

/** One dataset as one source tells of one partition: the only company in which silence means absence. */
interface Stream {
  readonly id: string;
  readonly dataset: Dataset;
  /** In order. Rows are `null` of a run that was restored: what it told is in `told`. */
  runs: (Look & { readonly rows: readonly Row[] | null })[];
  told: Map<string, readonly Fact[]>;
  /** What holds, by key: most rows of most runs are what they were, and no id is put together to see that. */
  open: Map<string, Fact>;
}

/** A run came late into a history whose rows are no longer at hand: it has to be read from the log again. */
export class ReplayNeeded extends Error {}

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
    const stream = this.#stream(run);
    const last = stream.runs.at(-1);
    const again = last?.at === run.at && last.complete === run.complete && changesNothing(stream, run);
    if (again) stream.runs.pop();
    const changes = !again && last && last.at >= run.at ? retell(stream, run) : tell(stream, run);
    for (const { item, rows } of changes) for (const row of rows) this.#remember(stream.dataset, item, row);
    return changes;
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
    if (dataset.freshness === NEVER) return union(complete.slice(0, 1).map(({ at }) => ({ from: at, to: NEVER })));
    return union(complete.map((run) => run.polled ?? moment(run.at)));
  }

  /** Every time a source was asked about it, in order. */
  runs({ id }: Pick<Dataset, 'id'>, stream: string): readonly Look[] {
    return this.#streams.get(id)?.get(stream)?.runs ?? [];
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
    const open = new Map<string, Fact>();
    for (const [item, its] of told) {
      const last = its.at(-1);
      if (last && last.to === NEVER) open.set(item.slice(stream.length + 1), last);
    }
    const streams = this.#streams.get(dataset) ?? new Map<string, Stream>();
    streams.set(stream, { id: stream, dataset: known, runs: runs.map((run) => ({ ...run, rows: null })), told, open });
    this.#streams.set(dataset, streams);
  }

  #derivedOf(id: string): Map<string, readonly Fact[]> {
    const told = this.#derived.get(id) ?? new Map<string, readonly Fact[]>();
    this.#derived.set(id, told);
    return told;
  }

  #stream({ dataset: name, source, partition }: Run): Stream {
    const dataset = this.#datasets.get(name);
    if (!dataset || dataset.derived) throw new RangeError(`no run can tell of ${name}`);
    const [id, streams] = [streamId(source, partition), this.#streams.get(name) ?? new Map<string, Stream>()];
    this.#streams.set(name, streams);
    const stream = streams.get(id) ?? { id, dataset, runs: [], told: new Map(), open: new Map() };
    streams.set(id, stream);
    return stream;
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

/** A run newer than all before it: what it shows otherwise begins with it, what a complete one leaves out ends with it. */
function tell(stream: Stream, run: Run): Change[] {
  const { id, dataset, open, told } = stream;
  const changes: Change[] = [];
  const change = (key: string, last: Fact | undefined, row: Row | null, since: Instant) => {
    const item = `${id}/${key}`;
    const before = told.get(item) ?? [];
    const closed = !last ? before : dataset.happened ? [] : [...before.slice(0, -1), { ...last, to: run.at }];
    const fact = row && { item, stream: id, row, from: since, to: NEVER, records: [run.record], needs: [], lacks: [] };
    told.set(item, fact ? [...closed, fact] : closed);
    if (fact) open.set(key, fact);
    else open.delete(key);
    changes.push({ dataset, item, since: Math.min(since, last && dataset.happened ? last.from : since), rows: [last?.row, row].filter((it) => !!it) });
  };

  // A row that is what it was is kept as the very object that it was: a year of the same rows is held once.
  const rows = run.rows.map((row) => {
    const key = dataset.key(row);
    const last = open.get(key);
    if (last && same(last.row, row)) return last.row;
    change(key, last, row, dataset.happened?.(row) ?? run.at);
    return row;
  });
  if (run.complete && !dataset.happened && open.size > rows.length) {
    const shown = new Set(rows.map((row) => dataset.key(row)));
    for (const [key, last] of open) if (!shown.has(key)) change(key, last, null, run.at);
  }
  stream.runs.push({ ...run, rows });
  return changes;
}

/** A complete snapshot that shows what is open; of anything else, the very rows that were told before. */
function changesNothing({ dataset, open, runs }: Stream, { complete, rows }: Run): boolean {
  const before = runs.at(-1)?.rows ?? null;
  if (!complete || dataset.happened) return before !== null && before.length === rows.length && rows.every((row, place) => same(row, before[place] ?? {}));
  if (open.size !== rows.length) return false;
  return rows.every((row) => {
    const last = open.get(dataset.key(row));
    return last !== undefined && same(last.row, row);
  });
}

/** A run that comes late: the stream is told again in its right order, and compared with what was told before. */
function retell(stream: Stream, late: Run): Change[] {
  const before = stream.told;
  const runs = [...stream.runs.filter(({ at }) => at !== late.at), late].sort((a, b) => a.at - b.at);
  Object.assign(stream, { runs: [], told: new Map(), open: new Map() });
  for (const run of runs) {
    if (run.rows === null) throw new ReplayNeeded(`${stream.dataset.id} of ${stream.id} was told out of order`);
    tell(stream, { ...run, rows: run.rows });
  }
  return [...new Set([...before.keys(), ...stream.told.keys()])].flatMap((item) => {
    const [was, is] = [before.get(item) ?? [], stream.told.get(item) ?? []];
    const since = difference(was, is);
    return since === NEVER ? [] : [{ dataset: stream.dataset, item, since, rows: [...was, ...is].map(({ row }) => row) }];
  });
}

/** The first instant at which two histories of an item say different things. */
function difference(was: readonly Fact[], is: readonly Fact[]): Instant {
  for (let i = 0; i < was.length || i < is.length; i++) {
    const [a, b] = [was[i], is[i]];
    if (!a || !b || a.from !== b.from || !same(a.row, b.row) || !sameRest(a, b) || a.records.join() !== b.records.join())
      return Math.min(a?.from ?? NEVER, b?.from ?? NEVER);
    if (a.to !== b.to) return Math.min(a.to, b.to);
  }
  return NEVER;
}

/** Rests on the same datasets. */
export const sameRest = (a: Fact, b: Fact): boolean => a.needs.join() === b.needs.join() && a.lacks.join() === b.lacks.join();

export function same(a: Row, b: Row): boolean {
  if (a === b) return true;
  const fields = Object.keys(a);
  return fields.length === Object.keys(b).length && fields.every((field) => sameValue(a[field], b[field]));
}

function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((entry, place) => entry === b[place]);
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
