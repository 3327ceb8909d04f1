import { expect, it } from 'vitest';
import { hours, instant, minutes } from '../core/instant.ts';
import type { AlertEvent } from '../datasets/alert/events.ts';
import { responsesByMonth } from './responses-by-month.ts';

const raised = (at: string, over: Partial<AlertEvent> = {}): AlertEvent => ({
  ...{ systemId: 'pagerduty', alertId: at, title: 'Disk full', rule: 'disk', severity: 'high' as const },
  told: ['acknowledgement', 'conclusion'],
  firedAt: instant(at),
  ...{ acknowledgedAt: null, acknowledgedByKind: 'none' as const, acknowledgedBy: null, escalatedAt: null },
  ...{ resolvedAt: null, resolvedByKind: 'none' as const, conclusion: 'none' as const, investigation: null, incidentId: null, notified: 1 },
  ...over,
});
const taken = (at: string, after: number, ended: number): AlertEvent =>
  raised(at, { acknowledgedAt: instant(at) + after, acknowledgedByKind: 'human', resolvedAt: instant(at) + ended });

const EVENTS = [
  taken('2026-01-10T10:00:00Z', minutes(10), hours(2)),
  taken('2026-01-31T23:30:00Z', minutes(30), hours(4)), // in Berlin that is February
  raised('2026-02-03T10:00:00Z', { acknowledgedByKind: 'unknown' }),
  raised('2026-02-04T10:00:00Z', { systemId: 'tickmark' }),
  taken('2026-04-01T10:00:00Z', minutes(1), minutes(2)),
];
const PERIOD = { from: instant('2025-12-31T23:00:00Z'), to: instant('2026-12-31T23:00:00Z') };
const told = (at: string, systems: readonly string[] | null = null) =>
  responsesByMonth(EVENTS, PERIOD, { at: instant(at), timezone: 'Europe/Berlin', systems }).map(({ month, raised: count, acknowledge, resolve }) => [
    month,
    count,
    acknowledge,
    resolve,
  ]);

it('tells of each month how long people took, and of how many no time is known', () => {
  const none = { count: 0, mean: null, longest: null, open: 0, unknown: 0 };
  expect(told('2026-03-05T00:00:00Z')).toEqual([
    [
      '2026-01',
      1,
      { count: 1, mean: minutes(10), longest: minutes(10), open: 0, unknown: 0 },
      { count: 1, mean: hours(2), longest: hours(2), open: 0, unknown: 0 },
    ],
    [
      '2026-02',
      3,
      { count: 1, mean: minutes(30), longest: minutes(30), open: 1, unknown: 1 },
      { count: 1, mean: hours(4), longest: hours(4), open: 2, unknown: 0 },
    ],
    ['2026-03', 0, none, none],
  ]);
});

it('says of an earlier instant what had been done by then', () => {
  expect(told('2026-01-31T23:45:00Z')).toMatchObject([
    ['2026-01', 1, { count: 1 }, { count: 1 }],
    ['2026-02', 1, { count: 0, open: 1 }, { count: 0, open: 1 }],
  ]);
});

it('tells of some systems alone', () => {
  expect(told('2026-02-28T00:00:00Z', ['tickmark'])).toMatchObject([
    ['2026-01', 0, {}, {}],
    ['2026-02', 1, { open: 1 }, { open: 1 }],
  ]);
});
