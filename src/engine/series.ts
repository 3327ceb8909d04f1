import type { Check } from '../checks/check.ts';
import type { Instant } from '../core/instant.ts';
import { holds, type Period, type Periods, subtract } from '../core/interval.ts';
import type { ControlStatus } from '../core/status.ts';
import type { Grounds } from './assemble.ts';
import { KIND } from './claim-block.ts';
import { changesOf, type CountChange, type CountStep, countedOver, type Spell } from './counts.ts';
import type { StatusInterval } from './period-posture.ts';

/** Statuses as they are drawn, worst first. What fails by waived deviations alone is `waived`; it fails all the same. */
export const DRAWN = ['fail', 'unknown', 'waived', 'pass', 'empty', 'excluded'] as const;
export type Drawn = (typeof DRAWN)[number];

/** What is counted of items, worst first; `gaps` are checks whose population itself is not known. */
export const COUNTED = ['deviates', 'unknown', 'gaps', 'waived'] as const;
export type CountedKind = (typeof COUNTED)[number];

/** How what is said of items comes out, worst first. */
export const OUTCOMES = ['deviates', 'unknown', 'waived', 'conforms'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How many there are of each outcome. */
type OutcomeCounts = Readonly<Record<Outcome, number>>;

/** How a check stands with its items, at an instant or in one part of a period. */
export interface CheckOutcomes extends OutcomeCounts {
  readonly check: string;
  readonly title: string;
  readonly dataset: string;
  /** Whether the population was covered by evidence; where it was not, there may be more items than are counted. */
  readonly covered: boolean;
}

const KINDS: Readonly<Record<number, Outcome>> = {
  [KIND.conforms]: 'conforms',
  [KIND.deviates]: 'deviates',
  [KIND.unknown]: 'unknown',
  [KIND.waived]: 'waived',
};

export const drawnAs = ({ status, alert }: { readonly status: ControlStatus; readonly alert: ControlStatus }): Drawn =>
  status === 'fail' && (alert === 'pass' || alert === 'empty') ? 'waived' : status;

/** How many of some timelines stood how, at every instant of a period. */
export function statusSeries(
  timelines: Iterable<{ readonly intervals: readonly StatusInterval<ControlStatus>[] }>,
  span: Period,
  atMost: number,
): readonly CountStep<Drawn>[] {
  const spells = Iterator.from(timelines).flatMap(({ intervals }) => intervals.map((it): Spell<Drawn> => ({ from: it.from, to: it.to, kind: drawnAs(it) })));
  return countedOver(changesOf(spells), DRAWN, span, atMost);
}

/**
 * How many items of some checks deviated or were unknown, at every instant of a period: states while they do so, events
 * of the period from when that was so. An item that two checks examine counts twice.
 */
export function deviationSeries(on: Claimed, checks: readonly Check[], period: Period, now: Instant, atMost: number): readonly CountStep<CountedKind>[] {
  const span = { from: period.from, to: Math.min(period.to, now + 1) };
  const changes = function* (): Iterable<CountChange<CountedKind>> {
    for (const check of checks) {
      yield* changesOf(gapsOf(on, check, span).map((gap): Spell<CountedKind> => ({ ...gap, kind: 'gaps' })));
      const tally = on.assessor.columns(check).tally(span.from);
      for (const [place, at] of tally.instants.entries()) {
        const { deviating, unwaived, unknown } = tally.step(place);
        if (unwaived !== 0) yield { at, kind: 'deviates', by: unwaived };
        if (unknown !== 0) yield { at, kind: 'unknown', by: unknown };
        if (deviating !== unwaived) yield { at, kind: 'waived', by: deviating - unwaived };
      }
    }
  };
  return countedOver(changes(), COUNTED, span, atMost);
}

/** What is claimed, and when it is covered. */
type Claimed = Pick<Grounds, 'assessor' | 'coverage'>;

const gapsOf = ({ coverage }: Claimed, { population }: Check, span: Period): Periods => subtract([span], coverage.population(population.dataset));

/** How the items of some checks stand: states at an instant, events that happened in a period up to it. */
export function outcomesAt(on: Claimed, checks: readonly Check[], at: Instant, observed: Period): readonly CheckOutcomes[] {
  return checks.map((check) => {
    const isEvent = check.population.dataset.happened !== undefined;
    const span = isEvent ? { from: observed.from, to: Math.max(observed.from, Math.min(observed.to, at + 1)) } : { from: at, to: at + 1 };
    const counts = { deviates: 0, unknown: 0, waived: 0, conforms: 0 };
    for (const [, said, happened] of saidAt(on, check, at)) if (happened === null || holds(span, happened)) counts[said]++;
    return { check: check.id, title: check.title, dataset: check.population.dataset.id, ...counts, covered: gapsOf(on, check, span).length === 0 };
  });
}

/** What is said of each item at an instant, by its place, and of an event when it happened. */
export function* saidAt(
  { assessor }: Pick<Claimed, 'assessor'>,
  check: Check,
  at: Instant,
): Iterable<readonly [place: number, said: Outcome, happened: Instant | null]> {
  for (const { places, starts, from, to, kind, happened } of assessor.columns(check).blocks())
    for (let item = 0; item < places.length; item++)
      for (let claim = starts[item] ?? 0; claim < (starts[item + 1] ?? 0); claim++)
        if ((from[claim] ?? 0) <= at && at < (to[claim] ?? 0))
          yield [places[item] ?? -1, KINDS[kind[claim] ?? KIND.unknown] ?? 'unknown', happened?.[item] ?? null];
}
