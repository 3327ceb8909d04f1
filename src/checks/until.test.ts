import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import { firstOf } from './until.ts';

it.each([
  ['the first of those ahead', 10, [30, 20, 40], { until: 20 }],
  ['not what is behind, nor what is now', 10, [5, 10, 11], { until: 11 }],
  ['none where all lie behind', 10, [5, 10], {}],
  ['none where nothing is known of it', -5, [null, undefined], {}],
  ['none where it never comes', 10, [NEVER], {}],
  ['none of none', 10, [], {}],
] as const)('%s', (_, at, instants, until) => {
  expect(firstOf(at, ...instants)).toEqual(until);
});
