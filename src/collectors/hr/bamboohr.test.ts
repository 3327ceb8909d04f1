import { describe, expect, it } from 'vitest';
import { endOfDay, startOfDay } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import type { Worker } from '../../datasets/hr/workers.ts';
import { openSource } from '../../sources/open.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import { bamboo, type Company, employee, type StatusRow } from '../../../test/bamboohr.ts';
import { collectorTester, type Recorded } from '../../../test/collector-tester.ts';
import { at, root } from '../../../test/recorded.ts';
import type { Collector } from '../collector.ts';
import type { HttpSource } from '../source.ts';
import { hrBamboohr } from './bamboohr.ts';

const ACME: Company = {
  employees: {
    '1': employee('1'),
    '2': employee('2', { status: 'Inactive', terminationDate: '2026-03-31', supervisorEId: '1', employmentHistoryStatus: 'Terminated' }),
    '3': employee('3', { hireDate: '2026-02-01', originalHireDate: '2024-05-02', location: 'New York', employmentHistoryStatus: 'Contractor' }),
    '4': employee('4', {
      hireDate: '2027-01-04',
      status: 'Inactive',
      displayName: null,
      workEmail: null,
      location: null,
      employmentHistoryStatus: 'Apprentice',
    }),
  },
  history: [
    ['3', '2026-02-01', 'Contractor'],
    ['3', '2025-06-30', 'terminated'],
    ['3', '2024-05-02', 'Full-Time'],
    ['1', '2025-01-15', 'Part-Time'],
    ['1', '2025-09-01', 'Full-Time'],
    ['2', '2026-03-31', 'Terminated'],
    ['2', '2025-01-15', 'Full-Time'],
  ],
  deleted: ['9'],
};
const LOCATIONS = { Lisbon: 'Europe/Lisbon', 'New York': 'America/New_York' };
const recorded = (wire: Wire, over: object = {}): Recorded => ({
  config: hrBamboohr.config.parse({ company: 'acme', locations: LOCATIONS, ...over }),
  partition: 'acme',
  credentials: { token: 'secret-of-the-tests' },
  wire,
  at,
  root,
});

collectorTester(hrBamboohr as unknown as Collector, recorded(bamboo(ACME), { types: { Apprentice: 'intern' } }), (rows) => {
  const workers = rows('hr.workers') as unknown as readonly Worker[];
  expect(workers.map(({ workerId }) => workerId)).toEqual(['1', '2', '3', '3', '4']);
  expect(workers[0]).toEqual({
    workerId: '1',
    fullName: 'Person 1',
    employmentType: 'employee',
    emails: ['person.1@acme.example'],
    title: 'Engineer',
    department: 'Engineering',
    managerId: null,
    startAt: startOfDay('2025-01-15', 'Europe/Lisbon'),
    terminationAt: null,
    timezone: 'Europe/Lisbon',
  });
  expect(workers[1]).toMatchObject({ managerId: '1', terminationAt: endOfDay('2026-03-31', 'Europe/Lisbon') });
  // Who came back is engaged twice, and what happened between is not covered over.
  expect(workers[2]).toMatchObject({
    employmentType: 'employee',
    startAt: startOfDay('2024-05-02', 'America/New_York'),
    terminationAt: endOfDay('2025-06-30', 'America/New_York'),
  });
  expect(workers[3]).toMatchObject({ employmentType: 'contractor', startAt: startOfDay('2026-02-01', 'America/New_York'), terminationAt: null });
  expect(workers[4]).toMatchObject({
    fullName: 'Person 4',
    employmentType: 'intern',
    emails: [],
    timezone: 'UTC',
    startAt: Date.parse('2027-01-04T00:00:00Z'),
  });
});

async function collect(company: Company, over: object = {}, asked: WireRequest[] = []) {
  const its = recorded(bamboo(company, asked), over);
  const opened = openSource(hrBamboohr as unknown as Collector, { ...its, endpoint: null, clock: () => at, sleep: async () => undefined });
  const of = { config: its.config as never, partition: 'acme', at, since: at, timezone: 'UTC', after: null };
  const artifacts = await Array.fromAsync(hrBamboohr.collect(opened.source as HttpSource, of));
  const rows = () => (hrBamboohr.normalize(artifacts, of)[0]?.rows ?? []) as unknown as readonly Worker[];
  return { rows, witness: hrBamboohr.witness?.(artifacts, of) };
}
const one = (over: object, history: readonly StatusRow[] = []): Company => ({ employees: { '1': employee('1', over) }, history });
const days = ({ startAt, terminationAt }: Worker) => [startAt, terminationAt].map((it) => (it === null ? null : new Date(it).toISOString().slice(0, 10)));

it('asks the company’s own address with the key as the name of a user, and counts everyone it was told of', async () => {
  const asked: WireRequest[] = [];
  const { witness } = await collect(ACME, { company: 'Acme' }, asked);
  expect(new Set(asked.map(({ url }) => new URL(url).host))).toEqual(new Set(['acme.bamboohr.com']));
  expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(new Set([`Basic ${Buffer.from('secret-of-the-tests:x').toString('base64')}`]));
  expect(asked).toHaveLength(6);
  expect(witness).toMatchObject({ answeredBy: 'acme.bamboohr.com', totals: { employees: { received: 4, total: 4 } } });
});

