import { type Instant, iso } from '../core/instant.ts';
import { ACCOUNT } from './aws.ts';
import { INFRASTRUCTURE } from './infrastructure-stories.ts';
import type { World } from './world.ts';

export const STATE_FILE = 'terraform/production.tfstate';
export const PLAN_FILE = 'terraform/next-plan.json';

const VERSION = '1.9.8';
const PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]';
const PASSWORD = 'Kestrel-Lantern-48';
const REGION = 'eu-central-1';
const arn = (service: string, rest: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;

interface Stored {
  readonly module?: string;
  readonly type: string;
  readonly name: string;
  readonly index?: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Names of attributes that the provider calls sensitive. */
  readonly sensitive?: readonly string[];
}

const volume = (name: string, size: number, encrypted: boolean): Stored => ({
  type: 'aws_ebs_volume',
  name,
  attributes: { arn: arn('ec2', `volume/vol-0${name}`), availability_zone: `${REGION}a`, encrypted, size, type: 'gp3' },
});

/** What Terraform made, as it found it when it was last applied; the archive was restored from an old snapshot, and its code does not look at that: it was copied into an encrypted volume in the end. */
function stored(world: World, at: Instant): readonly Stored[] {
  const { lateVolume, openVolume, archive } = INFRASTRUCTURE;
  return [
    {
      type: 'aws_db_instance',
      name: 'main',
      attributes: { arn: arn('rds', 'db:main'), engine: 'postgres', password: PASSWORD, storage_encrypted: true, username: 'acme' },
      sensitive: ['password'],
    },
    {
      type: 'aws_ssm_parameter',
      name: 'database_url',
      attributes: { name: '/web/database', type: 'SecureString', value: `postgres://acme:${PASSWORD}@main/acme` },
    },
    { type: 'aws_s3_bucket', name: 'uploads', attributes: { arn: 'arn:aws:s3:::acme-uploads', bucket: 'acme-uploads' } },
    { type: 'aws_efs_file_system', name: 'shared', attributes: { arn: arn('elasticfilesystem', 'file-system/fs-0shared'), encrypted: true } },
    volume('archive', 800, at >= world.ago(archive.encrypted)),
    ...(at < world.ago(lateVolume.made) ? [] : [volume('search', 200, at >= world.ago(lateVolume.encrypted))]),
    ...(at < world.ago(openVolume.made) ? [] : [volume('analytics', 500, at >= world.ago(openVolume.encrypted))]),
    {
      module: 'module.queue',
      type: 'aws_sqs_queue',
      name: 'this',
      attributes: { arn: arn('sqs', 'invoices'), name: 'invoices', sqs_managed_sse_enabled: true },
    },
    {
      module: 'module.ledgers',
      type: 'aws_db_instance',
      name: 'this',
      index: 0,
      attributes: { arn: arn('rds', 'db:ledgers'), engine: 'postgres', storage_encrypted: true },
    },
  ];
}

/** What "terraform state pull" prints. A state does not say when it is read: the job that reads it puts a line before it. */
export function terraformStateOf(world: World, at: Instant): string {
  const resources = stored(world, at).map(({ module, type, name, index, attributes, sensitive = [] }) => ({
    ...(module === undefined ? {} : { module }),
    mode: 'managed',
    type,
    name,
    provider: PROVIDER,
    instances: [
      {
        ...(index === undefined ? {} : { index_key: index }),
        schema_version: 0,
        attributes,
        sensitive_attributes: sensitive.map((value) => [{ type: 'get_attr', value }]),
      },
    ],
  }));
  const state = {
    version: 4,
    terraform_version: VERSION,
    serial: 1,
    lineage: '6f1b3c52-0acc-4e0e-9d5a-acme00000001',
    outputs: {},
    resources,
    check_results: null,
  };
  return `# generated ${iso(at)}\n${JSON.stringify(state)}\n`;
}

/** What "terraform show -json" prints of the plan that waits to be applied. */
export function terraformPlanOf(world: World, at: Instant): string {
  const { from, to } = INFRASTRUCTURE.planned;
  const waits = world.ago(from) <= at && at < world.ago(to);
  const values = { availability_zone: `${REGION}a`, encrypted: false, size: 100, type: 'gp3' };
  const made = { address: 'aws_ebs_volume.scratch', mode: 'managed', type: 'aws_ebs_volume', name: 'scratch' };
  const provided = { ...made, provider_name: 'registry.terraform.io/hashicorp/aws' };
  const change = { actions: ['create'], before: null, after: values, after_unknown: { arn: true, id: true }, before_sensitive: false, after_sensitive: {} };
  return `${JSON.stringify({
    format_version: '1.2',
    terraform_version: VERSION,
    planned_values: { root_module: { resources: waits ? [{ ...provided, schema_version: 0, values, sensitive_values: {} }] : [] } },
    resource_changes: waits ? [{ ...provided, change }] : [],
    timestamp: iso(at),
    applyable: waits,
    complete: true,
    errored: false,
  })}\n`;
}
