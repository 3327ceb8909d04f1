import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { cursorTester, type Unfolding } from '../../../test/cursor-tester.ts';
import { collectOnce, one, recorded, world } from '../../../test/recorded.ts';
import { acmeWire } from '../../acme/wire.ts';
import { JIRA_READING } from '../../acme/tracker-configuration.ts';
import { TRACKER_DAYS, TRACKER_STORIES, type TrackerWrong } from '../../acme/tracker-stories.ts';
import { trackedOf } from '../../acme/tracker.ts';
import { days, hours, type Instant, minutes } from '../../core/instant.ts';
import { IncompleteError } from '../../core/error.ts';
import type { Ticket } from '../../datasets/change/tickets.ts';
import type { AccessRequest } from '../../datasets/access/requests.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { jiraIssues } from './issues.ts';

const SITE = 'acme.atlassian.net';
const acme = recorded(jiraIssues, JIRA_READING, SITE, world.ago(10, 2));
const now = world.ago(1, 4);
const acmeNow = { ...acme, at: now, since: world.ago(365), wire: acmeWire(world, () => now) };
const lastWeek = { ...acmeNow, after: JSON.stringify({ until: world.ago(8), sweep: null }) };

collectorTester(jiraIssues as unknown as Collector, { ...acme, after: JSON.stringify({ until: acme.at - days(40), sweep: null }) }, (rows) => {
  const tickets = rows('change.tickets') as unknown as readonly Ticket[];
  expect(tickets.length).toBeGreaterThan(40);
  expect(tickets.find(({ type }) => type === 'standard')).toMatchObject({ approverId: null, implementerId: null, labels: ['standard-change'] });
  expect(tickets.find(({ type, reviewedAt }) => type === 'emergency' && reviewedAt !== null)).toBeDefined();
  expect(new Set(tickets.map(({ told }) => told.join()))).toEqual(new Set(['approval,implementation,review,risk,rollback']));
  expect(tickets[0]?.purpose).toMatch(/^Purpose What customers of [\w-]+ asked for\. Rollback Deploy/);
});

describe('what goes wrong with the changes of Acme', async () => {
  const { rows } = await collectOnce(jiraIssues, acmeNow);
  const tickets = rows('change.tickets') as unknown as readonly Ticket[];
  const SHOWS: Readonly<Partial<Record<TrackerWrong, (ticket: Ticket) => boolean>>> = {
    selfApproved: ({ approverId, implementerId, type }) => type === 'normal' && approverId !== null && approverId === implementerId,
    lateApproval: ({ approvedAt, implementedAt, type }) => type === 'normal' && approvedAt !== null && implementedAt !== null && approvedAt > implementedAt,
    withdrawn: ({ approvedAt, implementedAt, type }) => type === 'normal' && approvedAt === null && implementedAt !== null,
    noRollback: ({ rollbackPlan }) => rollbackPlan === null,
    neverClosed: ({ closedAt, implementedAt }) => implementedAt !== null && implementedAt < world.ago(10) && closedAt === null,
    emergencyUnreviewed: ({ type, implementedAt, reviewedAt }) => type === 'emergency' && implementedAt !== null && reviewedAt === null,
    moved: ({ ticketIds }) => ticketIds.length > 1,
  };
  it.each(TRACKER_STORIES.filter(({ dataset }) => dataset === 'change.tickets'))('$name: $tells', ({ name }) => {
    const shows = SHOWS[name];
    const its = tickets.filter((ticket) => shows?.(ticket));
    expect(its.map(({ ticketId }) => ticketId)).toEqual([trackedOf(world).changes.find(({ wrong }) => wrong === name)?.key]);
    expect(its[0]?.createdAt).toBeGreaterThan(world.ago(TRACKER_DAYS[name] + 4));
  });

  it('and each ticket that a pull request names is found by its key of then', () => {
    const moved = tickets.find(({ ticketIds }) => ticketIds.length > 1);
    expect(moved?.ticketIds).toEqual([moved?.ticketId, moved?.ticketId.replace('PLAT', 'ACME')]);
  });
});

