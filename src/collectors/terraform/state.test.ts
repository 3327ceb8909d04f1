import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { at, recorded, root, tested, world } from '../../../test/recorded.ts';
import { infrastructureExports } from '../../acme/infrastructure.ts';
import { PLAN_FILE, STATE_FILE } from '../../acme/terraform.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Collector } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { terraformState } from './state.ts';

const folder = mkdtempSync(join(tmpdir(), 'state-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STATE = {
  version: 4,
  terraform_version: '1.9.5',
  serial: 7,
  lineage: 'l',
  outputs: { password: { value: 'hunter2-hunter2', type: 'string', sensitive: true } },
  resources: [
    {
      module: 'module.db["a"].module.inner',
      mode: 'managed',
      type: 'aws_db_instance',
      name: 'this',
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [
        {
          index_key: 'x',
          attributes: { storage_encrypted: true, iops: 0.5, password: 'hunter2-hunter2' },
          sensitive_attributes: [[{ type: 'get_attr', value: 'password' }]],
        },
        { index_key: 0, deposed: '1a2b', attributes: { storage_encrypted: false } },
      ],
    },
    { mode: 'data', type: 'aws_ami', name: 'web', provider: 'p', instances: [{ attributes: { id: 'ami-1' } }] },
  ],
};
const text = `# generated 2026-10-20T05:00:00Z\n${JSON.stringify(STATE)}`;
writeFileSync(join(root, 'infra.tfstate'), text);

tested(terraformState, { path: 'infra.tfstate', state: 'production' }, 'production', (rows) => {
  expect(rows('config.resources').map(({ resourceId, module, mode, attributes }) => [resourceId, module, mode, attributes])).toEqual([
    [
      'production module.db["a"].module.inner.aws_db_instance.this["x"]',
      'module.db',
      'managed',
      '{"iops":"0.5","password":{"$sensitive":true},"storage_encrypted":true}',
    ],
    ['production module.db["a"].module.inner.aws_db_instance.this[0] (deposed 1a2b)', 'module.db', 'managed', '{"storage_encrypted":false}'],
    ['production data.aws_ami.web', null, 'data', '{"id":"ami-1"}'],
  ]);
  expect(rows('config.resources').every(({ origin, file }) => origin === 'state' && file === null)).toBe(true);
});

describe('what Acme keeps of its infrastructure', () => {
  const exported = infrastructureExports(world, world.ago(150)); // the archive was not yet copied into an encrypted volume
  for (const path of [STATE_FILE, PLAN_FILE]) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), exported[path] ?? '');
  }
  const rowsOf = (artifacts: readonly Artifact[], path: string) => {
    const of = { config: terraformState.config.parse({ path }), partition: 'default', at, since: at, after: null, timezone: 'UTC' };
    return terraformState.normalize(artifacts, of)[0]?.rows ?? [];
  };

  it('is kept without the password, wherever it stands', async () => {
    expect(exported[STATE_FILE]).toContain('Kestrel-Lantern-48');
    const artifacts = await collect(STATE_FILE);
    expect(artifacts.map(({ body }) => new TextDecoder().decode(body)).join()).not.toContain('Kestrel');
    const rows = rowsOf(artifacts, STATE_FILE);
    expect(rows.find(({ address }) => address === 'aws_ssm_parameter.database_url')).toMatchObject({
      attributes: expect.stringContaining('"value":{"$sensitive":true}'),
    });
    expect(rows.find(({ address }) => address === 'aws_ebs_volume.archive')).toMatchObject({
      origin: 'state',
      attributes: expect.stringContaining('"encrypted":false'),
    });
    expect(rows.find(({ module }) => module === 'module.ledgers')).toMatchObject({
      address: 'module.ledgers.aws_db_instance.this[0]',
      systemId: 'aws',
      state: 'default',
    });
  });

  it('is told of a plan as it will be', async () => {
    expect(rowsOf(await collect(PLAN_FILE), PLAN_FILE)).toEqual([]);
    writeFileSync(join(folder, PLAN_FILE), infrastructureExports(world, world.ago(15))[PLAN_FILE] ?? '');
    expect(rowsOf(await collect(PLAN_FILE), PLAN_FILE)).toMatchObject([
      { address: 'aws_ebs_volume.scratch', origin: 'plan', systemId: 'aws', mode: 'managed' },
    ]);
  });
});

