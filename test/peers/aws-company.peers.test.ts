import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  UpdateAccessKeyCommand,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { days, iso } from '../../src/core/instant.ts';
import { missing } from '../postgres.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';

// A company in AWS, with its people and its registers beside it, on an emulator that nobody here wrote: each mistake that was planted
// is noted under its item, and nothing else is.

const ACCOUNT = '123456789012';
const ENV = { AWS_KEY: 'testing', AWS_SECRET: 'testing' };
const now = Date.now();
const day = (ago: number) => iso(now - days(ago)).slice(0, 10);
const [BUILT, SHELL] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const PIPELINE = 'https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main';
const program = motoServer();

const WORKERS = [
  `W-1,Ines Duarte,ines.duarte@acme.example,employee,${day(400)},`,
  `W-2,Bruno Novak,bruno.novak@acme.example,employee,${day(400)},${day(20)}`,
  `W-3,Chloe Martin,chloe.martin@acme.example,contractor,${day(100)},`,
];
const PEOPLE = `people:
  accounts:
    - { system: aws, account: ines, person: W-1 }
    - { system: aws, account: bruno, person: W-2 }
    - { system: aws, account: chloe, person: W-3 }
  services:
    - { system: aws, account: ci, owner: W-1, purpose: the pipeline }
    - { system: aws, account: metrics, owner: W-2, purpose: figures }
`;
const PROVENANCE = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'registry.acme.example/web', digest: { sha256: BUILT.slice(7) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: { buildDefinition: { resolvedDependencies: [] }, runDetails: { builder: { id: PIPELINE } } },
};

describe.skipIf(program === null && missing('moto', 'pip install "moto[server]==5.2.1"'))('a company in AWS', () => {
  const dir = mkdtempSync(join(tmpdir(), 'aws-company-'));
  let moto: Moto;

  beforeAll(async () => {
    moto = await startMoto(program ?? '');
    await seedIam(new IAMClient({ endpoint: moto.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } }));
    await seedContainers(moto.endpoint);
    layWorkspace(dir, moto.endpoint);
  }, 120_000);
  afterAll(() => {
    moto.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('has exactly the deviations that were planted, item by item', async () => {
    let clock = now;
    const opened = await openWorkspace({ dir, env: ENV, clock: () => clock });
    await opened.collect();
    // What is nowhere is known to be nowhere once every source has been looked at since the thing appeared.
    clock = now + days(1);
    layExports(dir, clock - 60_000);
    const runs = await opened.collect();
    expect(runs.map(({ reason }) => reason)).toEqual(runs.map(() => null));
    const { findings: said, checks } = await opened.posture();
    const findings = [...said];
    await opened.close();
    const noted = (verdict: string) =>
      Object.fromEntries(
        [
          ...Map.groupBy(
            findings.filter((it) => it.verdict === verdict),
            ({ check }) => check,
          ),
        ].map(([check, its]) => [check, [...new Set(its.map(({ item }) => item.label.replace(/AKIA\w+/, 'AKIA')))].sort()]),
      );
    expect(noted('deviates')).toEqual({
      'access-keys-owned': [`key AKIA of bruno in ${ACCOUNT}`, `key AKIA of metrics in ${ACCOUNT}`, `key AKIA of stray in ${ACCOUNT}`],
      'accounts-owned': ['bruno in aws', 'stray in aws'],
      'cloud-accounts-declared': [`root of ${ACCOUNT}`],
      'grants-given-through-roles': [`user ci in ${ACCOUNT}`, `user metrics in ${ACCOUNT}`],
      'leaver-access-removed': ['Bruno Novak (W-2)'],
      'leaver-keys-removed': [`key AKIA of bruno in ${ACCOUNT}`, `key AKIA of metrics in ${ACCOUNT}`],
      'mfa-enforced': ['chloe in aws', 'ines in aws'],
      'mfa-enrolled': ['chloe in aws'],
      'policies-scoped': [`policy everything in ${ACCOUNT}`],
      'register-changes-approved': ['Elsewhere (cloud-accounts)'],
      'root-mfa-enabled': [`root of ${ACCOUNT}`], // moto's root has none
      'running-artifacts-built': [`shell of ${ACCOUNT} us-east-1 main/service:shell (registry.acme.example/shell@${SHELL})`],
      'service-accounts-owned': ['metrics in aws'],
    });
    expect(noted('unknown')['departures-recorded']).toEqual(['departure of Bruno Novak (W-2)']); // he had left when HR was first read
    const status = (check: string) => checks.find(({ id }) => id === check);
    expect(status('passwords-strong')).toMatchObject({ status: 'pass', examined: 1 });
    expect(status('access-keys-rotated')).toMatchObject({ status: 'pass', examined: 4 });
    expect(status('running-artifacts-built')).toMatchObject({ examined: 2, deviations: 1, unknowns: 0 });
  }, 120_000);
});

/** People with and without a second factor, machines with keys, somebody who left, and a user whom nobody knows. */
async function seedIam(iam: IAMClient): Promise<void> {
  await iam.send(
    new UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14, PasswordReusePrevention: 24, RequireNumbers: true, RequireSymbols: true }),
  );
  for (const UserName of ['ines', 'bruno', 'chloe', 'ci', 'metrics', 'stray']) await iam.send(new CreateUserCommand({ UserName }));
  for (const UserName of ['ci', 'metrics', 'stray', 'bruno']) await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'chloe' }));
  await iam.send(new UpdateAccessKeyCommand({ UserName: 'chloe', AccessKeyId: AccessKey?.AccessKeyId, Status: 'Inactive' }));
  for (const UserName of ['ines', 'chloe']) await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-Horse-9-Battery' }));
  const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'ines' }));
  const SerialNumber = VirtualMFADevice?.SerialNumber;
  await iam.send(new EnableMFADeviceCommand({ UserName: 'ines', SerialNumber, AuthenticationCode1: '123456', AuthenticationCode2: '654321' }));
  const document = (Action: string, Resource: string) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] });
  const all = await iam.send(new CreatePolicyCommand({ PolicyName: 'everything', PolicyDocument: document('*', '*') }));
  const few = await iam.send(new CreatePolicyCommand({ PolicyName: 'read-figures', PolicyDocument: document('s3:GetObject', 'arn:aws:s3:::acme/*') }));
  await iam.send(new AttachUserPolicyCommand({ UserName: 'ci', PolicyArn: all.Policy?.Arn }));
  await iam.send(new AttachUserPolicyCommand({ UserName: 'metrics', PolicyArn: few.Policy?.Arn }));
}

