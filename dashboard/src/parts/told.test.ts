import { expect, it } from 'vitest';
import { told } from './told.ts';

it.each([
  ['left on 2026-11-20T23:00:00Z and still holds zoe.petrov in slack', 'left on 2026-11-20 23:00 UTC and still holds zoe.petrov in slack'],
  ['was read up to 2026-11-27T02:08:13Z.', 'was read up to 2026-11-27 02:08:13 UTC'],
  ['since 2026-11-20T03:46:56.789Z: wrong or expired..', 'since 2026-11-20 03:46:56 UTC: wrong or expired'],
  ['no such day as 2026-13-45T99:00:00Z', 'no such day as 2026-13-45T99:00:00Z'],
  ['x2026-11-20T23:00:00Zy 2026-11-20', 'x2026-11-20T23:00:00Zy 2026-11-20'],
])('%s', (said, shown) => expect(told(said)).toBe(shown));
