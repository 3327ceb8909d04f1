import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, recorded } from '../../../test/recorded.ts';
import { type MadeChange, session, trailWire } from '../../../test/trail-wire.ts';
import { days, hours, instant } from '../../core/instant.ts';
import type { Collector } from '../collector.ts';
import { awsCloudtrail } from './cloudtrail.ts';

const NOON = instant('2026-06-01T12:00:00Z');
const PLACE = '123456789012 eu-central-1';
const CONFIG = {
  accounts: [{ id: '123456789012', regions: ['us-east-1', 'eu-central-1'] }],
  pipelines: ['Deploy'],
  machines: ['Backup'],
};
const change = (id: string, ago: number, name: string, identity: object, more: object = {}): MadeChange => ({
  id,
  at: NOON - hours(ago),
  name,
  identity,
  more,
});
const CHANGES = [
  change('e1', 2, 'ec2:RunInstances', session('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1', 'Ines.Duarte@acme.example')),
  change('e2', 3, 's3:PutBucketPolicy', session('Ops', 'bruno-OPS-12')),
  change('e3', 4, 'ecs:UpdateService', session('Deploy', 'run-812')),
  change('e4', 5, 'logs:CreateLogStream', session('Backup', 'nightly')),
  change('e5', 6, 'autoscaling:SetDesiredCapacity', session('aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling', 'AutoScaling')),
  change('e6', 7, 'iam:DeleteUser', { type: 'IAMUser', userName: 'old-admin', principalId: 'AIDA1' }, { errorCode: 'AccessDenied' }),
  change('e7', 8, 'signin:ConsoleLogin', { type: 'Root', principalId: '123456789012' }, { eventType: 'AwsConsoleSignIn' }),
  change('e8', 9, 'kms:ScheduleKeyDeletion', session('Ops', 'console', 'Bruno.Novak@acme.example')),
  change('e9', 10, 'ec2:RotateKey', { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, { eventType: 'AwsServiceEvent' }),
  change('e10', 11, 'iam:CreateUser', session('Ops', 'release 7'), { eventType: 'AwsVpceEvent' }),
];
const acme = { ...recorded(awsCloudtrail, CONFIG, PLACE), at: NOON, since: NOON - hours(20), wire: trailWire(CHANGES) };

collectorTester(awsCloudtrail as unknown as Collector, acme, (rows) => {
  const told = new Map(rows('config.cloud-changes').map((row) => [row.eventId, row]));
  expect(told.size).toBe(10);
  expect(told.get('e1')).toEqual({
    ...{ systemId: 'aws', eventId: 'e1', accountId: '123456789012', region: 'eu-central-1', action: 'ec2:RunInstances', happenedAs: 'call' },
    ...{ outcome: 'success', actorKind: 'person', actor: 'Ines.Duarte@acme.example', role: 'AWSReservedSSO_Admin_1' },
    ...{ actorEmail: 'ines.duarte@acme.example', ticketId: null, happenedAt: NOON - hours(2) },
  });
  expect([...told.values()].map(({ eventId, actorKind, actor, ticketId }) => [eventId, actorKind, actor, ticketId])).toEqual([
    ['e1', 'person', 'Ines.Duarte@acme.example', null],
    ['e2', 'unknown', 'bruno-OPS-12', 'OPS-12'],
    ['e3', 'pipeline', 'run-812', null],
    ['e4', 'machine', 'nightly', null],
    ['e5', 'cloud', 'AutoScaling', null],
    ['e6', 'person', 'old-admin', null],
    ['e7', 'person', 'root', null],
    ['e8', 'unknown', 'console', null],
    ['e9', 'cloud', 'ec2.amazonaws.com', null],
    ['e10', 'unknown', 'release 7', null],
  ]);
  expect(told.get('e6')).toMatchObject({ outcome: 'refused', role: null });
  expect(told.get('e7')).toMatchObject({ happenedAs: 'sign-in' });
  expect(told.get('e8')).toMatchObject({ actorEmail: 'bruno.novak@acme.example' });
  expect([told.get('e9')?.happenedAs, told.get('e10')?.happenedAs]).toEqual(['service', 'unknown']);
});

describe('the event history', () => {
  const run = (at: number, since: number, after: string | null, changes = CHANGES) =>
    collectOnce(awsCloudtrail, { ...acme, at, since, ...(after === null ? {} : { after }), wire: trailWire(changes) });

  it('is asked for day by day, and told whole days at a time until they are many, each event once, up to an hour before now', async () => {
    const crowd = Array.from({ length: 1200 }, (_, place) => change(`c${place}`, 20 + place / 40, 'ec2:CreateTags', session('Ops', 'x')));
    const many = [...Array.from({ length: 60 }, (_, place) => change(`m${place}`, place + 0.5, 'ec2:CreateTags', session('Ops', 'x'))), ...crowd];
    const told: string[] = [];
    const asked: number[] = [];
    const windows: (readonly [number | undefined, number | undefined])[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const { rows, mark, polled, artifacts } = await run(NOON, NOON - hours(60), after, many);
      asked.push(new Set(artifacts.map(({ name }) => name.replace(/#.*/, ''))).size - 1);
      told.push(...(rows('config.cloud-changes') as { readonly eventId: string }[]).map(({ eventId }) => eventId));
      windows.push([polled?.from, polled?.to]);
      more = mark?.more ?? false;
      after = mark?.after ?? null;
    }
    expect(asked).toEqual([2, 1]);
    expect(windows).toEqual([
      [NOON - hours(60), NOON - hours(12)],
      [NOON - hours(12), NOON - hours(1)],
    ]);
    expect(told.sort()).toEqual(many.flatMap(({ id }) => (id === 'm0' ? [] : [id])).sort());
  });

  it('begins where AWS begins to remember, and asks nothing before there can be something', async () => {
    expect((await run(NOON, NOON - days(200), null)).polled).toEqual({ from: NOON - days(90), to: NOON - hours(1) });
    const { artifacts, mark, polled } = await run(NOON, NOON, JSON.stringify({ until: NOON - hours(1) }));
    expect(artifacts.map(({ name }) => name)).toEqual(['caller']);
    expect(mark).toEqual({ after: JSON.stringify({ until: NOON - hours(1) }), more: false });
    expect(polled).toEqual({ from: NOON - hours(1), to: NOON - hours(1) });
  });

  it('is read from a run that asked for one day alone, as it was before', async () => {
    const { artifacts } = await run(NOON, NOON - hours(20), null);
    const of = { config: acme.config as never, partition: PLACE, at: NOON, after: null, since: NOON - days(3), timezone: 'UTC' };
    expect(awsCloudtrail.normalize(artifacts, of)[0]?.polled).toEqual({ from: NOON - days(3), to: NOON - days(2) });
    expect(awsCloudtrail.mark?.(artifacts, of)).toEqual({ after: JSON.stringify({ until: NOON - days(2) }), more: true });
  });

  it('names tickets of the projects that are configured, and no others', async () => {
    const named = [change('n1', 2, 'ec2:CreateTags', session('Ops', 'bruno-WEB-9-OPS-12')), change('n2', 3, 'ec2:CreateTags', session('Ops', 'ubuntu-22'))];
    const tickets = async (projects: readonly string[]) => {
      const its = { ...acme, ...recorded(awsCloudtrail, { ...CONFIG, projects }, PLACE), at: NOON, since: NOON - hours(20), wire: trailWire(named) };
      return (await collectOnce(awsCloudtrail, its)).rows('config.cloud-changes').map((row) => (row as { readonly ticketId: string | null }).ticketId);
    };
    expect([await tickets([]), await tickets(['OPS'])]).toEqual([
      ['WEB-9', null],
      ['OPS-12', null],
    ]);
  });

  it('of another account is not taken for that of this one', async () =>
    expect(collectOnce(awsCloudtrail, { ...acme, wire: trailWire([], { account: '999999999999' }) })).rejects.toThrow(
      /999999999999 answered for 123456789012/,
    ));

  it('is not asked for without the region in which global services are changed', () =>
    expect(awsCloudtrail.config.safeParse({ accounts: [{ id: '123456789012', regions: ['eu-central-1'] }] }).error?.issues[0]?.message).toMatch(
      /^us-east-1 has to be among them/,
    ));
});
