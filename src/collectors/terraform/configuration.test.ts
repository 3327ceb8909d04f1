import { describe, expect, it } from 'vitest';
import { at, recorded, tested, world } from '../../../test/recorded.ts';
import { infrastructureCode } from '../../acme/infrastructure.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Resource } from '../../datasets/config/resources.ts';
import type { Collector } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { terraformConfiguration } from './configuration.ts';

const config = { repository: 'repositories/infrastructure' };

tested(terraformConfiguration, config, 'repositories/infrastructure', (rows) => {
  const all = rows('config.resources');
  expect(all.map(({ address }) => address).sort()).toEqual([
    'aws_db_instance.main',
    'aws_ebs_volume.archive',
    'aws_ebs_volume.search',
    'aws_efs_file_system.shared',
    'aws_s3_bucket.uploads',
    'aws_sqs_queue.this',
    'data.aws_secretsmanager_secret_version.database',
    'module.ledgers',
    'module.queue',
  ]);
  expect(all.find(({ type }) => type === 'aws_db_instance')).toMatchObject({
    systemId: 'aws',
    resourceId: 'repositories/infrastructure aws_db_instance.main',
    module: null,
    file: 'storage.tf',
    firstLine: 2,
    lastLine: 8,
    attributes:
      '{"allocated_storage":400,"engine":"postgres","instance_class":"db.r6g.large","password":{"$expression":"data.aws_secretsmanager_secret_version.database.secret_string"},"storage_encrypted":true}',
  });
  expect(all.find(({ type }) => type === 'aws_sqs_queue')).toMatchObject({
    module: 'modules/queue',
    resourceId: 'repositories/infrastructure/modules/queue aws_sqs_queue.this',
  });
});

const bytes = (text: string) => new TextEncoder().encode(text);
const artifact = (name: string, text: string): Artifact => ({
  name,
  request: { method: 'GIT', url: 'x', body: '[]' },
  status: 200,
  headers: {},
  body: bytes(text),
  startedAt: at,
  finishedAt: at,
});
const COMMIT = 'c'.repeat(40);

function read(files: Readonly<Record<string, string>>, over: object = {}) {
  const listing = Object.keys(files).map((path, place) => `100644 blob ${String(place).padStart(40, '0')}\t${path}\0`);
  const artifacts = [
    artifact('commit', `${COMMIT}\n`),
    artifact('files', `${listing.join('')}100644 blob ${'e'.repeat(40)}\tREADME.md\0`),
    ...Object.entries(files).map(([path, text]) => artifact(`file ${path}`, text)),
  ];
  const [table] = terraformConfiguration.normalize(artifacts, {
    config: terraformConfiguration.config.parse({ repository: 'infra', ...over }),
    partition: 'infra',
    at,
    after: null,
    since: at,
    timezone: 'UTC',
  });
  return (table?.rows ?? []) as readonly Resource[];
}

const attributesOf = (files: Readonly<Record<string, string>>) => JSON.parse(read(files)[0]?.attributes ?? '') as unknown;
const resource = (body: string) => `resource "aws_x" "y" {\n${body}\n}\n`;

