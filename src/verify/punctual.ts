import { hours, isInstant, iso } from '../core/instant.ts';
import { HONEST, type Untimely, untimely } from '../log/lateness.ts';
import type { Unsealed } from '../log/statement.ts';
import { TOLERANCE } from './dated.ts';

/** Writers of one log may differ by as much in their clocks, and one whose clock was set back by as much is not found at fault. */
const BACK = hours(1);

/** One thing that the times of a record say against it. */
export interface Fault {
  readonly code: 'BACKWARDS' | Untimely['code'];
  readonly says: string;
}

/**
 * Follows the times that records give themselves, in the order of the log. Only when a record was sealed is confirmed from
 * outside: so nothing is sealed before what stands below it, and what a run brought counts at the time at which it says
 * that it began only where it was sealed soon after.
 */
export function punctual(): (statement: Pick<Unsealed, 'line' | 'head' | 'sealedAt'>) => readonly Fault[] {
  const steps = new Map<string, number>();
  let newest = -Infinity;
  return ({ line, head, sealedAt }) => {
    const faults: Fault[] = [];
    if (!isInstant(sealedAt)) return [{ code: 'BACKWARDS', says: 'it does not say when it was sealed' }];
    if (sealedAt < newest - BACK)
      faults.push({ code: 'BACKWARDS', says: `it says that it was sealed at ${iso(sealedAt)}, and what stands below it was sealed at ${iso(newest)}` });
    // A clock that went back is told once, and not of all that follows.
    newest = faults.length > 0 ? sealedAt : Math.max(newest, sealedAt);
    if (head.kind !== 'run') return faults;
    const every = typeof head.every === 'number' ? head.every : 0;
    const step = Math.max(HONEST, every, steps.get(line) ?? 0); // where the schedule was changed, the longer step counts
    steps.set(line, every);
    return [...faults, ...untimely({ head, sealedAt }, { lasted: HONEST, ahead: TOLERANCE, early: BACK, waited: 2 * step, told: 2 * step })];
  };
}
