import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isEqual, isSame, type Said, type Says, says } from './says.ts';

const said: fc.Arbitrary<Said> = fc.record({
  kind: fc.constantFrom<Said['kind']>('conforms', 'deviates', 'unknown', 'notYet'),
  because: fc.constantFrom(null, null, 'late', 'gone'),
  needs: fc.constantFrom<readonly string[]>([], ['a'], ['a', 'b']),
  lacks: fc.constantFrom<readonly string[]>([], ['b']),
  settled: fc.boolean(),
  records: fc.constantFrom<readonly number[]>([1], [2], [1, 2]),
});
const LATE: Said = { kind: 'deviates', because: 'late', needs: ['a', 'b'], lacks: ['b'], settled: true, records: [1, 2] };
const FINE: Said = { ...LATE, kind: 'conforms', because: null };
/** The same once more, of which nothing is the same object. */
const again = ({ needs, lacks, records, ...its }: Said): Said => ({ ...its, needs: [...needs], lacks: [...lacks], records: [...records] });
const say = (its: Says, { kind, because, needs, lacks, settled, records }: Said): Said => its.of(kind, because, needs, lacks, settled, records);
const OTHERWISE: readonly Partial<Said>[] = [
  { kind: 'unknown' },
  { because: 'gone' },
  { because: null },
  { settled: false },
  { needs: ['a'] },
  { needs: ['a', 'b', 'c'] },
  { needs: ['a', 'c'] },
  { needs: ['c', 'b'] },
  { lacks: [] },
  { lacks: ['a'] },
  { lacks: ['b', 'a'] },
];

describe('two say the same', () => {
  it('where all but their records is the same, and are equal where those are too', () => {
    for (const its of [LATE, FINE])
      expect([isSame(its, again(its)), isEqual(its, again(its)), isSame(its, its), isEqual(its, its)]).toEqual([true, true, true, true]);
    for (const records of [[1], [1, 2, 3], [2, 1], [1, 3], []])
      expect([isSame(LATE, { ...LATE, records }), isEqual(LATE, { ...LATE, records }), isEqual({ ...LATE, records }, LATE)]).toEqual([true, false, false]);
  });

  it.each(OTHERWISE)('and not where anything else is otherwise: %j', (other) => {
    const its = again({ ...LATE, ...other });
    expect([isSame(LATE, its), isSame(its, LATE), isEqual(LATE, its), isEqual(its, LATE)]).toEqual([false, false, false, false]);
  });
});

it('gives back what it was given, and for the same the same object, whatever was said in between', () => {
  fc.assert(
    fc.property(fc.array(said, { maxLength: 40 }), (all) => {
      const its = says();
      const first = all.map((one) => say(its, one));
      const second = all.map((one) => say(its, again(one)));
      expect(first).toEqual(all);
      for (const [place, one] of first.entries()) expect(second[place]).toBe(one);
    }),
    { numRuns: 200 },
  );
});

it('never takes one thing for another, of which anything is otherwise', () => {
  for (const base of [LATE, FINE]) {
    const its = says();
    const all = [base, ...OTHERWISE.map((other) => ({ ...base, ...other })), { ...base, records: [1] }, { ...base, records: [12] }];
    for (const one of [...all, ...all]) expect(say(its, again(one))).toEqual(one);
    const distinct = new Set(all.map((one) => say(its, one)));
    expect(distinct.size).toBe(new Set(all.map((one) => JSON.stringify(one))).size);
  }
});

describe('of so many it remembers what was said, and then begins anew', () => {
  const MOST = 4096;
  it.each<[string, (number: number) => Said]>([
    ['sentences', (number) => ({ ...LATE, because: `late by ${number}` })],
    ['records of which one sentence was said', (number) => ({ ...LATE, records: [number] })],
    ['records of which none was said', (number) => ({ ...FINE, records: [number] })],
  ])('%s', (_, of) => {
    const its = says();
    // Of a sentence the way in which it was said first is remembered apart.
    const begun = of(-1);
    say(its, begun);
    const [first, second] = [say(its, of(0)), say(its, of(1))];
    const rest = Array.from({ length: MOST - 3 }, (__, number) => say(its, of(number + 2)));
    expect([say(its, of(0)), say(its, of(1)), say(its, of(MOST - 2))].map((one, place) => one === [first, second, rest.at(-1)][place])).toEqual([
      true,
      true,
      true,
    ]);
    for (const more of [MOST, MOST + 1]) say(its, of(more));
    const later = say(its, of(1));
    expect(later).toEqual(second);
    expect(later).not.toBe(second);
    expect(say(its, of(MOST + 1))).toBe(say(its, of(MOST + 1)));
  });
});
