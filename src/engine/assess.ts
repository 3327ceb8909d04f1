import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { ALWAYS, holds, intersect, moment, type Period, type Periods, subtract, within } from '../core/interval.ts';
import { type Status, worst } from '../core/status.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { Coverage } from './coverage.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import type { Fact } from './facts.ts';
import type { Step } from './steps.ts';

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
  readonly deviations: readonly Assessed[];
  readonly unknowns: readonly Assessed[];
  /** When the population itself was not covered. */
  readonly gaps: Periods;
}

export const UNCOVERED = 'not covered by evidence';

export class Assessor {
  readonly #engine: Engine;
  readonly #coverage: Coverage;
  readonly #waivers: readonly Waiver[];
  readonly #memory = new Map<string, Periods>();

  constructor(engine: Engine, coverage: Coverage, waivers: readonly Waiver[] = []) {
    this.#engine = engine;
    this.#coverage = coverage;
    this.#waivers = waivers;
  }

  /** The live status: states as they are now, events of the observation period so far. */
  at(check: Check, now: Instant, observed: Period): Reading {
    const reading = this.over(check, check.population.dataset.happened ? { from: observed.from, to: now + 1 } : moment(now), now);
    // Whether it is waived is asked of this instant, since when it deviates is not.
    return { ...reading, deviations: reading.deviations.map((part) => ({ ...part, ...part.whole })) };
  }

