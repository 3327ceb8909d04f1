import { expect, it } from 'vitest';
import { instant, NEVER } from './instant.ts';
import { several, spokenDuration, spokenInstant } from './spoken.ts';

it.each([
  ['2026-11-06T23:00:00Z', '2026-11-06 23:00 UTC'],
  ['2026-11-06T23:00:07Z', '2026-11-06 23:00:07 UTC'],
])('says %s as %s', (at, said) => expect(spokenInstant(instant(at))).toBe(said));

it('says what has not ended', () => expect(spokenInstant(NEVER)).toBe('now'));

it.each([
  [0, '0 s'],
  [40_000, '40 s'],
  [11_100_000, '3 h 5 m'],
  [3_600_000, '1 h'],
  [900_000_000 + 59_000, '10 d 10 h'],
])('says %i milliseconds as %s', (duration, said) => expect(spokenDuration(duration)).toBe(said));

it.each([
  [1, '1 account'],
  [0, '0 accounts'],
])('counts %i', (count, said) => expect(several(count, 'account')).toBe(said));
