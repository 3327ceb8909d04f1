import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { cursorTester, type Unfolding } from '../../../test/cursor-tester.ts';
import { collectOnce, one, recorded, world } from '../../../test/recorded.ts';
import { LINEAR_READING } from '../../acme/tracker-configuration.ts';
import { TRACKER_STORIES, type TrackerWrong } from '../../acme/tracker-stories.ts';
import { trackedOf } from '../../acme/tracker.ts';
import { acmeWire } from '../../acme/wire.ts';
import { days, hours, type Instant, minutes } from '../../core/instant.ts';
import { IncompleteError } from '../../core/error.ts';
import type { AccessRequest } from '../../datasets/access/requests.ts';
import type { Ticket } from '../../datasets/change/tickets.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { linearIssues } from './issues.ts';

const acme = recorded(linearIssues, LINEAR_READING, 'acme');
const now = world.ago(1, 4);
const acmeNow = { ...acme, at: now, since: world.ago(365), wire: acmeWire(world, () => now) };

collectorTester(linearIssues as unknown as Collector, { ...acme, after: JSON.stringify({ until: acme.at - days(90), sweep: null }) }, (rows) => {
  const requests = rows('access.requests') as unknown as readonly AccessRequest[];
  expect(requests.length).toBeGreaterThan(5);
  expect(requests.find(({ type }) => type === 'joiner')).toMatchObject({
    beneficiaryId: null,
    beneficiaryEmails: [expect.stringMatching(/@acme\.example$/)],
    decision: 'approved',
    told: ['approval', 'beneficiary', 'fulfilment', 'role', 'target'],
  });
  expect(new Set(requests.map(({ target }) => target))).toEqual(new Set(['github', 'okta']));
});

describe('what goes wrong with access at Acme', async () => {
  const { rows } = await collectOnce(linearIssues, acmeNow);
  const requests = rows('access.requests') as unknown as readonly AccessRequest[];
  const SHOWS: Readonly<Partial<Record<TrackerWrong, (request: AccessRequest) => boolean>>> = {
    ownRequest: ({ approverEmail, beneficiaryEmails }) => approverEmail !== null && beneficiaryEmails.includes(approverEmail),
    grantedFirst: ({ decidedAt, fulfilledAt }) => decidedAt !== null && fulfilledAt !== null && fulfilledAt < decidedAt,
    rejectedGranted: ({ decision, fulfilledAt }) => decision === 'rejected' && fulfilledAt !== null,
  };
  it.each(TRACKER_STORIES.filter(({ dataset }) => dataset === 'access.requests'))('$name: $tells', ({ name }) => {
    const shows = SHOWS[name];
    const its = requests.filter((request) => shows?.(request));
    expect(its.map(({ ticketId }) => ticketId)).toEqual([trackedOf(world).requests.find(({ wrong }) => wrong === name)?.key]);
  });
});

// A Linear of one's own.
interface Fake {
  readonly id: string;
  readonly createdAt?: Instant;
  readonly fields?: object;
  readonly labels?: readonly string[];
  readonly steps?: readonly (readonly [at: Instant, by: string | null, to: string])[];
}
const T = Date.parse('2026-06-01T00:00:00Z');
const STATES = ['Todo', 'Approved', 'Shipped', 'Looked at'];
const time = (at: Instant) => new Date(at).toISOString();
const user = (id: string) => ({ id, name: id.toUpperCase(), displayName: null, email: `${id}@Acme.example` });
const answer = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(body)),
});
interface Options {
  readonly page?: number;
  readonly listed?: number;
  readonly labelled?: number;
  readonly urlKey?: string;
  readonly states?: readonly string[];
}