  /** The status over a period, as it can be told `now`. */
  over(check: Check, asked: Period, now: Instant): Reading {
    if (now < asked.from) return { status: worst([]), alert: worst([]), items: 0, deviations: [], unknowns: [], gaps: [asked] };
    const period = { from: asked.from, to: Math.min(asked.to, now + 1) };
    const { dataset } = check.population;
    const waivers = this.#waivers.filter((waiver) => waiver.check === check.id);
    const deviations: Assessed[] = [];
    const unknowns: Assessed[] = [];
    const items = new Set<string>();
    const deviating = new Set<string>();
    const unwaived = new Set<string>();

    for (const item of this.#engine.verdicts(check).keys()) {
      const first = this.#engine.facts.of(check.population, item)[0];
      if (dataset.happened && first && !holds(period, first.from)) continue;
      // Whole claims, not clipped ones: since when is half of what its reader asks.
      for (const claim of meeting(this.claims(check, item), dataset.happened ? moment(now) : period)) {
        items.add(item);
        const whole = { from: claim.from, to: claim.to };
        if (claim.kind === 'unknown') unknowns.push({ item, ...claim, whole });
        if (claim.kind !== 'deviates') continue;
        const marked = mark({ item, ...claim, whole }, waivers).filter((part) => meeting([part], dataset.happened ? moment(now) : period).length > 0);
        deviations.push(...marked);
        deviating.add(item);
        if (marked.some(({ waiver }) => !waiver)) unwaived.add(item);
      }
    }

    const gaps = subtract([period], this.#coverage.dataset(base(dataset).id));
    const uncertain = unknowns.length + gaps.length > 0;
    const status = (those: ReadonlySet<string>) => statusOf(check, { items: items.size, deviating: those.size, uncertain });
    return { status: status(deviating), alert: status(unwaived), items: items.size, deviations, unknowns, gaps };
  }

  /** A deviation in parts, each marked with the waiver that holds then. */
  marked(check: Check, deviation: Assessed): readonly Assessed[] {
    if (this.#waivers.length === 0) return [deviation];
    return mark(
      deviation,
      this.#waivers.filter((waiver) => waiver.check === check.id),
    );
  }

  /** An item's verdicts with coverage laid over them. An event keeps the first that time alone will not change. */
  claims(check: Check, item: string): readonly Claim[] {
    const claims: Claim[] = [];
    let open = -Infinity; // how far a deviation that was seen reaches
    for (const step of this.#engine.verdicts(check).get(item) ?? []) {
      const { kind, because, records } = step;
      if (kind === 'notYet') continue;
      const counts = kind === 'unknown' || (kind === 'deviates' && open === step.from) ? [step] : this.#counts(check, item, step);
      if (kind === 'deviates' && counts.length > 0) open = step.to;
      const parts: Claim[] = [
        ...counts.map(({ from, to }) => ({ from, to, kind, because, records, uncovered: [] })),
        ...missing(step, counts).map((part) => ({
          ...part,
          kind: 'unknown' as const,
          because: UNCOVERED,
          records,
          uncovered: [base(check.population.dataset).id, ...step.needs],
        })),
      ];
      for (const part of parts.sort((a, b) => a.from - b.from)) {
        if (check.population.dataset.happened && step.settled && part.kind !== 'unknown') return [...claims, { ...part, to: NEVER }];
        claims.push(part);
      }
    }
    return claims;
  }

  /** When all is covered that a step rests on: what it needs and, to conform, the source of a state itself. */
  #counts(check: Check, item: string, step: Step): Periods {
    const { dataset } = check.population;
    const history = this.#engine.facts.of({ dataset: base(dataset) }, item);
    const stream = history[0]?.stream ?? '';
    const own = step.kind === 'conforms' && !dataset.happened;
    let counts = within(this.#covered(base(dataset), own ? stream : null, step.needs), step);
    for (const lacking of step.lacks) counts = intersect(counts, this.#coverage.lookedSince(lacking, appeared(history, step.from)));
    const [first] = counts;
    return step.kind === 'deviates' && first ? [{ from: first.from, to: step.to }] : counts;
  }

  /** When one stream of a dataset and all of some others are covered: the same for most items of a check, so it is worked out once. */
  #covered(dataset: Dataset, stream: string | null, needs: readonly string[]): Periods {
    const name = `${stream === null ? '' : `${dataset.id} ${stream}`} ${needs.join()}`;
    const known = this.#memory.get(name);
    if (known) return known;
    const covered = needs.reduce<Periods>(
      (all, needed) => intersect(all, this.#coverage.dataset(needed)),
      stream === null ? [ALWAYS] : this.#coverage.stream(dataset, stream),
    );
    this.#memory.set(name, covered);
    return covered;
  }
}

/** What counts of a population come to. A tolerance is a share of its items; what is not known is never tolerated. */
export function statusOf(
  { tolerates, mustExist }: Pick<Check, 'tolerates' | 'mustExist'>,
  { items, deviating, uncertain }: { readonly items: number; readonly deviating: number; readonly uncertain: boolean },
): Status {
  if (deviating > tolerates * items) return 'fail';
  if (uncertain) return 'unknown';
  if (items > 0) return 'pass';
  return mustExist ? 'unknown' : 'empty';
}

/** When the item that is there at an instant came, never having left since. */
function appeared(history: readonly Fact[], at: Instant): Instant {
  let came = at;
  for (const { from, to } of history.toReversed()) if (from <= at && to >= came) came = from;
  return came;
}

/** The parts of a step that do not count: for most items none. */
const missing = (step: Period, counts: Periods): Periods => {
  const [only] = counts;
  return counts.length === 1 && only?.from === step.from && only.to === step.to ? [] : subtract([step], counts);
};

const meeting = <Part extends Period>(parts: readonly Part[], { from, to }: Period): readonly Part[] =>
  parts.filter((part) => part.from < to && from < part.to);

/** The parts of a deviation that are waived, each by the waiver that lasts longest, and those that are not. */
function mark(deviation: Assessed, waivers: readonly Waiver[]): Assessed[] {
  const waived: Assessed[] = [];
  let left: Periods = [deviation];
  for (const waiver of waivers.filter(({ item }) => item === deviation.item).sort((a, b) => b.to - a.to)) {
    waived.push(...intersect(left, [waiver]).map((part) => ({ ...deviation, ...part, waiver })));
    left = subtract(left, [waiver]);
  }
  return [...left.map((part) => ({ ...deviation, ...part })), ...waived].sort((a, b) => a.from - b.from);
}