// A Jira of one's own: issues, each with its steps.
interface Fake {
  readonly id: number;
  readonly key?: string;
  readonly fields?: object;
  readonly createdAt?: Instant;
  readonly steps?: readonly (readonly [at: Instant, by: string | null, to: string])[];
}
const T = Date.parse('2026-06-01T00:00:00Z');
const STATUSES = ['Open', 'Approved', 'Rejected', 'Released', 'Reviewed', 'Granted'];
const time = (at: Instant) => new Date(at).toISOString().replace('Z', '+0200'.replace('2', '0'));
const user = (id: string | null) => (id === null ? null : { accountId: id, displayName: id.toUpperCase(), emailAddress: `${id}@Acme.example` });
const answer = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

function jiraOf(issues: readonly Fake[], at: Instant, { page = 2, listed = 100, lag = 0 } = {}): Wire {
  const histories = (issue: Fake) =>
    (issue.steps ?? [])
      .filter(([when]) => when <= at)
      .map(([when, by, to], place, all) => ({
        id: `${issue.id}${place}`,
        ...(by === null ? {} : { author: user(by) }),
        created: time(when),
        items: [
          {
            field: 'status',
            fieldId: 'status',
            from: String(STATUSES.indexOf(all[place - 1]?.[2] ?? 'Open')),
            fromString: 'then',
            to: String(STATUSES.indexOf(to)),
            toString: 'then',
          },
        ],
      }));
  const updated = (issue: Fake) => Math.max(issue.createdAt ?? T, ...(issue.steps ?? []).flatMap(([when]) => (when <= at ? [when] : [])));
  return async ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname.endsWith('/myself')) return answer(200, user('auditor'));
    if (pathname.endsWith('/status'))
      return answer(
        200,
        STATUSES.map((name, id) => ({ id: String(id), name })),
      );
    if (pathname.endsWith('/field')) return answer(200, [{ id: 'customfield_1' }, { id: 'customfield_2' }]);
    const long = issues.find(({ id }) => pathname.endsWith(`/issue/${id}/changelog`));
    if (long) {
      const all = histories(long);
      const startAt = Number(searchParams.get('startAt'));
      const values = all.slice(startAt, startAt + 3);
      return answer(200, { startAt, maxResults: 3, total: all.length, isLast: startAt + values.length === all.length, values });
    }
    const since = Date.parse(`${/updated >= "([\d-]+)"/.exec(searchParams.get('jql') ?? '')?.[1]}T00:00:00+14:00`);
    const there = issues.filter((issue) => (issue.createdAt ?? T) + lag <= at && updated(issue) >= since);
    const start = Number(searchParams.get('nextPageToken') ?? 0);
    const body = there.slice(start, start + page).map((issue) => ({
      id: String(issue.id),
      key: issue.key ?? `OPS-${issue.id}`,
      changelog: { total: histories(issue).length, histories: histories(issue).toReversed().slice(0, listed) },
      fields: { summary: 'Something', issuetype: { name: 'Change' }, status: { id: '1', name: 'Open' }, created: time(issue.createdAt ?? T), ...issue.fields },
    }));
    return answer(200, { issues: body, ...(start + page < there.length ? { nextPageToken: String(start + page) } : { isLast: true }) });
  };
}

const CHANGES = {
  normal: { types: ['Change'] },
  emergency: { labels: ['emergency'] },
  approval: { statuses: ['Approved'], rejected: ['Rejected'] },
  implementation: { statuses: ['Released'] },
  review: { statuses: ['Reviewed'] },
};
const setting = (over: object) => ({ ...recorded(jiraIssues, { site: SITE, projects: ['OPS'], ...over }, SITE), at: T + days(30), since: T });
const ticketsOf = async (issues: readonly Fake[], over: object = {}, options: object = {}) => {
  const its = setting({ changes: { ...CHANGES, ...over } });
  const { rows } = await collectOnce(jiraIssues, { ...its, wire: jiraOf(issues, its.at, options) });
  return rows('change.tickets') as unknown as readonly Ticket[];
};
const H = hours(1);

