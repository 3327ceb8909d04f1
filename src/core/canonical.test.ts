import reference from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical, canonicalPieces, type Json, type Streamed } from './canonical.ts';

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

it('says what another implementation of RFC 8785 says', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonical(value)).toBe(reference(value));
    }),
    { numRuns: 2000 },
  );
});

it('says the same of what it said itself, and loses nothing', () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonical(value);
      expect(canonical(JSON.parse(text) as Json)).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('refuses every string that is not well-formed, wherever it stands, and no other', () => {
  const unit = fc.constantFrom('a', '\ud83d', '\ude00', '\ud83d\ude00', '\u20ac');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 6 }), (text) => {
      for (const value of [text, [text], { a: { b: text } }, { [text]: 1 }]) {
        if (text.isWellFormed()) expect(canonical(value)).toBe(reference(value));
        else expect(() => canonical(value)).toThrow(new RangeError('a string with a lone surrogate'));
      }
    }),
    { numRuns: 1000 },
  );
});

it('sorts members as RFC 8785 section 3.2.3 does', () => {
  const members = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Emoji',
    '\u0080': 'Control',
    '\u00f6': 'o',
  };
  expect(Object.values(JSON.parse(canonical(members)) as object)).toEqual([
    'One',
    'Carriage Return',
    'Control',
    'o',
    'Euro Sign',
    'Emoji',
    'Hebrew Letter Dalet With Dagesh',
  ]);
});

it.each<[string, unknown, string]>([
  ['the string of RFC 8785 section 3.2.2', '\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
  ['a negative zero', -0, '0'],
  ['the largest integers', [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER], '[9007199254740991,-9007199254740991]'],
  ['a member called __proto__', JSON.parse('{"__proto__":{"b":1},"a":2}'), '{"__proto__":{"b":1},"a":2}'],
])('writes %s', (_, value, text) => expect(canonical(value as Json)).toBe(text));

it.each<[string, unknown]>([
  ['a fraction', 0.5],
  ['a number beyond 2^53', 2 ** 53],
  ['not a number', Number.NaN],
  ['an infinity', Number.NEGATIVE_INFINITY],
  ['what JSON.parse made of 9007199254740993', JSON.parse('9007199254740993')],
  ['a lone surrogate', '\ud800'],
  ['a lone surrogate in a key', { '\udc00': 1 }],
  ['nothing', undefined],
  ['nothing within', { a: undefined }],
  ['a hole in a list', Array(2)],
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['bytes', Buffer.from('a')],
  [
    'what can say itself otherwise',
    new (class {
      readonly a = 1;
      toJSON() {
        return 2;
      }
    })(),
  ],
  ['a big integer', 1n],
])('refuses %s', (_, value) => expect(() => canonical(value as Json)).toThrow(RangeError));

it('spells the same piece by piece, whatever is iterable being a list', () => {
  const entries = [{ b: 1, a: 'ä' }, 2, null, ['x', { d: true, c: false }]];
  const pieces = (value: Streamed) => [...canonicalPieces(value)];
  const read = (list: readonly Json[]): Iterable<Json> => ({ [Symbol.iterator]: () => list.values() });
  expect(pieces({ z: 1, list: read(entries), a: { inner: read([]), b: [1] } }).join('')).toBe(canonical({ z: 1, list: entries, a: { inner: [], b: [1] } }));
  expect(pieces({ b: read(['x', 'y']), a: {} })).toEqual(['{', '"a":', '{}', ',"b":', '["x"', ',"y"', ']', '}']);
  expect(pieces(read([]))).toEqual(['[]']);
  expect(pieces({ b: 1, a: 2 })).toEqual(['{"a":2,"b":1}']);
});
