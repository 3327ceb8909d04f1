import { describe, expect, it } from 'vitest';
import type { Check } from '../src/checks/check.ts';
import { checks } from '../src/checks/index.ts';
import { days, hours, type Instant, instant } from '../src/core/instant.ts';
import type { Row } from '../src/datasets/dataset.ts';
import { Assessor } from '../src/engine/assess.ts';
import { Coverage } from '../src/engine/coverage.ts';
import { inOrder } from '../src/engine/derive.ts';
import { Engine } from '../src/engine/engine.ts';
import { itemParts, type Run } from '../src/engine/facts.ts';
import { completion, course, declaration, endpoint, endpointActivity, ticket } from './operation-rows.ts';
import { pullRequest, system, worker } from './rows.ts';

/** A Monday; every source is asked at two in the night that ends a day. */
const START = instant('2026-03-02T00:00:00Z');
const LAST = 20;
const on = (day: number, hour = 12): Instant => START + days(day) + hours(hour);
const night = (day: number): Instant => on(day, 26);

const IDS = [
  'change-tickets-approved',
  'change-tickets-completed',
  'devices-assigned',
  'devices-managed',
  'emergency-changes-few',
  'emergency-changes-reviewed',
  'joiners-trained',
  'role-courses-completed',
  'training-records-proven',
  'training-topics-covered',
  'workers-equipped',
  'workers-trained',
] as const;
const CHECKS: readonly Check[] = checks.filter(({ id }) => (IDS as readonly string[]).includes(id));
const byId = (id: (typeof IDS)[number]): Check => CHECKS.find((check) => check.id === id) as Check;
const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const EXPECTED = DATASETS.filter(({ derived }) => !derived).map(({ id }) => ({
  dataset: id,
  source: 'made-up',
  partition: 'acme',
  from: START,
  to: Number.POSITIVE_INFINITY,
}));

/** Ines has been here for long; three joined on the third day, and one of them left on the seventh. */
const joined = on(2, 0);
const people = [
  worker({ workerId: 'W-1', startAt: instant('2024-01-01T00:00:00Z'), emails: ['ines@acme.example'], department: 'Engineering' }),
  worker({ workerId: 'W-2', startAt: joined, emails: ['bruno@acme.example'], department: 'Sales' }),
  worker({ workerId: 'W-3', startAt: joined, emails: ['chloe@acme.example'], department: 'Sales' }),
  worker({ workerId: 'W-4', startAt: joined, terminationAt: on(6, 0), emails: ['dora@acme.example'], department: 'Sales' }),
];
const COURSES = [course(), course({ courseId: 'c7', title: 'Secure code', kind: 'role-based', topics: ['injection'], audience: ['Engineering'] })];

const passed = (id: string, email: string, at: Instant, over: Parameters<typeof completion>[0] = {}) =>
  completion({ completionId: id, learnerEmails: [email], assignedAt: null, completedAt: at, knownSince: at, ...over });
const change = (id: string, day: number, over: Parameters<typeof ticket>[0] = {}) =>
  ticket({
    issueId: id,
    ticketId: `ACME-${id}`,
    ticketIds: [`ACME-${id}`],
    approverEmail: null,
    implementerEmail: null,
    reviewerEmail: null,
    createdAt: on(day, 8),
    approvedAt: on(day, 9),
    implementedAt: on(day),
    reviewedAt: on(day + 1),
    closedAt: on(day + 1),
    ...over,
  });

