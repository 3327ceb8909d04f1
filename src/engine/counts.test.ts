import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changesOf, countedOver, countsAt, type Spell } from './counts.ts';

const KINDS = ['bad', 'unsure', 'good'] as const;
type Kind = (typeof KINDS)[number];

const spell = fc
  .record({ from: fc.integer({ min: -5, max: 60 }), length: fc.integer({ min: 0, max: 30 }), kind: fc.constantFrom(...KINDS) })
  .map(({ from, length, kind }): Spell<Kind> => ({ from, to: from + length, kind }));
const spells = fc.array(spell, { maxLength: 40 });
const brute = (all: readonly Spell<Kind>[], at: number) =>
  Object.fromEntries(KINDS.map((kind) => [kind, all.filter((it) => it.kind === kind && it.from <= at && at < it.to).length]));

it('counts at every instant what is so then, in steps that begin at changes alone', () => {
  fc.assert(
    fc.property(spells, (all) => {
      const span = { from: 0, to: 50 };
      const steps = countedOver(changesOf(all), KINDS, span, 1000);
      expect([steps[0]?.from, steps.at(-1)?.to]).toEqual([0, 50]);
      for (let at = 0; at < 50; at++) expect(countsAt(steps, at)?.counts).toEqual(brute(all, at));
      for (const [place, step] of steps.entries()) {
        expect(step.from).toBeLessThan(step.to);
        expect([step.hides, step.most]).toEqual([0, step.counts]);
        const before = steps[place - 1];
        if (before) expect([before.to, before.counts]).not.toEqual([step.from, step.counts]);
        if (before) expect(before.to).toBe(step.from);
      }
    }),
  );
});

it('keeps of what it takes together the worst instant and the most of each, and says how many changes it hides', () => {
  fc.assert(
    fc.property(spells, fc.integer({ min: 3, max: 12 }), (all, atMost) => {
      const span = { from: 0, to: 50 };
      const [whole, steps] = [countedOver(changesOf(all), KINDS, span, 1000), countedOver(changesOf(all), KINDS, span, atMost)];
      expect(steps.length).toBeLessThanOrEqual(atMost);
      expect(steps.length + steps.reduce((sum, { hides }) => sum + hides, 0)).toBe(whole.length);
      for (const step of steps) {
        const every = Array.from({ length: step.to - step.from }, (_, place) => brute(all, step.from + place));
        expect(step.most).toEqual(Object.fromEntries(KINDS.map((kind) => [kind, Math.max(...every.map((counts) => counts[kind] ?? 0))])));
        const worst = every.toSorted((a, b) => (b.bad ?? 0) - (a.bad ?? 0) || (b.unsure ?? 0) - (a.unsure ?? 0) || (b.good ?? 0) - (a.good ?? 0))[0];
        expect(step.counts).toEqual(worst);
      }
    }),
  );
});

it('loses no moment, however much lies beside it', () => {
  const moments = Array.from({ length: 500 }, (_, place): Spell<Kind> => ({ from: 10_000 + 2 * place, to: 10_001 + 2 * place, kind: 'good' }));
  const steps = countedOver(
    changesOf([{ from: 0, to: 100_000, kind: 'unsure' }, { from: 10_501, to: 10_502, kind: 'bad' }, ...moments]),
    KINDS,
    { from: 0, to: 100_000 },
    10,
  );
  expect(steps.length).toBeLessThanOrEqual(10);
  expect(steps.filter(({ most }) => most.bad === 1).map(({ counts }) => counts)).toEqual([{ bad: 1, unsure: 1, good: 0 }]);
  expect(steps[0]).toEqual({ from: 0, to: 10_000, counts: { bad: 0, unsure: 1, good: 0 }, most: { bad: 0, unsure: 1, good: 0 }, hides: 0 });
});

it('has nothing to say of a period that has not begun', () => {
  expect(countedOver(changesOf([{ from: 0, to: 10, kind: 'bad' as const }]), KINDS, { from: 5, to: 5 }, 10)).toEqual([]);
});
