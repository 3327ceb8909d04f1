import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { clip, moment, type Period, total, union } from '../core/interval.ts';
import { markOf, type Stamp, uncoveredBecause } from './assemble.ts';
import { besidesOf, controlOver } from './control.ts';
import { nameOf } from './naming.ts';
import { type Assessed, toleranceOf, UNCOVERED } from './assess.ts';
import { KIND } from './claims.ts';
import { base } from './derive.ts';
import { lookDistances } from './looks.ts';
import { type CheckOver, type PeriodReader, type Told, toldOf } from './period.ts';
import type { CheckResults, ControlResults, DeviationOver, PeriodResults, UnknownOver } from './period-posture.ts';
import { movement } from './population.ts';
import { quoteOf, spokenPeriod } from './quote.ts';

type Looks = ReturnType<typeof lookDistances>;

/** So many items of one unknown time are named; all of them are counted. */
const NAMED = 1000;

/** The results of some controls over the stamp's period, as they can be told at its instant. Throws `RangeError` on a control that is not there. */
export function resultsOver(
  reader: PeriodReader,
  { catalogDigest, ...stamp }: Stamp,
  controls: readonly string[] | null,
  configurations: PeriodResults['configurations'],
): PeriodResults {
  const { catalog, checks } = reader.grounds;
  const missing = controls?.find((id) => !catalog.controls.some((control) => control.id === id));
  if (missing !== undefined) throw new RangeError(missing);
  const told = toldOf(stamp.period, stamp.asOf);
  const until = told.until;
  const named = catalog.controls.filter(({ id }) => controls === null || controls.includes(id));
  const looks = lookDistances(reader.grounds.coverage, { from: told.period.from, to: until });
  const when = spokenPeriod(stamp.period, stamp.timezone);
  const known = new Map<string, CheckResults>();
  const result = (id: string): CheckResults | undefined => {
    const check = checks.find((it) => it.id === id);
    if (!check || known.has(id)) return known.get(id);
    known.set(id, checkResults(reader, check, told, looks));
    return known.get(id);
  };
  return {
    ...stamp,
    catalog: catalogDigest,
    until,
    controls: named.map((control): ControlResults => {
      const { criteria, owner, statement, checks: ids } = control;
      const results = ids.flatMap((id) => result(id) ?? []);
      const besides = besidesOf(reader.grounds.besides, control, { from: told.period.from, to: until }, told.now);
      const observed = controlOver(control, besides, told, (id, its) => (its === told ? result(id) : reader.observe(id, its)));
      const quote = quoteOf({ ...stamp, until, when }, { ...observed, ...besides }, results);
      return { ...observed, ...besides, criteria, owner, statement, quote, checks: results };
    }),
    configurations,
  };
}

function checkResults(reader: PeriodReader, check: Check, told: Told, looks: Looks): CheckResults {
  const { coverage } = reader.grounds;
  const { id, title, asserts, version, parameters, population } = check;
  const over = reader.check(check, told);
  const { claims, examined, deviating, unknown, status, alert, intervals } = over;
  const fed = base(population.dataset).id;
  const deviates = new Set(deviating);
  const undetermined = unknown.filter((item) => !deviates.has(item)).length;
  const conform = examined - deviating.length - undetermined;
  const unknownTimes = union([...unknownClaims(over, told), ...over.gaps]);
  return {
    id,
    title,
    asserts,
    version,
    parameters,
    dataset: population.dataset.id,
    status,
    alert,
    intervals,
    population: claims.happened ? { kind: 'events', events: examined, open: happenedIn(over, told) - examined } : { kind: 'states', ...movement(claims, told) },
    examined,
    conform,
    deviate: deviating.length,
    undetermined,
    tolerance: toleranceOf(check, { items: examined, deviating: deviating.length, conform }),
    deviations: deviations(reader, over, told),
    unknowns: unknowns(reader, over, told),
    unknownTime: { total: total(unknownTimes), intervals: unknownTimes },
    gaps: over.gaps.map((gap) => ({ ...gap, because: coverage.explain(fed, gap.to - 1).join(' ') })),
    looks: looks(check),
  };
}

/** Events of the period, whether or not the check says anything of them yet. */
const happenedIn = ({ claims: { happened } }: CheckOver, { period, until }: Told): number =>
  happened?.reduce((sum, at) => sum + Number(period.from <= at && at < until), 0) ?? 0;