/** What happened, by the day in whose night it is told. */
const HAPPENED: readonly { readonly day: number; readonly dataset: string; readonly row: Row }[] = [
  // Ines passed under an alias, two months ago, and a course for engineers a year ago that lapses on day 10.
  { day: 0, dataset: 'training.completions', row: passed('t1', 'ines@home.example', instant('2026-01-05T09:00:00Z')) },
  { day: 0, dataset: 'training.completions', row: passed('t2', 'ines@home.example', on(10) - days(366), { courseId: 'c7', course: 'Secure code' }) },
  // Chloe was in time; Bruno, whose week ended with day 8, passed on day 14, and somebody wrote that down by hand.
  { day: 5, dataset: 'training.completions', row: passed('t3', 'chloe@acme.example', on(5)) },
  { day: 14, dataset: 'training.completions', row: passed('t4', 'bruno@acme.example', on(14), { recordedBy: 'manual' }) },
  // 1 as it should be; 2 approved after the work; 3 an emergency that nobody reviewed, told again when it was closed.
  { day: 1, dataset: 'change.tickets', row: change('1', 1) },
  { day: 3, dataset: 'change.tickets', row: change('2', 3, { approvedAt: on(3, 20) }) },
  { day: 4, dataset: 'change.tickets', row: change('3', 4, { type: 'emergency', approvedAt: null, reviewedAt: null, closedAt: null }) },
  { day: 6, dataset: 'change.tickets', row: change('3', 4, { type: 'emergency', approvedAt: null, reviewedAt: null, closedAt: on(6) }) },
  { day: 1, dataset: 'change.pull-requests', row: pullRequest({ prId: 'P1', tickets: ['ACME-1'], mergedAt: on(1) }) },
  { day: 3, dataset: 'change.pull-requests', row: pullRequest({ prId: 'P2', tickets: ['ACME-2'], mergedAt: on(3) }) },
  { day: 5, dataset: 'change.pull-requests', row: pullRequest({ prId: 'P9', tickets: ['ACME-99'], mergedAt: on(5) }) },
];
const EVENTS = ['training.completions', 'change.tickets', 'change.pull-requests', 'hr.job-changes'];
/** The training system refused in these nights. */
const REFUSED = [9, 10, 11];

function history(): readonly Run[] {
  const runs: Run[] = [];
  const tell = (dataset: string, at: Instant, rows: readonly Row[], over: Partial<Run> = {}) =>
    runs.push({ dataset, source: 'made-up', partition: 'acme', at, complete: true, reason: null, rows, record: runs.length, ...over });
  tell('asset.systems', START, [system({ systemId: 'github' }), system({ systemId: 'fleet' })]);
  tell('people.declarations', START, [declaration(), declaration({ account: 'j1', workerId: 'W-1' }), declaration({ account: 'j3', workerId: 'W-3' })]);
  tell('people.aliases', START, [{ workerId: 'W-1', emails: ['ines@home.example'] }]);
  const since: Record<string, Instant> = {};
  for (let day = 0; day <= LAST; day++) {
    const at = night(day);
    tell('hr.workers', at, day < 2 ? people.slice(0, 1) : people);
    tell('training.courses', at, COURSES);
    tell('asset.endpoints', at, [
      endpoint({ userEmails: ['ines@home.example'] }),
      ...(day < 3 ? [] : [endpoint({ deviceId: '8', userEmails: ['dora@acme.example'] })]),
    ]);
    tell('asset.endpoint-activity', at, [
      endpointActivity({ lastSeenAt: on(day, 0) }),
      ...(day < 3 ? [] : [endpointActivity({ deviceId: '8', lastSeenAt: on(Math.min(day, 4), 0) })]),
    ]);
    for (const dataset of EVENTS) {
      const complete = dataset !== 'training.completions' || !REFUSED.includes(day);
      const rows = complete ? HAPPENED.filter((it) => it.dataset === dataset && it.day === day).map(({ row }) => row) : [];
      // The first poll asks about all that there is.
      tell(dataset, at, rows, { complete, reason: complete ? null : '503', polled: { from: since[dataset] ?? START - days(800), to: at - hours(1) } });
      if (complete) since[dataset] = at - hours(1);
    }
  }
  return runs;
}

const RUNS = history();

