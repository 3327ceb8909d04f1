import type { Check } from '../checks/check.ts';
import { type Duration, type Instant, NEVER } from '../core/instant.ts';
import { base } from './derive.ts';
import type { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import { BLOCK } from './places.ts';
import type { Upcoming } from './posture.ts';
import type { StepBlock } from './step-block.ts';

interface Ground {
  readonly engine: Engine;
  readonly checks: readonly Check[];
}

/** An item of a check that begins to deviate. */
interface Breaking {
  readonly check: Check;
  readonly place: number;
  readonly at: Instant;
  readonly because: string;
}

/**
 * What begins to deviate after an instant and no later than so long after it, the soonest first, and so many at most. Of
 * events what is settled changes no more.
 */
export function upcoming({ engine, checks }: Ground, now: Instant, within: Duration, most: number): readonly Upcoming[] {
  let soonest: Breaking[] = [];
  const keepSoonest = () => {
    soonest = soonest.sort((a, b) => a.at - b.at || inOrder(a.check.id, b.check.id)).slice(0, most);
  };
  for (const check of checks) {
    for (const one of breaking(engine, check, now, now + within)) {
      soonest.push(one);
      if (soonest.length >= 2 * most) keepSoonest();
    }
  }
  keepSoonest();
  return soonest
    .map(
      ({ check, place, at, because }): Upcoming => ({
        check: check.id,
        item: nameOf(engine, check, engine.verdicts(check).places.name(place), now),
        at,
        because,
      }),
    )
    .sort((a, b) => a.at - b.at || inOrder(a.check, b.check) || inOrder(a.item.label, b.item.label));
}

/** Of each check of which something begins to deviate in that time: how much, and the first instant of it. */
export function turning(
  { engine, checks }: Ground,
  now: Instant,
  within: Duration,
): readonly { readonly check: string; readonly at: Instant; readonly count: number }[] {
  return checks.flatMap((check) => {
    let [first, count] = [NEVER, 0];
    for (const { at } of breaking(engine, check, now, now + within)) {
      first = Math.min(first, at);
      count++;
    }
    return count === 0 ? [] : [{ check: check.id, at: first, count }];
  });
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function* breaking(engine: Engine, check: Check, now: Instant, last: Instant): Iterable<Breaking> {
  const verdicts = engine.verdicts(check);
  if (verdicts.changeAfter(now) > last) return; // few blocks have to be read for that
  const isEvent = base(check.population.dataset).happened !== undefined;
  for (const number of verdicts.blocks())
    for (const { item, at, because } of breakingIn(verdicts.block(number), { now, last, isEvent })) yield { check, place: number * BLOCK + item, at, because };
}

/** Of the items of one block. Gathered before anything else is asked, for a block is to be read at once. */
function breakingIn(
  block: StepBlock | undefined,
  { now, last, isEvent }: { readonly now: Instant; readonly last: Instant; readonly isEvent: boolean },
): readonly { readonly item: number; readonly at: Instant; readonly because: string }[] {
  const found: { readonly item: number; readonly at: Instant; readonly because: string }[] = [];
  if (!block) return found;
  const { starts, counts, from, to, said, says } = block;
  for (let item = 0; item < BLOCK; item++) {
    const [first, end] = [starts[item] ?? 0, (starts[item] ?? 0) + (counts[item] ?? 0)];
    for (let step = end - 1; step >= first && (to[step] ?? 0) > now; step--) {
      const begins = from[step] ?? 0;
      const its = says[said[step] ?? -1];
      if (its?.kind !== 'deviates' || begins <= now || begins > last) continue;
      const before = says[said[step - 1] ?? -1];
      const follows = step > first && to[step - 1] === begins && (before?.kind === 'conforms' || before?.kind === 'notYet');
      const isSettled =
        isEvent && Array.from({ length: step - first }, (_, offset) => says[said[first + offset] ?? -1]).some((it) => it?.settled && it.kind !== 'unknown');
      if (follows && !isSettled) found.push({ item, at: begins, because: its.because ?? '' });
    }
  }
  return found;
}
