import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { freePort, missing, postgresBinaries, startPostgres } from '../postgres.ts';
import { makeBucket } from '../s3-lab.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';

const bin = postgresBinaries();
const moto = motoServer();
const home = join(import.meta.dirname, '../..');
const document = readFileSync(join(home, 'docs/operations.md'), 'utf8');
const dir = mkdtempSync(join(tmpdir(), 'operations-'));
const running: ChildProcess[] = [];
let env: Record<string, string>;
let port: number;
let s3: Moto;

const ready =
  (bin !== null || !missing('a PostgreSQL server', 'Install postgresql.')) &&
  (moto !== null || !missing('moto', 'pip install "moto[server]", or run .ci/run.'));

beforeAll(async () => {
  [process.env.AWS_ACCESS_KEY_ID, process.env.AWS_SECRET_ACCESS_KEY] = ['test', 'test-secret'];
  // The commands as an operator writes them: the program is on the path, and AWS's chain finds credentials.
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin/tickmark'), `#!/bin/sh\nexec "${process.execPath}" "${join(home, 'bin/tickmark.js')}" "$@"\n`, { mode: 0o755 });
  env = { ...(process.env as Record<string, string>), PATH: `${join(dir, 'bin')}:${process.env.PATH ?? ''}` };
  port = await freePort();
});
afterAll(async () => {
  await Promise.all(running.map(ended));
  s3?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** The commands of a block of the document. */
function commandsOf(name: string): readonly string[] {
  const [, block] = new RegExp(`\`\`\`sh test=${name}\\n([\\s\\S]*?)\`\`\``).exec(document) ?? [];
  if (block === undefined) throw new Error(`docs/operations.md has no block ${name}`);
  return block.trim().split('\n');
}

const shell = (command: string) =>
  new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile('sh', ['-c', command], { cwd: dir, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });

/** Runs commands one after the other; those that run until they are stopped are left to. */
async function run(commands: readonly string[]): Promise<readonly string[]> {
  const told: string[] = [];
  for (const command of commands) {
    const exported = /^export (\w+)=(.*)$/.exec(command);
    if (exported) env[exported[1] ?? ''] = (exported[2] ?? '').replace('$PWD', dir);
    else if (/^tickmark (serve|worker)/.test(command)) await begin(command);
    else {
      const { code, stdout, stderr } = await shell(command);
      if (code !== 0) throw new Error(`${command}\nended with ${code}: ${stderr}${stdout}`);
      told.push(stdout);
    }
  }
  return told;
}

async function begin(command: string): Promise<void> {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${command}\nended with ${code}: ${said}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      said += String(chunk);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (/^Tickmark (serves|works)/m.test(said)) resolve();
    });
  });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const done = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 40_000);
  const code = await done;
  clearTimeout(late);
  return code;
}

async function alive(count: number): Promise<void> {
  for (const end = Date.now() + 60_000; ; ) {
    const { workers } = JSON.parse((await shell('tickmark jobs --json --workspace acme')).stdout) as {
      readonly workers: readonly { readonly alive: boolean }[];
    };
    if (workers.filter((worker) => worker.alive).length === count) return;
    if (Date.now() > end) throw new Error(`there are not ${count} workers`);
  }
}

describe.skipIf(!ready)('what docs/operations.md tells an operator to do', () => {
  it('begins on a laptop, is looked at and steered', async () => {
    await run(commandsOf('laptop').map((command) => command.replace('tickmark serve', `tickmark serve --port ${port}`)));
    await alive(1);
    const [jobs = '', list = ''] = await run(commandsOf('look'));
    expect(jobs).toMatch(/^watch +\S.*next /m);
    expect(list).not.toBe('');
    await run(commandsOf('steer'));
    const [alone, health, metrics] = await run(commandsOf('probe').map((command) => command.replace('7400', String(port))));
    expect([alone, health?.split('\n')[0]]).toEqual(['alive\n', 'ready']);
    expect(metrics).toMatch(/^tickmark_workers_alive 1$/m);
    expect(await ended(running[0] as ChildProcess)).toBe(0);
  }, 180_000);

  it('goes on with PostgreSQL, S3 and three workers, is backed up, and restored elsewhere', async () => {
    const [server, other] = [await startPostgres(bin ?? ''), await startPostgres(bin ?? '')];
    s3 = await startMoto(moto ?? '');
    await makeBucket({ endpoint: s3.endpoint, stop: () => undefined }, 'evidence', 'plain');
    try {
      cpSync(join(dir, 'acme/tickmark.yaml'), join(dir, 'tickmark.yaml'));
      rmSync(join(dir, 'acme'), { recursive: true });
      mkdirSync(join(dir, 'acme'));
      const archive = /^archive: .*$/m.exec(document)?.[0] ?? '';
      expect(archive).toBe('archive: { url: s3://evidence/tickmark, region: eu-central-1, lock: governance, retentionDays: 2557 }');
      // An emulator does not lock, and says so of itself: that is what S3 is tested with elsewhere.
      const here = `archive: { url: s3://evidence/tickmark, region: us-east-1, endpoint: "${s3.endpoint}", lock: none }\n`;
      writeFileSync(join(dir, 'acme/tickmark.yaml'), readFileSync(join(dir, 'tickmark.yaml'), 'utf8') + here);
      const ports = new Map(await Promise.all(['7411', '7412', '7413'].map(async (it) => [it, await freePort()] as const)));
      const commands = commandsOf('cluster').map((command) =>
        command
          .replace(/postgres:\/\/tickmark@db\.acme\.example\/tickmark/, server.url)
          .replace('tickmark serve', `tickmark serve --port ${port}`)
          .replace(/--port (74\d\d)/, (_, it: string) => `--port ${ports.get(it) ?? it}`),
      );
      await run(commands);
      await alive(3);
      expect((await shell(`curl -fsS http://127.0.0.1:${ports.get('7412')}/readyz`)).stdout).toMatch(/^ready\nok {2}database: the PostgreSQL server answers\n/);

      const [backup = ''] = await run(commandsOf('backup'));
      expect(backup).toMatch(/tickmark\.backup: \d+ files, \d+ rows, the log at \d+ records\./);
      expect((await shell('tar tf tickmark.backup')).stdout).toMatch(/^files\/tickmark\.yaml$/m);
      const before = JSON.parse((await shell('tickmark status --json --as-of 2026-12-31T00:00:00Z --workspace acme')).stdout) as Status;
      for (const child of running) await ended(child);

      env.DATABASE_URL = other.url;
      const [restored = ''] = await run(commandsOf('restore'));
      expect(restored).toMatch(/holds \d+ records and verifies\.\n$/);
      const after = JSON.parse((await shell('tickmark status --json --as-of 2026-12-31T00:00:00Z --workspace elsewhere')).stdout) as Status;
      expect(after.controls).toEqual(before.controls);
      const database = await openDatabase({ url: other.url });
      expect((await database.query('select count(*)::int > 0 as some from jobs.slots')).rows).toEqual([{ some: true }]);
      await database.close();
    } finally {
      for (const child of running) await ended(child);
      server.stop();
      other.stop();
    }
  }, 300_000);
});

interface Status {
  readonly controls: readonly unknown[];
}