function linearOf(issues: readonly Fake[], at: Instant, { page = 2, listed = 50, labelled = 20, urlKey = 'acme', states = STATES }: Options = {}): Wire {
  const happened = ({ id, steps = [] }: Fake) =>
    steps
      .filter(([when]) => when <= at)
      .map(([when, by, to], place, all) => ({
        id: `${id}-${place}`,
        createdAt: time(when),
        actor: by === null ? null : user(by),
        botActor: by === null ? { id: 'b1', name: 'Release train' } : null,
        fromState: { name: all[place - 1]?.[2] ?? 'Todo' },
        toState: { name: to },
      }))
      .toReversed();
  const paged = <Node extends { readonly id: string }>(all: readonly Node[], after: unknown, size: number) => {
    const start = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
    const nodes = all.slice(start, start + size);
    return { nodes, pageInfo: { hasNextPage: start + size < all.length, endCursor: nodes.at(-1)?.id ?? null } };
  };
  const labelsOf = ({ labels = [] }: Fake, size: number) => ({
    nodes: labels.slice(0, size).map((name) => ({ name })),
    pageInfo: { hasNextPage: labels.length > size },
  });
  return async ({ body }) => {
    const { query, variables } = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as { query: string; variables: Record<string, string> };
    const it = issues.find(({ id }) => id === variables.id);
    const teams = { nodes: [{ key: 'OPS', states: { nodes: states.map((name) => ({ name })), pageInfo: { hasNextPage: false } } }] };
    if (query.startsWith('query Who')) return answer(200, { data: { viewer: user('auditor'), organization: { id: 'org-1', urlKey }, teams } });
    if (query.startsWith('query Rest')) return answer(200, { data: { issue: { id: it?.id, history: it && paged(happened(it), variables.after, listed) } } });
    if (query.startsWith('query Labels')) return answer(200, { data: { issue: { id: it?.id, labels: it && labelsOf(it, 250) } } });
    const changed = (issue: Fake) => Math.max(issue.createdAt ?? T, ...(issue.steps ?? []).flatMap(([when]) => (when <= at ? [when] : [])));
    const there = issues.filter((issue) => (issue.createdAt ?? T) <= at && changed(issue) >= Date.parse(variables.since ?? ''));
    const nodes = there.map((issue) => ({
      id: issue.id,
      identifier: `OPS-${issue.id}`,
      title: 'Something',
      createdAt: time(issue.createdAt ?? T),
      state: { name: 'Todo' },
      labels: labelsOf(issue, labelled),
      history: paged(happened(issue), null, listed),
      ...issue.fields,
    }));
    return answer(200, { data: { issues: paged(nodes, variables.after, page) } });
  };
}

const CHANGES = {
  normal: { labels: ['change'] },
  emergency: { labels: ['emergency'] },
  approval: { statuses: ['Approved'] },
  implementation: { statuses: ['Shipped'] },
  review: { statuses: ['Looked at'] },
};
const setting = (over: object = {}) => ({
  ...recorded(linearIssues, { organization: 'acme', teams: ['OPS'], changes: CHANGES, ...over }, 'acme'),
  at: T + days(30),
  since: T,
});
const ticketsOf = async (issues: readonly Fake[], options: Options = {}, over: object = {}) => {
  const its = setting({ changes: { ...CHANGES, ...over } });
  const { rows } = await collectOnce(linearIssues, { ...its, wire: linearOf(issues, its.at, options) });
  return rows('change.tickets') as unknown as readonly Ticket[];
};

describe('what an issue tells', () => {
  it('is who brought it into which state; what an integration did has a name and no address', async () => {
    const steps = [
      [T + 1, 'a', 'Approved'],
      [T + 2, null, 'Shipped'],
      [T + 3, 'r', 'Looked at'],
    ] as const;
    expect(await ticketsOf([{ id: '1', labels: ['Change'], steps }])).toMatchObject([
      {
        type: 'normal',
        approverId: 'a',
        approverEmail: 'a@acme.example',
        implementerId: 'b1',
        implementer: 'Release train',
        implementerEmail: null,
        implementedAt: T + 2,
        reviewer: 'R',
        reviewedAt: T + 3,
        creator: 'unknown',
        closedAt: null,
      },
    ]);
  });

  it('reaches back over every page of its history, and to its last label', async () => {
    const steps = Array.from({ length: 7 }, (_, place) => [T + place, place === 0 ? 'first' : 'a', place === 0 ? 'Shipped' : 'Todo'] as const);
    const labels = [...Array.from({ length: 5 }, (_, place) => `l${place}`), 'emergency'];
    expect(await ticketsOf([{ id: '1', labels, steps }], { listed: 2, labelled: 2 })).toMatchObject([{ implementerId: 'first', type: 'emergency', labels }]);
  });

  it('closes where it is done or cancelled', async () => {
    expect(await ticketsOf([{ id: '1', fields: { canceledAt: time(T + 9) } }])).toMatchObject([{ closedAt: T + 9, type: 'other' }]);
  });

  it('reads risk from a label and rollback from below a heading', async () => {
    const fields = {
      description: '## Why\nBecause.\n### **Rollback**\nnot a heading for us\n## Rollback\n- flip the flag\n## Else\nx',
      previousIdentifiers: ['OLD-4'],
    };
    const over = { risk: { at: { label: 'risk: ' } }, rollback: { heading: 'Rollback' } };
    expect(await ticketsOf([{ id: '1', labels: ['Risk: High'], fields }], {}, over)).toMatchObject([
      { risk: 'high', rollbackPlan: 'not a heading for us', ticketIds: ['OPS-1', 'OLD-4'] },
    ]);
  });
});

