import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { clip, moment, type Period, type Periods, total, union } from '../core/interval.ts';
import { markOf, type Stamp, uncoveredBecause } from './assemble.ts';
import { nameKey } from './by-name.ts';
import { besidesOf, controlOver } from './control.ts';
import { nameOf } from './naming.ts';
import { type Assessed, toleranceOf, UNCOVERED } from './assess.ts';
import { KIND, longer } from './claim-block.ts';
import { lookDistances } from './looks.ts';
import { ordered } from './ordered.ts';
import { type CheckOver, type PeriodReader, type Told, toldOf } from './period.ts';
import type { CheckResults, ControlResults, DeviationOver, PeriodResults, UnknownOver } from './period-posture.ts';
import { movement } from './population.ts';
import type { ItemName } from './posture.ts';
import { quoteOf, spokenPeriod } from './quote.ts';

type Looks = ReturnType<typeof lookDistances>;

/** So many items of one unknown time are named; all of them are counted. */
const NAMED = 100;

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
  const deviates = new Set(unknown.length > 0 ? deviating : []);
  const undetermined = unknown.reduce((sum, item) => sum + Number(!deviates.has(item)), 0);
  const conform = examined - deviating.length - undetermined;
  const unknownTimes = union([...unknownTime(over, told), ...over.gaps]);
  const { waived, begun } = begunBy(reader, over, told);
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
    population: claims.events ? { kind: 'events', events: examined, open: happenedIn(over, told) - examined } : { kind: 'states', ...movement(claims, told) },
    examined,
    conform,
    deviate: deviating.length,
    undetermined,
    tolerance: toleranceOf(check, { items: examined, deviating: deviating.length, conform }),
    waived,
    deviations: { [Symbol.iterator]: () => deviations(reader, over, told, begun)[Symbol.iterator]() },
    unknowns: unknowns(reader, over, told),
    unknownTime: { total: total(unknownTimes), intervals: unknownTimes },
    gaps: over.gaps.map((gap) => ({ ...gap, because: coverage.explainPopulation(population.dataset, gap.to - 1) })),
    looks: looks(check),
  };
}

/** Events of the period, whether or not the check says anything of them yet. */
function happenedIn({ claims }: CheckOver, { period, until }: Told): number {
  let count = 0;
  for (const { happened } of claims.blocks()) for (const at of happened ?? []) if (period.from <= at && at < until) count++;
  return count;
}

/** So many times are held apart before those that meet are taken together. */
const APART = 10_000;

/** The parts of the period in which items of it were unknown, as they were claimed then. */
function unknownTime({ claims }: CheckOver, { period, until }: Told): Periods {
  let [known, parts] = [[] as Periods, [] as Period[]];
  for (const { places, starts, from, to, kind, happened } of claims.blocks())
    for (let item = 0; item < places.length; item++) {
      const at = happened?.[item];
      if (at !== undefined && !(period.from <= at && at < until)) continue;
      for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++) {
        if (kind[claim] !== KIND.unknown) continue;
        const part = { from: Math.max(from[claim] ?? 0, period.from), to: Math.min(to[claim] ?? NEVER, until) };
        if (part.from < part.to) parts.push(part);
      }
      if (parts.length > APART) [known, parts] = [union([...known, ...parts]), []];
    }
  return union([...known, ...parts]);
}

const spanOf = ({ claims }: CheckOver, { period, until, now }: Told): Period => (claims.events ? moment(now) : { from: period.from, to: until });

/** What is claimed of an item that counts for the period. */
function claimsIn({ grounds: { assessor } }: PeriodReader, over: CheckOver, place: number, told: Told): readonly Assessed[] {
  const item = over.claims.places.name(place);
  const span = spanOf(over, told);
  return assessor
    .claimsAt(over.check, place)
    .filter(({ from, to }) => from < span.to && span.from < to)
    .map((claim) => ({ item, ...claim, whole: { from: claim.from, to: claim.to } }));
}

/** The deviations of an item, each in parts: where no waiver holds, and where one does. */
function deviationsIn(reader: PeriodReader, over: CheckOver, place: number, told: Told): readonly Assessed[] {
  const span = spanOf(over, told);
  return claimsIn(reader, over, place, told)
    .filter(({ kind }) => kind === 'deviates')
    .flatMap((claim) => reader.grounds.assessor.marked(over.check, claim))
    .filter(({ from, to }) => from < span.to && span.from < to);
}