/** The parts of the period in which items of it were unknown, as they were claimed then. */
function unknownClaims({ claims: { starts, from, to, kind, happened } }: CheckOver, { period, until }: Told): Period[] {
  const parts: Period[] = [];
  for (let item = 0; item + 1 < starts.length; item++) {
    const at = happened?.[item];
    if (at !== undefined && !(period.from <= at && at < until)) continue;
    for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
      if (kind[claim] !== KIND.unknown) continue;
      const part = { from: Math.max(from[claim] ?? 0, period.from), to: Math.min(to[claim] ?? NEVER, until) };
      if (part.from < part.to) parts.push(part);
    }
  }
  return parts;
}

/** What is claimed of an item that counts for the period. */
function claimsIn(reader: PeriodReader, { check, claims }: CheckOver, place: number, { period, until, now }: Told): readonly Assessed[] {
  const item = claims.items[place] ?? '';
  const span = claims.happened ? moment(now) : { from: period.from, to: until };
  return reader.grounds.assessor
    .claims(check, item)
    .filter(({ from, to }) => from < span.to && span.from < to)
    .map((claim) => ({ item, ...claim, whole: { from: claim.from, to: claim.to } }));
}

function deviations(reader: PeriodReader, over: CheckOver, told: Told): readonly DeviationOver[] {
  const { assessor, engine } = reader.grounds;
  const span = over.claims.happened ? moment(told.now) : { from: told.period.from, to: told.until };
  return over.deviating
    .flatMap((place) => claimsIn(reader, over, place, told))
    .filter(({ kind }) => kind === 'deviates')
    .flatMap((claim) => assessor.marked(over.check, claim))
    .filter(({ from, to }) => from < span.to && span.from < to)
    .map(
      (claim): DeviationOver => ({
        item: nameOf(engine, over.check, claim.item, lastOf(claim, told)),
        because: claim.because ?? '',
        from: claim.from,
        to: lasting(claim.to, told),
        records: claim.records,
        lasted: over.claims.happened ? null : within(claim, told),
        waiver: claim.waiver ? markOf(claim.waiver) : null,
      }),
    )
    .sort((a, b) => a.from - b.from || (name(a) < name(b) ? -1 : 1));
}

const name = ({ item }: DeviationOver): string => `${item.source}\u0000${item.partition}\u0000${item.key}`;

/** States that were unknown at one time for one reason are told together; so are events that are unknown for one reason. */
function unknowns(reader: PeriodReader, over: CheckOver, told: Told): readonly UnknownOver[] {
  const { coverage, engine } = reader.grounds;
  const events = over.claims.happened !== null;
  const groups = new Map<string, { readonly claims: Assessed[]; readonly because: string }>();
  for (const place of over.unknown) {
    for (const claim of claimsIn(reader, over, place, told)) {
      if (claim.kind !== 'unknown') continue;
      const id = JSON.stringify([claim.because, claim.uncovered, ...(events ? [] : [claim.from, claim.to])]);
      const group = groups.get(id);
      if (group) group.claims.push(claim);
      else groups.set(id, { claims: [claim], because: reasonOf(claim) });
    }
  }
  return [...groups.values()]
    .map(({ claims, because }): UnknownOver => {
      const [from, to] = [claims.reduce((least, it) => Math.min(least, it.from), NEVER), claims.reduce((most, it) => Math.max(most, it.to), -NEVER)];
      return {
        from,
        to: lasting(to, told),
        because,
        count: new Set(claims.map(({ item }) => item)).size,
        items: claims.slice(0, NAMED).map((claim) => nameOf(engine, over.check, claim.item, lastOf(claim, told))),
        records: [...new Set(claims.slice(0, NAMED).flatMap(({ records }) => records))].sort((a, b) => a - b),
        lasted: events ? null : within({ from, to }, told),
      };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to || (a.because < b.because ? -1 : 1));

  function reasonOf({ because, uncovered, to }: Assessed): string {
    if (because !== UNCOVERED) return because ?? '';
    return uncoveredBecause(coverage, uncovered, Math.min(to - 1, told.now));
  }
}

const within = (period: Period, { period: { from }, until }: Told): number => total(clip([period], { from, to: until }));
/** What lasts beyond what is told has not ended. */
const lasting = (to: Instant, { now }: Told): Instant => (to > now ? NEVER : to);
const lastOf = ({ to }: Period, { now }: Told): Instant => Math.min(to - 1, now);
