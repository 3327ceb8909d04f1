import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset, Row, Value } from '../datasets/dataset.ts';
import { NONE } from './lists.ts';
import type { Table } from './table.ts';

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
  /** Of events: the keys of those that were told and are taken back. */
  readonly withdrawn?: readonly string[];
  /** Index of the record that told it. */
  readonly record: number;
}

/** A run without its rows: that a source was asked, and whether it told all. */
export type Look = Omit<Run, 'rows' | 'withdrawn'>;

/** A row and when it holds. `item` is source, partition and key, `stream` the first two. */
export interface Fact extends Period {
  readonly item: string;
  readonly stream: string;
  readonly row: Row;
  /** The records that taught it: one, or those of all rows that a derived row follows from. */
  readonly records: readonly number[];
  /** Of an event that was told anew: the record that first told of it. */
  readonly first?: number;
  /** Of a derived row: the datasets that must be covered for it to count, and those of them in which nothing was found. */
  readonly needs: readonly string[];
  readonly lacks: readonly string[];
}

/** From `since` on, `rows` of one item hold otherwise than they did. */
export interface Change {
  readonly dataset: Dataset;
  /** Of the item, among those of the dataset. */
  readonly place: number;
  readonly since: Instant;
  readonly rows: readonly Row[];
}

/** A run as it is kept: its rows are `null` where it was restored, for what it told is in the table; `taught` is the record of the first that told just this. */
type Kept = Look & Pick<Run, 'withdrawn'> & { readonly rows: readonly Row[] | null; readonly taught: number };

/** One dataset as one source tells of one partition: the only company in which silence means absence. */
export interface Stream {
  readonly id: string;
  readonly dataset: Dataset;
  /** What all streams of the dataset told. */
  readonly table: Table;
  /** In order. */
  runs: Kept[];
  /** Those that a later telling for the same start has replaced. */
  superseded: Look[];
  /** The newest record that told of it. */
  newest: number;
  /**
   * Of states what holds, by key: most rows of most runs are what they were, and no id is put together to see that.
   * `null` until a run has to know.
   */
  open: Map<string, Fact> | null;
}

/** What some items of a stream held before something else was told. */
export type Before = ReadonlyMap<number, readonly Fact[]>;

/** A run came late into a history whose rows are no longer at hand: all that its stream was told has to be read from the log again. */
export class ReplayNeeded extends Error {
  readonly dataset: string;
  readonly stream: string;

  constructor(dataset: string, stream: string) {
    super(`${dataset} of ${stream} was told out of order`);
    this.dataset = dataset;
    this.stream = stream;
  }
}

/** Takes everything from a stream that it was told, and says what that was. */
export function empty(stream: Stream): Before {
  const before = heldBy(stream);
  for (const place of before.keys()) stream.table.set(place, NONE);
  Object.assign(stream, { runs: [], superseded: [], open: new Map() });
  return before;
}

/** All facts of a stream. */
export function heldBy({ id, table }: Pick<Stream, 'id' | 'table'>): Before {
  const held = new Map<number, readonly Fact[]>();
  for (const place of table.places.of(id)) {
    const facts = table.at(place);
    if (facts.length > 0) held.set(place, facts);
  }
  return held;
}

/** Takes in a run, whenever it comes. What says again what was said for the same start teaches nothing. */
export function take(stream: Stream, run: Run): Change[] {
  const last = stream.runs.at(-1);
  if (last?.at === run.at && saysAgain(stream, last, run)) {
    stream.runs.pop();
    stream.superseded.push(lookOf(last));
    return tell(stream, { ...run, taught: last.taught });
  }
  return last && last.at >= run.at ? retell(stream, run) : tell(stream, { ...run, taught: run.record });
}

/** A run newer than all before it: what it shows otherwise begins with it, what a complete one leaves out ends with it. */
function tell(stream: Stream, run: Run & Kept): Change[] {
  const { dataset } = stream;
  const changes: Change[] = [];
  const records = [run.taught];
  // A row that is what it was is kept as the very object that it was: a year of the same rows is held once.
  const told = dataset.happened ? tellEvent : tellState;
  const rows = run.rows.map((row) => told(stream, run.at, row, records, changes));
  const open = dataset.happened ? null : openOf(stream);
  if (run.complete && open && open.size > rows.length) {
    const shown = new Set(rows.map((row) => dataset.key(row)));
    for (const [key, last] of open) if (!shown.has(key)) end(stream, key, last, run.at, changes);
  }
  for (const key of run.withdrawn ?? []) withdraw(stream, key, changes);
  stream.runs.push({ ...run, rows });
  return changes;
}

function tellState(stream: Stream, at: Instant, row: Row, records: readonly number[], changes: Change[]): Row {
  const { id, dataset, table } = stream;
  const open = openOf(stream);
  const key = dataset.key(row);
  const last = open.get(key);
  if (last && same(last.row, row)) return last.row;
  const item = last ? last.item : `${id}/${key}`;
  const place = table.places.add(item);
  const fact = { item, stream: id, row, from: at, to: NEVER, records, needs: NONE, lacks: NONE };
  const before = table.at(place);
  table.set(place, last ? [...before.slice(0, -1), { ...last, to: at }, fact] : before.length > 0 ? [...before, fact] : [fact]);
  open.set(key, fact);
  changes.push({ dataset, place, since: at, rows: last ? [last.row, row] : [row] });
  return row;
}

