import { describe, expect, it } from 'vitest';
import { alarmsWire, type MadeAlarm, type MadeHistory } from '../../../test/alarms-wire.ts';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, recorded } from '../../../test/recorded.ts';
import { responseTimes } from '../../app/alert-words.ts';
import { days, hours, type Instant, instant, iso, minutes } from '../../core/instant.ts';
import type { AlertEvent } from '../../datasets/alert/events.ts';
import type { Collector } from '../collector.ts';
import { awsCloudwatchAlarms } from './cloudwatch-alarms.ts';

const NOON = instant('2026-06-01T12:00:00Z');
const PLACE = '123456789012 eu-central-1';
const CONFIG = { accounts: [{ id: '123456789012', regions: ['eu-central-1'] }], severities: { 'prod-': 'high', 'prod-login': 'critical' } };
const ALARMS: readonly MadeAlarm[] = [
  { name: 'prod-login-errors', state: 'OK', since: NOON - hours(2), description: 'Sign-ins fail' },
  { name: 'prod-queue', state: 'ALARM', since: NOON - hours(1) },
  { name: 'disk', state: 'OK', since: NOON - hours(4) },
  { name: 'prod-everything', state: 'OK', since: NOON - hours(5), composite: true },
];
const HISTORY: readonly MadeHistory[] = [
  { alarm: 'prod-login-errors', at: NOON - hours(3), to: 'ALARM' },
  { alarm: 'prod-login-errors', at: NOON - hours(3) + 1, action: 'Succeeded' },
  { alarm: 'prod-login-errors', at: NOON - hours(3) + 2, action: 'Failed' },
  { alarm: 'prod-login-errors', at: NOON - hours(2), to: 'OK' },
  { alarm: 'prod-queue', at: NOON - hours(1), to: 'ALARM', brief: true },
  { alarm: 'disk', at: NOON - hours(7), to: 'ALARM' },
  { alarm: 'disk', at: NOON - hours(6), to: 'INSUFFICIENT_DATA' },
  { alarm: 'disk', at: NOON - hours(5), to: 'ALARM' },
  { alarm: 'disk', at: NOON - hours(4), to: 'OK' },
  { alarm: 'gone', at: NOON - hours(9), to: 'ALARM' },
  { alarm: 'gone', at: NOON - hours(8), deleted: true },
  { alarm: 'prod-everything', at: NOON - hours(6), to: 'ALARM', composite: true },
  { alarm: 'prod-everything', at: NOON - hours(5), to: 'OK', composite: true },
];
const acme = { ...recorded(awsCloudwatchAlarms, CONFIG, PLACE), at: NOON, since: NOON - days(2), wire: alarmsWire({ alarms: ALARMS, history: HISTORY }) };

collectorTester(awsCloudwatchAlarms as unknown as Collector, acme, (rows) => {
  const told = rows('alert.events') as unknown as readonly AlertEvent[];
  expect(told.find(({ rule }) => rule === 'prod-login-errors')).toEqual({
    systemId: 'cloudwatch',
    alertId: 'prod-login-errors 2026-06-01T09:00:00Z',
    title: 'Sign-ins fail',
    rule: 'prod-login-errors',
    severity: 'critical',
    told: [],
    firedAt: NOON - hours(3),
    acknowledgedAt: null,
    acknowledgedByKind: 'unknown',
    acknowledgedBy: null,
    escalatedAt: null,
    resolvedAt: NOON - hours(2),
    resolvedByKind: 'automation',
    conclusion: 'auto_resolved',
    investigation: null,
    incidentId: null,
    notified: 1,
  });
  const short = ({ rule, severity, firedAt, resolvedAt, resolvedByKind, notified }: AlertEvent) => [
    rule,
    severity,
    firedAt,
    resolvedAt,
    resolvedByKind,
    notified,
  ];
  expect(told.map(short).sort()).toEqual([
    ['disk', 'unknown', NOON - hours(7), NOON - hours(4), 'automation', 0], // without data it was not over
    ['gone', 'unknown', NOON - hours(9), NOON - hours(8), 'unknown', 0],
    ['prod-everything', 'high', NOON - hours(6), NOON - hours(5), 'automation', 0],
    ['prod-login-errors', 'critical', NOON - hours(3), NOON - hours(2), 'automation', 1],
    ['prod-queue', 'high', NOON - hours(1), null, 'none', 0],
  ]);
});

interface Given {
  readonly at?: Instant;
  readonly since?: Instant;
  readonly after?: string | null;
  readonly alarms?: readonly MadeAlarm[];
  readonly history?: readonly MadeHistory[];
}
async function run({ at = NOON, since = NOON - days(2), after = null, alarms = ALARMS, history = HISTORY }: Given) {
  const its = await collectOnce(awsCloudwatchAlarms, { ...acme, at, since, ...(after === null ? {} : { after }), wire: alarmsWire({ alarms, history }) });
  return { ...its, told: its.rows('alert.events') as readonly AlertEvent[] };
}

