import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { intersect, moment, type Period, type Periods, subtract } from '../core/interval.ts';
import { type Status, worst } from '../core/status.ts';
import { type Claims, claimsOf, type Counted, countOver } from './claims.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import { coveredBy, type Lay, layer, type Put } from './laid.ts';
import { NONE } from './lists.ts';
import { BLOCK, blockOf } from './places.ts';
import type { Tolerance } from './posture.ts';
import type { Said } from './says.ts';

/** An accepted deviation: a mark upon it, never a change of it. */
export interface Waiver extends Period {
  /** Id of its entry in the register. */
  readonly id: string;
  readonly check: string;
  readonly item: string;
  readonly because: string;
  /** Names of who approved it. */
  readonly by: string;
  /** When it ends by its own word; `to` is where it no longer counts, whatever the reason. */
  readonly until: Instant;
  readonly records: readonly number[];
}

/** What can be said of an item, coverage laid over its verdict. */
export interface Claim extends Period {
  readonly kind: 'conforms' | 'deviates' | 'unknown';
  readonly because: string | null;
  readonly records: readonly number[];
  /** Where evidence is what is missing: the datasets it would rest on, the item's own first. */
  readonly uncovered: readonly string[];
}

export interface Assessed extends Claim {
  readonly item: string;
  readonly waiver?: Waiver;
  /** From when to when the claim lasts of which this is the part that is waived, or is not. */
  readonly whole: Period;
}

export interface Reading {
  readonly status: Status;
  /** The status as alerts and exit codes take it: without waived deviations. */
  readonly alert: Status;
  readonly items: number;
  /** How many items deviate at a time at which no waiver holds. */
  readonly unwaived: number;
  /** How many items deviate, how many are not known, and how many are both at one time or another. */
  readonly counts: { readonly deviating: number; readonly unknown: number; readonly both: number };
  /** Places of the items that deviate, ascending; found when they are asked for. */
  readonly deviating: readonly number[];
  /** Likewise of those that are not known. */
  readonly unknown: readonly number[];
  /** What of one item deviates, then what of it is not known. */
  of(place: number): readonly Assessed[];
  /** Of all items, made when it is asked for: there may be many. */
  readonly deviations: readonly Assessed[];
  readonly unknowns: readonly Assessed[];
  /** When the population itself was not covered. */
  readonly gaps: Periods;
}

const NOBODY = { counts: { deviating: 0, unknown: 0, both: 0 }, deviating: NONE, unknown: NONE, of: () => NONE, deviations: NONE, unknowns: NONE } as const;

export const UNCOVERED = 'not covered by evidence';
const MANY = 5000;

/** Lays coverage and waivers over verdicts. What it has laid over those of a check it keeps until the engine learns: then make another one. */
export class Assessor {
  readonly #engine: Engine;
  readonly #coverage: Coverage;
  readonly #waivers: ReadonlyMap<string, ReadonlyMap<string, readonly Waiver[]>>;
  readonly #covered: ReturnType<typeof coveredBy>;
  readonly #layers = new Map<string, Lay>();
  readonly #columns = new Map<string, Claims>();
  readonly #claims = new Map<string, Map<number, readonly Claim[]>>();

  constructor(engine: Engine, coverage: Coverage, waivers: readonly Waiver[] = []) {
    this.#engine = engine;
    this.#coverage = coverage;
    const byCheck = Map.groupBy(waivers, ({ check }) => check);
    this.#waivers = new Map([...byCheck].map(([check, its]) => [check, Map.groupBy(its, ({ item }) => item)]));
    this.#covered = coveredBy(coverage);
  }

  /** The live status: states as they are now, events of the observation period so far. */
  at(check: Check, now: Instant, observed: Period): Reading {
    return this.#reading(check, check.population.dataset.happened ? { from: observed.from, to: now + 1 } : moment(now), now, true);
  }

