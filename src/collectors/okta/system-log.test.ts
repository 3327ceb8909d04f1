import { describe, expect, it } from 'vitest';
import { cursorTester, type Unfolding } from '../../../test/cursor-tester.ts';
import { recorded, tested, world } from '../../../test/recorded.ts';
import { days, hours, type Instant, instant, iso, minutes } from '../../core/instant.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector, Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { LogEvent, rowsOf } from './log-events.ts';
import { oktaSystemLog } from './system-log.ts';

const ORG = 'acme.okta.com';
const config = { org: ORG, system: 'okta' };
const T = instant('2026-06-01T00:00:00Z');

tested(
  oktaSystemLog,
  { org: ORG },
  ORG,
  (rows) => {
    expect(rows('identity.lifecycle-events').find(({ login, type }) => login === 'visitor@acme.example' && type === 'created')).toMatchObject({
      userId: '00u0visitor',
      actorKind: 'human',
      succeeded: 'yes',
      occurredAt: world.ago(213, 9),
    });
    expect(rows('identity.lifecycle-events').find(({ type }) => type === 'app-added')).toMatchObject({
      userId: expect.stringMatching(/^00u0w/),
      detail: 'Mail',
      actorKind: 'automation',
    });
    expect(rows('identity.lifecycle-events').find(({ type }) => type === 'role-added')).toMatchObject({
      detail: 'API access management administrator',
      occurredAt: world.ago(219, 9),
    });
    expect(new Set(rows('identity.sign-ins').map(({ kind }) => kind))).toEqual(new Set(['session', 'password', 'second-factor']));
    expect(new Set(rows('identity.other-events').map(({ type }) => type))).toEqual(new Set(['policy.evaluate_sign_on']));
  },
  world.ago(186, 2),
);

const party = (id: string, type: string, more: object = {}) => ({ id, type, alternateId: `${id}@acme.example`, displayName: id, ...more });
const said = (eventType: string, more: object = {}) =>
  LogEvent.parse({ uuid: 'e1', published: '2026-05-01T10:00:00.000Z', eventType, actor: party('00uadmin', 'User'), outcome: { result: 'SUCCESS' }, ...more });

describe('what an event says', () => {
  it('is of the user, not of the application’s own account of them', () => {
    const target = [party('0ua1', 'AppUser'), party('0oa1', 'AppInstance', { displayName: 'GitHub' }), party('00u1', 'User')];
    expect(rowsOf([said('application.user_membership.add', { target })], 'okta').lifecycle).toMatchObject([
      { userId: '00u1', type: 'app-added', detail: 'GitHub' },
    ]);
  });

  it('names the roles that are held from then on', () => {
    const more = { target: [party('00u1', 'User')], debugContext: { debugData: { privilegeGranted: 'Super administrator' } } };
    expect(rowsOf([said('user.account.privilege.grant', more)], 'okta').lifecycle).toMatchObject([
      { userId: '00u1', actorId: '00uadmin', type: 'role-added', detail: 'Super administrator' },
    ]);
  });

  it.each([
    ['PASSWORD_AS_FACTOR', 'password'],
    ['password_as_factor', 'password'],
    ['OKTA_VERIFY_PUSH', 'second-factor'],
    [null, 'second-factor'],
  ])('calls %s a %s', (factor, kind) => {
    const more = { debugContext: { debugData: { factor } }, authenticationContext: { externalSessionId: 'unknown', authenticationProvider: 'FEDERATION' } };
    expect(rowsOf([said('user.authentication.auth_via_mfa', more)], 'okta').signIns).toMatchObject([{ kind, factor, sessionId: null, federated: 'yes' }]);
  });

  it.each([
    ['policy.rule.update', 'admin'],
    ['zone.make_blacklist', 'admin'],
    ['iam.resourceset.bindings.add', 'admin'],
    ['system.api_token.create', 'admin'],
    ['policy.evaluate_sign_on', 'other'],
    ['policy.rule.action.execute', 'other'],
    ['system.api_token.request_outside_allowed_range', 'other'],
    ['user.lifecycle.delete.initiated', 'other'],
    ['something.nobody.knows', 'other'],
  ] as const)('%s is one of the %s events', (type, where) => {
    const rows = rowsOf([said(type)], 'okta');
    expect(Object.entries(rows).flatMap(([name, its]) => its.map(() => name))).toEqual([where]);
  });

  it('is unknown where Okta is silent, and no event is left out', () => {
    const rows = rowsOf(
      [LogEvent.parse({ uuid: 'e1', published: '2026-05-01T10:00:00Z', eventType: 'user.lifecycle.create', outcome: { result: 'SKIPPED' } })],
      'okta',
    );
    expect(rows.lifecycle).toEqual([
      {
        systemId: 'okta',
        eventId: 'e1',
        userId: 'unknown',
        login: 'unknown',
        type: 'created',
        detail: null,
        actorId: 'unknown',
        actor: 'unknown',
        actorKind: 'unknown',
        succeeded: 'unknown',
        occurredAt: instant('2026-05-01T10:00:00Z'),
      },
    ]);
  });
});

