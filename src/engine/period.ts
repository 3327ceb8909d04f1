import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { clip, type Period, type Periods, subtract } from '../core/interval.ts';
import type { Status } from '../core/status.ts';
import type { Grounds, Stamp } from './assemble.ts';
import { statusOf } from './assess.ts';
import { type Asked, type Claims, type Counted, countOver } from './claims.ts';
import { besidesOf, controlOver, criterionOver } from './control.ts';
import type { Observed, PeriodStatuses, StatusInterval } from './period-posture.ts';
import { timelineOf } from './timeline.ts';

/** One period, as it can be told at an instant. `until` is not after `period.from` where it has not begun. */
export type Told = Asked;

/** What a period says of a check, items by their places. */
export interface CheckOver extends Omit<Counted, 'unwaived'> {
  readonly check: Check;
  readonly claims: Claims;
  /** When the population was not covered. */
  readonly gaps: Periods;
  readonly status: Status;
  readonly alert: Status;
  readonly intervals: readonly StatusInterval[];
}

/**
 * Reads periods from what is claimed. It keeps the claims of each check it was asked about in columns, and of states the
 * timeline over all time, until the engine learns: then make another one.
 */
export interface PeriodReader {
  readonly grounds: Grounds;
  check(check: Check, told: Told): CheckOver;
  /** How a check stood; `undefined` where there is none. */
  observe(check: string, told: Told): Observed | undefined;
  statuses(stamp: Stamp): PeriodStatuses;
}

export const toldOf = (period: Period, now: Instant): Told => ({ period, now, until: Math.max(period.from, Math.min(period.to, now + 1)) });

export function periodReader(grounds: Grounds): PeriodReader {
  const { coverage, assessor, checks, catalog } = grounds;
  const memory = new Map<string, { readonly claims: Claims; since: Instant; timeline: readonly StatusInterval[] }>();

  /** Of states the timeline is the same whatever period is asked; of events it counts those from the period's beginning on. */
  const kept = (check: Check, { period: { from } }: Told) => {
    const known = memory.get(check.id) ?? { claims: assessor.columns(check), since: NEVER, timeline: [] };
    memory.set(check.id, known);
    const { events } = known.claims;
    const since = events ? from : -NEVER;
    if (known.since === since) return known;
    const gaps = subtract([{ from: since, to: NEVER }], covered(check));
    // What is not known of a past event stays unknown: a gap is one from then on.
    const lasting = events ? gaps.slice(0, 1).map((gap) => ({ from: gap.from, to: NEVER })) : gaps;
    return Object.assign(known, { since, timeline: timelineOf(check, known.claims.tally(since), lasting) });
  };
  const covered = ({ population }: Check) => coverage.population(population.dataset);

  const over = (check: Check, told: Told): CheckOver => {
    const { period, until } = told;
    const { claims, timeline } = kept(check, told);
    const clipped = { from: period.from, to: until };
    const gaps = subtract([clipped], covered(check));
    const counted = countOver(claims, told);
    const uncertain = counted.unknown.length + gaps.length > 0 || told.now < period.from;
    const status = (deviating: number) => statusOf(check, { items: counted.examined, deviating, uncertain });
    return {
      check,
      claims,
      gaps,
      ...counted,
      status: status(counted.deviating.length),
      alert: status(counted.unwaived),
      intervals: period.from < until ? clip(timeline, clipped) : [],
    };
  };

  /** Where no item may deviate it is not asked how many did, and none is looked at. Of events it is, once the period is over: others happened since. */
  const stands = (check: Check, told: Told): Pick<CheckOver, 'status' | 'alert' | 'intervals'> => {
    const { period, until, now } = told;
    const { claims, timeline } = kept(check, told);
    if (until === period.from || check.tolerates > 0 || (claims.events && until <= now)) return over(check, told);
    const clipped = { from: period.from, to: until };
    const { items, deviating, unwaived, unknown } = claims.tally(period.from).most(claims.events ? { from: now, to: now + 1 } : clipped);
    const uncertain = unknown > 0 || subtract([clipped], covered(check)).length > 0;
    const status = (those: number) => statusOf(check, { items, deviating: those, uncertain });
    return { status: status(deviating), alert: status(unwaived), intervals: clip(timeline, clipped) };
  };

  const observedOf = (id: string, told: Told): Observed | undefined => {
    const check = checks.find((it) => it.id === id);
    if (!check) return undefined;
    const { status, alert, intervals } = stands(check, told);
    return { id, title: check.title, status, alert, intervals };
  };

  return {
    grounds,
    check: over,
    observe: observedOf,

    statuses({ catalogDigest, ...stamp }) {
      const told = toldOf(stamp.period, stamp.asOf);
      const span = { from: told.period.from, to: told.until };
      const examined = new Map(
        checks.flatMap(({ id }): readonly (readonly [string, Observed])[] => {
          const its = observedOf(id, told);
          return its ? [[id, its]] : [];
        }),
      );
      const observe = (id: string, its: Told) => (its === told ? examined.get(id) : observedOf(id, its));
      const controls = catalog.controls.map((control) => ({
        ...controlOver(control, besidesOf(grounds.besides, control, span, told.now), told, observe),
        criteria: control.criteria,
        checks: control.checks,
      }));
      const criteria = catalog.criteria.filter(({ inScope }) => inScope);
      return {
        ...stamp,
        catalog: catalogDigest,
        until: told.until,
        criteria: criteria.map(({ id, title }) =>
          criterionOver(
            id,
            title,
            controls.filter((control) => control.criteria.includes(id)),
            span,
          ),
        ),
        controls: controls.map(({ criteria: _, ...control }) => control),
        checks: [...examined.values()],
      };
    },
  };
}
