import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { type RunningArtifact, runningArtifacts } from '../../datasets/change/running-artifacts.ts';
import { pagesOf, parse } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { callerIn } from './xml.ts';

const ContainersConfig = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^\d{12}$/, 'expected the twelve digits of an account, in quotes')
          .describe('Account id'),
        roleArn: z
          .string()
          .regex(/^arn:aws[\w-]*:iam::\d{12}:role\/.+/, 'expected the ARN of a role')
          .optional()
          .describe('Role to assume to read this account'),
        regions: z
          .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region, like eu-central-1'))
          .min(1)
          .describe('Every region in which containers run'),
        environment: z.enum(['production', 'nonproduction']).default('production').describe('What runs in it'),
      }),
    )
    .min(1)
    .describe('Every account that is to be read'),
  foreign: z.array(z.string().min(1)).default([]).describe('Beginnings of the names of images that others make: public.ecr.aws/aws-observability/'),
  system: z.string().min(1).default('aws').describe('Id of the system in the scope'),
});
type ContainersConfig = z.infer<typeof ContainersConfig>;

const Clusters = z.object({ clusterArns: z.array(z.string()) });
const Tasks = z.object({ taskArns: z.array(z.string()) });
const text = z.string().nullish();
const Described = z.object({
  tasks: z.array(
    z.object({
      taskArn: z.string(),
      group: text,
      containers: z.array(z.object({ name: text, image: text, imageDigest: text })).nullish(),
    }),
  ),
  failures: z.array(z.object({ arn: text, reason: text, detail: text })).nullish(),
});
/** As many tasks as may be described in one question. */
const AT_ONCE = 100;

export const awsContainers = defineCollector<ContainersConfig, 'aws'>({
  id: 'aws/containers',
  title: 'Containers that run in Amazon ECS, with the digests of their images',
  version: 1,
  transport: 'aws',
  hosts: () => [],
  operations: ['sts:GetCallerIdentity', 'ecs:ListClusters', 'ecs:ListTasks', 'ecs:DescribeTasks'],
  permissions: [{ right: 'the policy that "tickmark permissions aws/containers" prints', why: 'it lists what runs and nothing else' }],
  credentials: { accessKeyId: 'id of an access key', secretAccessKey: 'its secret' },
  role: ({ accounts }, partition) => accounts.find(({ id }) => partition.startsWith(id))?.roleArn ?? null,
  every: '1d',
  config: ContainersConfig,
  feeds: [runningArtifacts],
  cannotTell: [
    'what ran between two readings and was gone again',
    'functions, virtual machines and clusters of Kubernetes',
    'whether an image holds what its digest is said to be of: that is the registry’s word',
    'regions that the configuration does not name',
  ],
  partitions: ({ accounts }) => accounts.flatMap(({ id, regions }) => [...new Set(regions)].map((region) => `${id} ${region}`)),

  async *collect(source, { partition }) {
    const [account = '', region = ''] = partition.split(' ');
    const caller = await source.ask('caller', 'sts:GetCallerIdentity');
    yield caller;
    const { Account } = callerIn([caller]);
    if (Account !== account)
      throw new IncompleteError(
        `account ${Account} answered for ${account}: the credential belongs to another account, or a role to assume is missing in the configuration`,
      );
    const clusters: string[] = [];
    for await (const page of source.pages('clusters', 'ecs:ListClusters', {}, { region })) {
      clusters.push(...parse(page, Clusters).clusterArns);
      yield page;
    }
    for (const cluster of clusters) {
      const tasks: string[] = [];
      for await (const page of source.pages(`tasks of ${cluster}`, 'ecs:ListTasks', { cluster, desiredStatus: 'RUNNING' }, { region })) {
        tasks.push(...parse(page, Tasks).taskArns);
        yield page;
      }
      for (let [part, start] = [1, 0]; start < tasks.length; part++, start += AT_ONCE) {
        const some = tasks.slice(start, start + AT_ONCE);
        const answer = await source.ask(`containers of ${cluster} ${part}`, 'ecs:DescribeTasks', { cluster, tasks: some }, { region });
        refuseGaps(answer, some);
        yield answer;
      }
    }
  },

  witness(artifacts) {
    const { Account, Arn } = callerIn(artifacts);
    return { askedAs: Arn, answeredBy: Account, granted: null, totals: {} };
  },

  normalize(artifacts, { config, partition }) {
    const rows = pagesOf(artifacts, 'clusters').flatMap((page) =>
      parse(page, Clusters).clusterArns.flatMap((cluster) => rowsOf(artifacts, cluster, partition, config)),
    );
    return [table(runningArtifacts, [...new Map(rows.map((row) => [runningArtifacts.key(row), row])).values()])];
  },
});

/** A task that has stopped since it was listed is gone; any other that is not described was not told. */
function refuseGaps(answer: Artifact, asked: readonly string[]): void {
  const { tasks, failures } = parse(answer, Described);
  const odd = (failures ?? []).find(({ reason }) => reason !== 'MISSING');
  if (odd)
    throw new IncompleteError(`"${answer.name}": ${odd.arn ?? 'a task'} was not described: ${odd.reason ?? 'no reason given'} ${odd.detail ?? ''}`.trim());
  const told = new Set([...tasks.map(({ taskArn }) => taskArn), ...(failures ?? []).map(({ arn }) => arn)]);
  const untold = asked.find((arn) => !told.has(arn));
  if (untold !== undefined) throw new IncompleteError(`"${answer.name}": ${untold} was asked for and not described`);
}

/** One row for what runs alike in many tasks of a service. */
function rowsOf(artifacts: readonly Artifact[], cluster: string, partition: string, config: ContainersConfig): readonly RunningArtifact[] {
  const environment = config.accounts.find(({ id }) => partition.startsWith(id))?.environment ?? 'unknown';
  const name = cluster.replace(/^.*cluster\//, '');
  const answers = artifacts.flatMap((artifact) => (artifact.name.startsWith(`containers of ${cluster} `) ? [artifact] : []));
  return answers.flatMap((answer) =>
    parse(answer, Described).tasks.flatMap(({ taskArn, group, containers }) =>
      (containers ?? []).map((container): RunningArtifact => {
        const image = container.image || 'unknown';
        return {
          systemId: config.system,
          environment,
          workload: `${partition} ${name}/${group || taskArn.replace(/^.*\//, 'task:')}`,
          artifact: container.name || image,
          image,
          digest: container.imageDigest || (/@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null),
          foreign: config.foreign.some((beginning) => image.startsWith(beginning)),
        };
      }),
    ),
  );
}