/** One event: when it happened, and when it reached the log. */
interface Entry {
  readonly uuid: string;
  readonly eventType: string;
  readonly published: Instant;
  readonly arrived: Instant;
}

const json = (body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

/** Okta's rules, written from its documentation alone: a poll is ordered and bounded by arrival, and what is older than ninety days is gone. */
function logServer(entries: readonly Entry[], at: Instant, size: number): Wire {
  const log = entries.toSorted((a, b) => a.arrived - b.arrived || (a.uuid < b.uuid ? -1 : 1));
  return async ({ url }) => {
    const address = new URL(url);
    const query = address.searchParams;
    if (address.pathname === '/api/v1/org') return json({ id: '00o1', subdomain: 'acme' });
    if (address.pathname === '/api/v1/users/me') return json({ errorCode: 'E0000007', errorSummary: 'Not found' }, {}, 404);
    const refused = (summary: string) => json({ errorCode: 'E0000001', errorSummary: summary }, {}, 400);
    if (address.pathname !== '/api/v1/logs' || query.get('sortOrder') !== 'ASCENDING' || query.has('until')) return refused('no poll');
    if (Number(query.get('limit')) > 1000) return refused('limit');
    if (query.has('since') && (query.has('after') || Date.parse(query.get('since') ?? '') < at - days(180))) return refused('since');
    const from = query.has('after')
      ? log.findIndex(({ uuid }) => uuid === query.get('after')) + 1
      : log.findIndex(({ arrived }) => arrived >= Date.parse(query.get('since') ?? ''));
    const there = from < 0 ? [] : log.slice(from).filter(({ arrived, published }) => arrived <= at && published >= at - days(90));
    const page = there.slice(0, size);
    const last = page.at(-1);
    const next = new URL(`https://${ORG}/api/v1/logs?sortOrder=ASCENDING&limit=1000`);
    if (last) next.searchParams.set('after', last.uuid);
    const following = last ? next.href : address.href; // an empty page names itself
    return json(
      page.map(({ uuid, eventType, published }) => ({
        uuid,
        eventType,
        published: new Date(published).toISOString(),
        actor: party('00u1', 'User'),
        outcome: { result: 'SUCCESS' },
      })),
      { link: `<${address.href}>; rel="self", <${following}>; rel="next"` },
    );
  };
}

const KINDS = ['user.lifecycle.create', 'user.session.start', 'user.authentication.auth_via_mfa', 'policy.rule.update', 'user.authentication.sso'];
const DATASETS = ['identity.lifecycle-events', 'identity.sign-ins', 'identity.sign-ins', 'identity.admin-events', 'identity.other-events'];
const POLLS = [0, minutes(15), minutes(30), hours(6), hours(30)].map((later) => T + later);

/** Two hundred and forty events of ten days, one in four of them late by up to fifty minutes, the last before the last poll. */
function unfold(seed: number): Unfolding {
  let state = seed + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const [first, last] = [T - days(10), (POLLS.at(-1) ?? T) - hours(1)];
  const entries = Array.from({ length: 240 }, (_, place): Entry => {
    const recent = place % 3 === 0; // many about the time of the polls
    const published = Math.floor((recent ? T - hours(2) : first) + random() * (last - (recent ? T - hours(2) : first)));
    const arrived = published + (random() < 0.25 ? Math.floor(random() * minutes(50)) : Math.floor(random() * 2000));
    return { uuid: `e${place}`, eventType: KINDS[Math.floor(random() * KINDS.length)] ?? '', published, arrived };
  });
  const truth = (at: Instant) =>
    Object.fromEntries(
      oktaSystemLog.feeds.map(({ id }) => [
        id,
        new Map(
          entries
            .filter(({ eventType, published }) => published <= at && DATASETS[KINDS.indexOf(eventType)] === id)
            .map(({ uuid, eventType, published }) => [eventType === 'user.lifecycle.create' ? `${uuid} 00u1 ` : uuid, published]),
        ),
      ]),
    );
  return { wireAt: (at) => logServer(entries, at, 9), truthAt: truth };
}

cursorTester(
  {
    collector: oktaSystemLog as unknown as Collector,
    config,
    partition: ORG,
    credentials: { token: 'secret-of-the-tests' },
    since: T - days(11),
    polls: POLLS,
    unfold,
  },
  { runs: 30 },
);

/** One run against a log, with what came of it. */
async function run(
  entries: readonly Entry[],
  { at, after = null, since = at - days(365) }: { at: Instant; after?: string | null; since?: Instant },
  size = 100,
) {
  const of: Of<typeof config> = { config, partition: ORG, at, after, since, timezone: 'UTC' };
  const options = { config, partition: ORG, credentials: { token: 't' }, endpoint: null, root: '/', wire: logServer(entries, at, size), clock: () => at };
  const { source } = openSource(oktaSystemLog as unknown as Collector, { ...options, sleep: async () => undefined });
  const artifacts: Artifact[] = [];
  for await (const artifact of oktaSystemLog.collect(source as never, of)) artifacts.push(artifact);
  const [table] = oktaSystemLog.normalize(artifacts, of);
  const span = oktaSystemLog.normalize(artifacts, of).find(({ dataset }) => dataset.id === 'identity.log-spans');
  const asked = artifacts.find(({ name }) => name === 'events')?.request.url;
  return {
    spans: span?.rows,
    reads: oktaSystemLog.normalize(artifacts, of).find(({ dataset }) => dataset.id === 'identity.log-reads')?.rows,
    rows: table?.rows ?? [],
    polled: table?.polled,
    mark: oktaSystemLog.mark?.(artifacts, of),
    artifacts,
    asked: decodeURIComponent(asked ?? ''),
  };
}

const entry = (published: Instant, place = 0): Entry => ({ uuid: `e${place} ${published}`, eventType: 'user.lifecycle.create', published, arrived: published });

describe('the time that a run claims', () => {
  it('begins with the observation period', async () => {
    const { polled, asked } = await run([], { at: T, since: T - days(20) });
    expect(asked).toContain(`since=${iso(T - days(20))}&`);
    expect(polled).toEqual({ from: T - days(20), to: T - hours(1) });
  });

  it('never begins before what Okta still keeps, though it is told', async () => {
    const { polled, asked, rows } = await run([entry(T - days(89.5))], { at: T });
    expect(asked).toContain(`since=${iso(T - days(90))}&`);
    expect(rows).toHaveLength(1);
    expect(polled).toEqual({ from: T - days(89), to: T - hours(1) });
  });

  it('is nothing before the observation period has begun, and asks from now on', async () => {
    const { polled, asked } = await run([], { at: T, since: T + days(60) });
    expect(asked).toContain(`since=${iso(T)}&`);
    expect(polled).toEqual({ from: T, to: T });
  });

  it('has a gap where the mark is older than what Okta keeps: the log is asked from its beginning', async () => {
    const { mark } = await run([], { at: T });
    const { polled, asked, rows, spans, reads } = await run([entry(T + days(5)), entry(T + days(100))], { at: T + days(120), after: mark?.after ?? null });
    expect(spans).toEqual([{ systemId: 'okta', since: T + days(31) }]);
    expect(reads).toEqual([{ systemId: 'okta', until: T + days(120) }]);
    expect(asked).toContain(`since=${iso(T + days(30))}&`);
    expect(rows).toHaveLength(1);
    expect(polled).toEqual({ from: T + days(31), to: T + days(120) - hours(1) });
  });

  it('goes back to the beginning for as long as nothing is forgotten in between', async () => {
    let after: string | null = null;
    const entries = [-1, 0.5, 79, 119].map((day, place) => entry(T + days(day), place));
    for (const day of [0, 1, 80, 120]) {
      const { spans, mark } = await run(entries, { at: T + days(day), after });
      expect(spans).toEqual([{ systemId: 'okta', since: T - days(89) }]);
      after = mark?.after ?? null;
    }
    // Between eighty-nine and ninety days Okta may be forgetting already.
    const { spans } = await run(entries, { at: T + days(120 + 89.5), after });
    expect(spans).toEqual([{ systemId: 'okta', since: T + days(120 + 0.5) }]);
  });

  it('is not said to reach back further than a mark of an older version tells', async () => {
    const entries = [entry(T - days(1))];
    const { mark } = await run(entries, { at: T });
    const { since: _, ...older } = JSON.parse(mark?.after ?? '{}') as Record<string, unknown>;
    const { spans, polled } = await run(entries, { at: T + days(1), after: JSON.stringify(older) });
    expect(spans).toEqual([{ systemId: 'okta', since: T - hours(1) }]);
    expect(polled?.from).toBe(T - hours(1));
  });

  it('ends with the newest event of a run that is not the last', async () => {
    const entries = Array.from({ length: 25 }, (_, place) => entry(T - days(20) + hours(place), place));
    const first = await run(entries, { at: T }, 2);
    expect(first.artifacts.filter(({ name }) => name.startsWith('events'))).toHaveLength(10);
    expect(first.mark?.more).toBe(true);
    expect(first.polled).toEqual({ from: T - days(89), to: T - days(20) + hours(18) });
    expect(first.reads).toEqual([{ systemId: 'okta', until: T - days(20) + hours(19) }]);
    const second = await run(entries, { at: T, after: first.mark?.after ?? null }, 2);
    expect(second.mark?.more).toBe(false);
    expect(second.rows).toHaveLength(5);
    expect(second.polled).toEqual({ from: T - days(20) + hours(18), to: T - hours(1) });
  });
});

it('is incomplete where another tenant answers', async () => {
  const { wire: acme, ...options } = recorded(oktaSystemLog, { org: ORG }, ORG);
  const wire: Wire = async (request) => (request.url.endsWith('/org') ? json({ id: '00o2', subdomain: 'acme-test' }) : acme(request));
  const { source } = openSource(oktaSystemLog as unknown as Collector, { ...options, endpoint: null, wire, clock: () => T, sleep: async () => undefined });
  const asking = async () => {
    for await (const _ of oktaSystemLog.collect(source as never, { config, partition: ORG, at: T, after: null, since: T, timezone: 'UTC' }));
  };
  await expect(asking()).rejects.toThrow(new IncompleteError('the tenant acme-test answered for acme.okta.com'));
});
