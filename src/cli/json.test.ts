import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonPieces, LongText } from './json.ts';

const whole = (value: unknown): string => [...jsonPieces(value)].join('');
const many = <Entry>(count: number, entry: (place: number) => Entry): readonly Entry[] => Array.from({ length: count }, (_, place) => entry(place));

it('spells what JSON.stringify spells', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(whole(value)).toBe(JSON.stringify(value, null, 2));
    }),
  );
  const long = {
    a: 1,
    none: [],
    left: undefined,
    lists: [many(1201, (place) => ({ place, text: `line\n${place}` })), []],
    inner: { b: many(501, String), c: {} },
  };
  expect(whole(long)).toBe(JSON.stringify(long, null, 2));
  const mixed = [...many(499, String), long, ...many(3, Number), many(501, Number), { x: null }];
  expect(whole(mixed)).toBe(JSON.stringify(mixed, null, 2));
});

it('takes an iterable for a list, and reads no further than it is written', () => {
  let read = 0;
  function* numbers(count: number): Iterable<{ readonly number: number }> {
    for (let number = 0; number < count; number++) {
      read++;
      yield { number };
    }
  }
  expect(whole({ items: numbers(1300), nothing: numbers(0) })).toBe(JSON.stringify({ items: many(1300, (number) => ({ number })), nothing: [] }, null, 2));
  read = 0;
  const pieces = jsonPieces(numbers(1_000_000))[Symbol.iterator]();
  pieces.next();
  expect(read).toBe(500);
});

it('spells a long text as it is made', () => {
  const pieces = ['# A "title"\n', '', '\u0000 tab\t', 'ends \ud83d', '\ude00'];
  const value = (text: unknown) => ({ title: 'a', text, file: null });
  const spelled = whole(value(new LongText(pieces)));
  expect(JSON.parse(spelled)).toEqual(value(pieces.join('')));
  let read = 0;
  const made = jsonPieces(
    value(
      new LongText(
        (function* () {
          for (; read < 1000; read++) yield 'x';
        })(),
      ),
    ),
  )[Symbol.iterator]();
  for (let piece = 0; piece < 5; piece++) made.next();
  expect(read).toBeLessThan(5);
});
