import type { Check, Verdict } from '../../checks/check.ts';
import type { Instant } from '../../core/instant.ts';
import { holds, type Period } from '../../core/interval.ts';
import { type Status, worst } from '../../core/status.ts';
import type { Dataset, Join, Joins, Row, Selection } from '../../datasets/dataset.ts';
import { UNCOVERED, type Waiver } from '../assess.ts';
import type { Expected } from '../coverage.ts';
import { type Run, streamId } from '../facts.ts';

type Said = { kind: Verdict['kind']; because: string | null } | null;
/** A row as it is at an instant, and of a derived one the datasets that it rests on and those in which nothing was found. */
interface Seen {
  readonly item: string;
  readonly stream: string;
  readonly row: Row;
  readonly needs: readonly Dataset[];
  readonly lacks: readonly Dataset[];
}

/**
 * The definition, read aloud: everything asked anew at every tick, no interval anywhere. Kept is only what would be the
 * same when asked again: the runs of a stream, and the rows of a dataset at a tick.
 */
export class Oracle {
  readonly #runs: ReadonlyMap<string, readonly Run[]>;
  readonly #seen = new Map<Dataset, Map<Instant, readonly Seen[]>>();
  readonly #expected: readonly Expected[];
  readonly #waivers: readonly Waiver[];
  readonly #ticks: readonly Instant[];