describe('whose approval stood', () => {
  it.each<[string, Fake['steps'], Partial<Ticket>]>([
    ['nobody’s', [[T + H, 'b', 'Released']], { approverId: null, approvedAt: null, implementerId: 'b', implementedAt: T + H }],
    [
      'the last before the change was made',
      [
        [T + 1, 'a', 'Approved'],
        [T + 2, 'c', 'Open'],
        [T + 3, 'd', 'Approved'],
        [T + H, 'b', 'Released'],
      ],
      { approverId: 'd', approvedAt: T + 3 },
    ],
    [
      'none that was taken back',
      [
        [T + 1, 'a', 'Approved'],
        [T + 2, 'c', 'Rejected'],
        [T + H, 'b', 'Released'],
      ],
      { approverId: null },
    ],
    [
      'one that came late, where none stood',
      [
        [T + H, 'b', 'Released'],
        [T + 2 * H, 'a', 'Approved'],
      ],
      { approverId: 'a', approvedAt: T + 2 * H },
    ],
    ['one of a change not yet made', [[T + 1, 'a', 'Approved']], { approverId: 'a', implementedAt: null }],
    ['one by an account that was deleted', [[T + 1, null, 'Approved']], { approverId: null, approver: null, approvedAt: T + 1 }],
  ])('%s', async (_, steps, shows) => {
    expect(await ticketsOf([{ id: 1, steps: steps ?? [] }])).toMatchObject([shows]);
  });

  it('knows a review only after the change, and a change by its last release', async () => {
    const steps = [
      [T + 1, 'r', 'Reviewed'],
      [T + 2, 'x', 'Released'],
      [T + 3, 'x', 'Open'],
      [T + 4, 'b', 'Released'],
      [T + 5, 'r', 'Reviewed'],
    ] as const;
    expect(await ticketsOf([{ id: 1, steps }])).toMatchObject([{ implementedAt: T + 4, reviewedAt: T + 5, reviewerEmail: 'r@acme.example' }]);
    expect(await ticketsOf([{ id: 1, steps: steps.slice(0, 2) }])).toMatchObject([{ implementedAt: T + 2, reviewedAt: null }]);
  });

  it('is the assignee’s work where the configuration says so', async () => {
    const implementation = { statuses: ['Released'], by: 'assignee' };
    const [ticket] = await ticketsOf([{ id: 1, fields: { assignee: user('maker') }, steps: [[T + 1, 'robot', 'Released']] }], { implementation });
    expect(ticket).toMatchObject({ implementerId: 'maker', implementer: 'MAKER', implementerEmail: 'maker@acme.example' });
  });

  it('reads the whole history of an issue of which a list gives the newest steps only', async () => {
    const steps = Array.from({ length: 8 }, (_, place) => [T + place + 1, 'a', place % 2 === 0 ? 'Approved' : 'Open'] as const);
    const [ticket] = await ticketsOf([{ id: 7, steps: [[T + 1, 'first', 'Released'], ...steps.slice(1)] }], {}, { listed: 2 });
    expect(ticket).toMatchObject({ implementerId: 'first', implementedAt: T + 1 });
  });
});

