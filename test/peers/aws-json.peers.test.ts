import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awsCloudtrail } from '../../src/collectors/aws/cloudtrail.ts';
import { awsCloudwatchAlarms } from '../../src/collectors/aws/cloudwatch-alarms.ts';
import { awsContainers } from '../../src/collectors/aws/containers.ts';
import type { Collector } from '../../src/collectors/collector.ts';
import { hours, instant } from '../../src/core/instant.ts';
import { openSource } from '../../src/sources/open.ts';
import { fetchWire, type Wire } from '../../src/sources/wire.ts';
import { alarmsWire } from '../alarms-wire.ts';
import { missing } from '../postgres.ts';
import { tasksWire } from '../tasks-wire.ts';
import { session, trailWire } from '../trail-wire.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';

// Nobody here wrote the other side: AWS's own service descriptions and signer, as botocore brings them, and moto, which emulates ECS.

const NOON = instant('2026-06-01T12:00:00Z');
const REGION = 'eu-central-1';
const ACCOUNT = '123456789012';
const accounts = [{ id: ACCOUNT, regions: ['us-east-1', REGION] }];
const digest = `sha256:${'a'.repeat(64)}`;

interface Seen {
  readonly operation: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answered: string;
  readonly region: string;
  readonly at: number;
}

async function collect(unit: unknown, given: object, wire: Wire, endpoint: string | null = null) {
  const collector = unit as Collector;
  const config = collector.config.parse({ accounts, ...given });
  const of = { config, partition: `${ACCOUNT} ${REGION}`, at: NOON, after: null, since: NOON - hours(20), timezone: 'UTC' };
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret-of-the-tests' };
  const { source } = openSource(collector, { ...of, credentials, endpoint, root: '/', wire, clock: () => NOON, sleep: async () => undefined });
  const artifacts = await Array.fromAsync(collector.collect(source as never, of));
  return { artifacts, rows: collector.normalize(artifacts, of)[0]?.rows ?? [] };
}

const python = process.env.PYTHON ?? 'python3';
const described = spawnSync(python, ['-c', 'import botocore'], { timeout: 60_000 }).status === 0;
describe.skipIf(!described && missing('botocore', 'pip install botocore==1.43.11'))('AWS by its own description', () => {
  it('knows each question, signs it alike, and gives such answers', async () => {
    const seen: Seen[] = [];
    const watching =
      (wire: Wire): Wire =>
      async (request) => {
        const answer = await wire(request);
        const target = request.headers['x-amz-target'];
        const [text, answered] = [request.body ?? new Uint8Array(), answer.body].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
        const service = target?.startsWith('Amazon') ? 'ecs' : target?.startsWith('Granite') ? 'cloudwatch' : 'cloudtrail';
        const operation = `${service}:${target?.split('.').at(-1)}`;
        if (target) seen.push({ operation, url: request.url, headers: request.headers, body: text, answered, region: REGION, at: NOON });
        return answer;
      };
    const changes = [1, 2, 3].map((ago) => ({ id: `e${ago}`, at: NOON - hours(ago + 1), name: 'ec2:RunInstances', identity: session('Ops', 'ines') }));
    expect((await collect(awsCloudtrail, {}, watching(trailWire(changes)))).rows).toHaveLength(3);
    const containers = [{ name: 'web', image: 'registry.acme.example/web:v12', imageDigest: digest }];
    const clusters = { main: [1, 2, 3].map(() => ({ group: 'service:web', containers })) };
    expect((await collect(awsContainers, {}, watching(tasksWire(clusters)))).rows).toHaveLength(1);
    const alarms = {
      alarms: [{ name: 'prod-queue', state: 'ALARM', since: NOON - hours(1) }],
      history: [{ alarm: 'prod-queue', at: NOON - hours(1), to: 'ALARM' }],
    } as const;
    expect((await collect(awsCloudwatchAlarms, {}, watching(alarmsWire(alarms)))).rows).toHaveLength(1);
    expect(seen.map(({ operation }) => operation)).toEqual([
      ...['cloudtrail:LookupEvents', 'cloudtrail:LookupEvents', 'ecs:ListClusters', 'ecs:ListTasks', 'ecs:ListTasks', 'ecs:DescribeTasks'],
      ...['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory', 'cloudwatch:DescribeAlarmHistory'],
    ]);
    expect(seen.map(({ url }) => url)).toContain('https://cloudtrail.eu-central-1.amazonaws.com/');
    expect(seen.map(({ url }) => url)).toContain('https://monitoring.eu-central-1.amazonaws.com/');
    const dir = mkdtempSync(join(tmpdir(), 'described-'));
    writeFileSync(join(dir, 'asked.json'), JSON.stringify(seen));
    const wrong: unknown = JSON.parse(execFileSync(python, [join(import.meta.dirname, 'aws-described.py'), join(dir, 'asked.json')], { encoding: 'utf8' }));
    writeFileSync(
      join(dir, 'altered.json'),
      JSON.stringify(seen.map((it) => ({ ...it, body: JSON.stringify({ ...(JSON.parse(it.body) as object), Strange: 1 }) }))),
    );
    const altered = JSON.parse(
      execFileSync(python, [join(import.meta.dirname, 'aws-described.py'), join(dir, 'altered.json')], { encoding: 'utf8' }),
    ) as string[];
    rmSync(dir, { recursive: true });
    expect(wrong).toEqual([]);
    expect(altered.filter((it) => it.includes('Strange'))).toHaveLength(9); // it would have said so
    expect(altered.filter((it) => it.includes('botocore signs'))).toHaveLength(9);
  });
});

