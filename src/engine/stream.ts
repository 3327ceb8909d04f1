import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset, Row, Value } from '../datasets/dataset.ts';

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
  readonly item: string;
  readonly since: Instant;
  readonly rows: readonly Row[];
}

/** A run as it is kept: its rows are `null` where it was restored, for what it told is in `told`; `taught` is the record of the first that told just this. */
type Kept = Look & Pick<Run, 'withdrawn'> & { readonly rows: readonly Row[] | null; readonly taught: number };

/** One dataset as one source tells of one partition: the only company in which silence means absence. */
export interface Stream {
  readonly id: string;
  readonly dataset: Dataset;
  /** In order. */
  runs: Kept[];
  /** Those that a later telling for the same start has replaced. */
  superseded: Look[];
  told: Map<string, readonly Fact[]>;
  /** What holds, by key: most rows of most runs are what they were, and no id is put together to see that. */
  open: Map<string, Fact>;
}

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

export const emptied = (): Pick<Stream, 'runs' | 'superseded' | 'told' | 'open'> => ({ runs: [], superseded: [], told: new Map(), open: new Map() });

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
  const { id, dataset, open, told } = stream;
  const changes: Change[] = [];
  const change = (key: string, last: Fact | undefined, row: Row | null, since: Instant) => {
    const item = `${id}/${key}`;
    const before = told.get(item) ?? [];
    const closed = !last ? before : dataset.happened ? [] : [...before.slice(0, -1), { ...last, to: run.at }];
    const again = dataset.happened && last ? { first: firstTold(last) } : {};
    const fact = row && { item, stream: id, row, from: since, to: NEVER, records: [run.taught], needs: [], lacks: [], ...again };
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
  for (const key of run.withdrawn ?? []) {
    const last = open.get(key);
    if (last) change(key, last, null, last.from);
  }
  stream.runs.push({ ...run, rows });
  return changes;
}

/** The very rows that another run told, in whatever order; of a complete snapshot that was restored, what is open. */
function saysAgain({ dataset, open }: Stream, last: Kept, { complete, rows }: Run): boolean {
  if (last.complete !== complete || (last.rows ?? [...open]).length !== rows.length) return false;
  if (last.rows === null && (!complete || dataset.happened)) return false;
  const told = last.rows && new Map(last.rows.map((row) => [dataset.key(row), row]));
  return rows.every((row) => {
    const before = told ? told.get(dataset.key(row)) : open.get(dataset.key(row))?.row;
    return before !== undefined && same(before, row);
  });
}

/** A run that comes late: the stream is told again in its right order, and compared with what was told before. */
function retell(stream: Stream, late: Run): Change[] {
  const { told: before, superseded } = stream;
  const replaced = stream.runs.filter(({ at }) => at === late.at);
  const again = replaced.find((run) => run.rows !== null && saysAgain(stream, run, late));
  const runs = [...stream.runs.filter(({ at }) => at !== late.at), { ...late, taught: again?.taught ?? late.record }].sort((a, b) => a.at - b.at);
  if (runs.some(({ rows }) => rows === null)) throw new ReplayNeeded(stream.dataset.id, stream.id);
  Object.assign(stream, { ...emptied(), superseded: [...superseded, ...replaced.map(lookOf)] });
  for (const run of runs) tell(stream, run as Run & Kept);
  return changesSince(stream, before);
}

export const lookOf = ({ rows: _, taught: __, withdrawn: ___, ...look }: Kept): Look => look;

export function changesSince({ dataset, told }: Stream, before: ReadonlyMap<string, readonly Fact[]>): Change[] {
  return [...new Set([...before.keys(), ...told.keys()])].flatMap((item) => {
    const [was, is] = [before.get(item) ?? [], told.get(item) ?? []];
    const since = difference(was, is);
    return since === NEVER ? [] : [{ dataset, item, since, rows: [...was, ...is].map(({ row }) => row) }];
  });
}

/** The record of the first telling of an event, whatever was told of it since. */
export const firstTold = ({ first, records: [record = 0] }: Fact): number => first ?? record;

/** The first instant at which two histories of an item say different things. */
export function difference(was: readonly Fact[], is: readonly Fact[]): Instant {
  for (let i = 0; i < was.length || i < is.length; i++) {
    const [a, b] = [was[i], is[i]];
    if (!a || !b || a.from !== b.from || !same(a.row, b.row) || !sameRest(a, b) || a.records.join() !== b.records.join() || a.first !== b.first)
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

/** The last of each item of a stream that no run has ended, by key. */
export function openOf({ id, told }: Pick<Stream, 'id' | 'told'>): Map<string, Fact> {
  const open = new Map<string, Fact>();
  for (const [item, its] of told) {
    const last = its.at(-1);
    if (last && last.to === NEVER) open.set(item.slice(id.length + 1), last);
  }
  return open;
}
