import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import type { Row } from '../datasets/dataset.ts';
import type { Fact } from './fact.ts';
import { lists } from './lists.ts';
import { Memory } from './memory.ts';
import { Mentions, rankOf, type Words, wordsOf } from './mentions.ts';
import { BLOCK, Places } from './places.ts';
import { finished } from './steps-of-work.ts';
import { Table } from './table.ts';
import { small } from './testing/small.ts';

it('ranks the very id before what begins with it, titles that begin with it, and what holds all words', () => {
  expect(rankOf('acme/web', 'the web shop', 'acme/web')).toBe(0);
  expect(rankOf('acme/web', 'the web shop', 'acme')).toBe(1);
  expect(rankOf('acme/web', 'the web shop', 'the w')).toBe(2);
  expect(rankOf('acme/web', 'the web shop', 'shop acme')).toBe(3);
  expect(rankOf('acme/web', 'the web shop', 'shop web the')).toBe(3);
  expect(rankOf('acme/web', 'the web shop', 'shop other')).toBeNull();
  expect(wordsOf('  a  b\tc ')).toEqual(['a', 'b', 'c']);
  expect(wordsOf('')).toEqual([]);
});

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', 'Ä', '\n', '\u0001', '\u0002', '\u0003'), maxLength: 4 });
const words = fc
  .record({ id: text, title: fc.array(text, { maxLength: 2 }), more: fc.option(fc.array(text, { maxLength: 2 })) })
  .map(({ more, ...its }): Words => (more === null ? its : { ...its, more }));
const item = fc.record({ words: fc.array(words, { minLength: 1, maxLength: 3 }), isOpen: fc.boolean() });
const sought = fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'ä', 'x'), maxLength: 3 });

/** Signs that stand between the parts of a line are blanks in what is looked through. */
const plain = (its: string) => its.replaceAll(/[\n\u0001-\u0003]/g, ' ').toLowerCase();
const idOf = ({ id }: Words) => plain(id);
const titleOf = ({ title }: Words) => title.map(plain).join(' ');

type Item = { readonly words: readonly Words[]; readonly isOpen: boolean };
/** A fact for each of its words, a tick after the other; the last goes on where it is open. */
const factsOf = ({ words: all, isOpen }: Item, name: string): readonly Fact[] =>
  all.map((its, place): Fact => {
    const to = isOpen && place === all.length - 1 ? NEVER : place + 1;
    return { item: name, stream: 's/p', row: its as unknown as Row, from: place, to, records: [0], needs: [], lacks: [] };
  });

/** Items of some, far apart from each other: in three blocks. */
const LATER = [0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 3];
function tableOf(items: readonly Item[], memory: Memory) {
  const places = new Places(memory);
  for (let place = 0; place <= (LATER.at(-1) ?? 0); place++) places.add(`s/p/${place}`);
  const table = new Table(places, lists(), memory);
  for (const [place, its] of items.entries()) table.set(LATER[place] ?? 0, factsOf(its, places.name(LATER[place] ?? 0)));
  return table;
}

/** All facts that are looked through: those that hold after an instant, and of each item the last. */
const looked = (items: readonly Item[], since: number) =>
  items.flatMap((its, place) =>
    factsOf(its, '').flatMap(({ from, to }, number) => {
      const at = its.words[number];
      return at && (to > since || number === its.words.length - 1) ? [{ place: LATER[place] ?? 0, from, words: at }] : [];
    }),
  );

const byPlace = <Its extends { readonly place: number; readonly from: number }>(its: readonly Its[]) =>
  its.toSorted((a, b) => a.place - b.place || a.from - b.from);

it('finds what reading every fact finds, after changes too', () => {
  let seen = 0;
  const some = fc.array(item, { minLength: 1, maxLength: LATER.length });
  fc.assert(
    fc.property(
      some,
      fc.array(fc.tuple(fc.nat(LATER.length - 1), item), { maxLength: 3 }),
      fc.integer({ min: -1, max: 3 }),
      sought,
      fc.boolean(),
      (begun, changes, since, what, isSmall) => {
        const items = [...begun];
        const table = tableOf(items, isSmall ? small() : new Memory());
        const mentions = new Mentions(table, since, (row) => row as unknown as Words);
        for (const change of [null, ...changes]) {
          if (change) {
            const [place, its] = [Math.min(change[0], items.length - 1), change[1]];
            items[place] = its;
            table.set(LATER[place] ?? 0, factsOf(its, table.places.name(LATER[place] ?? 0)));
          }
          const all = looked(items, since);
          const found = all.flatMap(({ words: its, place, from }) => {
            const rank = rankOf(idOf(its), titleOf(its), what);
            return rank === null || what === '' ? [] : [{ place, from, rank, id: idOf(its) }];
          });
          if (!/^\s|\s$|^$/.test(what)) expect(byPlace(finished(mentions.found(what)))).toEqual(byPlace(found));
          const holds = (its: Words) => [its.id, ...its.title, ...(its.more ?? [])].some((one) => plain(one).includes(what));
          if (what !== '' && !what.includes(' '))
            expect(new Map([...mentions.holding(what)].toSorted(([a], [b]) => a - b))).toEqual(
              new Map(
                [...Map.groupBy(byPlace(all.filter(({ words: its }) => holds(its))), ({ place }) => place)].map(([place, its]) => [
                  place,
                  its.map(({ from }) => from),
                ]),
              ),
            );
          const marks = (test: (its: Words) => boolean) =>
            [...new Set(all.flatMap(({ words: its, place }) => (test(its) ? [place] : [])))].sort((a, b) => a - b);
          const marked = (how: 'begins' | 'holds') =>
            [...finished(mentions.marked(what, how)).entries()].flatMap(([place, mark]) => (mark === 1 ? [place] : []));
          if (what !== '' && !what.includes(' ')) {
            expect(marked('begins')).toEqual(marks((one) => one.title.length > 0 && titleOf(one).startsWith(what)));
            expect(marked('holds')).toEqual(marks(holds));
          }
          seen += found.length;
        }
      },
    ),
    { numRuns: 300 },
  );
  expect(seen).toBeGreaterThan(30);
});

it('lets others have their turn after each block', () => {
  const one: Item = { words: [{ id: 'a', title: [] }], isOpen: true };
  const mentions = new Mentions(tableOf([one, one, one, one, one], new Memory()), 0, (row) => row as unknown as Words);
  expect([...mentions.ahead()].length).toBe(3);
  expect([...mentions.ahead()].length).toBe(0);
});