describe('from run to run', () => {
  it('is told of each time once, in whichever runs it begins and ends, whatever moment they are asked at', async () => {
    for (const cut of [2.5, 3, 4.5, 5.5, 6.5, 8.5].map((ago) => NOON - hours(ago))) {
      const first = await run({ at: cut + minutes(5) });
      const second = await run({ after: first.mark?.after ?? null });
      expect(first.polled).toEqual({ from: NOON - days(2), to: cut });
      expect(second.polled).toEqual({ from: cut, to: NOON - minutes(5) });
      const newest = new Map([...first.told, ...second.told].map((row) => [row.alertId, row]));
      expect([...newest.values()].toSorted((a, b) => a.firedAt - b.firedAt)).toEqual((await run({})).told.toSorted((a, b) => a.firedAt - b.firedAt));
    }
  });

  it('tells again of one that goes on, and of its end weeks later', async () => {
    const alarms: readonly MadeAlarm[] = [{ name: 'prod-queue', state: 'ALARM', since: NOON }];
    const history: readonly MadeHistory[] = [{ alarm: 'prod-queue', at: NOON, to: 'ALARM' }];
    let after: string | null = null;
    for (const day of [1, 20, 40]) {
      const its = await run({ at: NOON + days(day), after, alarms, history });
      expect(its.told.map(({ alertId, resolvedAt }) => [alertId, resolvedAt])).toEqual([['prod-queue 2026-06-01T12:00:00Z', null]]);
      after = its.mark?.after ?? null;
    }
    const over = { alarm: 'prod-queue', at: NOON + days(41), to: 'OK' } as const;
    const last = await run({ at: NOON + days(42), after, alarms: [{ name: 'prod-queue', state: 'OK', since: over.at }], history: [...history, over] });
    expect(last.told.map(({ alertId, firedAt, resolvedAt }) => [alertId, firedAt, resolvedAt])).toEqual([['prod-queue 2026-06-01T12:00:00Z', NOON, over.at]]);
    expect(JSON.parse(last.mark?.after ?? '')).toEqual({ until: NOON + days(42) - minutes(5), open: [] });
  });

  it('takes the alarm’s own word for what no history tells of', async () => {
    const long: MadeAlarm = { name: 'disk', state: 'ALARM', since: NOON - days(50) };
    const first = await run({ since: NOON - days(60), alarms: [long], history: [] });
    expect(first.polled).toEqual({ from: NOON - days(30), to: NOON - minutes(5) }); // AWS remembers no more
    expect(first.told.map(({ firedAt, resolvedAt, notified }) => [firedAt, resolvedAt, notified])).toEqual([[NOON - days(50), null, null]]);
    const ended = { ...long, state: 'OK', since: NOON + days(10) } as const;
    const late = await run({ at: NOON + days(90), after: first.mark?.after ?? null, alarms: [ended], history: [] });
    expect(late.polled?.from).toBe(NOON + days(60));
    expect(late.told.map(({ resolvedAt, resolvedByKind }) => [resolvedAt, resolvedByKind])).toEqual([[NOON + days(10), 'unknown']]);
  });
});

it('refuses a history that does not say what became of an alarm', async () =>
  expect(run({ history: [{ alarm: 'disk', at: NOON - hours(2), to: 'NONSENSE', brief: true }] })).rejects.toThrow(
    `the history of disk does not say into which state it went at ${iso(NOON - hours(2))}`,
  ));

it('is not asked of another account', async () =>
  expect(collectOnce(awsCloudwatchAlarms, { ...acme, wire: alarmsWire({ alarms: [], history: [] }, { account: '999999999999' }) })).rejects.toThrow(
    /999999999999 answered for 123456789012/,
  ));

it('counts for times to resolve beside PagerDuty, and says that nobody knows who took it', async () => {
  const { told } = await run({});
  const pagerduty: AlertEvent = {
    ...(told[0] as AlertEvent),
    systemId: 'pagerduty',
    told: ['acknowledgement'],
    acknowledgedByKind: 'human',
    acknowledgedAt: (told[0]?.firedAt ?? 0) + minutes(4),
  };
  const lines = responseTimes([...told, pagerduty]);
  const high = lines.find(({ system, severity }) => system === 'cloudwatch' && severity === 'high');
  expect(high).toMatchObject({ raised: 2, acknowledge: { count: 0, unknown: 2, open: 0 }, resolve: { count: 1, open: 1, mean: hours(1) } });
  expect(lines.find(({ system }) => system === 'pagerduty')).toMatchObject({ raised: 1, acknowledge: { count: 1, mean: minutes(4), unknown: 0 } });
});