describe('what an issue is', () => {
  it.each<[string, object, string]>([
    ['a label counts before a type', { labels: ['Emergency'] }, 'emergency'],
    ['two labels that disagree', { labels: ['emergency', 'routine'] }, 'unknown'],
    ['what is no change', { issuetype: { name: 'Story' } }, 'other'],
    ['what has no type', { issuetype: null }, 'other'],
  ])('%s', async (_, fields, type) => {
    expect(await ticketsOf([{ id: 1, fields }], { standard: { labels: ['routine'] } })).toMatchObject([{ type }]);
  });

  it.each<[string, object, Partial<Ticket>]>([
    ['a choice', { customfield_1: { value: 'HIGH' } }, { risk: 'high' }],
    ['a word of their own', { customfield_1: { value: 'Minor' } }, { risk: 'low' }],
    ['a word nobody knows', { customfield_1: { value: 'Purple' } }, { risk: 'unknown' }],
    ['nothing', { customfield_1: null }, { risk: null }],
    ['whether customers notice', { customfield_2: 'yes' }, { customerImpacting: 'yes' }],
    ['nothing of whether they do', {}, { customerImpacting: 'unknown' }],
    ['a text of old', { description: 'h1 none\n# Rollback plan:\nTurn it off.\n# Next\nx' }, { rollbackPlan: 'Turn it off.' }],
    ['an empty section', { description: '# Rollback plan\n# Next' }, { rollbackPlan: null }],
  ])('reads %s', async (_, fields, shows) => {
    const places = {
      risk: { at: { field: 'customfield_1' }, words: { Minor: 'low' } },
      impact: { at: { field: 'customfield_2' }, yes: ['Yes'] },
      rollback: { heading: 'rollback plan' },
    };
    expect(await ticketsOf([{ id: 1, fields }], places)).toMatchObject([shows]);
  });

  it('says what it can tell, so that an empty field is either an absence or nothing', async () => {
    expect(await ticketsOf([{ id: 1 }], { review: undefined })).toMatchObject([{ told: ['approval', 'implementation'], risk: null, rollbackPlan: null }]);
  });
});

describe('requests for access', () => {
  const approvals = [
    { finalDecision: 'declined', completedDate: { epochMillis: T + 5 }, approvers: [{ approver: user('no'), approverDecision: 'declined' }] },
    {
      finalDecision: 'approved',
      completedDate: { iso8601: '2026-06-01T03:00:00+0200' },
      approvers: [
        { approver: user('waits'), approverDecision: 'pending' },
        { approver: user('yes'), approverDecision: 'approved' },
      ],
    },
    { finalDecision: 'pending', approvers: [] },
  ];
  const requestsOf = async (fields: object, over: object = {}) => {
    const requests = { issues: { types: ['Access'] }, approval: { field: 'customfield_1' }, beneficiary: { field: 'customfield_2' }, ...over };
    const its = setting({ requests });
    const issues = [
      { id: 1, fields: { issuetype: { name: 'Access' }, reporter: user('asks'), ...fields }, steps: [[T + H, 'it', 'Granted']] as const },
      { id: 2 },
    ];
    const { rows } = await collectOnce(jiraIssues, { ...its, wire: jiraOf(issues, its.at) });
    expect(rows('change.tickets')).toEqual([]);
    return rows('access.requests') as unknown as readonly AccessRequest[];
  };

  it('are decided by the last approval of Jira Service Management', async () => {
    expect(await requestsOf({ customfield_1: approvals, customfield_2: user('gets') }, { fulfilment: { statuses: ['Granted'] } })).toMatchObject([
      {
        decision: 'approved',
        approverId: 'yes',
        decidedAt: T + H,
        fulfilledAt: T + H,
        fulfillerId: 'it',
        beneficiaryId: 'gets',
        beneficiaryEmails: ['gets@acme.example'],
        requesterId: 'asks',
        told: ['approval', 'beneficiary', 'fulfilment'],
      },
    ]);
    expect(await requestsOf({ customfield_1: approvals.slice(0, 1) })).toMatchObject([{ decision: 'rejected', approverId: 'no' }]);
    expect(await requestsOf({ customfield_1: null })).toMatchObject([{ decision: 'pending', approverId: null }]);
    expect(await requestsOf({}, { approval: undefined })).toMatchObject([{ decision: 'unknown' }]);
  });

  it('are for whoever asks, for an address, or for several people of whom none is picked', async () => {
    expect(await requestsOf({}, { beneficiary: 'requester' })).toMatchObject([{ beneficiaryId: 'asks' }]);
    expect(await requestsOf({ customfield_2: 'New.Hire@acme.example' })).toMatchObject([{ beneficiaryId: null, beneficiaryEmails: ['new.hire@acme.example'] }]);
    expect(await requestsOf({ customfield_2: [user('a'), user('b')] })).toMatchObject([{ beneficiaryId: null, beneficiary: 'A, B' }]);
    expect(await requestsOf({})).toMatchObject([{ beneficiary: null, beneficiaryEmails: [] }]);
  });

  it('end on a date, and one that is none is an error', async () => {
    expect(await requestsOf({ customfield_2: '2026-07-01' }, { beneficiary: undefined, until: { field: 'customfield_2' } })).toMatchObject([
      { until: Date.parse('2026-07-01T00:00:00Z') },
    ]);
    await expect(requestsOf({ customfield_2: 'soon' }, { beneficiary: undefined, until: { field: 'customfield_2' } })).rejects.toThrow('not a date: soon');
  });

  it('whose approvals are none are an error, never a request that waits', async () => {
    await expect(requestsOf({ customfield_1: 'Approved' })).rejects.toThrow('a field that the configuration takes for approvals holds none');
  });
});

