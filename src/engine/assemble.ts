import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { worstOfControls } from '../core/status.ts';
import { type Assessed, type Assessor, type Reading, toleranceOf, UNCOVERED, type Waiver } from './assess.ts';
import type { BesidesReader } from './besides.ts';
import { nameKey } from './by-name.ts';
import type { Catalog } from './catalog.ts';
import { besidesOf, controlStatus, examinedUntil } from './control.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import { ordered } from './ordered.ts';
import type { CheckPosture, ControlPosture, CriterionPosture, Finding, Findings, Posture, WaiverMark } from './posture.ts';

/** All that a posture is a function of, but the instant. */
export interface Grounds {
  readonly engine: Engine;
  readonly coverage: Coverage;
  readonly assessor: Assessor;
  readonly checks: readonly Check[];
  readonly catalog: Catalog;
  /** What the statuses of controls rest on besides their checks. Nothing, unless given. */
  readonly besides?: BesidesReader;
}

export type Stamp = Pick<Posture, 'company' | 'demo' | 'asOf' | 'period' | 'timezone' | 'checkpoint' | 'units'> & {
  readonly catalogDigest: string;
  readonly code: string;
};

/** The posture at an instant. Pure: the same grounds and the same stamp give the same posture, byte for byte. */
export function assemble(grounds: Grounds, stamp: Stamp): Posture {
  const { asOf, period } = stamp;
  return assembled(grounds, stamp, { from: asOf, to: asOf + 1 }, (check) => grounds.assessor.at(check, asOf, period));
}

/** The posture over the stamp's period, by what is known at its instant: whatever was so at any time in it counts. Pure as {@link assemble} is. */
export function assembleOver(grounds: Grounds, stamp: Stamp): Posture {
  const { asOf, period } = stamp;
  const span = { from: period.from, to: Math.min(asOf, period.to - 1) + 1 };
  return assembled(grounds, stamp, span, (check, until = period.to) => grounds.assessor.over(check, { from: period.from, to: until }, asOf));
}

/**
 * @param span what it speaks of
 * @param read a check over the span; up to an instant in it, where one is given
 */
function assembled(grounds: Grounds, { catalogDigest, code, ...stamp }: Stamp, span: Period, read: (check: Check, until?: Instant) => Reading): Posture {
  const { checks, catalog } = grounds;
  const last = span.to - 1;
  const unwaived = new Map<string, number>();
  const examined = checks.map((check) => {
    const reading = read(check);
    unwaived.set(check.id, reading.unwaived);
    return checkPosture(grounds, check, reading, last);
  });
  const known = new Map(checks.map((check, place) => [check.id, { check, posture: examined[place] }]));
  const controls = catalog.controls.map((control): ControlPosture => {
    const { occurs: _, leftOut: __, ...said } = control;
    const besides = besidesOf(grounds.besides, control, span, stamp.asOf);
    const until = examinedUntil(besides, span);
    if (until <= span.from && besides.excluded) return { ...said, ...besides, status: 'excluded', alert: 'excluded' };
    const its = control.checks.map((id) => {
      const its = known.get(id);
      return its && until < span.to ? read(its.check, until) : its?.posture;
    });
    const duties = besides.duties.filter(({ from }) => from < until);
    const status = (of: 'status' | 'alert') =>
      controlStatus(
        its.map((it) => it?.[of] ?? 'unknown'),
        { ...besides, duties },
      );
    return { ...said, ...besides, status: status('status'), alert: status('alert') };
  });
  const criteria = catalog.criteria.map(({ inScope, gap, ...criterion }): CriterionPosture => {
    const its = controls.filter((control) => control.criteria.includes(criterion.id));
    return {
      ...criterion,
      status: inScope ? worstOfControls(its.map(({ status }) => status)) : null,
      controls: its.map(({ id }) => id),
      gap: its.length === 0 ? gap : its.every(({ status }) => status === 'excluded') ? LEFT_OUT : null,
    };
  });
  return { ...stamp, catalog: catalogDigest, code, criteria, controls, checks: examined, unwaived, findings: findingsIn(grounds, read, stamp.asOf) };
}

const findingsIn = (grounds: Grounds, read: (check: Check) => Reading, now: Instant): Findings => ({
  [Symbol.iterator]: () => findingsOf(grounds, read, now, {}),
  of: (controls, verdict) => eachOf(grounds, read, now, { controls, verdict }),
});

const LEFT_OUT = 'The company has left out every control for this criterion.';

/** Which findings are asked for; all, where nothing is said. */
export interface Asking {
  readonly controls?: readonly string[] | undefined;
  readonly checks?: readonly string[] | undefined;
  readonly verdict?: Finding['verdict'] | undefined;
}

/** Every item that deviates or is unknown at an instant: the findings of {@link assemble}, in their order, one by one. */
export const findingsAt = (grounds: Grounds, { asOf, period }: Pick<Stamp, 'asOf' | 'period'>, asking: Asking = {}): Iterable<Finding> =>
  eachOf(grounds, (check) => grounds.assessor.at(check, asOf, period), asOf, asking);

