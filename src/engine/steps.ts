import type { Check, Verdict } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset, Joins, Row } from '../datasets/dataset.ts';
import { base, bases } from './derive.ts';
import { type Fact, type Facts, same, sameRest } from './facts.ts';

/** A verdict as it is kept: a step of an item's step function, from rows alone. Coverage is laid over it when it is read. */
export interface Step extends Period {
  readonly kind: Verdict['kind'];
  readonly because: string | null;
  /** Datasets that must be covered for it to count: all it reads, or those of which a deviation cites no row. */
  readonly needs: readonly string[];
  /** Those of them in which nothing was found: they must have been looked at since the item appeared. */
  readonly lacks: readonly string[];
  /** Time alone will not change it. */
  readonly settled: boolean;
  /** Records of the item's row and of the rows cited, as they were when it began. */
  readonly records: readonly number[];
}

export type Found = Readonly<Record<string, readonly Fact[]>>;

/** Examines a fact at its beginning, wherever a joined row begins or ends, and at each `until`. */
export function examine(check: Check, fact: Fact, facts: Facts, since: Instant): Step[] {
  const steps: Step[] = [];
  for (const { from, to, found } of moments(fact, check.with, facts, since)) {
    for (let at = from; at < to; at = steps.at(-1)?.to ?? to) {
      const verdict = perform(check, fact.row, at, found);
      steps.push({ from: at, to: Math.min(to, verdict.until ?? to), ...rests(check, fact, verdict, found) });
    }
  }
  return steps;
}

/** Derives a fact at its beginning and wherever a joined row begins or ends. */
export function deriveFrom(dataset: Dataset, fact: Fact, facts: Facts, since: Instant): Fact[] {
  const { derived } = dataset;
  if (!derived) throw new RangeError(`${dataset.id} is not derived`);
  return moments(fact, derived.with, facts, since).flatMap(({ from, to, found }) => {
    const { row, cites } = derived.derive(fact.row, rowsOf(found) as never);
    if (row === null) return [];
    const { needs, lacks, records } = basis(derived.with, fact, found, new Set(cites), false);
    return [{ item: fact.item, stream: fact.stream, row, from, to, needs, lacks, records }];
  });
}

/** Of a check without joins. One for all, for most checks are of that kind and examine every item. */
const NOTHING: Found = {};

/** The parts of a fact, from `since` on, in which no row joined to it changes. */
function moments(fact: Fact, joins: Joins, facts: Facts, since: Instant): (Period & { readonly found: Found })[] {
  const start = Math.max(fact.from, since);
  if (start >= fact.to) return [];
  if (!joinsAny(joins)) return [{ from: start, to: fact.to, found: NOTHING }];
  const joined = Object.entries(joins).map(([name, join]) => [name, facts.joined(join, fact.row)] as const);
  const edges = new Set(joined.flatMap(([, its]) => its.flatMap(({ from, to }) => [from, to])).filter((at) => at > start && at < fact.to));
  const starts = [start, ...[...edges].sort((a, b) => a - b)];
  return starts.map((from, place) => ({
    from,
    to: starts[place + 1] ?? fact.to,
    found: Object.fromEntries(joined.map(([name, its]) => [name, its.filter((other) => holds(other, from))])),
  }));
}

function joinsAny(joins: Joins): boolean {
  for (const _ in joins) return true;
  return false;
}

const rowsOf = (found: Found): Readonly<Record<string, readonly Row[]>> =>
  Object.fromEntries(Object.entries(found).map(([name, its]) => [name, its.map(({ row }) => row)]));

/** Calls a check whose joins are known by name only; `defineCheck` has typed them for its author. */
export function perform(check: Check, item: Row, at: Instant, found: Found): Verdict {
  const verdict = check.examine(item, (found === NOTHING ? { at } : { ...rowsOf(found), at }) as never);
  if (verdict.until !== undefined && verdict.until <= at) throw new RangeError(`${check.id}: "until" must lie ahead`);
  return verdict;
}

/** What a verdict says and what it rests on. */
export function rests(check: Check, fact: Fact, verdict: Verdict, found: Found): Omit<Step, keyof Period> {
  const { kind } = verdict;
  const because = 'because' in verdict ? verdict.because : null;
  const settled = verdict.until === undefined;
  const whole = kind !== 'deviates' && check.population.dataset.derived !== undefined;
  // Without a join it rests on what the fact itself rests on; the lists are in order already, and shared rather than made again for each verdict.
  if (found === NOTHING && !whole) return { kind, because, needs: fact.needs, lacks: fact.lacks, settled, records: fact.records };
  const everything = whole ? bases(check.population.dataset).filter((id) => id !== base(check.population.dataset).id) : [];
  const { needs, lacks, records } = basis(check.with, fact, found, new Set('cites' in verdict ? verdict.cites : []), kind !== 'deviates');
  return { kind, because, needs: [...new Set([...needs, ...everything])].sort(), lacks, settled, records };
}

/** Of a join no row of which is cited it is absence that counts: all that the join reads must be covered. */
function basis(joins: Joins, fact: Fact, found: Found, cites: ReadonlySet<Row>, all: boolean): Pick<Step, 'needs' | 'lacks' | 'records'> {
  const needs = new Set(fact.needs);
  const lacks = new Set(fact.lacks);
  const records = new Set(fact.records);
  for (const [name, join] of Object.entries(joins)) {
    const its = found[name] ?? [];
    const cited = its.filter(({ row }) => cites.has(row));
    for (const other of cited) {
      for (const id of other.needs) needs.add(id);
      for (const id of other.lacks) lacks.add(id);
      for (const record of other.records) records.add(record);
    }
    if (all || cited.length === 0) for (const id of bases(join.rows.dataset)) needs.add(id);
    if ((all || cited.length === 0) && its.length === 0) lacks.add(base(join.rows.dataset).id);
  }
  const sorted = <Value extends string | number>(values: Iterable<Value>) => [...values].sort((a, b) => (a < b ? -1 : 1));
  return { needs: sorted(needs), lacks: sorted(lacks), records: sorted(records) };
}

type Said = Omit<Step, keyof Period | 'records'>;

const saysSame = (a: Said, b: Said): boolean =>
  a.kind === b.kind && a.because === b.because && a.settled === b.settled && sameEntries(a.needs, b.needs) && sameEntries(a.lacks, b.lacks);

const sameEntries = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((entry, place) => entry === b[place]));

/** Joins steps that say the same; the records are those that first taught it. */
export function mergeSteps(steps: readonly Step[]): readonly Step[] {
  if (steps.length < 2) return steps;
  const merged: Step[] = [];
  for (const step of steps) {
    const last = merged.at(-1);
    if (last && last.to === step.from && saysSame(last, step)) merged[merged.length - 1] = { ...last, to: step.to };
    else merged.push(step);
  }
  return merged;
}

export function mergeFacts(facts: readonly Fact[]): readonly Fact[] {
  const merged: Fact[] = [];
  for (const fact of facts) {
    const last = merged.at(-1);
    if (last && last.to === fact.from && same(last.row, fact.row) && sameRest(last, fact)) merged[merged.length - 1] = { ...last, to: fact.to };
    else merged.push(fact);
  }
  return merged;
}
