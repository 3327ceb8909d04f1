import type { Instant } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { ACCOUNT } from './aws.ts';
import { jsonAnswer } from './directory-answer.ts';
import { DEPLOYED, madeBy } from './github-deployments.ts';
import { digestOf, imageOf } from './provenance.ts';
import { during } from './stories.ts';
import { trailOf } from './trail.ts';
import { WATCH_DAYS } from './watch-stories.ts';
import type { World } from './world.ts';

const HOST = /^https:\/\/(cloudtrail|ecs)\.([a-z0-9-]+)\.amazonaws\.com\//;
const JSON_TYPE = 'application/x-amz-json-1.1';
/** Smaller than what is asked for, so that paging is walked. */
const PAGE = 20;
const CLUSTER = 'production';
/** Tasks of each service. */
const COPIES = 2;
const SIDECAR = 'public.ecr.aws/acme-collectors/otel@sha256:5f0c2d1b8a9e4c7f6b3d2a1908e7f6d5c4b3a29180716f5e4d3c2b1a09f8e7d6';

/** Services of AWS that answer in JSON: the event history and the containers that run; `null` where it is neither. */
export function cloud(world: World, at: Instant, { url, headers, body }: WireRequest): WireAnswer | null {
  const [, service, region = ''] = HOST.exec(url) ?? [];
  if (service === undefined) return null;
  const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
  const input = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as Input;
  const output =
    service === 'cloudtrail' && operation === 'LookupEvents' ? lookedUp(world, at, region, input) : containers(world, at, region, operation, input);
  return output === null
    ? jsonAnswer(400, { __type: 'InvalidAction', message: `Acme knows no ${operation}` }, at, JSON_TYPE)
    : jsonAnswer(200, output, at, JSON_TYPE);
}

interface Input {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly cluster?: string;
  readonly tasks?: readonly string[];
}

/** Newest first, as CloudTrail gives them. */
function lookedUp(world: World, at: Instant, region: string, { StartTime, EndTime, NextToken }: Input): object {
  const its = trailOf(world).filter((event) => event.region === region && event.at <= at && StartTime * 1000 <= event.at && event.at < EndTime * 1000 + 1000);
  const start = Number(NextToken ?? 0);
  const page = its.toReversed().slice(start, start + PAGE);
  return { Events: page.map(({ entry }) => entry), ...(start + PAGE < its.length ? { NextToken: String(start + PAGE) } : {}) };
}

const arn = (region: string, rest: string): string => `arn:aws:ecs:${region}:${ACCOUNT}:${rest}`;

function containers(world: World, at: Instant, region: string, operation: string, { tasks: asked = [] }: Input): object | null {
  if (region !== 'eu-central-1') return operation === 'ListClusters' ? { clusterArns: [] } : null;
  if (operation === 'ListClusters') return { clusterArns: [arn(region, `cluster/${CLUSTER}`)] };
  const running = tasksAt(world, at, region);
  if (operation === 'ListTasks') return { taskArns: running.map(({ taskArn }) => taskArn) };
  if (operation !== 'DescribeTasks') return null;
  const missing = asked.filter((name) => !running.some(({ taskArn }) => taskArn === name));
  return { tasks: running.filter(({ taskArn }) => asked.includes(taskArn)), failures: missing.map((name) => ({ arn: name, reason: 'MISSING' })) };
}

/** Two tasks of each service that is deployed, and beside each what sends its traces, which is of another maker. */
function tasksAt(world: World, at: Instant, region: string) {
  return DEPLOYED.flatMap((repo) => {
    const { sha } = madeBy(world, at).findLast((made) => made.repo === repo) ?? { sha: '' };
    const own = repo === 'web' && during(world, at, WATCH_DAYS.ownImage);
    const [image, imageDigest] = own ? ['registry.acme.example/web:debug', digestOf('a laptop', sha)] : [imageOf(repo, sha), digestOf(repo, sha)];
    return Array.from({ length: COPIES }, (_, copy) => ({
      taskArn: arn(region, `task/${CLUSTER}/${digestOf(repo, `${sha} ${copy}`).slice(7, 39)}`),
      clusterArn: arn(region, `cluster/${CLUSTER}`),
      group: `service:${repo}`,
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      launchType: 'FARGATE',
      containers: [
        { name: repo, image, imageDigest, lastStatus: 'RUNNING' },
        { name: 'traces', image: SIDECAR, imageDigest: SIDECAR.slice(SIDECAR.indexOf('@') + 1), lastStatus: 'RUNNING' },
      ],
    }));
  });
}
