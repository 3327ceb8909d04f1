import type { Check } from '../checks/check.ts';
import type { Duration, Instant } from '../core/instant.ts';
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

/** What begins to deviate after an instant and no later than so long after it, the soonest first. Of events what is settled changes no more. */
export function upcoming({ engine, checks }: Ground, now: Instant, within: Duration): readonly Upcoming[] {
  const all = checks.flatMap((check) => [...breaking(engine, check, now, now + within)]);
  return all.sort((a, b) => a.at - b.at || (a.check < b.check ? -1 : a.check > b.check ? 1 : a.item.label < b.item.label ? -1 : 1));
}

function* breaking(engine: Engine, check: Check, now: Instant, last: Instant): Iterable<Upcoming> {
  const verdicts = engine.verdicts(check);
  if (verdicts.changeAfter(now) > last) return; // few blocks have to be read for that
  const isEvent = base(check.population.dataset).happened !== undefined;
  for (const number of verdicts.blocks()) {
    for (const { item, at, because } of breakingIn(verdicts.block(number), { now, last, isEvent })) {
      const name = verdicts.places.name(number * BLOCK + item);
      yield { check: check.id, item: nameOf(engine, check, name, now), at, because };
    }
  }
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
