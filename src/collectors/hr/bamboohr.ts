import { z } from 'zod';
import { endOfDay, isTimezone, localDate, startOfDay } from '../../core/calendar.ts';
import { IncompleteError } from '../../core/error.ts';
import { departures } from '../../datasets/hr/departures.ts';
import { type Worker, workers } from '../../datasets/hr/workers.ts';
import { arrayOf, pagesOf, parse, read } from '../answers.ts';
import { defineCollector, type Of, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { departuresMark, departuresTable } from './departures.ts';
import { type Engagement, engagementsOf, StatusRow } from './engagements.ts';

const Changed = z.object({ employees: z.record(z.string(), z.object({ id: z.string().nullish(), action: z.string().nullish() })) });
/** BambooHR writes nothing as null, as an empty text or, of a date, as zeros. */
const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((it) => it?.trim() || null);
const date = text.transform((it) => (it === null || it === '0000-00-00' ? null : it));
const Employee = z.object({
  id: z.union([z.string().min(1), z.int().transform(String)]),
  employeeNumber: text,
  displayName: text,
  firstName: text,
  lastName: text,
  workEmail: text,
  jobTitle: text,
  department: text,
  location: text,
  supervisorEId: text,
  status: text,
  employmentHistoryStatus: text,
  hireDate: date,
  originalHireDate: date,
  terminationDate: date,
});
type Employee = z.infer<typeof Employee>;
const FIELDS = Object.keys(Employee.shape).join(',');
/** A field that the key may not see is left out of the answer; one that is empty is not. */
const NEEDED = ['displayName', 'workEmail', 'status', 'hireDate', 'terminationDate'] as const;

const timezone = z.string().refine(isTimezone, 'expected an IANA time zone, like Europe/Berlin');
export const BambooHrConfig = z.strictObject({
  company: z
    .string()
    .regex(/^[a-z0-9-]+$/i, 'expected the part of the address before .bamboohr.com')
    .describe('The company’s own part of its address: acme of acme.bamboohr.com'),
  workerId: z.enum(['id', 'employeeNumber']).default('id').describe('Which number is the worker’s id: the one that other systems hold as employee number'),
  types: z
    .record(z.string(), z.enum(['employee', 'contractor', 'intern', 'agency']))
    .default({})
    .describe('What the company’s own employment statuses mean, beside those that say so by their names'),
  ended: z.array(z.string().min(1)).min(1).default(['Terminated']).describe('Employment statuses that end an engagement'),
  timezone: timezone.optional().describe('Zone of workers at no location below; the workspace’s unless said'),
  locations: z.record(z.string(), timezone).default({}).describe('Zones of the company’s locations, by their names'),
});
type BambooHrConfig = z.infer<typeof BambooHrConfig>;

const TYPES: readonly (readonly [RegExp, Worker['employmentType']])[] = [
  [/intern(ship)?\b/i, 'intern'],
  [/contract|freelanc/i, 'contractor'],
  [/agency|temp/i, 'agency'],
  [/full.?time|part.?time|employee|salaried|hourly/i, 'employee'],
];

export const hrBamboohr = defineCollector<BambooHrConfig, 'http'>({
  id: 'hr/bamboohr',
  title: 'Workers from BambooHR: every engagement, those that ended among them',
  version: 2,
  transport: 'http',
  hosts: ({ company }) => [`${company.toLowerCase()}.bamboohr.com`],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `Basic ${btoa(`${token ?? ''}:x`)}`, 'user-agent': 'tickmark' }),
  permissions: [
    { right: `see of every employee: ${NEEDED.join(', ')}, job and location`, why: 'who works here, since when and until when' },
    { right: 'see the table Employment Status of every employee', why: 'engagements that ended before the present one' },
  ],
  credentials: { token: 'an API key of a user who sees all employees and may change none' },
  every: '1d',
  config: BambooHrConfig,
  feeds: [workers, departures],
  cannotTell: [
    'employees whose record was deleted from BambooHR: it names them as deleted, and nothing else of them',
    'when HR recorded a departure, only between which two answers it did',
    'the hour of a departure: the last day counts to its end in the zone of the location',
    'contractors whom the company keeps elsewhere',
    'who asked: a key does not say whose it is',
  ],
  partitions: ({ company }) => [company],

  async *collect(source) {
    const changed = await source.get('employees', `/api/v1/employees/changed?since=${encodeURIComponent('1970-01-01T00:00:00Z')}`);
    yield changed;
    const ids = listedIn(changed);
    if (ids.length === 0) throw new IncompleteError('BambooHR names no employee at all: the key may not see them');
    const history = await source.get('employment status', '/api/v1/employees/all/tables/employmentStatus');
    yield history;
    const known = new Set(ids);
    const stranger = parse(history, arrayOf(StatusRow)).find(({ employeeId }) => !known.has(employeeId));
    if (stranger)
      throw new IncompleteError(`the table of employment statuses tells of employee ${stranger.employeeId}, whom the list of employees does not name`);
    for (const id of ids) {
      const artifact = await source.get(`employee ${id}`, `/api/v1/employees/${encodeURIComponent(id)}?fields=${FIELDS}&onlyCurrent=false`);
      const answer = parse(artifact, Fields);
      const hidden = NEEDED.find((field) => !(field in answer));
      if (hidden) throw new IncompleteError(`BambooHR keeps back ${hidden} of employee ${id}: the key may not see it`);
      yield artifact;
    }
  },

  witness(artifacts, { config: { company } }) {
    const [changed] = pagesOf(artifacts, 'employees');
    const total = changed ? listedIn(changed).length : 0;
    return {
      askedAs: null,
      answeredBy: `${company.toLowerCase()}.bamboohr.com`,
      granted: null,
      totals: { employees: { received: employeesIn(artifacts).length, total } },
    };
  },

  mark: (artifacts, of) => departuresMark(workersIn(artifacts, of), of.after, of.at),

  normalize(artifacts, of) {
    const its = workersIn(artifacts, of);
    return [table(workers, its), departuresTable(its, of, of.at)];
  },
});

