import { Hono } from 'hono';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Company, company, principal } from '../../src/server/api/testing/company.ts';
import { listen, site } from '../../src/server/server.ts';
import { missing } from '../postgres.ts';

/** A Python of its own, where CI puts it, or of this machine. */
const own = join(import.meta.dirname, '../../.schemathesis/bin/schemathesis');
const schemathesis = existsSync(own) ? own : 'schemathesis';
const HOW = 'python3 -m venv .schemathesis && .schemathesis/bin/pip install -r test/peers/schemathesis.txt';
/** By chance in CI; every boundary of every field in the long form. */
const PHASES = process.env.TICKMARK_LONG ? 'coverage,fuzzing' : 'fuzzing';
const CHECKS = 'not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance';

let acme: Company;
let server: Awaited<ReturnType<typeof listen>>;
const dir = mkdtempSync(join(tmpdir(), 'api-docs-'));
beforeAll(async () => {
  acme = await company();
  acme.as(principal('admin'));
  server = await listen(site({ api: acme.app, dashboard: new Hono() }), 0);
});
afterAll(async () => {
  await server.close();
  await acme.close();
  rmSync(dir, { recursive: true, force: true });
});

if (spawnSync('curl', ['--version']).status !== 0) it.skipIf(missing('curl', 'apt-get install curl'))('the examples of docs/api.md', () => undefined);
else {
  const text = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
  const examples = [...text.matchAll(/^## (.+)$|```sh\n([\s\S]*?)```/gm)].reduce<{ readonly title: string; readonly script: string }[]>(
    (all, [, title, script]) => {
      if (title !== undefined) all.push({ title, script: '' });
      else if (script !== undefined) all.push({ title: all.at(-1)?.title ?? 'The first', script });
      return all;
    },
    [],
  );

  it.each(examples.filter(({ script }) => script !== '').map(({ title, script }) => [title, script] as const))(
    'docs/api.md, %s: every example does what it says',
    async (title, script) => {
      const { code, told } = await said('sh', ['-ec', script.replaceAll('http://127.0.0.1:7400', server.url)], dir);
      expect({ title, code }).toEqual({ title, code: 0 });
      const refused = [...told.matchAll(/"type":"\/api\/problems\/([\w-]+)"/g)].map(([, name]) => name);
      expect(refused).toEqual(title === 'Refusals' ? ['invalid-request'] : []);
      if (title === 'Asking again') expect(told).toBe('304\n');
      else expect(told.length).toBeGreaterThan(20);
      expect(acme.failures).toEqual([]);
    },
  );
}

if (spawnSync(schemathesis, ['--version']).status !== 0) it.skipIf(missing('schemathesis', HOW))('an API that schemathesis asks', () => undefined);
else {
  it('answers whatever its document lets one ask, and much that it does not, as the document says', {
    timeout: process.env.TICKMARK_LONG ? 3_600_000 : 600_000,
  }, async () => {
    // Events go on for ever, and have a test of their own.
    const config = ['--config-file', join(import.meta.dirname, 'api.toml')];
    const run = ['run', `${server.url}/api/openapi.json`, '--url', `${server.url}/api`, '--checks', CHECKS, '--exclude-path', '/events'];
    const { code, told } = await said(schemathesis, [...config, ...run, '--phases', PHASES, '--no-color', '--warnings', 'off']);
    expect({ code, failures: told.slice(told.indexOf('= FAILURES ='), -1).slice(0, 6000) }).toEqual({ code: 0, failures: expect.any(String) });
    expect(acme.failures).toEqual([]);
    const [, tested = '0'] = /Tested: (\d+)/.exec(told) ?? [];
    const [, cases = '0'] = /(\d+) generated/.exec(told) ?? [];
    expect(Number(tested)).toBeGreaterThan(40);
    expect(Number(cases)).toBeGreaterThan(150);
  });
}

/** Its output, while this process answers it. */
function said(program: string, args: readonly string[], cwd = dir): Promise<{ readonly code: number | null; readonly told: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, NO_COLOR: '1' } });
    let told = '';
    child.stdout.on('data', (bytes: Buffer) => (told += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, told }));
  });
}