const program = motoServer();
describe.skipIf(program === null && missing('moto', 'pip install "moto[server]==5.2.1"'))('Amazon ECS and CloudWatch, against moto', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto(program ?? '');
    const credential = (service: string) => `AWS4-HMAC-SHA256 Credential=testing/20260601/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=x`;
    const posted = async (service: string, headers: Readonly<Record<string, string>>, body: string) => {
      const answer = await fetch(moto.endpoint, { method: 'POST', headers: { ...headers, authorization: credential(service) }, body });
      const text = await answer.text();
      expect([answer.status, text]).toEqual([200, expect.any(String)]);
      return text;
    };
    const ask = (operation: string, input: object) =>
      posted('ecs', { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}` }, JSON.stringify(input));
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const subnet = /<subnetId>([^<]+)</.exec(await posted('ec2', form, 'Action=DescribeSubnets&Version=2016-11-15'))?.[1];
    await ask('CreateCluster', { clusterName: 'main' });
    await ask('CreateCluster', { clusterName: 'idle' });
    const container = { name: 'web', image: `registry.acme.example/web@${digest}`, memory: 64 };
    await ask('RegisterTaskDefinition', { family: 'web', containerDefinitions: [container], requiresCompatibilities: ['FARGATE'] });
    const networkConfiguration = { awsvpcConfiguration: { subnets: [subnet], securityGroups: [] } };
    await ask('RunTask', { cluster: 'main', taskDefinition: 'web', count: 3, launchType: 'FARGATE', group: 'service:web', networkConfiguration });
  }, 120_000);
  afterAll(() => moto.stop());

  it('is asked for what runs, and answers', async () => {
    const { artifacts, rows } = await collect(awsContainers, {}, fetchWire(), moto.endpoint);
    expect(artifacts.map(({ name }) => name.replace(/arn:aws:ecs:.*\//, ''))).toEqual([
      'caller',
      'clusters',
      'tasks of main',
      'containers of main 1',
      'tasks of idle',
    ]);
    expect(artifacts[2]?.request).toMatchObject({ method: 'ecs:ListTasks', body: expect.stringContaining('"desiredStatus":"RUNNING"') });
    expect(rows).toEqual([
      {
        ...{ systemId: 'aws', environment: 'production', workload: `${ACCOUNT} ${REGION} main/service:web`, artifact: 'web' },
        ...{ image: `registry.acme.example/web@${digest}`, digest, foreign: false },
      },
    ]);
  });

  it('is asked for alarms, and cannot tell of a history that is refused', async () => {
    const credential = 'AWS4-HMAC-SHA256 Credential=testing/20260601/eu-central-1/monitoring/aws4_request, SignedHeaders=host, Signature=x';
    for (let place = 0; place < 3; place++) {
      const alarm = { AlarmName: `prod-${place}`, MetricName: 'Errors', Namespace: 'Acme', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1 };
      const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization: credential };
      const input = { ...alarm, Action: 'PutMetricAlarm', Version: '2010-08-01', ComparisonOperator: 'GreaterThanThreshold' };
      const form = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, String(value)]));
      const answer = await fetch(moto.endpoint, { method: 'POST', headers, body: new URLSearchParams(form) });
      if (answer.status !== 200) throw new Error(await answer.text());
    }
    const pages: string[] = [];
    const watching: Wire = async (request) => {
      const answer = await fetchWire()(request);
      if (request.headers['x-amz-target']?.endsWith('DescribeAlarms')) pages.push(Buffer.from(answer.body).toString());
      return answer;
    };
    await expect(collect(awsCloudwatchAlarms, {}, watching, moto.endpoint)).rejects.toThrow(
      /"history of MetricAlarm" \(cloudwatch:DescribeAlarmHistory .*answered \d+/,
    );
    const told = pages.flatMap((page) => (JSON.parse(page) as { MetricAlarms: { AlarmName: string; StateValue: string }[] }).MetricAlarms);
    expect([pages.length, told.length, new Set(told.map(({ AlarmName }) => AlarmName)).size]).toEqual([1, 3, 3]); // moto gives all of them at once
  });

  it('is incomplete where AWS refuses the operation', async () =>
    expect(collect(awsCloudtrail, {}, fetchWire(), moto.endpoint)).rejects.toThrow(/"events" \(cloudtrail:LookupEvents .*answered \d+/));
});
