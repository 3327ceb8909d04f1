import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import { Drawn } from './drawn.ts';
import { lists } from './lists.ts';
import { Memory } from './memory.ts';
import { BLOCK, Places } from './places.ts';
import { isEqual, type Said } from './says.ts';
import type { Step } from './steps.ts';
import { small } from './testing/small.ts';
import { Verdicts } from './verdicts.ts';

const KINDS = ['conforms', 'deviates', 'unknown', 'notYet'] as const;
const SAID: readonly Said[] = KINDS.flatMap((kind) =>
  [1, 2].map((record): Said => ({ kind, because: kind === 'deviates' ? 'no owner' : null, needs: ['d'], lacks: [], settled: false, records: [record] })),
);
const PLACES = [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 5];
/** Steps in order, touching or not, of which no two neighbours that touch say the same. */
const history = fc
  .array(fc.record({ said: fc.constantFrom(...SAID), gap: fc.constantFrom(0, 0, 1), lasts: fc.integer({ min: 1, max: 3 }) }), { maxLength: 4 })
  .chain((all) => fc.boolean().map((isOpen) => ({ all, isOpen })))
  .map(({ all, isOpen }) => {
    let at = 0;
    const steps: Step[] = [];
    for (const { said, gap, lasts } of all) {
      const from = at + gap;
      at = from + lasts;
      const last = steps.at(-1);
      if (last?.to === from && last.kind === said.kind) steps[steps.length - 1] = { ...last, to: at };
      else steps.push({ from, to: at, ...said });
    }
    return isOpen ? steps.map((step, place) => (place === steps.length - 1 ? { ...step, to: NEVER } : step)) : steps;
  });
const acts = fc.array(fc.tuple(fc.constantFrom(...PLACES), history), { maxLength: 8 });

function verdictsIn(memory: Memory): Verdicts {
  const places = new Places(memory);
  for (let place = 0; place <= 2 * BLOCK + 5; place++) places.add(`s/p/${place}`);
  return new Verdicts('things', places, lists(), memory);
}
function set(verdicts: Verdicts, place: number, steps: readonly Step[]): void {
  const drawn = new Drawn();
  for (const { from, to, kind, because, needs, lacks, settled, records } of steps)
    drawn.step(from, to, verdicts.says.of(kind, because, needs, lacks, settled, records));
  verdicts.set(place, drawn);
}
const nameAt = (place: number) => `s/p/${place}`;

it('answers of every item, of all and of one kind what was set last', () => {
  fc.assert(
    fc.property(acts, acts, fc.integer({ min: -1, max: 14 }), fc.boolean(), (all, more, after, isSmall) => {
      const memory = isSmall ? small() : new Memory();
      const [verdicts, other] = [verdictsIn(memory), verdictsIn(memory)];
      const [model, others] = [new Map<number, readonly Step[]>(), new Map<number, readonly Step[]>()];
      for (const [place, steps] of more) {
        set(other, place, steps);
        others.set(place, steps);
      }
      for (const act of [null, ...all]) {
        if (act) {
          set(verdicts, ...act);
          model.set(...act);
        }
        const there = [...model].filter(([, { length }]) => length > 0).sort(([a], [b]) => a - b);
        expect([...verdicts.held()]).toEqual(there.map(([place]) => place));
        expect([verdicts.isEmpty, verdicts.size]).toEqual([there.length === 0, there.length]);
        expect([...verdicts.keys()]).toEqual(there.map(([place]) => nameAt(place)));
        expect([...verdicts.values()]).toEqual(there.map(([, steps]) => steps));
        const named = there.map(([place, steps]) => [nameAt(place), steps] as const);
        expect([[...verdicts.entries()], [...verdicts]]).toEqual([named, named]);
        const called: unknown[] = [];
        verdicts.forEach((steps, item, map) => void called.push([item, steps, map === verdicts]));
        expect(called).toEqual(named.map(([item, steps]) => [item, steps, true]));
        for (const place of PLACES) {
          const steps = model.get(place) ?? [];
          expect([verdicts.has(nameAt(place)), verdicts.get(nameAt(place)), verdicts.at(place)]).toEqual([
            steps.length > 0,
            steps.length > 0 ? steps : undefined,
            steps,
          ]);
          const those = others.get(place) ?? [];
          const same =
            steps.length === those.length &&
            steps.every((step, at) => step.from === those[at]?.from && step.to === those[at]?.to && isEqual(step, those[at] as Step));
          expect([verdicts.sameAt(place, other), other.sameAt(place, verdicts)]).toEqual([same, same]);
        }
        expect([verdicts.has('s/p/nobody'), verdicts.get('s/p/nobody')]).toEqual([false, undefined]);
        for (const kind of KINDS)
          expect([...verdicts.saying(kind)]).toEqual(there.flatMap(([place, steps]) => (steps.some((step) => step.kind === kind) ? [place] : [])));
        // The first edge after an instant, asked in whatever order of instants: it is remembered for how long nothing changes.
        for (const instant of [after, after + 2, after - 1, after]) {
          const edges = there.flatMap(([, steps]) => steps.flatMap(({ from, to }) => [from, to])).filter((edge) => edge > instant);
          expect(verdicts.changeAfter(instant)).toBe(Math.min(NEVER, ...edges));
        }
        expect([...verdicts.changingAfter(after)]).toEqual(verdicts.blocks());
      }
      expect(PLACES.map((place) => verdicts.sameAt(place, verdicts.fork()))).toEqual(PLACES.map(() => true));
    }),
    { numRuns: 120 },
  );
});

it('keeps what was said up to an instant where something is found anew from then on', () => {
  const verdicts = verdictsIn(new Memory());
  const [conforms, , deviates] = SAID as [Said, Said, Said];
  const steps = [
    { from: 0, to: 3, ...conforms },
    { from: 3, to: 5, ...deviates },
    { from: 6, to: NEVER, ...conforms },
  ];
  const kept = (since: number) => {
    set(verdicts, 7, steps);
    const drawn = new Drawn();
    verdicts.begin(7, since, drawn);
    return Array.from({ length: drawn.size }, (_, step) => [drawn.from[step], drawn.to[step], drawn.said[step]?.kind]);
  };
  expect(kept(0)).toEqual([]);
  expect(kept(2)).toEqual([[0, 2, 'conforms']]);
  expect(kept(3)).toEqual([[0, 3, 'conforms']]);
  expect(kept(4)).toEqual([
    [0, 3, 'conforms'],
    [3, 4, 'deviates'],
  ]);
  expect(kept(6)).toEqual([
    [0, 3, 'conforms'],
    [3, 5, 'deviates'],
  ]);
  expect(kept(9)).toEqual([
    [0, 3, 'conforms'],
    [3, 5, 'deviates'],
    [6, 9, 'conforms'],
  ]);
});
