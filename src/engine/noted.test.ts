import { expect, it } from 'vitest';
import { Memory } from './memory.ts';
import { type NotedPlaces, without } from './noted.ts';
import { Places } from './places.ts';

const memory = new Memory();
function places(...names: readonly string[]): Places {
  const made = new Places(memory);
  for (const name of names) made.add(`s/p/${name}`);
  return made;
}
const noted = (of: Places, ...names: readonly string[]): NotedPlaces => ({ of, places: Int32Array.from(names, (name) => of.find(`s/p/${name}`) ?? -1).sort() });
const named = ({ of, places: its }: NotedPlaces) => Array.from(its, (place) => of.name(place).slice(4));

it('tells items apart by their names, where everything was made anew in between', () => {
  const [before, after] = [places('a', 'b', 'c', 'gone'), places('c', 'new', 'b', 'a')];
  expect(named(without(noted(after, 'a', 'c', 'new'), noted(before, 'b', 'c', 'gone')))).toEqual(['new', 'a']);
  expect(named(without(noted(before, 'b', 'gone'), noted(after, 'a', 'b')))).toEqual(['gone']);
  expect(named(without(noted(after, 'a', 'b', 'c'), noted(after, 'b')))).toEqual(['c', 'a']);
});