describe('what a key may not see makes the run incomplete', () => {
  const { terminationDate: _, ...hidden } = employee('1');
  it.each<[string, Company, RegExp]>([
    ['a field', { employees: { '1': hidden }, history: [] }, /keeps back terminationDate of employee 1/],
    ['everybody', { employees: {}, history: [], deleted: ['9'] }, /names no employee at all/],
    [
      'somebody whom the table knows',
      { ...one({}), history: [['7', '2025-01-01', 'Full-Time']] },
      /tells of employee 7, whom the list of employees does not name/,
    ],
  ])('%s', async (_name, company, says) => {
    const outcome = collect(company);
    await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
    await expect(outcome).rejects.toThrow(says);
  });
});

describe('when somebody came and went', () => {
  const UTC = { locations: {} };
  const table: readonly (readonly [string, Company, readonly (readonly (string | null)[])[]])[] = [
    ['the fields count where the table is silent', one({ terminationDate: '2026-02-03' }), [['2025-01-15', '2026-02-04']]],
    ['the first engagement began with the hire, though the table begins later', one({}, [['1', '2025-03-01', 'Full-Time']]), [['2025-01-15', null]]],
    ['a table that begins with the end', one({ status: 'Inactive' }, [['1', '2026-02-03', 'Terminated']]), [['2025-01-15', '2026-02-04']]],
    ['an end that the table lacks', one({ terminationDate: '2026-02-03' }, [['1', '2025-01-15', 'Full-Time']]), [['2025-01-15', '2026-02-04']]],
    [
      'an end from before the return is not that of the return',
      one({ terminationDate: '2025-06-30', hireDate: '2026-01-01', originalHireDate: '2025-01-15' }, [
        ['1', '2025-01-15', 'Full-Time'],
        ['1', '2025-06-30', 'Terminated'],
        ['1', '2026-01-01', 'Full-Time'],
      ]),
      [
        ['2025-01-15', '2025-07-01'],
        ['2026-01-01', null],
      ],
    ],
    [
      'two rows of one day count in the order in which they were made',
      one({}, [
        ['1', '2025-01-15', 'Full-Time'],
        ['1', '2026-02-03', 'Terminated'],
        ['1', '2026-02-03', 'Contractor'],
      ]),
      [
        ['2025-01-15', '2026-02-04'],
        ['2026-02-03', null],
      ],
    ],
    [
      'an end that is told twice counts once',
      one({}, [
        ['1', '2025-01-15', 'Full-Time'],
        ['1', '2026-02-03', 'Terminated'],
        ['1', '2026-03-03', 'Terminated'],
      ]),
      [['2025-01-15', '2026-02-04']],
    ],
  ];
  it.each(table)('%s', async (_, company, expected) => {
    const { rows } = await collect(company, UTC);
    expect(rows().map(days)).toEqual(expected);
  });

  it('a status of the company’s own may end an engagement', async () => {
    const company = one({}, [
      ['1', '2025-01-15', 'Full-Time'],
      ['1', '2026-02-03', 'Alumni'],
    ]);
    expect((await collect(company, UTC)).rows().map(days)).toEqual([['2025-01-15', null]]);
    expect((await collect(company, { ...UTC, ended: ['Terminated', 'Alumni'] })).rows().map(days)).toEqual([['2025-01-15', '2026-02-04']]);
  });

  it.each([
    ['no beginning', one({ hireDate: '0000-00-00' }), /does not say when employee 1 began/],
    ['somebody inactive without an end', one({ status: 'Inactive' }), /employee 1 is inactive, and BambooHR does not say since when/],
    ['a date that is none', one({ hireDate: '15.01.2025' }), /not a date: 15.01.2025/],
  ])('%s is an error, never somebody who still works here', async (_, company, says) => {
    const { rows } = await collect(company, UTC);
    expect(rows).toThrow(says);
  });
});

describe('whose id it is', () => {
  it('is the employee number where the configuration says so, the manager’s too', async () => {
    const { rows } = await collect(ACME, { workerId: 'employeeNumber' });
    expect(rows()[1]).toMatchObject({ workerId: 'N-2', managerId: 'N-1' });
  });

  it('and who has none is an error', async () => {
    const { rows } = await collect(one({ employeeNumber: null }), { workerId: 'employeeNumber' });
    expect(rows).toThrow('employee 1 has no employee number');
  });

  it.each([
    ['Contract to hire', 'contractor'],
    ['Summer internship', 'intern'],
    ['Temporary', 'agency'],
    ['Internal transfer', 'unknown'],
    ['Salaried', 'employee'],
  ])('%s reads as %s', async (status, type) => {
    const { rows } = await collect(one({ employmentHistoryStatus: status }));
    expect(rows()[0]?.employmentType).toBe(type);
  });
});
