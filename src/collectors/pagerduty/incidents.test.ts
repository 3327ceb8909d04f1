import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, one, recorded } from '../../../test/recorded.ts';
import { days, instant, iso, minutes } from '../../core/instant.ts';
import type { AlertEvent } from '../../datasets/alert/events.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { pagerdutyIncidents } from './incidents.ts';

const AT = instant('2026-03-20T06:00:00Z');
const SINCE = AT - days(10);
const RAISED = instant('2026-03-12T12:00:00Z');
const MARIA = { id: 'PM', type: 'user_reference', summary: 'Maria Lopez' };
const MACHINE = { id: 'PS', type: 'service_reference', summary: 'Jira integration' };

const answer = (body: unknown) => ({ status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) });
const incident = (id: string, over: object = {}) => ({
  id,
  type: 'incident',
  incident_number: 7,
  title: 'Sign-ins from two continents',
  created_at: iso(RAISED),
  status: 'resolved',
  resolved_at: iso(RAISED + minutes(90)),
  urgency: 'high',
  priority: { id: 'P', type: 'priority', summary: 'P1' },
  service: { id: 'PSVC', type: 'service_reference', summary: 'Identity' },
  html_url: `https://acme.pagerduty.com/incidents/${id}`,
  ...over,
});
let count = 0;
const entry = (type: string, minute: number, over: object = {}, of = 'Q1') => ({
  id: `R${count++}`,
  type: `${type}_log_entry`,
  created_at: iso(RAISED + minutes(minute)),
  agent: MARIA,
  channel: { type: 'website' },
  incident: { id: of, type: 'incident_reference' },
  ...over,
});

/** A PagerDuty of one's own: it knows time and pages, as the published description has them. */
const pagerdutyOf =
  ({ incidents = [], entries = [], page = 2 }: { incidents?: readonly object[]; entries?: readonly object[]; page?: number }): Wire =>
  async ({ url, headers }) => {
    const { host, pathname, searchParams } = new URL(url);
    if (host !== 'api.pagerduty.com' || headers.authorization !== 'Token token=secret-of-the-tests') return { ...answer({}), status: 401 };
    const list = pathname.slice(1) as 'incidents' | 'log_entries';
    const [since, until] = [instant(searchParams.get('since') ?? ''), instant(searchParams.get('until') ?? '')];
    const all = (list === 'incidents' ? incidents : entries) as readonly { created_at: string }[];
    const within = all.filter(({ created_at: at }) => since <= Date.parse(at) && Date.parse(at) < until);
    const offset = Number(searchParams.get('offset')) / (100 / page); // a page of a hundred would be a long test
    return answer({ [list]: within.slice(offset, offset + page), limit: 100, offset, more: offset + page < within.length, total: null });
  };

const config = { subdomain: 'acme', priorities: { P1: 'critical' }, conclusions: { 'false alarm': 'false_positive', confirmed: 'true_positive' } };
const its = (given: Parameters<typeof pagerdutyOf>[0], over: object = {}) => ({
  ...recorded(pagerdutyIncidents, { ...config, ...over }, 'acme'),
  at: AT,
  since: SINCE,
  wire: pagerdutyOf(given),
});
const HISTORY = [
  entry('trigger', 0, { agent: MACHINE }),
  entry('notify', 0),
  entry('escalate', 12, { agent: MACHINE }),
  entry('notify', 12),
  entry('acknowledge', 13),
  entry('annotate', 60, { channel: { type: 'note', summary: 'Confirmed: a leaked session, revoked' } }),
  entry('resolve', 90),
];
const eventOf = async (entries: readonly object[], over: object = {}, configured: object = {}) =>
  one((await collectOnce(pagerdutyIncidents, its({ incidents: [incident('Q1', over)], entries }, configured))).rows('alert.events')) as AlertEvent;

collectorTester(
  pagerdutyIncidents as unknown as Collector,
  its({ incidents: [incident('Q1'), incident('Q2'), incident('Q3', { created_at: iso(SINCE + minutes(1)) })], entries: HISTORY }),
  (rows) => {
    expect(rows('alert.events').map((row) => (row as unknown as AlertEvent).alertId)).toEqual(['Q1', 'Q2', 'Q3']);
  },
);

it('tells who took an incident, to whom it was passed on, and what was found', async () => {
  expect(await eventOf(HISTORY)).toEqual({
    systemId: 'pagerduty',
    alertId: 'Q1',
    title: 'Sign-ins from two continents',
    rule: 'Identity',
    severity: 'critical',
    told: ['acknowledgement', 'escalation', 'conclusion'],
    firedAt: RAISED,
    acknowledgedAt: RAISED + minutes(13),
    acknowledgedByKind: 'human',
    acknowledgedBy: 'Maria Lopez',
    escalatedAt: RAISED + minutes(12),
    resolvedAt: RAISED + minutes(90),
    resolvedByKind: 'human',
    conclusion: 'true_positive',
    investigation: 'https://acme.pagerduty.com/incidents/Q1',
    incidentId: 'Q1',
    notified: 2,
  });
});

