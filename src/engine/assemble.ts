import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import { worst } from '../core/status.ts';
import { type Assessed, type Assessor, type Reading, UNCOVERED, type Waiver } from './assess.ts';
import type { Catalog } from './catalog.ts';
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
}

export type Stamp = Pick<Posture, 'company' | 'demo' | 'asOf' | 'period' | 'timezone' | 'checkpoint' | 'units'> & {
  readonly catalogDigest: string;
  readonly code: string;
};

/** The posture at an instant. Pure: the same grounds and the same stamp give the same posture, byte for byte. */
export function assemble(grounds: Grounds, stamp: Stamp): Posture {
  const { asOf, period } = stamp;
  return assembled(grounds, stamp, asOf, (check) => grounds.assessor.at(check, asOf, period));
}

/** The posture over the stamp's period, by what is known at its instant: whatever was so at any time in it counts. Pure as {@link assemble} is. */
export function assembleOver(grounds: Grounds, stamp: Stamp): Posture {
  const { asOf, period } = stamp;
  return assembled(grounds, stamp, Math.min(asOf, period.to - 1), (check) => grounds.assessor.over(check, period, asOf));
}

/** @param last the last instant that it speaks of */
function assembled(grounds: Grounds, { catalogDigest, code, ...stamp }: Stamp, last: Instant, read: (check: Check) => Reading): Posture {
  const { checks, catalog } = grounds;
  const readings = new Map(checks.map((check) => [check.id, { check, reading: read(check) }]));
  const examined = [...readings.values()].map(({ check, reading }) => checkPosture(grounds, check, reading, last));
  const controls = catalog.controls.map((control): ControlPosture => {
    const its = control.checks.flatMap((id) => examined.find((check) => check.id === id) ?? []);
    const missing = its.length < control.checks.length ? (['unknown'] as const) : [];
    const { occurs: _, ...said } = control;
    return { ...said, status: worst([...its.map(({ status }) => status), ...missing]), alert: worst([...its.map(({ alert }) => alert), ...missing]) };
  });
  const criteria = catalog.criteria.map(({ inScope, gap, ...criterion }): CriterionPosture => {
    const its = controls.filter((control) => control.criteria.includes(criterion.id));
    return {
      ...criterion,
      status: inScope ? worst(its.map(({ status }) => status)) : null,
      controls: its.map(({ id }) => id),
      gap: its.length === 0 ? gap : null,
    };
  });
  const findings = [...eachOf(grounds, (check) => readings.get(check.id)?.reading ?? read(check), stamp.asOf)];
  return { ...stamp, catalog: catalogDigest, code, criteria, controls, checks: examined, findings };
}

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
    deviations: new Set(deviations.map(({ item }) => item)).size,
    unknowns: new Set(unknowns.map(({ item }) => item)).size,
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
