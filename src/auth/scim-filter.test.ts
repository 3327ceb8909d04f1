import { expect, it } from 'vitest';
import { loweredFilter } from './scim-resources.ts';

it.each([
  ['userName eq "Maria.Lopez@Acme.example"', 'userName eq "maria.lopez@acme.example"'],
  ['a eq "A \\"B\\" C" and b eq "D"', 'a eq "a \\"b\\" c" and b eq "d"'],
  ['meta.created gt "2026-03-02T09:00:00Z"', 'meta.created gt "2026-03-02T09:00:00Z"'],
  ['userName eq ""', 'userName eq ""'],
  ['userName eq "Nobody ends this', 'userName eq "Nobody ends this'],
  ['userName eq "Nor this\\', 'userName eq "Nor this\\'],
])('a filter is lowered in its texts: %s', (filter, lowered) => {
  expect(loweredFilter(filter)).toBe(lowered);
});

it('a filter is looked at once, and one that is too long is not', () => {
  const begun = performance.now();
  for (let n = 0; n < 200; n++) loweredFilter(`"${'\\"'.repeat(999)}`);
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(() => loweredFilter('x'.repeat(2001))).toThrow('A filter has at most 2000 signs.');
});
