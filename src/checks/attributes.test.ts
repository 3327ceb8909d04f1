import { expect, it } from 'vitest';
import { valuesAt } from './attributes.ts';

const unresolved = { $expression: 'var.key' };

it.each([
  ['the whole of it without a path', 7, [], [7]],
  ['a value', { a: { b: 7 } }, ['a', 'b'], [7]],
  ['what is not there', { a: {} }, ['a', 'b'], [undefined]],
  ['nothing within nothing', { a: null }, ['a', 'b'], [undefined]],
  ['nothing within a text', { a: 'b' }, ['a', 'b'], [undefined]],
  ['nothing within nothing at all', undefined, ['a'], [undefined]],
  ['of each block its own', { a: [{ b: 1 }, {}, { b: 3 }] }, ['a', 'b'], [1, undefined, 3]],
  ['nothing in no block', { a: [] }, ['a', 'b'], [undefined]],
  ['an expression where it stands, whatever lies below', { a: unresolved }, ['a', 'b'], [unresolved]],
] as const)('%s', (_, value, path, values) => {
  expect(valuesAt(value, path)).toEqual(values);
});