describe('what code says', () => {
  it('puts locals in place only where they are certain', () => {
    const locals = 'locals {\n  a = true\n  b = var.b\n  c = 1\n}\nlocals {\n  c = 2\n}\n';
    expect(attributesOf({ 'a.tf': `${locals}${resource('p = local.a\nq = local.b\nr = local.c\ns = [local.a]\nt = local.a ? 1 : 2')}` })).toEqual({
      p: true,
      q: { $expression: 'local.b' },
      r: { $expression: 'local.c' },
      s: [true],
      t: { $expression: 'local.a ? 1 : 2' },
    });
  });

  it('does not take a local of another folder', () => {
    const rows = read({ 'a.tf': 'locals { a = true }\n', 'm/b.tf': resource('p = local.a') });
    expect(rows[0]).toMatchObject({ module: 'm', attributes: '{"p":{"$expression":"local.a"}}' });
  });

  it('is applied to the state that is named for its folder, and what lies below to none', () => {
    const files = { 'infra/a.tf': resource('p = 1'), 'infra/m/b.tf': resource('p = 2') };
    const states = (over: object) => read(files, { folder: 'infra', ...over }).map(({ module, state }) => [module, state]);
    expect(states({ state: 'production' })).toEqual([
      [null, 'production'],
      ['m', null],
    ]);
    expect(states({})).toEqual([
      [null, null],
      ['m', null],
    ]);
  });

  it('says that a secret is there, and not which', () => {
    const text = resource(
      'password = "hunter2"\ntoken = var.token\nmanage_password = true\nkms_key_id = "k"\nurl = "postgres://app:hunter2@db/x"\nenvironment {\n  API_KEY = "abc"\n  MODE = "x"\n}\nimage_pull_secrets { name = "registry" }\nmetadata_options { http_tokens = "required" }\nsecret_key = ""',
    );
    expect(attributesOf({ 'a.tf': text })).toEqual({
      password: { $sensitive: true },
      token: { $expression: 'var.token' },
      manage_password: true,
      kms_key_id: 'k',
      url: { $sensitive: true },
      environment: [{ API_KEY: { $sensitive: true }, MODE: 'x' }],
      image_pull_secrets: [{ name: 'registry' }],
      metadata_options: [{ http_tokens: 'required' }],
      secret_key: '',
    });
  });

  it('reads the JSON syntax, whose texts are templates', () => {
    const json = {
      resource: { aws_x: { y: [{ size: 1, ratio: 0.5, name: `\${var.a}`, plain: `$\${x}` }] } },
      data: [{ aws_z: { w: {} } }],
      module: { m: { source: './m' } },
    };
    const rows = read({ 'a.tf.json': JSON.stringify(json) });
    expect(rows.map(({ address, attributes }) => [address, JSON.parse(attributes)])).toEqual([
      ['aws_x.y', { size: 1, ratio: '0.5', name: { $expression: `"\${var.a}"` }, plain: `\${x}` }],
      ['data.aws_z.w', {}],
      ['module.m', { source: './m' }],
    ]);
  });

  it('lets an override replace attribute by attribute', () => {
    expect(attributesOf({ 'a.tf': resource('a = 1\nb = 1'), 'b_override.tf': resource('b = 2') })).toEqual({ a: 1, b: 2 });
  });

  it('refuses what Terraform would refuse: the same address twice', () => {
    expect(() => read({ 'a.tf': resource(''), 'b.tf': resource('') })).toThrow(new RangeError('managed aws_x.y is declared twice, in a.tf and in b.tf'));
  });

  it('passes over no file that it cannot read', () => {
    expect(() => read({ 'a.tf': resource(''), 'b.tf': 'resource {' })).toThrow(
      new RangeError('b.tf, line 1: expected the name of an attribute, found the end of the file'),
    );
    expect(() => read({ 'a.tf.json': '{' })).toThrow(/^a\.tf\.json: not JSON: /);
  });

  it('names systems as the scope does', () => {
    expect(read({ 'a.tf': 'resource "google_storage_bucket" "b" {}\n' }, { systems: { google: 'gcp' } })[0]?.systemId).toBe('gcp');
  });
});

async function collect(answers: Readonly<Record<string, string>>) {
  const given = recorded(terraformConfiguration, config, 'x');
  const wire = async ({ body }: { readonly body: Uint8Array | null }) => {
    const [command = ''] = JSON.parse(new TextDecoder().decode(body ?? new Uint8Array())) as readonly string[];
    return { status: 200, headers: {}, body: bytes(answers[command] ?? '') };
  };
  const { source } = openSource(terraformConfiguration as unknown as Collector, {
    ...given,
    wire,
    endpoint: null,
    clock: () => at,
    sleep: async () => undefined,
  });
  const names: string[] = [];
  const of = { config: terraformConfiguration.config.parse(config), partition: 'x', at, after: null, since: at, timezone: 'UTC' };
  for await (const { name } of terraformConfiguration.collect(source as never, of)) names.push(name);
  return names;
}

it('is incomplete where there is no code, or where it lies behind a link', async () => {
  await expect(collect({ 'rev-parse': COMMIT })).rejects.toThrow(
    new IncompleteError('there is no Terraform code in repositories/infrastructure as of HEAD: is it the right folder?'),
  );
  await expect(collect({ 'rev-parse': COMMIT, 'ls-tree': `120000 blob ${'a'.repeat(40)}\tmain.tf\0` })).rejects.toThrow(/main\.tf is a symbolic link/);
});

it('never asks git with an option from the configuration', () => {
  for (const over of [{ ref: '--output=x' }, { folder: '--x' }, { folder: '../x' }, { folder: '/x' }])
    expect(terraformConfiguration.config.safeParse({ ...config, ...over }).success, JSON.stringify(over)).toBe(false);
  expect(terraformConfiguration.config.safeParse({ ...config, folder: 'live/production', ref: 'release/1.2' }).success).toBe(true);
});

it('knows Acme by its story: a volume that was encrypted late', () => {
  expect(infrastructureCode(world, world.ago(140))['storage.tf']).toMatch(/"search"[\s\S]*?encrypted {9}= false/);
  expect(infrastructureCode(world, world.ago(120))['storage.tf']).toMatch(/"search"[\s\S]*?encrypted {9}= true/);
});