describe('what an incident says that', () => {
  it.each<[string, readonly object[], object, Partial<AlertEvent>]>([
    ['nobody took', [], { status: 'triggered', resolved_at: null }, { acknowledgedAt: null, acknowledgedByKind: 'none', resolvedAt: null, conclusion: 'none' }],
    ['a machine took', [entry('acknowledge', 1, { agent: MACHINE })], {}, { acknowledgedByKind: 'automation', acknowledgedBy: 'Jira integration' }],
    [
      'a machine took before a person came',
      [entry('acknowledge', 1, { agent: MACHINE }), entry('acknowledge', 9)],
      {},
      { acknowledgedByKind: 'human', acknowledgedAt: RAISED + minutes(9) },
    ],
    ['nobody knows who took', [entry('acknowledge', 1, { agent: null })], {}, { acknowledgedByKind: 'unknown' }],
    ['ended by itself', [entry('resolve', 90, { agent: MACHINE })], {}, { resolvedByKind: 'automation', conclusion: 'auto_resolved', investigation: null }],
    ['ended without a word', [entry('resolve', 90)], {}, { resolvedByKind: 'human', conclusion: 'none' }],
    ['is open again', HISTORY, { status: 'acknowledged', resolved_at: null }, { resolvedAt: null, resolvedByKind: 'none' }],
    ['has no priority', [], { priority: null }, { severity: 'high' }],
    ['has a priority that the configuration does not read', [], { priority: { id: 'P', summary: 'P9' }, urgency: 'low' }, { severity: 'low' }],
    ['has neither', [], { priority: null, urgency: null }, { severity: 'unknown' }],
    ['has no title', [], { title: null }, { title: 'incident 7' }],
  ])('%s', async (_, entries, over, shows) => expect(await eventOf(entries, over)).toMatchObject(shows));

  it('may be concluded by words that nobody configured is not known', async () => {
    const event = await eventOf(HISTORY, {}, { conclusions: {} });
    expect([event.told, event.conclusion]).toEqual([['acknowledgement', 'escalation'], 'unknown']);
  });

  it('has no time is an error', async () => {
    const wire: Wire = async ({ url }) =>
      answer({ [new URL(url).pathname.slice(1)]: url.includes('/incidents') ? [incident('Q1', { created_at: null })] : [], more: false });
    await expect(collectOnce(pagerdutyIncidents, { ...its({}), wire })).rejects.toThrow('incident Q1 has no time at which it was made');
  });
});

it('asks week by week, and tells all from the beginning of the observation period to five minutes ago', async () => {
  const asked: string[] = [];
  const wire = pagerdutyOf({ incidents: ['Q1', 'Q2', 'Q3'].map((id) => incident(id)) });
  const watching: Wire = async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    asked.push(`${pathname} ${searchParams.get('since')?.slice(0, 10)} ${searchParams.get('until')?.slice(0, 10)} ${searchParams.get('offset')}`);
    return wire(request);
  };
  const { tables, rows } = await collectOnce(pagerdutyIncidents, { ...its({}), wire: watching });
  expect(asked).toEqual([
    '/incidents 2026-03-10 2026-03-17 0',
    '/incidents 2026-03-10 2026-03-17 100',
    '/log_entries 2026-03-10 2026-03-17 0',
    '/incidents 2026-03-17 2026-03-20 0',
    '/log_entries 2026-03-17 2026-03-20 0',
  ]);
  expect([rows('alert.events').length, tables[0]?.polled]).toEqual([3, { from: SINCE, to: AT - minutes(5) }]);
});

it('goes on from the oldest that is open, and reads those of a fortnight again', async () => {
  const open = { status: 'acknowledged', resolved_at: null };
  const after = async (left: number | null, incidents: readonly object[]) => {
    const { mark, polled } = await collectOnce(pagerdutyIncidents, {
      ...its({ incidents }),
      at: AT,
      ...(left === null ? {} : { after: JSON.stringify({ from: left }) }),
    });
    return [mark, polled?.from];
  };
  const mark = (from: number) => ({ after: JSON.stringify({ from }), more: false });
  expect(await after(null, [incident('Q1'), incident('Q2', { ...open, created_at: iso(SINCE + minutes(1)) })])).toEqual([mark(SINCE), SINCE]);
  const [long, fortnight] = [AT - days(60), AT - minutes(5) - days(14)];
  expect(await after(long, [incident('Q1', { created_at: iso(long) }), incident('Q2')])).toEqual([mark(fortnight), long]);
  expect(await after(long, [incident('Q1'), incident('Q2', { ...open, created_at: iso(AT - days(40)) })])).toEqual([mark(AT - days(40)), long]);
  expect(await after(AT + minutes(1), [])).toEqual([mark(AT), AT]); // a clock that was put back
});

it('takes no answer of another account, and no list that has no end', async () => {
  const other = incident('Q1', { html_url: 'https://elsewhere.pagerduty.com/incidents/Q1' });
  await expect(collectOnce(pagerdutyIncidents, its({ incidents: [other] }))).rejects.toThrow(
    'an account other than acme answered: incident Q1 is of elsewhere.pagerduty.com',
  );
  const endless: Wire = async ({ url }) => answer({ [new URL(url).pathname.slice(1)]: [], more: true });
  await expect(collectOnce(pagerdutyIncidents, { ...its({}), wire: endless })).rejects.toThrow('PagerDuty gives no more than 10000 entries of one list');
});
