import { expect, it } from 'vitest';
import { collectors } from '../collectors/index.ts';
import { days, instant, NEVER } from '../core/instant.ts';
import { schedules } from './normalize.ts';
import { File } from './schema.ts';

const START = instant('2026-01-01T00:00:00Z');
const file = (sources: readonly unknown[], more = {}) =>
  File.parse({ company: 'Acme', timezone: 'UTC', period: { from: '2026-01-01', to: '2027-01-01' }, sources, ...more });
const people = { collector: 'hr/csv', name: 'people', config: { path: 'workers.csv' } };

it('says how often a source was to be asked, from when to when', () => {
  const history = [
    { at: START, file: file([]) },
    { at: START + days(1), file: file([people]) },
    { at: START + days(2), file: file([people], { company: 'Other' }) },
    { at: START + days(5), file: file([{ ...people, every: '1w' }]) },
    { at: START + days(7), file: file([]) }, // taking it away ends nothing
  ];
  expect(schedules(history, collectors)).toEqual([
    {
      source: 'hr/csv/people',
      partition: 'company',
      datasets: ['hr.workers', 'hr.departures'],
      from: START + days(1),
      to: NEVER,
      steps: [
        { from: START + days(1), every: days(1) },
        { from: START + days(5), every: days(7) },
      ],
    },
  ]);
  const retired = { at: START + days(8), file: file([{ ...people, retired: { at: '2026-01-20', because: 'replaced' } }]) };
  expect(schedules([...history, retired], collectors)).toMatchObject([{ to: START + days(19) }]);
});

it('has days for fixing, by severity, where the file says none', () => {
  expect(file([]).deadlines).toEqual({ critical: 7, high: 14, medium: 30, low: 90 });
  expect(file([], { deadlines: { high: 3 } }).deadlines).toEqual({ critical: 7, high: 3, medium: 30, low: 90 });
  expect(File.safeParse({ ...file([]), deadlines: { high: 0 } }).success).toBe(false);
});
