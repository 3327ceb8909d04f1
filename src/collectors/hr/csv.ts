import { z } from 'zod';
import { endOfDay, isTimezone, startOfDay } from '../../core/calendar.ts';
import { departures } from '../../datasets/hr/departures.ts';
import { type Worker, workers } from '../../datasets/hr/workers.ts';
import { defineCollector, type Of, table } from '../collector.ts';
import { exportLines, generatedAt, isInstant, NOTHING } from '../export.ts';
import type { Artifact } from '../source.ts';
import { departuresMark, departuresTable } from './departures.ts';

const COLUMNS = {
  id: 'employee_id',
  name: 'name',
  email: 'email',
  aliases: 'aliases',
  type: 'employment_type',
  title: 'title',
  department: 'department',
  manager: 'manager_id',
  start: 'start_date',
  end: 'end_date',
  timezone: 'timezone',
} as const;
type Column = keyof typeof COLUMNS;

const name = z.string().min(1);
export const HrCsv = z.strictObject({
  path: name.describe('The export, below the workspace or absolute'),
  company: name.default('company').describe('Whose workers they are'),
  /** Without it the file says so itself, in a first line `# generated 2026-03-01T06:00:00Z`. */
  generatedAt: z
    .string()
    .refine(isInstant, 'expected an instant with its zone, like 2026-03-01T06:00:00Z')
    .optional()
    .describe('When the export was generated, if the file does not say'),
  timezone: z
    .string()
    .refine(isTimezone, 'expected an IANA time zone, like Europe/Berlin')
    .optional()
    .describe('Zone of workers without one of their own; the workspace’s unless said'),
  delimiter: z.enum([',', ';', '\t']).default(','),
  columns: z
    .strictObject(
      Object.fromEntries(Object.entries(COLUMNS).map(([column, header]) => [column, name.default(header)])) as Record<Column, z.ZodDefault<z.ZodString>>,
    )
    .prefault({}),
});
type HrCsv = z.infer<typeof HrCsv>;

const TYPES: Readonly<Record<string, Worker['employmentType']>> = {
  employee: 'employee',
  'full-time': 'employee',
  'part-time': 'employee',
  contractor: 'contractor',
  freelancer: 'contractor',
  intern: 'intern',
  agency: 'agency',
  temp: 'agency',
};

export const hrCsv = defineCollector<HrCsv, 'file'>({
  id: 'hr/csv',
  title: 'Workers from an HR export (CSV)',
  version: 2,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'the export lists every engagement: employees, contractors, interns' }],
  credentials: {},
  every: '1d',
  config: HrCsv,
  feeds: [workers, departures],
  cannotTell: [
    'whether the person who made the export left rows out: compare it with payroll',
    'when HR recorded a departure, only between which two exports it did',
  ],
  partitions: ({ company }) => [company],

  async *collect(source, { config }) {
    const artifact = await source.read('workers', config.path);
    generatedAt(artifact, config);
    yield artifact;
  },

  mark(artifacts, of) {
    const { its, at } = read(artifacts, of);
    return departuresMark(its, of.after, at);
  },

  normalize(artifacts, of) {
    const { its, at } = read(artifacts, of);
    return [table(workers, its, at), departuresTable(its, of, at)];
  },
});

function read(artifacts: readonly Artifact[], of: Of<HrCsv>) {
  const [artifact] = artifacts;
  if (!artifact) throw new RangeError('there is no export');
  return { its: rows(artifact, of), at: generatedAt(artifact, of.config) };
}

function rows(artifact: Artifact, { config, timezone }: Of<HrCsv>): readonly Worker[] {
  const { columns, delimiter } = config;
  return exportLines(artifact, delimiter).map(({ record, info }) => {
    const fails = (column: Column, why: string) => new RangeError(`${config.path}, line ${info.lines}, column ${columns[column]}: ${why}`);
    const cell = (column: Column): string | null => {
      const text = record[columns[column]];
      return text === undefined || NOTHING.test(text) ? null : text;
    };
    const needed = (column: Column): string => {
      const text = cell(column);
      if (text === null)
        throw fails(column, record[columns[column]] === undefined ? `there is no such column (there are ${Object.keys(record).join(', ')})` : 'is empty');
      return text;
    };
    const zone = cell('timezone') ?? config.timezone ?? timezone;
    if (!isTimezone(zone)) throw fails('timezone', `no time zone is called ${zone}`);
    const day = (column: Column, text: string, of: (date: string, zone: string) => number) => {
      try {
        return of(text.slice(0, 10), zone);
      } catch (cause) {
        throw fails(column, cause instanceof Error ? cause.message : String(cause));
      }
    };
    const end = cell('end');
    const emails = [cell('email'), ...(cell('aliases')?.split(/[\s;|]+/) ?? [])].flatMap((address) => (address ? [address.toLowerCase()] : []));
    return {
      workerId: needed('id'),
      fullName: needed('name'),
      employmentType: TYPES[(cell('type') ?? '').toLowerCase()] ?? 'unknown',
      emails: [...new Set(emails)],
      title: cell('title'),
      department: cell('department'),
      managerId: cell('manager'),
      startAt: day('start', needed('start'), startOfDay),
      terminationAt: end === null ? null : day('end', end, endOfDay),
      timezone: zone,
    };
  });
}