/** All that is known in a night, and what it says of a check then. */
function known(day: number) {
  const at = night(day);
  const engine = Engine.from(
    CHECKS,
    RUNS.filter((run) => run.at <= at),
  );
  const assessor = new Assessor(engine, new Coverage(engine.facts, DATASETS, EXPECTED));
  return (id: (typeof IDS)[number]) => {
    const { status, deviations, unknowns } = assessor.at(byId(id), at, { from: START, to: night(LAST + 1) });
    const named = (claims: readonly { readonly item: string }[]) => claims.map(({ item }) => itemParts(item).key.split('@')[0]).sort();
    return { status, deviates: named(deviations), unknown: named(unknowns) };
  };
}

describe('who joins', () => {
  it('has a week, then deviates until the course is passed, and who left within it owes nothing', () => {
    expect(known(7)('joiners-trained')).toEqual({ status: 'pass', deviates: [], unknown: [] });
    expect(known(8)('joiners-trained')).toEqual({ status: 'fail', deviates: ['W-2'], unknown: [] });
    expect(known(15)('joiners-trained')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  });

  it('keeps the deviation that was seen while the training system is silent; of the others nothing is known', () => {
    expect(known(11)('joiners-trained')).toEqual({ status: 'fail', deviates: ['W-2'], unknown: ['W-1', 'W-3'] });
    expect(known(11)('workers-trained')).toEqual({ status: 'fail', deviates: ['W-2'], unknown: ['W-1', 'W-3'] });
    expect(known(12)('workers-trained')).toEqual({ status: 'fail', deviates: ['W-2'], unknown: [] });
  });
});

it('courses count under an alias, and lapse of themselves after a year', () => {
  expect(known(8)('training-topics-covered')).toEqual({ status: 'fail', deviates: ['W-2'], unknown: [] });
  expect(known(8)('role-courses-completed')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  expect(known(13)('role-courses-completed')).toEqual({ status: 'fail', deviates: ['W-1'], unknown: [] });
  expect(known(15)('training-records-proven')).toEqual({ status: 'fail', deviates: ['t4'], unknown: [] });
});

it('tickets are judged by their history, as they are told at last', () => {
  expect(known(2)('change-tickets-completed')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  expect(known(4)('change-tickets-completed')).toEqual({ status: 'fail', deviates: ['2'], unknown: [] });
  expect(known(4)('change-tickets-approved')).toEqual({ status: 'fail', deviates: ['P2'], unknown: [] });
  expect(known(7)('change-tickets-approved')).toEqual({ status: 'fail', deviates: ['P2', 'P9'], unknown: [] });
  expect(known(6)('emergency-changes-reviewed')).toEqual({ status: 'empty', deviates: [], unknown: [] });
  expect(known(7)('emergency-changes-reviewed')).toEqual({ status: 'fail', deviates: ['3'], unknown: [] });
  expect(known(7)('emergency-changes-few')).toEqual({ status: 'fail', deviates: ['3'], unknown: [] });
});

it('devices belong to people, report, and everybody has one', () => {
  expect(known(4)('workers-equipped')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  expect(known(9)('workers-equipped')).toEqual({ status: 'fail', deviates: ['W-2', 'W-3'], unknown: [] });
  expect(known(18)('devices-assigned')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  expect(known(20)('devices-assigned')).toEqual({ status: 'fail', deviates: ['8'], unknown: [] });
  expect(known(17)('devices-managed')).toEqual({ status: 'pass', deviates: [], unknown: [] });
  expect(known(18)('devices-managed')).toEqual({ status: 'fail', deviates: ['8'], unknown: [] });
});

it('says the same learned night by night as from scratch', () => {
  const engine = new Engine(CHECKS);
  for (const run of RUNS) engine.learn(run);
  const scratch = Engine.from(CHECKS, RUNS);
  const sorted = (it: Engine, check: Check) => [...it.verdicts(check)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const check of CHECKS) expect(sorted(engine, check), check.id).toEqual(sorted(scratch, check));
  expect(CHECKS).toHaveLength(IDS.length);
});