/** When the deviations of a period began, item by item: 12 bytes each. */
interface Begun {
  readonly place: Int32Array;
  readonly at: Float64Array;
  readonly count: number;
}

function begunBy(reader: PeriodReader, over: CheckOver, told: Told): { readonly waived: number; readonly begun: Begun } {
  let [place, at, count, waived] = [new Int32Array(64), new Float64Array(64), 0, 0];
  for (const its of over.deviating) {
    const parts = deviationsIn(reader, over, its, told);
    if (parts.some(({ waiver }) => waiver)) waived++;
    for (const { from } of parts) {
      if (count === at.length) [place, at] = [longer(place), longer(at)];
      place[count] = its;
      at[count++] = from;
    }
  }
  return { waived, begun: { place, at, count } };
}

function deviations(reader: PeriodReader, over: CheckOver, told: Told, { place, at, count }: Begun): Iterable<DeviationOver> {
  const { claims, check } = over;
  const { engine } = reader.grounds;
  const toldOfIt = (claim: Assessed): DeviationOver => ({
    item: nameOf(engine, check, claim.item, lastOf(claim, told)),
    because: claim.because ?? '',
    from: claim.from,
    to: lasting(claim.to, told),
    records: claim.records,
    lasted: claims.events ? null : within(claim, told),
    waiver: claim.waiver ? markOf(claim.waiver) : null,
  });
  return ordered(
    Int32Array.from({ length: count }, (_, number) => number),
    {
      keyOf: (number) => ({ from: at[number] ?? 0, name: nameKey(claims.places.name(place[number] ?? -1)) }),
      compare: (a, b) => (a.from === b.from ? (a.name < b.name ? -1 : Number(a.name > b.name)) : a.from - b.from),
      make: (number) => toldOfIt(deviationsIn(reader, over, place[number] ?? -1, told).find(({ from }) => from === at[number]) as Assessed),
    },
  );
}

/** States that were unknown at one time for one reason are told together; so are events that are unknown for one reason. */
function unknowns(reader: PeriodReader, over: CheckOver, told: Told): readonly UnknownOver[] {
  const { coverage, engine } = reader.grounds;
  const { events } = over.claims;
  const groups = new Map<string, Group>();
  for (const place of over.unknown) {
    for (const claim of claimsIn(reader, over, place, told)) {
      if (claim.kind !== 'unknown') continue;
      const id = JSON.stringify([claim.because, claim.uncovered, ...(events ? [] : [claim.from, claim.to])]);
      const group = groups.get(id) ?? { from: NEVER, to: -NEVER, because: reasonOf(claim), count: 0, last: -1, items: [], claims: 0, records: new Set() };
      groups.set(id, group);
      [group.from, group.to] = [Math.min(group.from, claim.from), Math.max(group.to, claim.to)];
      if (group.last !== place) group.count++;
      group.last = place;
      if (group.claims++ >= NAMED) continue;
      group.items.push(nameOf(engine, over.check, claim.item, lastOf(claim, told)));
      for (const record of claim.records) group.records.add(record);
    }
  }
  return [...groups.values()]
    .map(
      ({ from, to, because, count, items, records }): UnknownOver => ({
        from,
        to: lasting(to, told),
        because,
        count,
        items,
        records: [...records].sort((a, b) => a - b),
        lasted: events ? null : within({ from, to }, told),
      }),
    )
    .sort((a, b) => a.from - b.from || a.to - b.to || (a.because < b.because ? -1 : 1));

  function reasonOf({ because, uncovered, to }: Assessed): string {
    if (because !== UNCOVERED) return because ?? '';
    return uncoveredBecause(coverage, uncovered, Math.min(to - 1, told.now));
  }
}

/** What is unknown for one reason at one time, as far as it has been counted. */
interface Group {
  from: Instant;
  to: Instant;
  readonly because: string;
  count: number;
  /** Place of the item that was counted last. */
  last: number;
  claims: number;
  readonly items: ItemName[];
  readonly records: Set<number>;
}

const within = (period: Period, { period: { from }, until }: Told): number => total(clip([period], { from, to: until }));
/** What lasts beyond what is told has not ended. */
const lasting = (to: Instant, { now }: Told): Instant => (to > now ? NEVER : to);
const lastOf = ({ to }: Period, { now }: Told): Instant => Math.min(to - 1, now);
