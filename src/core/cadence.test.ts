import { expect, it } from 'vitest';
import { calendarPeriods, daysAfter } from './cadence.ts';
import { instant, iso } from './instant.ts';

const within = (from: string, to: string) => ({ from: instant(from), to: instant(to) });
const spelled = (periods: ReturnType<typeof calendarPeriods>) => periods.map(({ from, to }) => `${iso(from)} ${iso(to)}`);

it('begins quarters at midnight of the zone, whatever its summer time does', () => {
  expect(spelled(calendarPeriods('quarterly', 'Europe/Berlin', within('2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z')))).toEqual([
    '2025-12-31T23:00:00Z 2026-03-31T22:00:00Z',
    '2026-03-31T22:00:00Z 2026-06-30T22:00:00Z',
    '2026-06-30T22:00:00Z 2026-09-30T22:00:00Z',
    '2026-09-30T22:00:00Z 2026-12-31T23:00:00Z',
  ]);
});

it('begins months at their first day, be they of 28, 30 or 31', () => {
  expect(spelled(calendarPeriods('monthly', 'UTC', within('2024-01-31T00:00:00Z', '2024-05-01T00:00:00Z')))).toEqual([
    '2024-02-01T00:00:00Z 2024-03-01T00:00:00Z',
    '2024-03-01T00:00:00Z 2024-04-01T00:00:00Z',
    '2024-04-01T00:00:00Z 2024-05-01T00:00:00Z',
  ]);
});

it('has a week of 167 hours where the clock goes forward, and one of 169 where it goes back', () => {
  const hours = (from: string, to: string) => calendarPeriods('weekly', 'Europe/Berlin', within(from, to)).map((week) => (week.to - week.from) / 3_600_000);
  expect(hours('2026-03-22T23:00:00Z', '2026-04-05T22:00:00Z')).toEqual([167, 168]);
  expect(hours('2026-10-18T22:00:00Z', '2026-11-01T23:00:00Z')).toEqual([169, 168]);
});

it('has days, one of 23 hours where the clock goes forward', () => {
  expect(spelled(calendarPeriods('daily', 'Europe/Berlin', within('2026-03-27T23:00:00Z', '2026-03-30T00:00:00Z')))).toEqual([
    '2026-03-27T23:00:00Z 2026-03-28T23:00:00Z',
    '2026-03-28T23:00:00Z 2026-03-29T22:00:00Z',
    '2026-03-29T22:00:00Z 2026-03-30T22:00:00Z',
  ]);
});

it('has half-years and years, and none that began before', () => {
  expect(spelled(calendarPeriods('half-yearly', 'UTC', within('2026-01-01T00:00:00Z', '2026-07-01T00:00:01Z')))).toEqual([
    '2026-01-01T00:00:00Z 2026-07-01T00:00:00Z',
    '2026-07-01T00:00:00Z 2027-01-01T00:00:00Z',
  ]);
  expect(calendarPeriods('yearly', 'UTC', within('2026-01-01T00:00:01Z', '2027-01-01T00:00:00Z'))).toEqual([]);
});

it('counts days of grace by the calendar of the zone', () => {
  const start = instant('2026-03-27T23:00:00Z'); // 28 March in Berlin, the day before the clock goes forward
  expect([0, 1, 2].map((days) => iso(daysAfter(start, days, 'Europe/Berlin')))).toEqual([
    '2026-03-27T23:00:00Z',
    '2026-03-28T23:00:00Z',
    '2026-03-29T22:00:00Z',
  ]);
});

it('refuses a period without end', () => {
  expect(() => calendarPeriods('monthly', 'UTC', { from: 0, to: Infinity })).toThrow('without end');
});