/** What the pipeline built runs, and beside it something that somebody started by hand. */
async function seedContainers(endpoint: string): Promise<void> {
  const posted = async (service: string, headers: Readonly<Record<string, string>>, body: string) => {
    const authorization = `AWS4-HMAC-SHA256 Credential=testing/20260601/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
    const answer = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization }, body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${body}: ${text}`);
    return text;
  };
  const ecs = (operation: string, input: object) => {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}` };
    return posted('ecs', headers, JSON.stringify(input));
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const subnet = /<subnetId>([^<]+)</.exec(await posted('ec2', form, 'Action=DescribeSubnets&Version=2016-11-15'))?.[1];
  const networkConfiguration = { awsvpcConfiguration: { subnets: [subnet], securityGroups: [] } };
  await ecs('CreateCluster', { clusterName: 'main' });
  for (const [name, digest] of [
    ['web', BUILT],
    ['shell', SHELL],
  ] as const) {
    const container = { name, image: `registry.acme.example/${name}@${digest}`, memory: 64 };
    await ecs('RegisterTaskDefinition', { family: name, containerDefinitions: [container], requiresCompatibilities: ['FARGATE'] });
    await ecs('RunTask', { cluster: 'main', taskDefinition: name, count: 2, launchType: 'FARGATE', group: `service:${name}`, networkConfiguration });
  }
}

function layExports(dir: string, at: number): void {
  const generated = `# generated ${iso(at)}\n`;
  const head = 'employee_id,name,email,employment_type,start_date,end_date';
  writeFileSync(join(dir, 'workers.csv'), `${generated}${head}\n${WORKERS.join('\n')}\n`);
  writeFileSync(join(dir, 'provenance.jsonl'), `${generated}${JSON.stringify(PROVENANCE)}\n`);
}

/** The workspace: HR, provenance and a register under version control, and the two collectors of AWS. */
function layWorkspace(dir: string, endpoint: string): void {
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: `${day(60)}..2035-01-01` });
  layExports(dir, now - 60_000);
  const aws = `endpoint: "${endpoint}" }, credentials: { accessKeyId: env:AWS_KEY, secretAccessKey: env:AWS_SECRET }`;
  const sources = `sources:
  - { collector: hr/csv, name: people, config: { path: workers.csv } }
  - { collector: files/registers, name: workspace, config: { kinds: [cloud-accounts] } }
  - { collector: slsa/provenance, name: builds, config: { path: provenance.jsonl, builders: ["${PIPELINE}"], verifiedBy: "job attestations" } }
  - { collector: aws/iam, name: main, config: { accounts: [{ id: "${ACCOUNT}" }], ${aws} }
  - { collector: aws/containers, name: main, config: { accounts: [{ id: "${ACCOUNT}", regions: [us-east-1] }], ${aws} }
`;
  const yaml = join(dir, 'tickmark.yaml');
  const scope = 'scope: { systems: [{ id: aws, name: AWS, environment: production, owner: W-1, sources: [aws/iam/main, aws/containers/main] }] }';
  const text = readFileSync(yaml, 'utf8').replace('sources: []', sources.trim()).replace('scope: {}', scope).replace('people: {}', PEOPLE.trim());
  writeFileSync(yaml, text);
  mkdirSync(join(dir, 'registers'), { recursive: true });
  writeFileSync(
    join(dir, 'registers/cloud-accounts.yaml'),
    '- id: "111122223333"\n  title: Elsewhere\n  provider: aws\n  status: active\n  environment: production\n  mixed: false\n  system: aws\n  owner: W-1\n',
  );
  const env = { PATH: process.env.PATH ?? '', HOME: dir, GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=Ines Duarte', '-c', 'user.email=ines.duarte@acme.example'];
  for (const args of [
    ['init', '--quiet'],
    ['add', 'registers/cloud-accounts.yaml'],
    [...who, 'commit', '--quiet', '--message', 'Accounts'],
  ])
    execFileSync('git', ['-C', dir, ...args], { env });
}