async function collect(path: string, over: object = {}): Promise<readonly Artifact[]> {
  const given = recorded(terraformState, { path, ...over }, 'default');
  const { source } = openSource(terraformState as unknown as Collector, {
    ...given,
    root: folder,
    endpoint: null,
    clock: () => at,
    sleep: async () => undefined,
  });
  const artifacts: Artifact[] = [];
  const of = { config: terraformState.config.parse({ path, ...over }), partition: 'default', at, after: null, since: at, timezone: 'UTC' };
  for await (const artifact of terraformState.collect(source as never, of)) artifacts.push(artifact);
  return artifacts;
}
const file = (name: string, content: string) => writeFileSync(join(folder, name), content);
const normalized = (artifacts: readonly Artifact[], over: object = {}) =>
  terraformState.normalize(artifacts, {
    config: terraformState.config.parse({ path: 'x', ...over }),
    partition: 'default',
    at,
    after: null,
    since: at,
    timezone: 'UTC',
  })[0];

describe('what is kept of a state', () => {
  it('holds no secret, says so, and names the bytes it was made of', async () => {
    file('a.tfstate', text);
    const [artifact] = await collect('a.tfstate');
    expect(JSON.stringify({ ...artifact, body: new TextDecoder().decode(artifact?.body) })).not.toContain('hunter2');
    expect(artifact?.request.body).toMatch(/^redacted: /);
    expect(artifact?.headers).toEqual({
      'content-type': 'application/json',
      'x-original-sha256': createHash('sha256').update(text).digest('hex'),
      'x-original-size': String(Buffer.byteLength(text)),
    });
  });

  it('is nothing where the file cannot be read, and the reason quotes nothing of it', async () => {
    file('broken.tfstate', '{"password": hunter2');
    await expect(collect('broken.tfstate')).rejects.toThrow(new IncompleteError('"state": broken.tfstate is not JSON'));
  });

  it('needs a time', async () => {
    file('undated.tfstate', JSON.stringify(STATE));
    await expect(collect('undated.tfstate')).rejects.toThrow(/undated\.tfstate does not say when it was generated/);
    expect(await collect('undated.tfstate', { generatedAt: '2026-10-20T05:00:00Z' })).toHaveLength(1);
  });
});

it('speaks of the time at which it was generated', async () => {
  file('dated.tfstate', text);
  expect(normalized(await collect('dated.tfstate'))?.at).toBe(Date.parse('2026-10-20T05:00:00Z'));
});

it('reads a plan: what will be, what is known only later, and what was read', async () => {
  file(
    'plan.json',
    JSON.stringify({
      format_version: '1.2',
      timestamp: '2026-10-21T05:00:00Z',
      planned_values: {
        root_module: {
          resources: [{ address: 'aws_ebs_volume.a', mode: 'managed', type: 'aws_ebs_volume', name: 'a', values: { size: 1, tags: { x: 'y' } } }],
          child_modules: [{ resources: [{ address: 'module.m.aws_s3_bucket.b', mode: 'managed', type: 'aws_s3_bucket', name: 'b', values: {} }] }],
        },
      },
      prior_state: { values: { root_module: { resources: [{ address: 'data.aws_ami.w', mode: 'data', type: 'aws_ami', name: 'w', values: { id: 'x' } }] } } },
      resource_changes: [{ address: 'aws_ebs_volume.a', change: { after_unknown: { encrypted: true, tags: { z: true }, size: false, none: [] } } }],
    }),
  );
  const table = normalized(await collect('plan.json'));
  expect(table?.at).toBe(Date.parse('2026-10-21T05:00:00Z'));
  expect(table?.rows.map(({ origin, address, module, attributes }) => [origin, address, module, attributes])).toEqual([
    [
      'plan',
      'aws_ebs_volume.a',
      null,
      '{"encrypted":{"$expression":"(known after apply)"},"size":1,"tags":{"x":"y","z":{"$expression":"(known after apply)"}}}',
    ],
    ['plan', 'module.m.aws_s3_bucket.b', 'module.m', '{}'],
    ['plan', 'data.aws_ami.w', null, '{"id":"x"}'],
  ]);
});