const Fields = z.record(z.string(), z.unknown());

function workersIn(artifacts: readonly Artifact[], of: Of<BambooHrConfig>): readonly Worker[] {
  const people = employeesIn(artifacts);
  const history = Map.groupBy(read(artifacts, 'employment status', arrayOf(StatusRow)), ({ employeeId }) => employeeId);
  const reading = { ended: of.config.ended, today: localDate(of.at, of.config.timezone ?? of.timezone) };
  const byId = new Map(people.map((employee) => [employee.id, employee]));
  return people.flatMap((employee) => engagementsOf(employee, history.get(employee.id) ?? [], reading).map((its) => rowOf(employee, its, byId, of)));
}

/** Everyone of whom there is a record. Of those that were deleted there is nothing to ask. */
const listedIn = (changed: Artifact): readonly string[] =>
  Object.entries(parse(changed, Changed).employees)
    .flatMap(([key, { id, action }]) => (action === 'Deleted' ? [] : [id || key]))
    .sort();

function employeesIn(artifacts: readonly Artifact[]): readonly Employee[] {
  const [changed] = pagesOf(artifacts, 'employees');
  return changed ? listedIn(changed).map((id) => read(artifacts, `employee ${id}`, Employee)) : [];
}

function rowOf(
  employee: Employee,
  { from, to, status }: Engagement,
  byId: ReadonlyMap<string, Employee>,
  { config, timezone: zone }: Of<BambooHrConfig>,
): Worker {
  const { id, displayName, firstName, lastName, workEmail, jobTitle, department, location, supervisorEId } = employee;
  const timezone = (location === null ? undefined : config.locations[location]) ?? config.timezone ?? zone;
  const supervisor = supervisorEId === null ? undefined : byId.get(supervisorEId);
  return {
    workerId: numberOf(employee, config),
    fullName: displayName ?? ([firstName, lastName].flatMap((part) => part ?? []).join(' ') || `employee ${id}`),
    employmentType: typeOf(status, config),
    emails: workEmail === null ? [] : [workEmail.toLowerCase()],
    title: jobTitle,
    department,
    managerId: supervisor ? numberOf(supervisor, config) : config.workerId === 'id' ? supervisorEId : null,
    startAt: startOfDay(from, timezone),
    terminationAt: to === null ? null : endOfDay(to, timezone),
    timezone,
  };
}

function numberOf({ id, employeeNumber }: Employee, { workerId }: BambooHrConfig): string {
  if (workerId === 'id') return id;
  if (employeeNumber === null) throw new RangeError(`employee ${id} has no employee number, and the configuration takes it for the worker’s id`);
  return employeeNumber;
}

function typeOf(status: string | null, { types }: BambooHrConfig): Worker['employmentType'] {
  if (status === null) return 'unknown';
  return types[status] ?? TYPES.find(([name]) => name.test(status))?.[1] ?? 'unknown';
}
