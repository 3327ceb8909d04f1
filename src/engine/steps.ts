import type { Check, Verdict } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset, Joins, Row } from '../datasets/dataset.ts';
import { base, bases } from './derive.ts';
import type { Drawn } from './drawn.ts';
import { type Fact, type Facts, same, sameRest } from './facts.ts';
import { type Lists, NONE } from './lists.ts';
import type { Said, Says } from './says.ts';

/** A verdict as it is kept: a step of an item's step function, from rows alone. Coverage is laid over it when it is read. */
export interface Step extends Period, Said {}

/** Of each join in its order the facts that were found. */
type Found = readonly (readonly Fact[])[];

/** Examines a fact at its beginning, wherever a joined row begins or ends, and at each `until`; what it draws are the steps from `since` on. */
export type Examine = (fact: Fact, since: Instant, drawn: Drawn) => void;

/** How a check examines; what most of its verdicts rest on it works out once. */
export function examiner(check: Check, facts: Facts, says: Says): Examine {
  const { dataset } = check.population;
  const names = Object.keys(check.with);
  const everything = dataset.derived ? bases(dataset).filter((id) => id !== base(dataset).id) : NONE;
  const rest = basisOf(check.with, facts.lists, everything);
  const isAlone = names.length === 0;

  const span = (fact: Fact, from: Instant, to: Instant, found: Found, drawn: Drawn): void => {
    for (let at = from; at < to; ) {
      const verdict = check.examine(fact.row, given(names, found, at) as never);
      const { kind, until } = verdict;
      if (until !== undefined && until <= at) throw new RangeError(`${check.id}: "until" must lie ahead`);
      const end = until === undefined || until > to ? to : until;
      drawn.step(at, end, saidOf(fact, verdict, found, kind, until === undefined));
      at = end;
    }
  };
  const saidOf = (fact: Fact, verdict: Verdict, found: Found, kind: Verdict['kind'], settled: boolean): Said => {
    const because = 'because' in verdict ? verdict.because : null;
    const whole = kind !== 'deviates' && dataset.derived !== undefined;
    if (verdict.kind === 'notYet') return says.of(kind, null, outside(fact, verdict, found), NONE, settled, fact.records);
    // Without a join it rests on what the fact itself rests on.
    if (isAlone && !whole) return says.of(kind, because, fact.needs, fact.lacks, settled, fact.records);
    const cites = kind === 'deviates' && 'cites' in verdict ? (verdict.cites ?? NONE) : NONE;
    const { needs, lacks, records } = rest(fact, found, cites, whole);
    return says.of(kind, because, needs, lacks, settled, records);
  };

  const readFor = (name: string): readonly string[] => {
    const join = check.with[name];
    if (!join) throw new RangeError(`${check.id}: an item rests on ${name}, and no join is called that`);
    return bases(join.rows.dataset);
  };
  /** What has to be covered for an item to be left out; nothing where it is for the time being. */
  const outside = (fact: Fact, { until, rests }: Extract<Verdict, { kind: 'notYet' }>, found: Found): readonly string[] => {
    if (!rests) return until === undefined ? rest(fact, found, NONE, dataset.derived !== undefined).needs : NONE;
    if (rests.length === 0 && everything.length === 0) return fact.needs;
    return facts.lists.share(ordered([...fact.needs, ...rests.flatMap(readFor), ...everything]));
  };

  return (fact, since, drawn) => {
    const start = fact.from > since ? fact.from : since;
    if (start >= fact.to) return;
    if (isAlone) span(fact, start, fact.to, NONE, drawn);
    else
      eachMoment(joinedTo(check.with, names, facts, fact), start, fact.to, (from, to, found) => {
        span(fact, from, to, found, drawn);
      });
  };
}

/** Derives facts from a fact: at its beginning and wherever a joined row begins or ends, from `since` on. */
export function deriver(dataset: Dataset, facts: Facts): (fact: Fact, since: Instant) => Fact[] {
  const { derived } = dataset;
  if (!derived) throw new RangeError(`${dataset.id} is not derived`);
  const names = Object.keys(derived.with);
  const rest = basisOf(derived.with, facts.lists, NONE);
  return (fact, since) => {
    const made: Fact[] = [];
    const start = Math.max(fact.from, since);
    if (start >= fact.to) return made;
    eachMoment(joinedTo(derived.with, names, facts, fact), start, fact.to, (from, to, found) => {
      const { row, cites } = derived.derive(fact.row, given(names, found, null) as never);
      if (row !== null) made.push({ item: fact.item, stream: fact.stream, row, from, to, ...rest(fact, found, cites, false) });
    });
    return made;
  };
}

