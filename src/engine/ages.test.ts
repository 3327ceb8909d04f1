import { expect, it } from 'vitest';
import { days, hours, instant, NEVER } from '../core/instant.ts';
import { agesOf, fixesOf } from './ages.ts';
import type { Case } from './cases.ts';

const NOW = instant('2026-06-01T12:00:00Z');
const opened = (age: number, over: Partial<Case> = {}): Case =>
  ({
    ...{ state: 'open', severity: 'high', overdue: false, unknown: false, timeToFix: null },
    spells: [
      { from: NOW - days(400), to: NOW - days(399) },
      { from: NOW - age, to: NEVER },
    ],
    ...over,
  }) as unknown as Case;

it('reckons ages from when a deviation began the last time, each in one bucket', () => {
  const none = { critical: 0, high: 0, medium: 0, low: 0 };
  const cases = [
    opened(0),
    opened(days(1) - 1, { severity: 'critical', unknown: true }),
    opened(days(1), { overdue: true }),
    opened(days(7)),
    opened(days(30), { state: 'in remediation', severity: 'low', overdue: true }),
    opened(days(200), { state: 'waived', overdue: false }),
    opened(days(200), { state: 'fixed', timeToFix: hours(5) }),
    opened(days(200), { state: 'closed' }),
  ];
  expect(agesOf(cases, NOW)).toEqual([
    { from: 0, to: days(1), bySeverity: { ...none, critical: 1, high: 1 }, waived: 0, unknown: 1, overdue: 0 },
    { from: days(1), to: days(7), bySeverity: { ...none, high: 1 }, waived: 0, unknown: 0, overdue: 1 },
    { from: days(7), to: days(30), bySeverity: { ...none, high: 1 }, waived: 0, unknown: 0, overdue: 0 },
    { from: days(30), to: days(90), bySeverity: { ...none, low: 1 }, waived: 0, unknown: 0, overdue: 1 },
    { from: days(90), to: null, bySeverity: none, waived: 1, unknown: 0, overdue: 0 },
  ]);
});

it('counts what is fixed by how long that took', () => {
  const counts = fixesOf([opened(0), ...[0, hours(23), days(1), days(365)].map((timeToFix) => opened(0, { timeToFix }))]).map(
    ({ bySeverity }) => bySeverity.high,
  );
  expect(counts).toEqual([2, 1, 0, 0, 1]);
});
