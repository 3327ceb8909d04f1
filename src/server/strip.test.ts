import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { days, hours, instant } from '../core/instant.ts';
import type { StatusInterval } from '../engine/period-posture.ts';
import { stripAxis, stripRow } from './strip.ts';

const FROM = instant('2026-01-01T00:00:00Z');
const YEAR = { from: FROM, to: FROM + days(365) };
const part = (from: number, to: number, status: StatusInterval['status'], alert = status): StatusInterval => ({
  from: FROM + from,
  to: FROM + to,
  status,
  alert,
});

async function drawn(intervals: readonly StatusInterval[], until = YEAR.to): Promise<string> {
  const [status = 'unknown'] = intervals.map((interval) => interval.status);
  return String(await stripRow({ period: YEAR, until }, { id: 'AC-01', title: 'Made', status, alert: status, intervals }, html`AC-01`));
}

/** What is drawn, in the order in which it is: class, place and width in percent. */
const shapes = (svg: string) =>
  [...svg.matchAll(/<(?:rect|line) class="([sl]-[a-z]+)" x1?="([\d.]+)%"(?: y="[\d.]+" width="([\d.]+)%")?/g)].map((found) => found.slice(1, 4));

describe('a strip', () => {
  it('draws the worst last, and three pixels at least of what is short', async () => {
    const svg = await drawn([
      part(0, days(73), 'fail'),
      part(days(73), days(146), 'pass'),
      part(days(146), days(146) + hours(1), 'fail'),
      part(days(146) + hours(1), days(365), 'unknown'),
    ]);
    expect(shapes(svg)).toEqual([
      ['s-pass', '20', '20'],
      ['s-unknown', '40.011', '59.989'],
      ['s-fail', '0', '20'],
      ['s-fail', '40', '0.011'],
      ['l-fail', '40', undefined],
    ]);
    expect(svg).toContain('aria-label="AC-01: fail 73 d 1 h, unknown 218 d 23 h"');
    expect(svg).toContain('<title>Fail, 2026-05-27 00:00 UTC up to 2026-05-27 01:00 UTC, 1 h</title>');
    expect([...svg.matchAll(/<tr><td>(.*?)<\/td>/g)].map(([, status]) => status)).toEqual(['Fail', 'Pass', 'Fail', 'Unknown']);
  });

  it('marks what is waived, unless something else is not known beside it', async () => {
    expect(shapes(await drawn([part(0, days(365), 'fail', 'pass')]))[0]).toEqual(['s-waived', '0', '100']);
    expect(shapes(await drawn([part(0, days(365), 'fail', 'unknown')]))[0]).toEqual(['s-fail', '0', '100']);
    expect(await drawn([part(0, days(365), 'fail', 'empty')])).toContain('<td>Fail, waived</td>');
  });

  it('leaves what has not come yet open', async () => {
    const svg = await drawn([part(0, days(73), 'empty')], FROM + days(73));
    expect(shapes(svg)).toEqual([
      ['s-future', '20', undefined],
      ['s-now', '20', undefined],
      ['s-empty', '0', '20'],
    ]);
    expect(svg).toContain('aria-label="AC-01: nothing occurred"');
    expect(shapes(await drawn([], FROM))).toEqual([['s-future', '0', undefined]]);
    expect(await drawn([], FROM)).toContain('aria-label="AC-01: the period has not begun"');
  });

  it.each([
    [YEAR, 'UTC', ['2026', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']],
    [{ from: FROM, to: FROM + days(3 * 365) }, 'UTC', ['2026', 'Apr', 'Jul', 'Oct', '2027', 'Apr', 'Jul', 'Oct', '2028', 'Apr', 'Jul', 'Oct']],
    [{ from: FROM - hours(1), to: FROM + days(40) }, 'Europe/Zurich', ['2026', 'Feb']],
    [{ from: FROM + hours(1), to: FROM + hours(9) }, 'UTC', []],
  ])('names the months above it: %#', async (period, timezone, names) => {
    const axis = String(await stripAxis({ period, until: period.to }, timezone));
    expect([...axis.matchAll(/y="15">([^<]+)</g)].map(([, name]) => name)).toEqual(names);
  });
});
