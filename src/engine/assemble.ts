import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { worstOfControls } from '../core/status.ts';
import { type Assessed, type Assessor, type Reading, toleranceOf, UNCOVERED, type Waiver } from './assess.ts';
import type { BesidesReader } from './besides.ts';
import type { Catalog } from './catalog.ts';
import { besidesOf, controlStatus, examinedUntil } from './control.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import type { CheckPosture, ControlPosture, CriterionPosture, Finding, Posture, WaiverMark } from './posture.ts';

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
  const readings = new Map(checks.map((check) => [check.id, { check, reading: read(check) }]));
  const examined = [...readings.values()].map(({ check, reading }) => checkPosture(grounds, check, reading, last));
  const controls = catalog.controls.map((control): ControlPosture => {
    const { occurs: _, leftOut: __, ...said } = control;
    const besides = besidesOf(grounds.besides, control, span, stamp.asOf);
    const until = examinedUntil(besides, span);
    if (until <= span.from && besides.excluded) return { ...said, ...besides, status: 'excluded', alert: 'excluded' };
    const its = control.checks.map((id) => {
      const known = readings.get(id);
      return known && until < span.to ? read(known.check, until) : known?.reading;
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
  const findings = [...eachOf(grounds, (check) => readings.get(check.id)?.reading ?? read(check), stamp.asOf)];
  return { ...stamp, catalog: catalogDigest, code, criteria, controls, checks: examined, findings };
}

const LEFT_OUT = 'The company has left out every control for this criterion.';

/** Every item that deviates or is unknown at an instant: the findings of {@link assemble}, in their order, one by one. */
export const findingsAt = (grounds: Grounds, { asOf, period }: Pick<Stamp, 'asOf' | 'period'>, only?: string): Iterable<Finding> =>
  eachOf(grounds, (check) => grounds.assessor.at(check, asOf, period), asOf, only);

/** Every item that deviates or is unknown at any time in a period, by what is known now, one by one. */
export const findingsOver = (grounds: Grounds, period: Period, now: Instant, only?: string): Iterable<Finding> =>
  eachOf(grounds, (check) => grounds.assessor.over(check, period, now), now, only);

/** Control by control and check by check, so that no more than those of one check are at hand at once. */
function* eachOf(grounds: Grounds, read: (check: Check) => Reading, now: Instant, only?: string): Iterable<Finding> {
  const { checks, catalog } = grounds;
  for (const control of [...catalog.controls].sort(byId))
    for (const id of [...control.checks].sort()) {
      const check = only === undefined || only === id ? checks.find((known) => known.id === id) : undefined;
      if (!check) continue;
      const { deviations, unknowns } = read(check);
      yield* sorted(namedFindings(grounds, check, control.id, [...deviations, ...unknowns], now));
    }
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

function checkPosture({ coverage, engine }: Grounds, check: Check, { status, alert, items, deviations, unknowns, gaps }: Reading, asOf: Instant): CheckPosture {
  const { id, title, asserts, version, parameters, population } = check;
  const { id: told } = base(population.dataset);
  const present = engine.verdicts(check).size;
  const [deviating, unknown] = [deviations, unknowns].map((its) => new Set(its.map(({ item }) => item))) as [Set<string>, Set<string>];
  const nothing =
    status === 'unknown' && items === 0 && gaps.length === 0
      ? `Nothing is known of this population${present === 0 ? '' : ' at this instant'}, and it cannot be empty.`
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
    deviations: deviating.size,
    unknowns: unknown.size,
    tolerance: toleranceOf(check, { items, deviating: deviating.size, conform: items - deviating.union(unknown).size }),
    gap: gaps.length > 0 ? coverage.explain(told, Math.min(asOf, (gaps.at(-1)?.to ?? asOf + 1) - 1)).join(' ') : nothing,
    records: [...new Set(coverage.newestLooks(told, asOf))].sort((a, b) => a - b),
  };
}

function namedFindings({ engine, coverage }: Grounds, check: Check, control: string, claims: readonly Assessed[], now: Instant): Finding[] {
  return claims.map(({ item, kind, because, from, to, records, uncovered, waiver }): Finding => {
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
  });
}

/** What is said of a waiver beside what it accepts. */
export const markOf = ({ id, because, by, until, records }: Waiver): WaiverMark => ({ id, because, by, until, records });

export function uncoveredBecause(coverage: Coverage, datasets: readonly string[], at: Instant): string {
  const reasons = [...new Set(datasets.flatMap((id) => coverage.explain(id, at)))];
  return reasons.length > 0 ? reasons.join(' ') : 'Not every source that this rests on has been asked since the item appeared.';
}

/** Those of one check, by item and time. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const name = ({ item }: Finding) => `${item.source}\u0000${item.partition}\u0000${item.key}`;
  return findings
    .map((finding) => [name(finding), finding] as const)
    .sort(([a, { from }], [b, { from: since }]) => (a < b ? -1 : a > b ? 1 : from - since))
    .map(([, finding]) => finding);
}
