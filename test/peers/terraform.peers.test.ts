import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collectors/collector.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { terraformConfiguration } from '../../src/collectors/terraform/configuration.ts';
import { terraformState } from '../../src/collectors/terraform/state.ts';
import { gitWire } from '../../src/sources/git-wire.ts';
import { openSource } from '../../src/sources/open.ts';
import { missing } from '../postgres.ts';

// What HashiCorp ships to test readers of its format: code, and what Terraform itself printed of it.
const PRINTED = 'github.com/hashicorp/terraform-json@v0.29.0';
const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const git = spawnSync('git', ['--version']).status === 0;
const at = Date.parse('2026-10-20T06:00:00Z');

type Resource = {
  readonly address: string;
  readonly mode: string;
  readonly expressions?: Readonly<Record<string, { readonly constant_value?: unknown }>>;
  readonly values?: object;
};
interface Module {
  readonly resources?: readonly Resource[];
  readonly child_modules?: readonly Module[];
  readonly module_calls?: Readonly<Record<string, { readonly source: string; readonly module?: Module }>>;
}

async function read(collector: unknown, config: object, root: string) {
  const its = collector as Collector;
  const parsed = its.config.parse(config);
  const { source } = openSource(its, {
    config: parsed,
    partition: 'x',
    credentials: {},
    endpoint: null,
    root,
    wire: gitWire,
    clock: () => at,
    sleep: async () => undefined,
  });
  const of = { config: parsed, partition: 'x', at, after: null, since: at, timezone: 'UTC' };
  const artifacts: Artifact[] = [];
  for await (const artifact of its.collect(source as never, of)) artifacts.push(artifact);
  const [table] = its.normalize(artifacts, of);
  for (const row of table?.rows ?? []) table?.dataset.row.parse(row);
  return {
    artifacts,
    rows: (table?.rows ?? []) as readonly {
      address: string;
      mode: string;
      attributes: string;
      module: string | null;
      file: string | null;
      firstLine: number | null;
    }[],
  };
}

const resourcesOf = (module: Module | undefined): readonly Resource[] => [...(module?.resources ?? []), ...(module?.child_modules ?? []).flatMap(resourcesOf)];