  constructor(runs: readonly Run[], expected: readonly Expected[], waivers: readonly Waiver[], ticks: readonly Instant[]) {
    const told = new Map(runs.map((run) => [`${run.dataset} ${run.source} ${run.partition} ${run.at}`, run]));
    const newest = [...told.values()].sort((a, b) => b.at - a.at);
    this.#runs = new Map([
      ...Map.groupBy(newest, ({ dataset }) => dataset),
      ...Map.groupBy(newest, ({ dataset, source, partition }) => `${dataset} ${streamId(source, partition)}`),
    ]);
    this.#expected = expected;
    this.#waivers = waivers;
    this.#ticks = ticks;
  }

  /** The rows of a dataset that hold at an instant, by item. */
  #rows({ dataset, admits }: Pick<Selection<Row>, 'dataset' | 'admits'>, at: Instant): readonly Seen[] {
    const ticks = this.#seen.get(dataset) ?? new Map<Instant, readonly Seen[]>();
    this.#seen.set(dataset, ticks);
    const all = ticks.get(at) ?? this.#everyRow(dataset, at);
    ticks.set(at, all);
    return all.filter(({ row }) => admits(row));
  }

  #everyRow(dataset: Dataset, at: Instant): readonly Seen[] {
    const { derived } = dataset;
    if (derived) {
      return this.#rows(derived.population, at).flatMap((from) => {
        const found = this.#joined(derived.with, from.row, at);
        const { row, cites } = derived.derive(from.row, rowsOf(found) as never);
        if (row === null) return [];
        const rest = restsOn(derived.with, found, (seen) => cites.includes(seen.row));
        return [{ ...from, row, needs: [...from.needs, ...rest.needs], lacks: [...from.lacks, ...rest.lacks] }];
      });
    }
    const items = new Set(this.#of(dataset).flatMap((run) => run.rows.map((row) => `${streamId(run.source, run.partition)}/${dataset.key(row)}`)));
    return [...items].sort().flatMap((item) => {
      const stream = item.split('/', 2).join('/');
      const shown = (run: Run) => run.rows.find((row) => `${stream}/${dataset.key(row)}` === item);
      const last = dataset.happened
        ? this.#of(dataset, stream).find((run) => shown(run))
        : this.#of(dataset, stream).find((run) => run.at <= at && (run.complete || shown(run)));
      const row = last && shown(last);
      return row && (dataset.happened?.(row) ?? at) <= at ? [{ item, stream, row, needs: [], lacks: [] }] : [];
    });
  }

  #joined(joins: Joins, item: Row, at: Instant): Record<string, readonly Seen[]> {
    return Object.fromEntries(
      Object.entries(joins).map(([name, { rows, key }]: [string, Join]) => [
        name,
        this.#rows(rows, at).filter(({ row }) => !key || meet(row[key.theirs], item[key.ours])),
      ]),
    );
  }

  #of({ id }: Dataset, stream?: string): readonly Run[] {
    return this.#runs.get(stream === undefined ? id : `${id} ${stream}`) ?? [];
  }

  #streams({ id }: Dataset, at: Instant): string[] {
    return this.#expected.filter((it) => it.dataset === id && holds(it, at)).map(({ source, partition }) => streamId(source, partition));
  }

  #looks(dataset: Dataset, stream: string, at: Instant): boolean {
    return this.#of(dataset, stream).some((run) => run.complete && (run.polled ? holds(run.polled, at) : run.at === at));
  }

  #covers(dataset: Dataset, stream: string, at: Instant): boolean {
    const complete = this.#of(dataset, stream).filter((run) => run.complete);
    if (!dataset.happened) return complete.some((run) => run.at <= at && at < run.at + dataset.freshness);
    const watermark = Math.max(...complete.flatMap(({ polled }) => (polled && polled.from < polled.to ? [polled.to] : [])));
    return this.#looks(dataset, stream, at) || (watermark <= at && at < watermark + dataset.freshness);
  }

  #covered(dataset: Dataset, at: Instant): boolean {
    const streams = this.#streams(dataset, at);
    return streams.length > 0 && streams.every((stream) => this.#covers(dataset, stream, at));
  }

  /** What is said of every item of a check, at every tick. */
  claims(check: Check): Map<string, Said[]> {
    const { dataset } = check.population;
    const whole = { dataset, admits: () => true };
    const asked = told(dataset);
    const all = new Map<string, Said[]>();
    const open = new Set<string>(),
      outside = new Set<string>(),
      appeared = new Map<string, Instant>(),
      settled = new Map<string, Said>();
    this.#ticks.forEach((at, tick) => {
      const present = this.#rows({ dataset: asked, admits: () => true }, at);
      const shown = this.#rows(whole, at);
      for (const item of appeared.keys()) if (!present.some((seen) => seen.item === item)) appeared.delete(item);
      for (const { item } of present) if (!appeared.has(item)) appeared.set(item, at);
      const seen = new Map(shown.filter(({ row }) => check.population.admits(row)).map((seen) => [seen.item, seen]));
      for (const item of open) if (!seen.has(item)) open.delete(item);
      for (const item of new Set([...all.keys(), ...seen.keys()])) {
        const { said, final } = settled.has(item)
          ? { said: settled.get(item)!, final: false }
          : this.#say(check, seen.get(item), at, appeared.get(item)!, { open, outside });
        if (final) settled.set(item, said);
        if (!all.has(item))
          all.set(
            item,
            this.#ticks.map(() => null),
          );
        all.get(item)![tick] = said;
      }
    });
    return all;
  }

  #say(
    check: Check,
    seen: Seen | undefined,
    at: Instant,
    appeared: Instant,
    { open, outside }: { readonly open: Set<string>; readonly outside: Set<string> },
  ): { said: Said; final: boolean } {
    const found = seen ? this.#joined(check.with, seen.row, at) : {};
    const verdict = seen ? check.examine(seen.row, { ...rowsOf(found), at } as never) : null;
    if (seen && verdict?.kind !== 'deviates') open.delete(seen.item);
    if (seen && verdict?.kind !== 'notYet') outside.delete(seen.item);
    if (!seen || !verdict) return { said: null, final: false };
    if (verdict.kind === 'notYet')
      return { said: this.#outside(check, seen, verdict, at, outside) ? null : { kind: 'unknown', because: UNCOVERED }, final: false };
    if (verdict.kind === 'unknown') return { said: verdict, final: false };

    const { dataset } = check.population;
    const source = told(dataset);
    const cites = verdict.kind === 'deviates' ? (verdict.cites ?? []) : [];
    const rest = restsOn(check.with, found, (other) => cites.includes(other.row));
    const whole = verdict.kind === 'conforms' ? allOf(dataset).filter((it) => it !== source) : [];
    const needs = [...seen.needs, ...rest.needs, ...whole];
    const lookedAt = (other: Dataset, stream: string) => this.#ticks.some((then) => appeared <= then && then <= at && this.#looks(other, stream, then));
    const covered =
      needs.every((other) => this.#covered(other, at)) &&
      [...seen.lacks, ...rest.lacks].every((other) => this.#streams(other, at).every((stream) => lookedAt(other, stream)));
    const fresh = dataset.happened || verdict.kind === 'deviates' || this.#covers(source, seen.stream, at);
    if (verdict.kind === 'deviates' && covered) open.add(seen.item);
    const counts = (covered && fresh) || open.has(seen.item);
    const said: Said = counts ? { kind: verdict.kind, because: 'because' in verdict ? verdict.because : null } : { kind: 'unknown', because: UNCOVERED };
    return { said, final: counts && !!dataset.happened && verdict.until === undefined };
  }

  /** Whether it is known to be left out: an event is from the first time on that it was known, until something else is said. */
  #outside(check: Check, { item, needs }: Seen, verdict: Extract<Verdict, { kind: 'notYet' }>, at: Instant, outside: Set<string>): boolean {
    if (outside.has(item) || (verdict.until !== undefined && !verdict.rests)) return true;
    const rests = Object.entries(check.with).flatMap(([name, { rows }]) => ((verdict.rests?.includes(name) ?? true) ? allOf(rows.dataset) : []));
    const { dataset } = check.population;
    const known = [...needs, ...rests, ...allOf(dataset).filter((it) => it !== told(dataset))].every((other) => this.#covered(other, at));
    if (known && dataset.happened) outside.add(item);
    return known;
  }

  /** The status over a period, as told now; with `skip`, of the deviations that no waiver holds. */
  status(check: Check, claims: ReadonlyMap<string, readonly Said[]>, asked: Period, now: Instant, skip: boolean): Status {
    const { dataset } = check.population;
    const period = { from: asked.from, to: Math.min(asked.to, now + 1) };
    const ticks = this.#ticks.flatMap((at, tick) => (holds(period, at) ? [{ at, tick }] : []));
    if (ticks.length === 0) return worst([]);
    const happened = (item: string) => this.#ticks.find((at) => this.#rows({ dataset, admits: () => true }, at).some((seen) => seen.item === item));
    const waived = (item: string, at: Instant) => this.#waivers.some((waiver) => waiver.check === check.id && waiver.item === item && holds(waiver, at));
    const kinds = [...claims].flatMap(([item, said]) => {
      const at = dataset.happened ? happened(item) : undefined;
      const when = !dataset.happened ? ticks : at !== undefined && holds(period, at) ? [{ at: now, tick: this.#ticks.indexOf(now) }] : [];
      const of = when.flatMap(({ at, tick }) => (said[tick] ? [said[tick].kind === 'deviates' && skip && waived(item, at) ? 'waived' : said[tick].kind] : []));
      return of.length > 0 ? [of] : [];
    });
    const uncertain = kinds.some((of) => of.includes('unknown')) || ticks.some(({ at }) => !allOf(dataset).every((it) => this.#covered(it, at)));
    const fails = kinds.filter((of) => of.includes('deviates')).length > check.tolerates * kinds.length;
    return worst([...(fails ? ['fail' as const] : []), ...(uncertain ? ['unknown' as const] : []), kinds.length > 0 ? 'pass' : 'empty']);
  }
}

const rowsOf = (found: Readonly<Record<string, readonly Seen[]>>) =>
  Object.fromEntries(Object.entries(found).map(([name, its]) => [name, its.map(({ row }) => row)]));

const entries = (value: unknown): readonly unknown[] => (value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]);
const meet = (a: unknown, b: unknown): boolean => entries(a).some((entry) => entries(b).includes(entry));

/** The dataset that sources tell of behind a derived one, and all of those that it reads. */
const told = (dataset: Dataset): Dataset => (dataset.derived ? told(dataset.derived.population.dataset) : dataset);
const allOf = (dataset: Dataset): Dataset[] =>
  dataset.derived
    ? [dataset.derived.population, ...Object.values(dataset.derived.with).map(({ rows }) => rows)].flatMap((selection) => allOf(selection.dataset))
    : [dataset];

/** What is cited stands for itself; of all else it is absence that counts. */
function restsOn(joins: Joins, found: Readonly<Record<string, readonly Seen[]>>, cited: (seen: Seen) => boolean): Pick<Seen, 'needs' | 'lacks'> {
  const each = Object.entries(joins).map(([name, { rows }]) => {
    const its = found[name] ?? [];
    const proof = its.filter(cited);
    if (proof.length > 0) return { needs: proof.flatMap(({ needs }) => needs), lacks: proof.flatMap(({ lacks }) => lacks) };
    return { needs: allOf(rows.dataset), lacks: its.length === 0 ? [told(rows.dataset)] : [] };
  });
  return { needs: each.flatMap(({ needs }) => needs), lacks: each.flatMap(({ lacks }) => lacks) };
}