  /** What {@link at} says of one item, without reading the others: what of it deviates, then what of it is not known. */
  ofItem(check: Check, now: Instant, observed: Period, place: number): readonly Assessed[] {
    if (check.population.dataset.happened) {
      const its = this.#engine.verdicts(check).block(blockOf(place));
      const at = its?.from[its.starts[place % BLOCK] ?? -1] ?? Number.NaN;
      if (!(observed.from <= at && at <= now)) return NONE;
    }
    const of = (kind: Claim['kind']) => this.#meeting(check, moment(now), kind)(place);
    return [...of('deviates').map(whole), ...of('unknown')];
  }

  /** The status over a period, as it can be told `now`. */
  over(check: Check, asked: Period, now: Instant): Reading {
    return this.#reading(check, asked, now, false);
  }

  /** @param isAt whether it is asked how things stand `now`: of a deviation its whole is told then */
  #reading(check: Check, asked: Period, now: Instant, isAt: boolean): Reading {
    if (now < asked.from) return { status: worst([]), alert: worst([]), items: 0, unwaived: 0, gaps: [asked], ...NOBODY };
    const { dataset } = check.population;
    const until = Math.min(asked.to, now + 1);
    const period = { from: asked.from, to: until };
    const span = dataset.happened ? moment(now) : period;
    const claims = this.columns(check);
    const told = isAt ? whole : (part: Assessed) => part;
    let listed: Counted | null = null;
    const lists = () => (listed ??= countOver(claims, { period, until, now }));
    const counts = isAt ? countAt(claims, asked.from, now) : countsOf(lists());
    const gaps = subtract([period], this.#coverage.population(dataset));
    const status = (those: number) => statusOf(check, { items: counts.items, deviating: those, uncertain: counts.unknown + gaps.length > 0 });
    const deviations = this.#meeting(check, span, 'deviates');
    const unknowns = this.#meeting(check, span, 'unknown');
    return {
      status: status(counts.deviating),
      alert: status(counts.unwaived),
      items: counts.items,
      unwaived: counts.unwaived,
      counts,
      get deviating() {
        return lists().deviating;
      },
      get unknown() {
        return lists().unknown;
      },
      of: (place) => [...deviations(place).map(told), ...unknowns(place)],
      get deviations() {
        return lists().deviating.flatMap(deviations).map(told);
      },
      get unknowns() {
        return lists().unknown.flatMap(unknowns);
      },
      gaps,
    };
  }

  /** Every claim of a check, in columns. */
  columns(check: Check): Claims {
    const known = this.#columns.get(check.id) ?? claimsOf(this.#engine, this.#lay(check), check, this.#waivers.get(check.id));
    this.#columns.set(check.id, known);
    return known;
  }

  /** A deviation in parts, each marked with the waiver that holds then. */
  marked(check: Check, deviation: Assessed): readonly Assessed[] {
    const waivers = this.#waivers.get(check.id)?.get(deviation.item);
    return waivers ? mark(deviation, waivers) : [deviation];
  }

  /** An item's verdicts with coverage laid over them. An event keeps the first that time alone will not change. */
  claims(check: Check, item: string): readonly Claim[] {
    const place = this.#engine.verdicts(check).places.find(item);
    return place === undefined ? [] : this.claimsAt(check, place);
  }

  /**
   * The same by place. Of so many items of a check it is kept: pages tell of the same ones again and again.
   * @param passing whether those of many are asked for one after another, in the order of places
   */
  claimsAt(check: Check, place: number, passing = false): readonly Claim[] {
    const known = this.#claims.get(check.id) ?? new Map<number, readonly Claim[]>();
    this.#claims.set(check.id, known);
    const there = known.get(place);
    if (there) return there;
    const claims: Claim[] = [];
    const claimed = claiming(check);
    const put: Put = (from, to, said, covered) => {
      const { item: _, whole: __, ...claim } = claimed('', from, to, said, covered);
      claims.push(claim);
    };
    this.#lay(check)(place, put, passing);
    if (known.size < MANY) known.set(place, claims);
    return claims;
  }

