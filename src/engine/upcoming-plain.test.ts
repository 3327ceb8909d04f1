import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Check } from '../checks/check.ts';
import { hours, type Instant, NEVER } from '../core/instant.ts';
import { Engine } from './engine.ts';
import { nameOf } from './naming.ts';
import type { Upcoming } from './posture.ts';
import { cases } from './testing/cases.ts';
import { CHECKS, histories, TICK } from './testing/histories.ts';
import { someMemory } from './testing/small.ts';
import { turning, upcoming } from './upcoming.ts';

/** Every item asked for itself: a deviation that follows at once on what conformed or was not due yet, by the passing of time alone. */
function plainly(engine: Engine, check: Check, now: Instant, last: Instant): readonly Upcoming[] {
  const isEvent = check.population.dataset.happened !== undefined;
  return [...engine.verdicts(check)].flatMap(([item, steps]) =>
    steps.flatMap((step, place) => {
      const before = steps[place - 1];
      if (step.kind !== 'deviates' || step.from <= now || step.from > last) return [];
      if (before?.to !== step.from || !(before.kind === 'conforms' || before.kind === 'notYet')) return [];
      if (isEvent && steps.slice(0, place).some(({ settled, kind }) => settled && kind !== 'unknown')) return [];
      return [{ check: check.id, item: nameOf(engine, check, item, now), at: step.from, because: step.because ?? '' }];
    }),
  );
}

const compare = <Value extends string | number>(a: Value, b: Value): number => (a < b ? -1 : a > b ? 1 : 0);
const inOrder = (its: readonly Upcoming[]) =>
  its.toSorted((a, b) => compare(a.at, b.at) || compare(a.check, b.check) || compare(a.item.label, b.item.label) || compare(a.item.key, b.item.key));

it('tells what asking every item tells, the soonest first, and of each check how much and from when', () => {
  let [told, of, several] = [0, 0, 0];
  fc.assert(
    fc.property(histories, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 4 }), ({ runs, now }, ticks, most) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const within = ticks * TICK + hours(6);
      const expected = inOrder(CHECKS.flatMap((check) => plainly(engine, check, now, now + within)));
      const all = upcoming({ engine, checks: CHECKS }, now, within, 1000);
      expect(inOrder(all)).toEqual(expected);
      expect(all.map(({ at, check, item }) => [at, check, item.label])).toEqual(expected.map(({ at, check, item }) => [at, check, item.label]));
      // Of those that begin at one instant in one check any may be told where not all are asked for.
      const some = upcoming({ engine, checks: CHECKS.toReversed() }, now, within, most);
      expect(some.map(({ at, check }) => [at, check])).toEqual(expected.slice(0, most).map(({ at, check }) => [at, check]));
      for (const one of some) expect(expected).toContainEqual(one);
      expect(turning({ engine, checks: CHECKS }, now, within)).toEqual(
        CHECKS.flatMap(({ id }) => {
          const its = expected.filter(({ check }) => check === id);
          return its.length === 0 ? [] : [{ check: id, at: Math.min(...its.map(({ at }) => at)), count: its.length }];
        }),
      );
      [told, of, several] = [told + all.length, of + 1, several + (new Set(all.map(({ check }) => check)).size > 1 ? 1 : 0)];
    }),
    { numRuns: cases(60) },
  );
  expect(told).toBeGreaterThan(of / 10);
  expect(several).toBeGreaterThan(0);
});

it('goes up to the end of time, and tells nothing of what has begun', () => {
  fc.assert(
    fc.property(histories, ({ runs, now }) => {
      const engine = Engine.from(CHECKS, runs, [], someMemory(runs));
      const all = upcoming({ engine, checks: CHECKS }, now, NEVER, 1000);
      expect(inOrder(all)).toEqual(inOrder(CHECKS.flatMap((check) => plainly(engine, check, now, now + NEVER))));
      const [first] = all;
      if (!first) return;
      // Just before it begins it is still to come; once it has begun it is not.
      for (const [at, within, isThere] of [
        [first.at - 1, 1, true],
        [first.at - 1, 0, false],
        [first.at, TICK, false],
      ] as const)
        expect(upcoming({ engine, checks: CHECKS }, at, within, 1000).some((one) => one.at === first.at && one.check === first.check)).toBe(isThere);
    }),
    { numRuns: cases(20) },
  );
});
