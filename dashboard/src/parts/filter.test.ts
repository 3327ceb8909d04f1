import { expect, it } from 'vitest';
import { conditionWords, filterOf, filterText } from './filter.ts';

it('stands in an address and is read from it again', () => {
  const filter = { where: ['status:active', 'login~a&b=c'], text: 'maria lopez', sort: '-createdAt', columns: ['login', 'status'] };
  const text = filterText(filter);
  expect(text).toBe('where=status%3Aactive&where=login%7Ea%26b%3Dc&text=maria+lopez&sort=-createdAt&column=login&column=status');
  expect(filterOf(text)).toEqual(filter);
  expect([filterText(filterOf('')), filterOf('nonsense')]).toEqual(['', { where: [], text: '', sort: '', columns: [] }]);
});

it.each([
  ['status:active', 'status is active'],
  ['status!active', 'status is not active'],
  ['login~a:b', 'login has a:b'],
  ['createdAt<2026-01-01', 'createdAt is before or less than 2026-01-01'],
  ['endedAt:', 'endedAt is nothing'],
])('reads %s as "%s"', (condition, words) => expect(conditionWords(condition)).toBe(words));
