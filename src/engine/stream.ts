import { type Instant, NEVER } from '../core/instant.ts';
import type { Dataset, Row, Value } from '../datasets/dataset.ts';
import type { Fact, Look, Run } from './fact.ts';
import { NONE } from './lists.ts';
import type { Table } from './table.ts';

/** From `since` on, `rows` of one item hold otherwise than they did. */
export interface Change {
  readonly dataset: Dataset;
  /** Of the item, among those of the dataset. */
  readonly place: number;
  readonly since: Instant;
  readonly rows: readonly Row[];
}

/** A run as it is kept: its rows are `null` where it was restored, for what it told is in the table; `taught` is the record of the first that told just this. */
export type Kept = Look & Pick<Run, 'withdrawn'> & { readonly rows: readonly Row[] | null; readonly taught: number };

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
}

/**
 * So many rows of the runs of a stream are kept at hand, those of the newest: what its table does not tell of a run that
 * comes late is read from the log again.
 */
const ROWS = 10_000;

/** What some items of a stream held before something else was told. */
type Before = ReadonlyMap<number, readonly Fact[]>;

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
function empty(stream: Stream): Before {
  const before = heldBy(stream);
  for (const place of before.keys()) stream.table.set(place, NONE);
  Object.assign(stream, { runs: [], superseded: [] });
  return before;
}

/** All facts of a stream. */
function heldBy({ id, table }: Pick<Stream, 'id' | 'table'>): Before {
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
export function tell(stream: Stream, run: Run & Kept): Change[] {
  const { dataset } = stream;
  const changes: Change[] = [];
  const records = [run.taught];
  const shown = dataset.happened || !run.complete ? null : marks(run.rows.length, stream.table.places.count);
  const rows = run.rows.map((row) =>
    dataset.happened ? tellEvent(stream, run.at, row, records, changes) : tellState(stream, run.at, row, records, changes, shown),
  );
  if (shown) for (const place of stream.table.places.of(stream.id)) if (!shown.has(place) && stream.table.isOpen(place)) end(stream, place, run.at, changes);
  for (const key of run.withdrawn ?? []) withdraw(stream, key, changes);
  stream.runs.push({ ...run, rows });
  letGo(stream);
  return changes;
}

interface Marks {
  add(place: number): unknown;
  has(place: number): boolean;
}

/** Of many places a byte each, as far as they had been given before. */
function marks(count: number, room: number): Marks {
  if (count < 1000) return new Set<number>();
  const marked = new Uint8Array(room + count);
  return { add: (place) => marked.fill(1, place, place + 1), has: (place) => marked[place] === 1 };
}

/** Of runs of long ago the rows are not kept, nor of one that tells more than are kept at all. */
function letGo({ runs }: Stream): void {
  let kept = 0;
  for (let place = runs.length - 1; place >= 0; place--) {
    const run = runs[place];
    if (!run || run.rows === null) return;
    kept += run.rows.length + 1;
    if (kept > ROWS) runs[place] = { ...run, rows: null };
  }
}

/** A row that is what it was is given back as the very object that it was: a year of the same rows is held once. */
function tellState(stream: Stream, at: Instant, row: Row, records: readonly number[], changes: Change[], shown: Marks | null): Row {
  const { id, dataset, table } = stream;
  const item = `${id}/${dataset.key(row)}`;
  const place = table.places.add(item);
  shown?.add(place);
  const before = table.at(place);
  const newest = before.at(-1);
  const last = newest?.to === NEVER ? newest : undefined;
  if (last && same(last.row, row)) return last.row;
  const fact = { item, stream: id, row, from: at, to: NEVER, records, needs: NONE, lacks: NONE };
  table.set(place, last ? [...before.slice(0, -1), { ...last, to: at }, fact] : before.length > 0 ? [...before, fact] : [fact]);
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

function end({ dataset, table }: Stream, place: number, at: Instant, changes: Change[]): void {
  const before = table.at(place);
  const last = before.at(-1);
  if (!last) return;
  table.set(place, [...before.slice(0, -1), { ...last, to: at }]);
  changes.push({ dataset, place, since: at, rows: [last.row] });
}

/** The very rows that another run told, in whatever order, and what it took back; of a complete snapshot whose rows are not at hand, what is open. */
export function saysAgain(stream: Pick<Stream, 'id' | 'dataset' | 'table'>, last: Kept, { complete, rows, withdrawn = [] }: Run): boolean {
  const { dataset } = stream;
  if (!sameList([...(last.withdrawn ?? [])].sort(), [...withdrawn].sort())) return false;
  if (last.complete !== complete || (last.rows === null && (!complete || dataset.happened))) return false;
  const told = last.rows && new Map(last.rows.map((row) => [dataset.key(row), row]));
  if ((last.rows?.length ?? countOpen(stream)) !== rows.length) return false;
  return rows.every((row) => {
    const before = told ? told.get(dataset.key(row)) : openRow(stream, dataset.key(row));
    return before !== undefined && same(before, row);
  });
}

/** A run that comes late: the stream is told again in its right order, and compared with what was told before. */
function retell(stream: Stream, late: Run): Change[] {
  const { superseded } = stream;
  // Of the one that it replaces, too, the rows have to be at hand: whether it teaches anything new is not to be seen without.
  if (stream.runs.some(({ rows }) => rows === null)) throw new ReplayNeeded(stream.dataset.id, stream.id);
  const replaced = stream.runs.filter(({ at }) => at === late.at);
  const again = replaced.find((run) => saysAgain(stream, run, late));
  const runs = [...stream.runs.filter(({ at }) => at !== late.at), { ...late, taught: again?.taught ?? late.record }].sort((a, b) => a.at - b.at);
  const before = empty(stream);
  stream.superseded = [...superseded, ...replaced.map(lookOf)];
  for (const run of runs) tell(stream, run as Run & Kept);
  return changesSince(stream, before);
}

export const lookOf = ({ rows: _, taught: __, withdrawn: ___, ...look }: Kept): Look => look;

function changesSince(stream: Stream, before: Before): Change[] {
  const { dataset, table } = stream;
  return [...new Set([...before.keys(), ...heldBy(stream).keys()])].flatMap(
    (place) => changeOf(dataset, place, before.get(place) ?? NONE, table.at(place)) ?? [],
  );
}

/** `null` where both say the same. */
export function changeOf(dataset: Dataset, place: number, was: readonly Fact[], is: readonly Fact[]): Change | null {
  const since = difference(was, is);
  return since === NEVER ? null : { dataset, place, since, rows: [...was, ...is].map(({ row }) => row) };
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

/** Items of a stream of states that no run has ended. */
function countOpen({ id, table }: Pick<Stream, 'id' | 'table'>): number {
  let count = 0;
  for (const place of table.places.of(id)) if (table.isOpen(place)) count++;
  return count;
}

function openRow({ id, table }: Pick<Stream, 'id' | 'table'>, key: string): Row | undefined {
  const last = table.of(`${id}/${key}`).at(-1);
  return last?.to === NEVER ? last.row : undefined;
}