  /** Whole claims of one kind that reach into a time, not clipped ones: since when is half of what their reader asks. */
  #meeting(check: Check, span: Period, kind: Claim['kind']): (place: number) => readonly Assessed[] {
    const [lay, claimed, waived] = [this.#lay(check), claiming(check), kind === 'deviates' ? this.#waivers.get(check.id) : undefined];
    const { places } = this.#engine.verdicts(check);
    return (place) => {
      const its: Assessed[] = [];
      const item = places.name(place);
      const waivers = waived?.get(item);
      lay(place, (from, to, said, covered) => {
        if (from >= span.to || span.from >= to || kind !== (covered ? said.kind : 'unknown')) return;
        const claim = claimed(item, from, to, said, covered);
        if (!waivers) its.push(claim);
        else its.push(...mark(claim, waivers).filter((part) => part.from < span.to && span.from < part.to));
      });
      return its;
    };
  }

  #lay(check: Check): Lay {
    const known = this.#layers.get(check.id) ?? layer(this.#engine, this.#coverage, check, this.#covered);
    this.#layers.set(check.id, known);
    return known;
  }
}

/** No item is both at one instant. */
const countAt = (claims: Claims, since: Instant, now: Instant) => ({ ...claims.tally(since).at(now), both: 0 });

function countsOf({ examined: items, deviating, unwaived, unknown }: Counted) {
  const uncertain = new Set(deviating.length > 0 ? unknown : []);
  const both = deviating.reduce((sum, place) => sum + Number(uncertain.has(place)), 0);
  return { items, deviating: deviating.length, unwaived, unknown: unknown.length, both };
}

/** Whether it is waived is asked of this instant, since when it deviates is not. */
const whole = (part: Assessed): Assessed => (part.waiver || part.whole.from !== part.from ? { ...part, ...part.whole } : part);

/** Puts a claim of a check in words. The same datasets are uncovered for all that needs the same. */
function claiming({ population }: Check): (item: string, from: Instant, to: Instant, said: Said, covered: boolean) => Assessed {
  const own = base(population.dataset).id;
  const lists = new Map<readonly string[], readonly string[]>();
  const missing = (needs: readonly string[]): readonly string[] => {
    const known = lists.get(needs) ?? [own, ...needs];
    lists.set(needs, known);
    return known;
  };
  return (item, from, to, { kind, because, needs, records }, covered) => {
    const whole = { from, to };
    if (!covered) return { item, from, to, kind: 'unknown', because: UNCOVERED, records, uncovered: missing(needs), whole };
    return { item, from, to, kind: kind === 'notYet' ? 'unknown' : kind, because, records, uncovered: NONE, whole };
  };
}

/** What counts of a population come to. A tolerance is a share of its items; what is not known is never tolerated. */
export function statusOf(
  { tolerates, mustExist }: Pick<Check, 'tolerates' | 'mustExist'>,
  { items, deviating, uncertain }: { readonly items: number; readonly deviating: number; readonly uncertain: boolean },
): Status {
  if (exceeds(tolerates, deviating, items)) return 'fail';
  if (uncertain) return 'unknown';
  if (items > 0) return 'pass';
  return mustExist ? 'unknown' : 'empty';
}

/** Whether more deviate than a share of the items: 29 of 100 are not more than 0.29, whatever the product comes to in binary. */
export const exceeds = (share: number, deviating: number, items: number): boolean => deviating > share * items + 1e-9;

/** How many conform beside what is asked of them; `null` where none may deviate. */
export const toleranceOf = (
  { tolerates }: Pick<Check, 'tolerates'>,
  { items, deviating, conform }: { readonly items: number; readonly deviating: number; readonly conform: number },
): Tolerance | null => (tolerates > 0 ? { share: tolerates, deviating, conform, of: items, within: !exceeds(tolerates, deviating, items) } : null);

/** The parts of a deviation that are waived, each by the waiver that lasts longest, and those that are not. */
function mark(deviation: Assessed, waivers: readonly Waiver[]): Assessed[] {
  const waived: Assessed[] = [];
  let left: Periods = [deviation];
  for (const waiver of waivers.toSorted((a, b) => b.to - a.to)) {
    waived.push(...intersect(left, [waiver]).map((part) => ({ ...deviation, ...part, waiver })));
    left = subtract(left, [waiver]);
  }
  return [...left.map((part) => ({ ...deviation, ...part })), ...waived].sort((a, b) => a.from - b.from);
}