if (go === undefined || !git) it.skipIf(missing('Go or git', 'Install golang-go and git.'))('what Terraform printed', () => undefined);
else {
  const { Dir: module } = JSON.parse(execFileSync(go, ['mod', 'download', '-json', PRINTED], { cwd: tmpdir(), encoding: 'utf8' })) as { Dir: string };
  const data = join(module, 'testdata');
  const root = mkdtempSync(join(tmpdir(), 'terraform-'));
  afterAll(() => rmSync(root, { recursive: true }));
  const found = readdirSync(data, { recursive: true, encoding: 'utf8' });
  const printed = found.filter((name) => /(plan|state|show)[^/]*\.json$/.test(name) && !name.startsWith('invalid'));

  describe('states and plans that Terraform printed', () => {
    it('has some', () => expect(printed.length).toBeGreaterThan(15));

    it.each(printed)('%s', async (name) => {
      const text = readFileSync(join(data, name), 'utf8');
      const document = JSON.parse(text) as Record<string, { root_module?: Module; values?: { root_module?: Module } }>;
      const secrets = [...marked(document)];
      writeFileSync(join(root, 'told.json'), text);
      const { artifacts, rows } = await read(terraformState, { path: 'told.json', generatedAt: '2026-10-20T05:00:00Z' }, root);
      const kept = new TextDecoder().decode(artifacts[0]?.body);
      for (const secret of secrets) expect(kept).not.toContain(secret);
      const made = resourcesOf((document.planned_values ?? document.values)?.root_module).map(({ address }) => address);
      const prior = resourcesOf(document.prior_state?.values?.root_module).flatMap((it) =>
        it.mode === 'data' && !made.includes(it.address) ? [it.address] : [],
      );
      expect(rows.map(({ address }) => address).sort()).toEqual([...made, ...prior].sort());
    });

    it('loses what they mark, be it only "bar"', async () => {
      const document = JSON.parse(readFileSync(join(data, '110_sensitive_values/state.json'), 'utf8')) as {
        values: { outputs: Record<string, unknown>; root_module: { resources: { address: string; sensitive_values: unknown }[] } };
      };
      const [first] = document.values.root_module.resources;
      if (first) first.sensitive_values = { id: true };
      writeFileSync(join(root, 'told.json'), JSON.stringify(document));
      const { rows, artifacts } = await read(terraformState, { path: 'told.json', generatedAt: '2026-10-20T05:00:00Z' }, root);
      expect(JSON.parse(rows.find(({ address }) => address === first?.address)?.attributes ?? '')).toMatchObject({ id: { $sensitive: true } });
      const kept = JSON.parse(new TextDecoder().decode(artifacts[0]?.body)) as typeof document;
      expect(kept.values.outputs).toEqual({ ...document.values.outputs, foo: { sensitive: true, value: { $sensitive: true } } });
    });
  });

  // "terraform show -json" of a plan says what its code declares: which resources, and every value that is a constant.
  const folders = printed.flatMap((name) => {
    const folder = name.replace(/\/plan\.json$/, '');
    return folder !== name && found.some((other) => other.startsWith(`${folder}/`) && other.endsWith('.tf')) ? [folder] : [];
  });
  describe('code of which Terraform printed what it declares', () => {
    it.each(folders)('%s', async (folder) => {
      const repository = join(root, 'clone');
      rmSync(repository, { recursive: true, force: true });
      mkdirSync(repository);
      cpSync(join(data, folder), repository, { recursive: true });
      execFileSync('chmod', ['-R', 'u+w', repository]);
      const run = (...args: readonly string[]) =>
        execFileSync('git', ['-C', repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example', ...args], { stdio: 'pipe' });
      run('init', '-q');
      run('add', '-A');
      run('commit', '-q', '-m', 'as printed');
      writeFileSync(join(repository, 'uncommitted.tf'), 'resource "a" "b" {}\n');
      const { rows } = await read(terraformConfiguration, { repository: 'clone' }, root);
      const { configuration } = JSON.parse(readFileSync(join(data, folder, 'plan.json'), 'utf8')) as { configuration: { root_module: Module } };
      const here = rows.filter((row) => row.module === null);
      const calls = Object.keys(configuration.root_module.module_calls ?? {}).map((name) => `module.${name}`);
      const declared = configuration.root_module.resources ?? [];
      expect(here.map(({ address }) => address).sort()).toEqual([...declared.map(({ address }) => address), ...calls].sort());
      expect(here.every(({ firstLine, file }) => firstLine !== null && file !== null)).toBe(true);
      for (const { address, expressions } of declared) {
        const attributes = JSON.parse(here.find((row) => row.address === address)?.attributes ?? '{}') as Record<string, unknown>;
        for (const [name, value] of Object.entries(expressions ?? {})) {
          if (value.constant_value === undefined || JSON.stringify(attributes[name]).includes('$')) continue;
          expect(attributes[name], `${address} ${name}`).toEqual(asText(value.constant_value));
        }
      }
    });
  });
}

/** Numbers that are not safe integers are digits with us. */
const asText = (value: unknown): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value)
    ? String(value)
    : Array.isArray(value)
      ? value.map(asText)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, its]) => [key, asText(its)]))
        : value;

/** Texts of at least six characters that a document itself marks as sensitive. */
function* marked(value: unknown): Iterable<string> {
  if (typeof value !== 'object' || value === null) return;
  const it = value as Record<string, unknown>;
  for (const [of, map] of [
    ['values', 'sensitive_values'],
    ['before', 'before_sensitive'],
    ['after', 'after_sensitive'],
  ] as const)
    yield* under(it[of], it[map]);
  if (it.sensitive === true) yield* under(it.value, true);
  for (const its of Object.values(it)) yield* marked(its);
}

function* under(value: unknown, map: unknown): Iterable<string> {
  if (typeof value === 'string') {
    if (map === true && value.length >= 6) yield value;
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, its] of Object.entries(value)) yield* under(its, map === true ? true : (map as Record<string, unknown> | undefined)?.[key]);
  }
}
