import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lists, NONE } from './lists.ts';

/** So many lists of several records are told apart before it begins anew. */
const REMEMBERED = 50_000;

it('gives lists one object and one number where their entries are the same, and others where they are not', () => {
  const some = fc.oneof(fc.array(fc.nat(3), { maxLength: 3 }), fc.array(fc.constantFrom('1', '2', 'a,b', 'a'), { maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), (asked) => {
      const its = lists();
      const said = asked.map((list) => ({ spelled: JSON.stringify(list), id: its.idOf(list), shared: its.share(list.slice()) }));
      for (const { spelled, shared } of said) expect(JSON.stringify(shared)).toBe(spelled);
      for (const one of said)
        for (const other of said) {
          const isSame = one.spelled === other.spelled;
          expect([one.id === other.id, one.shared === other.shared], `${one.spelled} and ${other.spelled}`).toEqual([isSame, isSame]);
        }
    }),
  );
});

it('has one list without entries for whatever rests on nothing', () => {
  const its = lists();
  expect(its.share([] as readonly number[])).toBe(NONE);
  expect(its.share([] as readonly string[])).toBe(NONE);
  expect([its.idOf([]), its.idOf(NONE), its.idOf([0]), its.idOf([''])]).toEqual([0, 0, 1, 2]);
});

it('forgets lists of several records once they are many, and neither those of one, nor names, nor whoever holds the list itself', () => {
  const its = lists();
  const held = [3, 0];
  const first = { one: its.idOf([7]), names: its.idOf(['a', 'b']), held: its.idOf(held), several: its.idOf([3, 1]), last: its.idOf([3, 2]) };
  for (let record = 3; record < REMEMBERED; record++) its.idOf([3, record]);
  expect([its.idOf([3, 1]), its.idOf([7]), its.idOf(['a', 'b'])], 'so many are remembered').toEqual([first.several, first.one, first.names]);
  its.idOf([4, 0]);
  expect(its.idOf([3, 2]), 'and no more').not.toBe(first.last);
  expect([its.idOf([7]), its.idOf(['a', 'b']), its.idOf(held)]).toEqual([first.one, first.names, first.held]);
  expect(its.idOf([4, 0]), 'it is begun anew').toBe(its.idOf([4, 0]));
});