describe('what is not known makes the run incomplete', () => {
  it.each<[string, object, RegExp]>([
    ['a status', { approval: { statuses: ['Aproved'] } }, /knows no status "Aproved"/],
    ['a field', { rollback: { field: 'customfield_9' } }, /shows no field customfield_9/],
  ])('%s', async (_, over, says) => {
    const outcome = ticketsOf([{ id: 1 }], over);
    await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
    await expect(outcome).rejects.toThrow(says);
  });

  it('a history that ends before its end', async () => {
    const wire = jiraOf([{ id: 1, steps: Array.from({ length: 5 }, (_, place) => [T + place, 'a', 'Approved'] as const) }], T + days(30), { listed: 1 });
    const short: Wire = async (request) => (request.url.includes('startAt=3') ? answer(200, { startAt: 3, total: 5, values: [] }) : wire(request));
    await expect(collectOnce(jiraIssues, { ...setting({ changes: CHANGES }), wire: short })).rejects.toThrow('the history of issue 1 ends after 3 of 5 steps');
  });

  it('a configuration that tracks nothing is refused', () => {
    expect(one(jiraIssues.config.safeParse({ site: SITE, projects: ['OPS'] }).error?.issues).message).toMatch(/^name "changes", "requests" or both/);
  });
});

it('asks with the account’s address and token, since a day that has begun everywhere', async () => {
  const asked: { url: URL; authorization: string | undefined }[] = [];
  const wire: Wire = async (request) => {
    asked.push({ url: new URL(request.url), authorization: request.headers.authorization });
    return lastWeek.wire(request);
  };
  const { mark, polled } = await collectOnce(jiraIssues, { ...lastWeek, wire });
  expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(new Set([`Basic ${btoa('secret-of-the-tests')}`]));
  expect(asked[3]?.url.searchParams.get('jql')).toBe(
    `project in ("ACME", "PLAT") AND updated >= "${new Date(world.ago(8) - hours(12)).toISOString().slice(0, 10)}" ORDER BY created ASC, key ASC`,
  );
  expect(mark).toEqual({ after: JSON.stringify({ until: lastWeek.at - hours(1), sweep: null }), more: false });
  expect(polled).toEqual({ from: world.ago(8), to: lastWeek.at - hours(1) });
});

function unfold(seed: number): Unfolding {
  const issues = Array.from({ length: 13 + (seed % 4) }, (_, place) => {
    const createdAt = T - days(3) + place * minutes(600 + (seed % 90));
    return { id: 100 + place, createdAt, steps: [[createdAt + hours(1 + ((seed + place) % 50)), 'a', 'Approved']] as const };
  });
  return {
    wireAt: (at) => jiraOf(issues, at, { page: 1, lag: minutes(seed % 55) }),
    truthAt: (at) => ({ 'change.tickets': new Map(issues.flatMap(({ id, createdAt }) => (createdAt <= at ? [[String(id), createdAt]] : []))) }),
  };
}

cursorTester(
  {
    collector: jiraIssues as unknown as Collector,
    ...setting({ changes: CHANGES }),
    polls: [T + days(2), T + days(4), T + days(9)],
    unfold,
  },
  { runs: 20 },
);
