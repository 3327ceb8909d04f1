import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byName, nameKey } from './by-name.ts';
import { streamId } from './facts.ts';
import { Memory } from './memory.ts';
import { Places } from './places.ts';
import { cases } from './testing/cases.ts';

const words = fc.constantFrom('', 'a', 'A', 'ab', 'é', '/', '%2F', 'z-10', 'z-9', '10', '9');
const names = fc.tuple(words, words, words).map(([source, partition, key]) => `${streamId(source, partition)}/${key}`);

it('gives some items in the order of their names, however many came since it was asked last', () => {
  fc.assert(
    fc.property(fc.array(fc.array(names, { maxLength: 20 }), { maxLength: 5 }), fc.boolean(), fc.nat(3), (batches, whole, skip) => {
      const places = new Places(new Memory());
      for (const batch of batches) {
        for (const name of batch) places.add(name);
        const some = Array.from({ length: places.count }, (_, place) => place).filter((place) => whole || place % 4 !== skip);
        expect([...byName(places, some)].map((place) => nameKey(places.name(place)))).toEqual(some.map((place) => nameKey(places.name(place))).sort());
      }
    }),
    { numRuns: cases(60) },
  );
});

it('sorts those that are new in among many that it knows', () => {
  const places = new Places(new Memory());
  const name = (number: number) => `${streamId('hr', 'acme')}/${(number * 7919) % 10_007}`;
  const all = () => Array.from({ length: places.count }, (_, place) => place);
  for (const upTo of [6000, 6001, 6500, 10_000]) {
    for (let number = places.count; number < upTo; number++) places.add(name(number));
    const inOrder = [...byName(places, all())].map((place) => nameKey(places.name(place)));
    expect(inOrder).toEqual(inOrder.toSorted());
    expect([inOrder.length, [...byName(places, [5, 7])].map((place) => places.name(place)).sort()]).toEqual([upTo, [name(5), name(7)].sort()]);
  }
});
