import { expect, it } from 'vitest';
import { endOfDay, localDate, monthPeriod, startOfDay } from './calendar.ts';
import { iso } from './instant.ts';

it.each([
  ['2026-01-15', 'UTC', '2026-01-15T00:00:00Z'],
  ['2026-01-15', 'Europe/Berlin', '2026-01-14T23:00:00Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00Z'],
  ['2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00Z'],
  ['2026-07-01', 'America/Los_Angeles', '2026-07-01T07:00:00Z'],
  ['2026-07-01', 'Asia/Kolkata', '2026-06-30T18:30:00Z'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00Z'], // midnight is skipped there
])('%s in %s starts at %s', (date, zone, start) => {
  expect(iso(startOfDay(date, zone))).toBe(start);
  expect(localDate(startOfDay(date, zone), zone)).toBe(date);
});

it('ends a day where the next begins', () => expect(iso(endOfDay('2026-10-25', 'Europe/Berlin'))).toBe('2026-10-25T23:00:00Z'));

it('knows months', () => expect(monthPeriod('2026-12', 'UTC')).toEqual({ from: Date.parse('2026-12-01T00:00:00Z'), to: Date.parse('2027-01-01T00:00:00Z') }));

it.each([
  ['2026-02-30', 'UTC'],
  ['2026-1-1', 'UTC'],
  ['0000-00-00', 'UTC'],
  ['2026-01-01', 'Mars/Olympus'],
])('refuses %s in %s', (date, zone) => {
  expect(() => startOfDay(date, zone)).toThrow(RangeError);
});
