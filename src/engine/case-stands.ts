import { type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { CaseStands } from './case-columns.ts';
import { type ClaimBlock, KIND } from './claim-block.ts';
import { NONE } from './lists.ts';

interface On {
  readonly now: Instant;
  /** Only what deviated at some time in it counts; `null`: all. */
  readonly within: Period | null;
  /** By when what began at an instant is to end. */
  due(from: Instant): Instant;
  /** By place. */
  readonly waived: ReadonlyMap<number, readonly Period[]>;
}

/**
 * How the case of an item stands by its claims, as far as it is sorted and counted by it and before any register is
 * asked: what `standingAt` says of `spellsOf`, in numbers. `undefined` where it never deviated, `null` where it does not
 * count by then.
 */
export function standsIn({ places, starts, from, to, kind }: ClaimBlock, item: number, { now, within, due, waived }: On): CaseStands | null | undefined {
  const [first, last] = [starts[item] ?? 0, starts[item + 1] ?? 0];
  let [opened, began, ended] = [Number.NaN, Number.NaN, Number.NaN];
  let [isOpen, deviated, counts] = [false, false, false];
  let [begin, until] = [0, 0];
  const close = (at: Instant) => {
    isOpen = false;
    if (begin > now) return;
    if (Number.isNaN(opened)) opened = begin;
    [began, ended] = [begin, at];
    counts ||= within === null || (begin < within.to && within.from < (at <= now ? at : NEVER));
  };
  for (let claim = first; claim < last; claim++) {
    const [its, since] = [kind[claim], from[claim] ?? 0];
    if (isOpen && until < since) close(until);
    if (its === KIND.conforms) {
      if (isOpen) close(since);
    } else if (its === KIND.deviates || its === KIND.waived) {
      if (!isOpen) begin = since;
      isOpen = deviated = true;
    }
    if (isOpen) until = to[claim] ?? 0;
  }
  if (!deviated) return undefined;
  if (isOpen) close(until);
  if (Number.isNaN(opened)) return null;
  const isFixed = ended <= now;
  const isWaived = (waived.get(places[item] ?? -1) ?? NONE).some((waiver) => holds(waiver, now));
  const state = isFixed ? 'fixed' : isWaived ? 'waived' : 'open';
  const by = due(began);
  return counts ? { state, due: by, overdue: state === 'open' && by <= now, opened, began, timeToFix: isFixed ? ended - opened : null } : null;
}