/** An event holds from its own time on, as it was told last. */
function tellEvent({ id, dataset, table }: Stream, at: Instant, row: Row, records: readonly number[], changes: Change[]): Row {
  const item = `${id}/${dataset.key(row)}`;
  const place = table.places.add(item);
  const last = table.at(place).at(-1);
  if (last && same(last.row, row)) return last.row;
  const from = dataset.happened?.(row) ?? at;
  const fact = { item, stream: id, row, from, to: NEVER, records, needs: NONE, lacks: NONE };
  table.set(place, [last ? { ...fact, first: firstTold(last) } : fact]);
  changes.push({ dataset, place, since: last ? Math.min(from, last.from) : from, rows: last ? [last.row, row] : [row] });
  return row;
}

/** An event that was taken back never happened. */
function withdraw({ id, dataset, table }: Stream, key: string, changes: Change[]): void {
  const place = table.places.add(`${id}/${key}`);
  const last = table.at(place).at(-1);
  if (!last) return;
  table.set(place, NONE);
  changes.push({ dataset, place, since: last.from, rows: [last.row] });
}

function end({ dataset, table, open }: Stream, key: string, last: Fact, at: Instant, changes: Change[]): void {
  const place = table.places.add(last.item);
  table.set(place, [...table.at(place).slice(0, -1), { ...last, to: at }]);
  open?.delete(key);
  changes.push({ dataset, place, since: at, rows: [last.row] });
}

/** The very rows that another run told, in whatever order; of a complete snapshot that was restored, what is open. */
function saysAgain(stream: Stream, last: Kept, { complete, rows }: Run): boolean {
  const { dataset } = stream;
  if (last.complete !== complete || (last.rows === null && (!complete || dataset.happened))) return false;
  const told = last.rows && new Map(last.rows.map((row) => [dataset.key(row), row]));
  const open = told ? null : openOf(stream);
  if ((last.rows?.length ?? open?.size) !== rows.length) return false;
  return rows.every((row) => {
    const before = told ? told.get(dataset.key(row)) : open?.get(dataset.key(row))?.row;
    return before !== undefined && same(before, row);
  });
}

/** A run that comes late: the stream is told again in its right order, and compared with what was told before. */
function retell(stream: Stream, late: Run): Change[] {
  const { superseded } = stream;
  const replaced = stream.runs.filter(({ at }) => at === late.at);
  const again = replaced.find((run) => run.rows !== null && saysAgain(stream, run, late));
  const runs = [...stream.runs.filter(({ at }) => at !== late.at), { ...late, taught: again?.taught ?? late.record }].sort((a, b) => a.at - b.at);
  if (runs.some(({ rows }) => rows === null)) throw new ReplayNeeded(stream.dataset.id, stream.id);
  const before = empty(stream);
  stream.superseded = [...superseded, ...replaced.map(lookOf)];
  for (const run of runs) tell(stream, run as Run & Kept);
  return changesSince(stream, before);
}

export const lookOf = ({ rows: _, taught: __, withdrawn: ___, ...look }: Kept): Look => look;

export function changesSince(stream: Stream, before: Before): Change[] {
  const { dataset, table } = stream;
  return [...new Set([...before.keys(), ...heldBy(stream).keys()])].flatMap((place) => {
    const [was, is] = [before.get(place) ?? NONE, table.at(place)];
    const since = difference(was, is);
    return since === NEVER ? [] : [{ dataset, place, since, rows: [...was, ...is].map(({ row }) => row) }];
  });
}

/** The record of the first telling of an event, whatever was told of it since. */
export const firstTold = ({ first, records: [record = 0] }: Fact): number => first ?? record;

/** The first instant at which two histories of an item say different things. */
export function difference(was: readonly Fact[], is: readonly Fact[]): Instant {
  for (let i = 0; i < was.length || i < is.length; i++) {
    const [a, b] = [was[i], is[i]];
    if (!a || !b || a.from !== b.from || !same(a.row, b.row) || !sameRest(a, b) || !sameList(a.records, b.records) || a.first !== b.first)
      return Math.min(a?.from ?? NEVER, b?.from ?? NEVER);
    if (a.to !== b.to) return Math.min(a.to, b.to);
  }
  return NEVER;
}

/** Rests on the same datasets. */
export const sameRest = (a: Fact, b: Fact): boolean => sameList(a.needs, b.needs) && sameList(a.lacks, b.lacks);

const sameList = (a: readonly unknown[], b: readonly unknown[]): boolean => a === b || (a.length === b.length && a.every((entry, place) => entry === b[place]));

export function same(a: Row, b: Row): boolean {
  if (a === b) return true;
  let fields = 0;
  for (const field in a) {
    if (!sameValue(a[field], b[field])) return false;
    fields++;
  }
  for (const _ in b) fields--;
  return fields === 0;
}

function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  return a.length === b.length && a.every((entry, place) => entry === b[place]);
}

/** The last of each item of a stream of states that no run has ended, by key. */
export function openOf(stream: Stream): Map<string, Fact> {
  if (stream.open) return stream.open;
  const open = new Map<string, Fact>();
  for (const facts of heldBy(stream).values()) {
    const last = facts.at(-1);
    if (last && last.to === NEVER) open.set(last.item.slice(stream.id.length + 1), last);
  }
  stream.open = open;
  return open;
}