/** The findings of {@link findingsAt} about some items, by their ids, without reading those about others. */
export function* findingsOfItems(
  grounds: Grounds,
  { asOf, period }: Pick<Stamp, 'asOf' | 'period'>,
  items: readonly string[],
  asking: Asking,
): Iterable<Finding> {
  for (const [control, check] of examinedBy(grounds, asking)) {
    const { places } = grounds.engine.verdicts(check);
    for (const item of items) {
      const place = places.find(item);
      if (place !== undefined) yield* findingsAbout(grounds, check, control, grounds.assessor.ofItem(check, asOf, period, place), asOf, asking.verdict);
    }
  }
}

/** Every item that deviates or is unknown at any time in a period, by what is known now, one by one. */
export const findingsOver = (grounds: Grounds, period: Period, now: Instant, asking: Asking = {}): Iterable<Finding> =>
  eachOf(grounds, (check) => grounds.assessor.over(check, period, now), now, asking);

/** Control by control and check by check, a part of them at hand at once. They are found anew each time they are read. */
const eachOf = (...of: Parameters<typeof findingsOf>): Iterable<Finding> => ({ [Symbol.iterator]: () => findingsOf(...of) });

function* findingsOf(grounds: Grounds, read: (check: Check) => Reading, now: Instant, asking: Asking): Generator<Finding> {
  for (const [control, check] of examinedBy(grounds, asking)) {
    const reading = read(check);
    const { places } = grounds.engine.verdicts(check);
    for (const its of ordered(placesOf(reading, asking.verdict), {
      keyOf: (place) => nameKey(places.name(place)),
      compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      make: (place) => findingsAbout(grounds, check, control, reading.of(place), now, asking.verdict),
    }))
      yield* its;
  }
}

/** The checks of each control, in order. */
function* examinedBy({ checks, catalog }: Grounds, asking: Asking): Iterable<readonly [control: string, check: Check]> {
  for (const control of [...catalog.controls].sort(byId)) {
    if (asking.controls && !asking.controls.includes(control.id)) continue;
    for (const id of [...control.checks].sort()) {
      const check = asking.checks && !asking.checks.includes(id) ? undefined : checks.find((known) => known.id === id);
      if (check) yield [control.id, check];
    }
  }
}

/** Places of all that has to be told, ascending. */
export function placesOf({ deviating, unknown }: Pick<Reading, 'deviating' | 'unknown'>, verdict?: Finding['verdict']): readonly number[] {
  if (verdict) return verdict === 'deviates' ? deviating : unknown;
  if (unknown.length === 0) return deviating;
  if (deviating.length === 0) return unknown;
  return [...new Set([...deviating, ...unknown])].sort((a, b) => a - b);
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

function checkPosture({ coverage, engine }: Grounds, check: Check, { status, alert, items, counts, gaps }: Reading, asOf: Instant): CheckPosture {
  const { id, title, asserts, version, parameters, population } = check;
  const { id: told } = base(population.dataset);
  const { deviating, unknown, both } = counts;
  const nothing =
    status === 'unknown' && items === 0 && gaps.length === 0
      ? `Nothing is known of this population${engine.verdicts(check).isEmpty ? '' : ' at this instant'}, and it cannot be empty.`
      : null;
  return {
    id,
    title,
    asserts,
    version,
    parameters,
    dataset: population.dataset.id,
    status,
    alert,
    examined: items,
    deviations: deviating,
    unknowns: unknown,
    tolerance: toleranceOf(check, { items, deviating, conform: items - deviating - unknown + both }),
    gap: gaps.length > 0 ? coverage.explainPopulation(population.dataset, Math.min(asOf, (gaps.at(-1)?.to ?? asOf + 1) - 1)) : nothing,
    records: [...new Set(coverage.newestLooks(told, asOf))].sort((a, b) => a - b),
  };
}

/** Of one item, in the order of time. */
export function findingsAbout(
  { engine, coverage }: Grounds,
  check: Check,
  control: string,
  claims: readonly Assessed[],
  now: Instant,
  verdict?: Finding['verdict'],
): readonly Finding[] {
  return claims
    .filter(({ kind }) => verdict === undefined || (kind === 'deviates') === (verdict === 'deviates'))
    .map(({ item, kind, because, from, to, records, uncovered, waiver }): Finding => {
      const at = Math.min(to - 1, now);
      return {
        check: check.id,
        control,
        item: nameOf(engine, check, item, at),
        verdict: kind === 'deviates' ? 'deviates' : 'unknown',
        because: because === UNCOVERED ? uncoveredBecause(coverage, uncovered, at) : (because ?? ''),
        from,
        to: to > now ? NEVER : to,
        records,
        waiver: waiver ? markOf(waiver) : null,
      };
    })
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}

/** What is said of a waiver beside what it accepts. */
export const markOf = ({ id, because, by, until, records }: Waiver): WaiverMark => ({ id, because, by, until, records });

export function uncoveredBecause(coverage: Coverage, datasets: readonly string[], at: Instant): string {
  const reasons = [...new Set(datasets.flatMap((id) => coverage.explain(id, at)))];
  return reasons.length > 0 ? reasons.join(' ') : 'Not every source that this rests on has been asked since the item appeared.';
}
