import { days, hours, type Instant, iso } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { ACCOUNT } from './aws.ts';
import { INFRASTRUCTURE } from './infrastructure-stories.ts';
import { PLAN_FILE, STATE_FILE, terraformPlanOf, terraformStateOf } from './terraform.ts';
import type { World } from './world.ts';

export const REPOSITORY = 'repositories/infrastructure';
export const PROWLER = 'scans/prowler.ocsf.json';
export const SEMGREP = 'scans/semgrep.sarif';

const encoder = new TextEncoder();
const between = (world: World, at: Instant, { from, to }: { readonly from: number; readonly to: number }) => world.ago(from) <= at && at < world.ago(to);

/** Forty digits that depend on every character: what git would name the text, as far as anybody here can tell. */
function name(text: string): string {
  const word = (seed: number) => {
    let hash = seed;
    for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    return hash.toString(16).padStart(8, '0');
  };
  return [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f].map(word).join('');
}

/** The code as it is committed at an instant. */
export function infrastructureCode(world: World, at: Instant): Readonly<Record<string, string>> {
  const { lateVolume, openVolume } = INFRASTRUCTURE;
  const search = at < world.ago(lateVolume.made) ? '' : volume('search', 200, at >= world.ago(lateVolume.encrypted));
  const analytics = at < world.ago(openVolume.made) ? '' : volume('analytics', 500, at >= world.ago(openVolume.encrypted));
  return {
    'main.tf': MAIN,
    'storage.tf': `${STORAGE}${search}${analytics}`,
    'modules/queue/main.tf': QUEUE,
  };
}

const MAIN = `terraform {
  required_version = ">= 1.9"
  backend "s3" {
    bucket = "acme-terraform-state"
    key    = "production"
    region = "eu-central-1"
  }
}

locals {
  encrypted = true
  region    = "eu-central-1"
}

data "aws_secretsmanager_secret_version" "database" {
  secret_id = "production/database"
}

module "queue" {
  source = "./modules/queue"
  name   = "invoices"
}

module "ledgers" {
  source  = "terraform-aws-modules/rds/aws"
  version = "6.10.0"
  engine  = "postgres"
}
`;

const STORAGE = `# Everything that keeps data.
resource "aws_db_instance" "main" {
  engine            = "postgres"
  instance_class    = "db.r6g.large"
  allocated_storage = 400
  storage_encrypted = local.encrypted
  password          = data.aws_secretsmanager_secret_version.database.secret_string
}

resource "aws_s3_bucket" "uploads" {
  bucket = "acme-uploads"
}

resource "aws_efs_file_system" "shared" {
  encrypted = local.encrypted
}

# Restored from a snapshot of the old account.
resource "aws_ebs_volume" "archive" {
  availability_zone = "\${local.region}a"
  size              = 800
  encrypted         = local.encrypted

  lifecycle {
    ignore_changes = [encrypted]
  }
}
`;

const QUEUE = `variable "name" {
  type = string
}

resource "aws_sqs_queue" "this" {
  name = var.name
}
`;

const volume = (called: string, size: number, encrypted: boolean): string => `
resource "aws_ebs_volume" "${called}" {
  availability_zone = "\${local.region}a"
  size              = ${size}
  encrypted         = ${encrypted}
}
`;

/** What git prints for the read-only questions that are asked of this one repository. */
export function infrastructureGit(world: World, at: Instant, { method, url, body }: WireRequest): WireAnswer | null {
  if (method !== 'GIT' || !url.endsWith(`/${REPOSITORY}`)) return null;
  const code = infrastructureCode(world, at);
  const files = Object.entries(code).map(([path, text]) => ({ path, text, sha: name(text) }));
  const commit = name(files.map(({ path, sha }) => `${path} ${sha}`).join('\n'));
  const [command, ...rest] = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as readonly string[];
  if (command === 'rev-parse' && rest.at(-1) === 'HEAD^{commit}') return printed(`${commit}\n`);
  if (command === 'ls-tree' && rest.includes('-z')) return printed(files.map(({ path, sha }) => `100644 blob ${sha}\t${path}\0`).join(''));
  const blob = command === 'cat-file' && rest[0] === 'blob' ? files.find(({ sha }) => sha === rest[1]) : undefined;
  return blob ? printed(blob.text) : { status: 500, headers: {}, body: encoder.encode(`fatal: Acme has no answer to git ${command} ${rest.join(' ')}\n`) };
}

const printed = (text: string): WireAnswer => ({ status: 200, headers: {}, body: encoder.encode(text) });

/** The exports that jobs of Acme write into the workspace once a night, an hour before they are read. */
export function infrastructureExports(world: World, at: Instant): Readonly<Record<string, string>> {
  const made = Math.floor((at - hours(1)) / days(1)) * days(1) + hours(1);
  return {
    [PROWLER]: prowler(world, made),
    [SEMGREP]: semgrep(world, made),
    [STATE_FILE]: terraformStateOf(world, made),
    [PLAN_FILE]: terraformPlanOf(world, made),
  };
}

