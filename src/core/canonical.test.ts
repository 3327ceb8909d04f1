import reference from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonical, type Json } from './canonical.ts';

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

it('says what another implementation of RFC 8785 says', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonical(value)).toBe(reference(value));
    }),
  );
});

it.each<[string, unknown]>([
  ['a fraction', 0.5],
  ['a number beyond 2^53', 2 ** 53],
  ['not a number', Number.NaN],
  ['a lone surrogate', '\ud800'],
  ['a lone surrogate in a key', { '\udc00': 1 }],
  ['nothing', undefined],
  ['nothing within', { a: undefined }],
  ['a date', new Date(0)],
  ['a big integer', 1n],
])('refuses %s', (_, value) => expect(() => canonical(value as Json)).toThrow(RangeError));
