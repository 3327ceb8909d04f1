import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { collectOnce, recorded } from '../../../test/recorded.ts';
import { type MadeClusters, tasksWire } from '../../../test/tasks-wire.ts';
import type { Collector } from '../collector.ts';
import { awsContainers } from './containers.ts';

const PLACE = '123456789012 eu-central-1';
const CONFIG = { accounts: [{ id: '123456789012', regions: ['eu-central-1'] }], foreign: ['public.ecr.aws/'] };
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const web = { name: 'web', image: 'registry.acme.example/web:v12', imageDigest: digest('a') };
const CLUSTERS: MadeClusters = {
  main: [
    { group: 'service:web', containers: [web, { name: 'agent', image: `public.ecr.aws/agent@${digest('e')}` }] },
    { group: 'service:web', containers: [web] },
    { group: 'service:web', containers: [{ ...web, image: 'registry.acme.example/web:v13', imageDigest: digest('b') }] },
    { containers: [{ name: 'shell', image: 'registry.acme.example/tools:latest' }] },
    { group: 'service:web', containers: [], gone: 'MISSING' },
  ],
  idle: [],
};
const acme = { ...recorded(awsContainers, CONFIG, PLACE), wire: tasksWire(CLUSTERS) };

collectorTester(awsContainers as unknown as Collector, acme, (rows) => {
  const shared = { systemId: 'aws', environment: 'production', foreign: false };
  expect(rows('change.running-artifacts')).toEqual([
    { ...shared, workload: `${PLACE} main/service:web`, artifact: 'web', image: 'registry.acme.example/web:v12', digest: digest('a') },
    { ...shared, workload: `${PLACE} main/service:web`, artifact: 'agent', image: `public.ecr.aws/agent@${digest('e')}`, digest: digest('e'), foreign: true },
    { ...shared, workload: `${PLACE} main/service:web`, artifact: 'web', image: 'registry.acme.example/web:v13', digest: digest('b') },
    { ...shared, workload: `${PLACE} main/task:3`, artifact: 'shell', image: 'registry.acme.example/tools:latest', digest: null },
  ]);
});

describe('what ECS leaves out', () => {
  const run = (gone: string) => collectOnce(awsContainers, { ...acme, wire: tasksWire({ main: [{ containers: [], gone }] }) });

  it('is no gap where a task has stopped meanwhile', async () => expect((await run('MISSING')).rows('change.running-artifacts')).toEqual([]));
  it('is one for any other reason', async () => expect(run('ACCESS')).rejects.toThrow(/was not described: ACCESS/));
  it('is one for no reason', async () => expect(run('')).rejects.toThrow(/was asked for and not described/));
});

it('is not asked of another account', async () =>
  expect(collectOnce(awsContainers, { ...acme, wire: tasksWire(CLUSTERS, '999999999999') })).rejects.toThrow(/999999999999 answered for 123456789012/));