const joinedTo = (joins: Joins, names: readonly string[], facts: Facts, { row }: Fact): Found =>
  names.map((name) => {
    const join = joins[name];
    return join ? facts.joined(join, row) : NONE;
  });

/** The parts of a time in which no joined row begins or ends, each with what is found in it. */
function eachMoment(joined: Found, start: Instant, end: Instant, call: (from: Instant, to: Instant, found: Found) => void): void {
  const edges: Instant[] = [];
  for (const its of joined)
    for (const { from, to } of its) {
      if (start < from && from < end) edges.push(from);
      if (start < to && to < end) edges.push(to);
    }
  if (edges.length > 1) edges.sort((a, b) => a - b);
  let from = start;
  for (let place = 0; place <= edges.length; place++) {
    const to = edges[place] ?? end;
    if (to === from) continue;
    call(
      from,
      to,
      joined.map((its) => foundAt(its, from)),
    );
    from = to;
  }
}

function foundAt(facts: readonly Fact[], at: Instant): readonly Fact[] {
  for (const fact of facts) if (!holds(fact, at)) return facts.filter((other) => holds(other, at));
  return facts;
}

/** What a check or a derivation is given: the rows that are found, by the names of its joins; a check the instant too. */
function given(names: readonly string[], found: Found, at: Instant | null): Readonly<Record<string, unknown>> {
  if (names.length === 0 && at !== null) return { at };
  const all: Record<string, unknown> = at === null ? {} : { at };
  for (const [place, name] of names.entries()) all[name] = (found[place] ?? NONE).map(({ row }) => row);
  return all;
}

type Basis = Pick<Fact, 'needs' | 'lacks' | 'records'>;

/**
 * What a verdict or a derived row rests on. Of a join no row of which is cited it is absence that counts: all that the
 * join reads must be covered.
 */
function basisOf(joins: Joins, lists: Lists, everything: readonly string[]): (fact: Fact, found: Found, cites: readonly Row[], whole: boolean) => Basis {
  const all = Object.values(joins).map(({ rows: { dataset } }) => ({ needs: bases(dataset), lacks: base(dataset).id }));
  const memory = new Map<string, Pick<Basis, 'needs' | 'lacks'>>();

  /** Where nothing is cited it is the same for all facts that rest on the same and find something in the same joins. */
  const uncited = (fact: Fact, found: Found, whole: boolean): Pick<Basis, 'needs' | 'lacks'> => {
    let name = `${whole} ${lists.idOf(fact.needs)} ${lists.idOf(fact.lacks)} `;
    for (const its of found) name += its.length === 0 ? 0 : 1;
    const known = memory.get(name);
    if (known) return known;
    const needs = [...fact.needs, ...all.flatMap((join) => join.needs), ...(whole ? everything : NONE)];
    const lacks = [...fact.lacks, ...all.flatMap((join, place) => (found[place]?.length === 0 ? [join.lacks] : []))];
    const made = { needs: lists.share(ordered(needs)), lacks: lists.share(ordered(lacks)) };
    memory.set(name, made);
    return made;
  };

  return (fact, found, cites, whole) => {
    if (cites.length === 0) return { ...uncited(fact, found, whole), records: fact.records };
    const [needs, lacks, records] = [[...fact.needs], [...fact.lacks], [...fact.records]];
    for (const [place, join] of all.entries()) {
      const its = found[place] ?? NONE;
      const cited = its.filter(({ row }) => cites.includes(row));
      for (const other of cited) {
        needs.push(...other.needs);
        lacks.push(...other.lacks);
        records.push(...other.records);
      }
      if (cited.length === 0) needs.push(...join.needs);
      if (its.length === 0) lacks.push(join.lacks);
    }
    return { needs: lists.share(ordered(needs)), lacks: lists.share(ordered(lacks)), records: lists.share(ordered(records)) };
  };
}

const ordered = <Value extends string | number>(values: readonly Value[]): readonly Value[] => [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));

export function mergeFacts(facts: readonly Fact[]): readonly Fact[] {
  if (facts.length < 2) return facts;
  const merged: Fact[] = [];
  for (const fact of facts) {
    const last = merged.at(-1);
    if (last && last.to === fact.from && same(last.row, fact.row) && sameRest(last, fact)) merged[merged.length - 1] = { ...last, to: fact.to };
    else merged.push(fact);
  }
  return merged;
}

/** The part of some facts before an instant. */
export const factsBefore = (facts: readonly Fact[], since: Instant): readonly Fact[] =>
  facts.flatMap((fact) => (fact.from >= since ? [] : fact.to <= since ? [fact] : [{ ...fact, to: since }]));
