import type { Principal } from '../../auth/roles.ts';
import { type Instant, iso } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import { problem } from './problem.ts';

export type Bounds = NonNullable<Principal['bounds']>;

/** What bounds do to an instant, a period and a control that is asked. */
export function boundsOf({ period, controls }: Bounds) {
  const says = [
    ...(period ? [`the period from ${iso(period.from)} up to ${iso(period.to)}`] : []),
    ...(controls ? [`the controls ${controls.join(', ')}`] : []),
  ].join(' and ');
  const beyond = (what: string) => problem('out-of-bounds', `${what} lies outside of what you may see: ${says}.`);
  return {
    says,
    beyond,

    /** Now, or the last instant of the period where that is over. */
    asOf(asked: Instant | undefined, now: Instant): Instant {
      const at = asked ?? (period && now >= period.to ? period.to - 1 : now);
      if (period && !(period.from <= at && at < period.to)) throw beyond(iso(at));
      return at;
    },

    /** The part of what is asked that lies within. */
    period(asked: Period | undefined, unless: Period): Period {
      const { from, to } = asked ?? unless;
      if (!period) return { from, to };
      const part = { from: Math.max(from, period.from), to: Math.min(to, period.to) };
      if (part.from >= part.to) throw beyond(`The period from ${iso(from)} up to ${iso(to)}`);
      return part;
    },

    /** Throws where some of it lies outside: what is told of a period in one piece cannot be told of a part. */
    whole({ from, to }: Period): void {
      if (period && !(period.from <= from && to <= period.to)) throw beyond(`The period from ${iso(from)} up to ${iso(to)}`);
    },

    control(id: string): void {
      if (controls && !controls.includes(id)) throw beyond(id);
    },
  };
}
