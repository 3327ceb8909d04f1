import fc from 'fast-check';
import { expect, it } from 'vitest';
import { caseNumber } from './case-id.ts';
import { caseNumbers } from './case-numbers.ts';
import { Memory } from './memory.ts';
import { BLOCK, Places } from './places.ts';

const COUNT = 2 * BLOCK + 3;
function items(named: string): Places {
  const places = new Places(new Memory());
  for (let number = 0; number < COUNT; number++) places.add(`${named}/main/${number}`);
  return places;
}
/** The same, and how often it was asked for a name. */
function counted(places: Places): { readonly places: Places; readonly asked: number[] } {
  const asked: number[] = [];
  const name = (place: number) => {
    asked.push(place);
    return places.name(place);
  };
  return { places: Object.create(places, { name: { value: name } }) as Places, asked };
}

it('numbers the case of each item as its check and its name do, in whatever order they are asked for', () => {
  const [okta, aws] = [items('okta'), items('aws')];
  fc.assert(
    fc.property(
      fc.array(fc.record({ of: fc.constantFrom(okta, aws), check: fc.constantFrom('a', 'b'), place: fc.nat(COUNT - 1) }), { maxLength: 20 }),
      (asked) => {
        for (const { of, check, place } of asked) expect(caseNumbers(of, check)(place)).toBe(caseNumber(check, of.name(place)));
      },
    ),
  );
});

it('makes the number of a case once, whoever asks for it, and those of other items when they are asked for', () => {
  const { places, asked } = counted(items('okta'));
  const all = [0, BLOCK - 1, BLOCK, COUNT - 1];
  const [one, other] = [caseNumbers(places, 'a'), caseNumbers(places, 'b')];
  for (const _ of [1, 2, 3]) for (const place of all) one(place);
  expect(asked).toEqual(all);
  for (const place of all) caseNumbers(places, 'a')(place);
  expect(asked, 'whoever asks again later').toEqual(all);
  for (const _ of [1, 2]) for (const place of all) other(place);
  expect(asked).toEqual([...all, ...all]);
  caseNumbers(places, 'a')(1);
  expect(asked.at(-1)).toBe(1);
});
