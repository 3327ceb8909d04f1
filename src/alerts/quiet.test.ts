import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instant, iso, minutes } from '../core/instant.ts';
import type { Quiet } from './policy.ts';
import { afterAudible, audible } from './quiet.ts';

const night: Quiet = { from: 22 * 60, to: 7 * 60, weekends: false, timezone: 'Europe/Berlin' };
const weekend: Quiet = { ...night, weekends: true };

it.each<[string, Quiet | null, string, string]>([
  ['by day', night, '2026-03-04T12:00:00Z', '2026-03-04T12:00:00Z'],
  ['before midnight', night, '2026-03-04T22:30:00Z', '2026-03-05T06:00:00Z'],
  ['after midnight', night, '2026-03-05T03:00:00Z', '2026-03-05T06:00:00Z'],
  ['at the very beginning', night, '2026-03-04T21:00:00Z', '2026-03-05T06:00:00Z'],
  ['at the very end', night, '2026-03-05T06:00:00Z', '2026-03-05T06:00:00Z'],
  ['over a weekend', weekend, '2026-03-06T23:00:00Z', '2026-03-09T06:00:00Z'], // Friday night to Monday morning
  ['in the night in which the clock goes forward', night, '2026-03-28T23:00:00Z', '2026-03-29T05:00:00Z'],
  ['where it is never quiet', null, '2026-03-04T23:00:00Z', '2026-03-04T23:00:00Z'],
  ['in a quiet noon', { ...night, from: 12 * 60, to: 13 * 60 }, '2026-03-04T11:15:00Z', '2026-03-04T12:00:00Z'],
])('%s', (_, quiet, at, heard) => expect(iso(audible(instant(at), quiet))).toBe(heard));

it('lets the clock of an escalation stand still while it is quiet', () => {
  const at = instant('2026-03-04T20:50:00Z'); // ten minutes before it is quiet
  expect(iso(afterAudible(at, minutes(5), night))).toBe('2026-03-04T20:55:00Z');
  expect(iso(afterAudible(at, minutes(10), night))).toBe('2026-03-05T06:00:00Z');
  expect(iso(afterAudible(at, minutes(30), night))).toBe('2026-03-05T06:20:00Z');
  expect(iso(afterAudible(instant('2026-03-04T23:00:00Z'), 0, night))).toBe('2026-03-05T06:00:00Z');
});

it('counts just the minutes that are not quiet, whatever the zone, the hours and the weekend', () => {
  const hours = fc.tuple(fc.nat(1439), fc.nat(1439)).filter(([from, to]) => from !== to && (from < to ? to - from : 1440 - from + to) <= 18 * 60);
  const zone = fc.constantFrom('Europe/Berlin', 'UTC', 'America/Los_Angeles', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const at = fc.integer({ min: Date.parse('2026-01-01T00:00:00Z') / 60_000, max: Date.parse('2026-12-31T00:00:00Z') / 60_000 });
  fc.assert(
    fc.property(hours, zone, fc.boolean(), at, fc.nat(40 * 60), ([from, to], timezone, weekends, start, lasted) => {
      const quiet = { from, to, weekends, timezone };
      const clock = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
      const isQuiet = (minute: number): boolean => {
        const parts = Object.fromEntries(clock.formatToParts(minute * 60_000).map(({ type, value }) => [type, value]));
        const local = Number(parts.hour) * 60 + Number(parts.minute);
        return (weekends && /Sat|Sun/.test(parts.weekday ?? '')) || (from < to ? from <= local && local < to : local >= from || local < to);
      };
      const end = afterAudible(start * 60_000, minutes(lasted), quiet) / 60_000;
      let heard = 0;
      for (let minute = start; minute < end; minute++) if (!isQuiet(minute)) heard++;
      // Where the clock skips or repeats the edge of the quiet, that edge is the first of the two, or is not there.
      const slack = changes(timezone, start, end) ? 60 : 0;
      expect(Math.abs(heard - lasted)).toBeLessThanOrEqual(slack);
      if (slack === 0) expect(isQuiet(end)).toBe(false);
    }),
    { numRuns: 12 },
  );
});

/** Whether the clock there is put forward or back from one minute to another. */
function changes(timezone: string, from: number, to: number): boolean {
  const offset = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeZoneName: 'longOffset' });
  const at = (minute: number) => offset.formatToParts(minute * 60_000).find(({ type }) => type === 'timeZoneName')?.value;
  return at(from - 1440) !== at(to + 1440);
}
