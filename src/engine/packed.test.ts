import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fact, Look } from './fact.ts';
import { lists } from './lists.ts';
import { instants, numbered, packFacts, packLooks, unpackFacts, unpackLooks } from './packed.ts';

const thruJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
const at = fc.integer({ min: -5, max: 5 });
const begins = fc.oneof(at, fc.constant(-Infinity));
const ends = fc.oneof(at, fc.constant(Infinity));

it('numbers instants so that numbers are in the order of time, the ends of time among them', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ from: begins, to: ends })), (parts) => {
      const { at: all, number } = numbered(parts);
      const instant = instants(thruJson(all));
      for (const { from, to } of parts) expect([instant(number(from)), instant(number(to))]).toEqual([from, to]);
      expect(all).toEqual([...new Set(parts.flatMap(({ from, to }) => [from, to]))].filter(Number.isFinite).sort((a, b) => a - b));
      expect([number(-Infinity), number(Infinity)]).toEqual([0, 1]);
    }),
  );
  expect([instants([7])(2), instants([7])(3), instants([])(undefined)]).toEqual([7, Number.NaN, Number.NaN]);
});

const look = fc.record({
  at,
  complete: fc.boolean(),
  reason: fc.option(fc.constantFrom('timed out', 'refused')),
  record: fc.nat(99),
  polled: fc.option(fc.record({ from: begins, to: ends }), { nil: undefined }),
});

it('keeps looks as they were, in what JSON can say', () => {
  fc.assert(
    fc.property(fc.array(look, { minLength: 1 }), (its) => {
      const looks = its.map(({ polled, ...rest }): Look => ({ dataset: 'd', source: 's', partition: 'p', ...rest, ...(polled ? { polled } : {}) }));
      const packed = packLooks(looks);
      if (!packed) throw new RangeError('nothing was kept');
      expect(unpackLooks(thruJson(packed))).toEqual(looks);
      expect(packed.incomplete.length).toBe(looks.filter(({ complete }) => !complete).length);
      expect(packed.reasons.length).toBe(looks.filter(({ complete, reason }) => complete && reason !== null).length);
      expect(packed.polled.length).toBe(looks.filter(({ polled }) => polled !== undefined).length);
    }),
  );
  expect(packLooks([])).toBeNull();
});

const STREAMS = ['s/p', 's/q', 's/p0'];
const facts = fc.array(
  fc.record({
    row: fc.record({ id: fc.constantFrom('a', 'b'), list: fc.array(fc.constantFrom('x', 'y')) }),
    from: begins,
    to: ends,
    records: fc.array(fc.nat(3), { minLength: 1, maxLength: 2 }),
    needs: fc.subarray(['one', 'two']),
    lacks: fc.subarray(['one', 'two']),
    first: fc.option(fc.nat(3), { nil: undefined }),
  }),
  { maxLength: 3 },
);
const block = fc.array(fc.tuple(fc.constantFrom(...STREAMS), fc.option(facts, { nil: undefined })));

it('keeps the facts of a block as they were, and what several rest on once', () => {
  fc.assert(
    fc.property(block, (its) => {
      const items = its.map(([stream], place) => `${stream}/${place}/x`);
      const all = its.map(([stream, told], place) =>
        told && told.length > 0
          ? told.map(({ first, ...rest }): Fact => ({ item: items[place] ?? '', stream, ...rest, ...(first === undefined ? {} : { first }) }))
          : undefined,
      );
      const packed = packFacts(all);
      if (all.every((told) => told === undefined)) {
        expect(packed).toBeNull();
        return;
      }
      if (!packed) throw new RangeError('nothing was kept');
      expect(unpackFacts(thruJson(packed), items, lists())).toEqual(all);
      for (const one of unpackFacts(thruJson(packed), items, lists()).flatMap((told) => told ?? [])) expect('first' in one).toBe(one.first !== undefined);
      const rests = all.flatMap((told) => told ?? []).map(({ records, needs, lacks, first }) => JSON.stringify([records, needs, lacks, first ?? null]));
      expect(packed.rests.length).toBe(new Set(rests).size);
    }),
  );
});

it('gives facts that rest on the same the very same lists, and says which item has lost what it rests on', () => {
  const fact = (item: string, from: number): Fact => ({ item, stream: 's/p', row: {}, from, to: Infinity, records: [1, 2], needs: ['d', 'e'], lacks: [] });
  const packed = packFacts([[fact('s/p/a', 1)], undefined, [fact('s/p/b', 2)]]);
  if (!packed) throw new RangeError('nothing was kept');
  const shared = lists();
  const [[a] = [], , [b] = []] = unpackFacts(thruJson(packed), ['s/p/a', '', 's/p/b'], shared);
  expect([a?.records === b?.records, a?.needs === b?.needs, a?.records === shared.share([1, 2])]).toEqual([true, true, true]);
  expect(() => unpackFacts({ ...packed, rests: [] }, ['s/p/a', '', 's/p/b'], lists())).toThrow(new RangeError('s/p/a: what it rests on is missing'));
});
