import { days, hours, iso } from '../core/instant.ts';
import type { Unsealed } from '../log/statement.ts';
import { isTime, TOLERANCE } from './dated.ts';

/** Writers of one log may differ by as much in their clocks, and one whose clock was set back by as much is not found at fault. */
const BACK = hours(1);
/** A run may last as long as the step of its schedule, and this long where the step is shorter. */
const LASTS = days(1);

/** One thing that the times of a record say against it. */
export interface Fault {
  readonly code: 'BACKWARDS' | 'LATE' | 'AHEAD';
  readonly says: string;
}

/**
 * Follows the times that records give themselves, in the order of the log. Only when a record was sealed is confirmed from
 * outside: so nothing is sealed before what stands below it, and what a run brought counts at the time at which it says
 * that it began only where it was sealed soon after. What was not asked, or failed, proves nothing, and may be told late.
 */
export function punctual(): (statement: Pick<Unsealed, 'line' | 'head' | 'sealedAt'>) => readonly Fault[] {
  const steps = new Map<string, number>();
  let newest = -Infinity;
  return ({ line, head, sealedAt }) => {
    const faults: Fault[] = [];
    if (!isTime(sealedAt)) return [{ code: 'BACKWARDS', says: 'it does not say when it was sealed' }];
    if (sealedAt < newest - BACK)
      faults.push({ code: 'BACKWARDS', says: `it says that it was sealed at ${iso(sealedAt)}, and what stands below it was sealed at ${iso(newest)}` });
    // A clock that went back is told once, and not of all that follows.
    newest = faults.length > 0 ? sealedAt : Math.max(newest, sealedAt);
    if (head.kind !== 'run') return faults;
    const every = typeof head.every === 'number' ? head.every : 0;
    const step = Math.max(LASTS, every, steps.get(line) ?? 0); // where the schedule was changed, the longer step counts
    steps.set(line, every);
    if (head.outcome !== 'success') return faults;
    const { slot, startedAt, finishedAt = startedAt } = head;
    if (!isTime(slot) || !isTime(startedAt) || !isTime(finishedAt)) return [...faults, { code: 'LATE', says: 'its run does not say when it was' }];
    const sealed = `and was sealed at ${iso(sealedAt)}`;
    if (sealedAt - startedAt > step) faults.push({ code: 'LATE', says: `its run says that it began at ${iso(startedAt)}, ${sealed}` });
    else if (sealedAt - slot > 2 * step) faults.push({ code: 'LATE', says: `it says that it is the run of ${iso(slot)}, ${sealed}` });
    const last = Math.max(startedAt, finishedAt);
    if (last > sealedAt + TOLERANCE) faults.push({ code: 'AHEAD', says: `its run says that it was asking at ${iso(last)}, ${sealed}` });
    return faults;
  };
}
