import { expect, it } from 'vitest';
import { afterSpan, endOfDay, localDate, monthPeriod, startOfDay } from './calendar.ts';
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

it.each([
  ['2026-01-01T00:00:00Z', '7 years', '2033-01-01T00:00:00Z'],
  ['2027-01-31T00:00:00Z', '1 month', '2027-02-28T00:00:00Z'],
  ['2024-02-29T12:00:00Z', '1 year', '2025-02-28T12:00:00Z'],
  ['2026-11-30T00:00:00Z', '18 months', '2028-05-30T00:00:00Z'],
  ['2026-12-31T23:00:00Z', '90 days', '2027-03-31T23:00:00Z'],
  ['2026-12-31T00:00:00Z', '2 weeks', '2027-01-14T00:00:00Z'],
])('%s and %s is %s', (at, span, then) => expect(iso(afterSpan(Date.parse(at), span))).toBe(then));

it('refuses a span that is none', () =>
  expect(() => afterSpan(0, '7y')).toThrow(new RangeError('not a span of time: 7y (write 7 years, 18 months or 90 days)')));