interface Examined {
  readonly check: string;
  readonly title: string;
  readonly severity: 'Low' | 'Medium' | 'High';
  readonly service: string;
  readonly resource: string;
  readonly fails?: { readonly from: number; readonly to: number };
}

const EXAMINED: readonly Examined[] = [
  { check: 'iam_root_mfa_enabled', title: 'Root has a second factor', severity: 'High', service: 'iam', resource: `arn:aws:iam::${ACCOUNT}:root` },
  {
    check: 'cloudtrail_multi_region_enabled',
    title: 'CloudTrail records every region',
    severity: 'High',
    service: 'cloudtrail',
    resource: `arn:aws:cloudtrail:eu-central-1:${ACCOUNT}:trail/all`,
  },
  {
    check: 'rds_instance_deletion_protection',
    title: 'Databases are protected from deletion',
    severity: 'Medium',
    service: 'rds',
    resource: `arn:aws:rds:eu-central-1:${ACCOUNT}:db:main`,
    fails: INFRASTRUCTURE.timelyFix,
  },
  {
    check: INFRASTRUCTURE.oldFinding.check,
    title: 'No security group lets the internet in on port 22',
    severity: 'High',
    service: 'ec2',
    resource: INFRASTRUCTURE.oldFinding.resource,
    fails: INFRASTRUCTURE.oldFinding,
  },
  { check: 's3_bucket_public_access', title: 'Buckets are not open to the public', severity: 'High', service: 's3', resource: 'arn:aws:s3:::acme-uploads' },
  {
    check: 'vpc_flow_logs_enabled',
    title: 'Traffic of networks is logged',
    severity: 'Medium',
    service: 'vpc',
    resource: `arn:aws:ec2:eu-central-1:${ACCOUNT}:vpc/vpc-0acme`,
  },
];

/** As Prowler 5 writes it: one event for each check and resource, what passed included. */
function prowler(world: World, at: Instant): string {
  const events = EXAMINED.map(({ check, title, severity, service, resource, fails }) => {
    const failed = fails !== undefined && between(world, at, fails);
    const time = { time: at / 1000, time_dt: iso(at).replace('Z', '') };
    return {
      message: `${title}: ${failed ? 'no' : 'yes'}.`,
      metadata: {
        event_code: check,
        product: { name: 'Prowler', uid: 'prowler', vendor_name: 'Prowler', version: '5.13.0' },
        profiles: ['cloud', 'datetime'],
        version: '1.5.0',
      },
      severity_id: { Low: 2, Medium: 3, High: 4 }[severity],
      severity,
      status: 'New',
      status_code: failed ? 'FAIL' : 'PASS',
      status_id: 1,
      activity_id: 1,
      activity_name: 'Create',
      category_name: 'Findings',
      category_uid: 2,
      class_name: 'Detection Finding',
      class_uid: 2004,
      type_uid: 200401,
      type_name: 'Detection Finding: Create',
      finding_info: { created_time: at / 1000, title, uid: `prowler-aws-${check}-${ACCOUNT}-eu-central-1-${resource.split(/[:/]/).at(-1)}`, types: [] },
      resources: [
        {
          cloud_partition: 'aws',
          region: 'eu-central-1',
          group: { name: service },
          name: resource.split(/[:/]/).at(-1),
          type: 'Other',
          uid: resource,
          labels: [],
        },
      ],
      cloud: { account: { name: 'production', type: 'AWS Account', type_id: 10, uid: ACCOUNT }, provider: 'aws', region: 'eu-central-1' },
      ...time,
    };
  });
  return `${JSON.stringify(events)}\n`;
}

/** As Semgrep writes it. It does not say when it ran, so the job puts a line before it. */
function semgrep(world: World, at: Instant): string {
  const { suppressed, timelyCode } = INFRASTRUCTURE;
  const results = [
    ...(!between(world, at, suppressed)
      ? []
      : [result(suppressed.rule, 'src/export/archive.ts', 41, 'A file name is taken from a request.', [{ kind: 'inSource' }])]),
    ...(between(world, at, timelyCode) ? [result(timelyCode.rule, 'src/session/cookie.ts', 12, 'A cookie is set without the flag "secure".', [])] : []),
  ];
  const rule = (id: string, level: string, text: string) => ({
    id,
    name: id,
    shortDescription: { text },
    defaultConfiguration: { level },
    properties: { precision: 'very-high', tags: ['security'] },
  });
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
        results,
        tool: {
          driver: {
            name: 'Semgrep OSS',
            semanticVersion: '1.140.0',
            rules: [rule(suppressed.rule, 'error', 'Path from a request'), rule(timelyCode.rule, 'warning', 'Cookie without the flag "secure"')],
          },
        },
      },
    ],
  };
  return `# generated ${iso(at)}\n${JSON.stringify(log)}\n`;
}

const result = (ruleId: string, uri: string, startLine: number, text: string, suppressions: readonly object[]) => ({
  fingerprints: { 'matchBasedId/v1': name(`${ruleId} ${uri}`) },
  locations: [
    { physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region: { startLine, startColumn: 3, endLine: startLine, endColumn: 40 } } },
  ],
  message: { text },
  properties: {},
  ruleId,
  ...(suppressions.length > 0 ? { suppressions } : {}),
});
