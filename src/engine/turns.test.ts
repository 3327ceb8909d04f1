import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import type { Said } from './says.ts';
import { taught, Turns, union, whatOf } from './turns.ts';

describe('what became otherwise', () => {
  it('is that something deviates or is unknown, and that it no longer is', () => {
    const kinds = ['conforms', 'deviates', 'unknown', undefined] as const;
    const told = kinds.flatMap((was) => kinds.map((is) => `${was} to ${is}: ${whatOf(was, is)}`)).filter((it) => !it.endsWith('null'));
    expect(told).toEqual([
      'conforms to deviates: deviates',
      'conforms to unknown: unknown',
      'deviates to conforms: ends',
      'deviates to unknown: unknown',
      'deviates to undefined: ends',
      'unknown to conforms: known',
      'unknown to deviates: deviates',
      'undefined to deviates: deviates',
      'undefined to unknown: unknown',
    ]);
  });

  it('is taught by what was not known before, and where nothing was by what it rests on', () => {
    expect(taught([1, 2], [2, 3, 4])).toEqual([3, 4]);
    expect(taught([1, 2], [2])).toEqual([2]);
    expect(taught([1, 2], undefined)).toEqual([1, 2]);
    expect(taught(undefined, [5])).toEqual([5]);
    expect(taught(undefined, undefined)).toEqual([]);
  });

  it('rests on the records of both, each once, ascending', () => {
    expect(union([1, 4], [4])).toEqual([1, 4]);
    expect(union([4, 9], [1, 4])).toEqual([1, 4, 9]);
    expect(union([], [10, 9])).toEqual([9, 10]);
  });
});

const NEEDS = [['accounts'], ['accounts', 'workers']] as const;
const SAID: readonly Said[] = [
  { kind: 'conforms', because: null, needs: NEEDS[0], lacks: [], settled: false, records: [1] },
  { kind: 'conforms', because: null, needs: NEEDS[0], lacks: [], settled: false, records: [2] },
  { kind: 'deviates', because: 'no owner', needs: NEEDS[0], lacks: [], settled: false, records: [3] },
  { kind: 'unknown', because: 'no answer', needs: NEEDS[1], lacks: [], settled: false, records: [4] },
  { kind: 'unknown', because: 'no "answer"', needs: NEEDS[1], lacks: [], settled: false, records: [5] },
  { kind: 'notYet', because: 'due', needs: NEEDS[1], lacks: [], settled: false, records: [6] },
  { kind: 'unknown', because: null, needs: NEEDS[1], lacks: [], settled: false, records: [7] },
];

/** Claims of one item: they touch, or leave time between them, and may go on for ever. */
const claims = fc
  .array(
    fc.record({
      said: fc.constantFrom(...SAID),
      covered: fc.constantFrom(true, true, false),
      gap: fc.constantFrom(0, 0, 0, 1),
      lasts: fc.integer({ min: 1, max: 2 }),
    }),
    {
      maxLength: 6,
    },
  )
  .chain((all) => fc.boolean().map((isOpen) => ({ all, isOpen })))
  .map(({ all, isOpen }) => {
    let at = 0;
    return all.map(({ said, covered, gap, lasts }, place) => {
      const from = at + gap;
      at = from + lasts;
      return { from, to: isOpen && place === all.length - 1 ? NEVER : at, said, covered };
    });
  });
type Claims = readonly { readonly from: number; readonly to: number; readonly said: Said; readonly covered: boolean }[];

const kindOf = ({ said, covered }: Claims[number]) => (!covered || said.kind === 'notYet' ? 'unknown' : said.kind);

/** All turns of some items, each asked for itself. */
function plainly(items: readonly Claims[]) {
  const alone: { place: number; at: number }[] = [];
  const together: { at: number; what: string; why: string; place: number; records: readonly number[] }[] = [];
  for (const [place, its] of items.entries()) {
    const instants = new Set(its.flatMap(({ from, to }) => [from, to]).filter((at) => at < NEVER));
    for (const at of instants) {
      const [was, is] = [its.find(({ to }) => to === at), its.find(({ from }) => from === at)];
      const what = whatOf(was && kindOf(was), is && kindOf(is));
      if (what === null) continue;
      if (!is || what === 'deviates' || what === 'ends') alone.push({ place, at });
      else {
        const why = what === 'known' ? '' : is.covered ? JSON.stringify(is.said.because ?? '') : `needs ${is.said.needs.join()}`;
        together.push({ at, what, why, place, records: what === 'known' ? taught(was?.said.records, is.said.records) : is.said.records });
      }
    }
  }
  return { alone, together };
}

const RUNS = { numRuns: 300 };
const laid = (turns: Turns, block: number, items: readonly Claims[], first: number, isDone = true) => {
  const noting = turns.noting(block);
  for (const [place, its] of items.entries()) {
    noting.begin(first + place);
    for (const { from, to, said, covered } of its) noting.claim(from, to, said, covered);
  }
  if (isDone) noting.done();
};

it('tells of every item what asking it for itself tells, however often and in whatever order blocks are laid', () => {
  fc.assert(
    fc.property(
      fc.array(claims, { maxLength: 24 }),
      fc.integer({ min: 0, max: 24 }),
      fc.integer({ min: -1, max: 6 }),
      fc.integer({ min: 0, max: 9 }),
      (items, split, since, lasts) => {
        const turns = new Turns();
        const now = since + lasts;
        laid(turns, 1, items.slice(split), split);
        expect([turns.has(1), turns.has(0)]).toEqual([true, false]);
        laid(turns, 0, items.slice(0, split), 0, false); // what was not told to its end does not count
        expect(turns.has(0)).toBe(false);
        laid(turns, 0, items.slice(0, split), 0);
        laid(turns, 1, items.slice(split), split); // again: it counts once
        const { alone, together } = plainly(items);
        const during = <Turn extends { readonly at: number }>(all: readonly Turn[]) => all.filter(({ at }) => since < at && at <= now);
        expect(turns.alone(since, now)).toEqual([...new Set(during(alone).map(({ place }) => place))].sort((a, b) => a - b));
        const expected = Map.groupBy(during(together), ({ at, what, why }) => `${at} ${what} ${why}`);
        const told = [...turns.together(since, now)].map(({ at, what, because, needs, place, count, records }) => ({
          name: `${at} ${what} ${what === 'known' ? '' : because === null ? `needs ${needs.join()}` : JSON.stringify(because)}`,
          ...{ place, count },
          records: [...new Set(records)].sort((a, b) => a - b),
        }));
        expect(told.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
          [...expected]
            .map(([name, its]) => ({
              name,
              place: Math.min(...its.map(({ place }) => place)),
              count: its.length,
              records: [...new Set(its.flatMap(({ records }) => records))].sort((a, b) => a - b),
            }))
            .sort((a, b) => (a.name < b.name ? -1 : 1)),
        );
      },
    ),
    RUNS,
  );
});

it('says nothing of what is so to the end of time', () => {
  const turns = new Turns();
  const [conforms, , deviates] = SAID;
  if (!conforms || !deviates) throw new RangeError('nothing is said');
  laid(turns, 0, [[{ from: 1, to: NEVER, said: deviates, covered: true }], [{ from: 1, to: NEVER, said: conforms, covered: true }]], 0);
  expect(turns.alone(0, NEVER)).toEqual([0]);
  expect(turns.alone(1, NEVER)).toEqual([]);
});
