import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hrExport } from '../src/acme/wire.ts';
import { makeWorld } from '../src/acme/world.ts';
import { type Ran, ranHere } from './here.ts';
import { stockSigstore } from './stock-sigstore.ts';

const root = mkdtempSync(join(tmpdir(), 'command-line-'));
afterAll(() => rmSync(root, { recursive: true }));
const program = join(import.meta.dirname, '../bin/tickmark.js');

/** In a process of its own, as people do. */
const run = (words: readonly string[], cwd = root, env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
const here = (words: readonly string[], cwd = root) => ranHere(words, cwd);

describe('the command line', () => {
  const dir = join(root, 'acme');

  it('begins a workspace, and never writes over one', async () => {
    expect(await run(['init', dir, '--company', 'Acme', '--timezone', 'UTC', '--period', '2026-01-01..2027-01-01', '--json'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(readFileSync(join(dir, 'tickmark.yaml'), 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.tickmark\/tickmark\.schema\.json\n/);
    expect(existsSync(join(dir, '.tickmark/tickmark.schema.json'))).toBe(true);
    expect(await here(['init', dir])).toMatchObject({ code: 2, stderr: expect.stringMatching(/there is a tickmark\.yaml in .* already/) });
  });

  it('knows nothing before a source is named: everything is unknown, and nothing fails', async () => {
    const { code, stdout } = await run(['status', '--json'], dir);
    const status = JSON.parse(stdout) as { criteria: { status: string | null }[]; checks: { status: string; gap: string }[]; period: unknown };
    expect(code).toBe(0);
    expect(new Set(status.criteria.map((it) => it.status))).toEqual(new Set(['unknown', null]));
    expect(status.checks[0]?.gap).toMatch(/^No source is connected that tells of /);
    expect(status.period).toEqual({ from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' });
  });

  it('collects, shows, verifies and rebuilds, from any folder', async () => {
    const now = Date.now();
    writeFileSync(join(dir, 'workers.csv'), hrExport(makeWorld(now), now));
    const yaml = join(dir, 'tickmark.yaml');
    writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', 'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }'));
    const collected = await run(['collect', '--json', '--workspace', dir], '/');
    expect(collected.code).toBe(0);
    expect(JSON.parse(collected.stdout)).toMatchObject({
      runs: [{ collector: 'hr/csv', name: 'people', complete: true, rows: { 'hr.workers': 60 }, record: 2, reason: null }],
    });
    const shown = JSON.parse((await here(['show', '#2', '--json'], dir)).stdout) as { inclusion: { included: boolean }; artifacts: { name: string }[] };
    expect(shown).toMatchObject({ inclusion: { included: true }, artifacts: [{ name: 'workers' }] });
    expect((await run(['show', '2', '--artifact', 'workers'], dir)).stdout).toBe(readFileSync(join(dir, 'workers.csv'), 'utf8'));
    expect(await here(['log', 'verify'], dir)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Verified: 3 records and 38 payloads/) });
    const before = JSON.parse((await here(['status', '--json', '--as-of', '2026-11-01T00:00:00Z'], dir)).stdout) as unknown;
    expect((await here(['rebuild'], dir)).code).toBe(0);
    expect(JSON.parse((await here(['status', '--json', '--as-of', '2026-11-01T00:00:00Z'], dir)).stdout)).toEqual(before);
  });

  it('writes records, proofs and keys for the verifiers of others', async () => {
    const { stdout } = await here(['show', '#2', '--bundle', 'bundle.json', '--proof', '2.tlog-proof', '--json'], dir);
    expect(JSON.parse(stdout)).toEqual({ index: 2, bundle: 'bundle.json', proof: '2.tlog-proof', timestamps: 0 });
    expect(await here(['log', 'trusted-root', '--out', 'trusted_root.json'], dir)).toEqual({ code: 0, stdout: 'Written to trusted_root.json.\n', stderr: '' });
    expect(await here(['log', 'policy', '--out', 'policy'], dir)).toEqual({ code: 0, stdout: 'Written to policy.\n', stderr: '' });
    const read = (file: string) => readFileSync(join(dir, file), 'utf8');
    const { verifierKey, statementKeys } = JSON.parse(read('.tickmark/log/log.json')) as { verifierKey: string; statementKeys: Record<string, string> };
    expect(stockSigstore(read('trusted_root.json'), Object.values(statementKeys))(read('bundle.json'))).toBe(null);
    expect(read('2.tlog-proof')).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 2\n/);
    expect(read('2.tlog-proof').endsWith(`\n\n${read('.tickmark/log/checkpoint')}`)).toBe(true);
    expect(read('policy')).toBe(`log ${verifierKey}\nquorum none\n`);
  });

  it('is incomplete, and says why, when an export is missing', async () => {
    rmSync(join(dir, 'workers.csv'));
    const { code, stdout } = await run(['collect', '--json'], dir);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ complete: false, rows: {}, reason: expect.stringMatching(/workers\.csv cannot be read/) }] });
  });

  it('ends with 3 when a payload was altered', async () => {
    const { artifacts } = JSON.parse((await here(['show', '2', '--json'], dir)).stdout) as { artifacts: { place: { pack: string } }[] };
    const pack = artifacts[0]?.place.pack ?? '';
    rmSync(join(dir, '.tickmark/packs', pack.slice(0, 2), pack));
    expect(await run(['log', 'verify'], dir)).toMatchObject({ code: 3, stdout: expect.stringMatching(/PAYLOAD_MISSING {2}packs\//) });
  });

  it('refuses what it does not understand with 2, in a process of its own too', async () => {
    expect(await run(['status', '--frob'], dir)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/unknown option '--frob'/) });
  });

  it.each([
    ['an unknown command', ['frobnicate'], /unknown command/],
    ['an unknown option', ['status', '--frob'], /unknown option/],
    ['a bad instant', ['status', '--as-of', 'yesterday'], /--as-of yesterday: not an instant\. Write it with its zone/],
    ['a bad period', ['deviations', '--period', '2026'], /--period 2026: not a period/],
    ['an unknown check', ['deviations', '--check', 'nothing'], /no check is called nothing\. There are: .*access-keys-rotated/],
    ['an unknown source', ['collect', '--only', 'okta/users'], /no source is called so\. There are: hr\/csv\/people/],
    ['a record that is not there', ['show', '900'], /there is no record 900/],
    ['a bundle of a record that is not there', ['show', '900', '--bundle', 'x'], /there is no record 900/],
    ['a file that cannot be written', ['show', '0', '--proof', 'no/such/folder'], /--proof no\/such\/folder: ENOENT/],
    ['a trusted root for nowhere', ['log', 'trusted-root'], /required option '--out <FILE>' not specified/],
    ['an unknown collector', ['permissions', 'azure'], /no collector is called azure\. There are: aws\/iam/],
    ['an unknown state', ['findings', '--state', 'done'], /--state done: expected open or in remediation or waived or closed or fixed or overdue/],
    [
      'occurrences of an unknown control',
      ['occurrences', '--control', 'XX-99', '--period', '2026-01-01T00:00:00Z..2026-02-01T00:00:00Z'],
      /no control is called XX-99/,
    ],
    ['a bad month', ['report', 'access-review', '--month', '2026-13'], /not a month/],
  ])('refuses %s', async (_, words, says) => {
    const { code, stderr, stdout } = await here(words, dir);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
  });

  it('lists the catalogue, with what feeds each check where there is a workspace', async () => {
    type Listed = { requiredItems: unknown[]; criteria: unknown[]; checks: { id: string; fed: boolean | null; reads: unknown }[]; workspace: boolean };
    const listed = async (cwd: string) => JSON.parse((await here(['catalog', '--json'], cwd)).stdout) as Listed;
    const [inside, nowhere] = [await listed(dir), await listed(root)];
    expect([inside, nowhere].map((it) => [it.requiredItems.length, it.criteria.length, it.workspace])).toEqual([
      [102, 61, true],
      [102, 61, false],
    ]);
    expect(new Set(nowhere.checks.map(({ fed }) => fed))).toEqual(new Set([null]));
    expect(inside.checks.filter(({ fed }) => fed).map(({ id }) => id)).toEqual(['departures-recorded']); // but for the people, nothing is connected
    const { code, stdout } = await here(['catalog'], dir);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^AC-08 +(no check yet|\d checks?, not fed) +Access is reviewed every quarter/m);
    expect(stdout).toMatch(/^mfa-enrolled +not fed +AC-06 +nothing tells of .*identity\.mfa-factors: add a source of .*okta\/users/m);
  });

  it('lists findings, waivers and occurrences of a young workspace', async () => {
    expect(await here(['waivers'], dir)).toEqual({ code: 0, stdout: 'No waiver stands in the registers that were read.\n', stderr: '' });
    const findings = JSON.parse((await here(['findings', '--json'], dir)).stdout) as {
      findings: unknown[];
      timesToFix: { severity: string }[];
      problems: unknown[];
    };
    expect([findings.findings, findings.problems, findings.timesToFix.map(({ severity }) => severity)]).toEqual([
      [],
      [],
      ['critical', 'high', 'medium', 'low'],
    ]);
    const period = `${new Date(Date.now() - 3_600_000).toISOString()}..${new Date(Date.now() + 3_600_000).toISOString()}`;
    const { code, stdout } = await here(['occurrences', '--period', period, '--all', '--json'], dir);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      series: [{ kind: 'collection', what: 'hr/csv/people (company)', expected: 1, met: 1, missed: 0 }],
      occurrences: [{ state: 'met', records: [2] }],
    });
  });

  it('says with every answer which log, code and catalogue it rests on, as it is now and as it was known', async () => {
    const period = '2026-01-01T00:00:00Z..2026-02-01T00:00:00Z';
    const commands = [
      ['status'],
      ['deviations'],
      ['findings'],
      ['waivers'],
      ['occurrences', '--period', period],
      ['period'],
      ['population', '--control', 'AC-03'],
    ];
    const rested = async (more: readonly string[]) => {
      const all: unknown[] = [];
      for (const command of commands) {
        const answer = JSON.parse((await here([...command, ...more, '--json'], dir)).stdout) as Rest | readonly Rest[];
        for (const { checkpoint, catalog, code, knownAt } of [answer].flat()) all.push({ checkpoint, catalog, code, knownAt: knownAt ?? null });
      }
      return all as readonly Rest[];
    };
    type Rest = Readonly<Record<'checkpoint' | 'catalog' | 'code' | 'knownAt', unknown>>;
    const now = await rested([]);
    expect(now.length).toBeGreaterThanOrEqual(commands.length);
    expect(new Set(now.map((it) => JSON.stringify(it))).size).toBe(1);
    expect(now[0]).toMatchObject({
      catalog: expect.stringMatching(/^[0-9a-f]{64}$/),
      code: expect.stringMatching(/\w/),
      knownAt: null,
    });
    const then = await rested(['--as-known-at', '1']);
    expect(new Set(then.map((it) => JSON.stringify(it))).size).toBe(1);
    expect(now[0]).not.toMatchObject({ checkpoint: { size: 2 } });
    expect(then[0]).toMatchObject({ checkpoint: { size: 2 }, catalog: now[0]?.catalog, knownAt: 1 });
  });

  it('prints the least privilege for AWS as a policy', async () => {
    const { stdout } = await here(['permissions', 'aws/iam']);
    const policy = JSON.parse(stdout) as { Statement: { Effect: string; Action: string[] }[] };
    expect(policy.Statement[0]?.Action).toContain('iam:GetAccountAuthorizationDetails');
    expect(policy.Statement[0]?.Action.every((action) => /^(iam:(Get|List|Generate)|sts:Get)/.test(action))).toBe(true);
  });

  it('refuses a folder without a workspace', async () => {
    const empty = join(root, 'empty');
    mkdirSync(empty);
    expect(await here(['status'], empty)).toMatchObject({ code: 2, stderr: expect.stringMatching(/there is no tickmark\.yaml in/) });
  });

  it('says which port is taken, before it does anything else', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const { code, stderr } = await run(['serve', '--demo', '--port', port], join(root, 'empty'));
    server.close();
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`port ${port} is taken`));
    expect(existsSync(join(root, 'empty/tickmark.yaml'))).toBe(false);
  });
});