describe('makes the run incomplete', () => {
  it.each<[string, Options, object, RegExp]>([
    ['another workspace that answers', { urlKey: 'other' }, {}, /the workspace other answered for acme/],
    ['a state that no team has', { states: ['Todo'] }, {}, /none of the teams has a state "Approved"/],
    ['a team that is not shown', {}, { teams: ['OPS', 'SEC'] }, /Linear shows no team SEC/],
  ])('%s', async (_, options, over, says) => {
    const outcome = collectOnce(linearIssues, { ...setting(over), wire: linearOf([], T, options) });
    await expect(outcome).rejects.toBeInstanceOf(IncompleteError);
    await expect(outcome).rejects.toThrow(says);
  });

  it('a page that names itself as the next one', async () => {
    const wire = linearOf([{ id: '1' }, { id: '2' }, { id: '3' }], T, { page: 1 });
    const again: Wire = async (request) => {
      const { status, headers, body } = await wire(request);
      return { status, headers, body: new TextEncoder().encode(new TextDecoder().decode(body).replace(/"endCursor":"\d"/, '"endCursor":"1"')) };
    };
    await expect(collectOnce(linearIssues, { ...setting(), wire: again })).rejects.toThrow('"issues 2" names a page as the next one that it had given before');
  });

  it('a limit that is never lifted; one that is lifted is waited for', async () => {
    const limited = (times: number): Wire => {
      const wire = linearOf([{ id: '1' }], T + days(30));
      let left = times;
      return async (request) =>
        left-- > 0 ? answer(400, { errors: [{ message: 'Rate limit exceeded', extensions: { code: 'RATELIMITED' } }] }) : wire(request);
    };
    expect((await collectOnce(linearIssues, { ...setting(), wire: limited(3) })).rows('change.tickets')).toHaveLength(1);
    await expect(collectOnce(linearIssues, { ...setting(), wire: limited(99) })).rejects.toThrow('answered 400 (Rate limit exceeded)');
  });

  it('an answer with errors, whatever else it holds', async () => {
    const wire: Wire = async () => answer(200, { data: {}, errors: [{ message: 'Query too complex', extensions: { code: 'INPUT_ERROR' } }] });
    await expect(collectOnce(linearIssues, { ...setting(), wire })).rejects.toThrow('Query too complex');
  });
});

it.each([{ normal: { types: ['Change'] } }, { normal: { labels: ['x'] }, risk: { at: { field: 'risk' } } }])(
  'refuses %j, which no issue of Linear has',
  (changes) => {
    const read = linearIssues.config.safeParse({ organization: 'acme', teams: ['OPS'], changes });
    expect(one(read.error?.issues).message).toBe('an issue of Linear has neither a type nor fields of its own: use labels and headings');
  },
);

it('asks one host with the key as it is, and says who asked', async () => {
  const asked: WireRequest[] = [];
  const wire: Wire = async (request) => {
    asked.push(request);
    return acmeNow.wire(request);
  };
  const { witness, mark } = await collectOnce(linearIssues, { ...acmeNow, wire });
  expect(new Set(asked.map(({ url, headers }) => `${url} ${headers.authorization}`))).toEqual(new Set(['https://api.linear.app/graphql secret-of-the-tests']));
  expect(witness).toMatchObject({ askedAs: expect.stringMatching(/@acme\.example$/), answeredBy: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(mark).toEqual({ after: JSON.stringify({ until: now - hours(1), sweep: null }), more: false });
});

function unfold(seed: number): Unfolding {
  const issues = Array.from({ length: 13 + (seed % 4) }, (_, place) => {
    const createdAt = T - days(3) + place * minutes(600 + (seed % 90));
    return { id: String(100 + place), createdAt, steps: [[createdAt + hours(1 + ((seed + place) % 50)), 'a', 'Approved']] as const };
  });
  return {
    wireAt: (at) => linearOf(issues, at, { page: 1 }),
    truthAt: (at) => ({ 'change.tickets': new Map(issues.flatMap(({ id, createdAt }) => (createdAt <= at ? [[id, createdAt]] : []))) }),
  };
}

cursorTester({ collector: linearIssues as unknown as Collector, ...setting(), polls: [T + days(3), T + days(4), T + days(9)], unfold }, { runs: 15 });
