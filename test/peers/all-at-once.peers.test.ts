import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hrExport } from '../../src/acme/wire.ts';
import { makeWorld } from '../../src/acme/world.ts';
import { initialize } from '../../src/app/initialize.ts';
import { days } from '../../src/core/instant.ts';
import { type FaultProxy, faultProxy } from '../fault-proxy.ts';
import { type Ran, ranHere } from '../here.ts';
import { freePort, missing } from '../postgres.ts';
import { makeBucket } from '../s3-lab.ts';
import { databases } from './databases.ts';
import { type Moto, motoServer, startMoto } from './moto.ts';
import { startTsa } from './tsa.ts';

const program = motoServer();
const openssl = spawnSync('openssl', ['version']).status === 0;
const { skip, root, fresh } = databases('all-at-once');
const tickmark = join(import.meta.dirname, '../../bin/tickmark.js');

if (program === null || !openssl)
  it.skipIf(missing('moto, or openssl', 'pip install "moto[server]==5.2.1"; install openssl.'))('an archive with all there is', () => undefined);
else
  describe.skipIf(skip)('a log in a bucket, its keys wrapped by a service, confirmed by an authority and a witness', () => {
    let moto: Moto;
    let proxy: FaultProxy;
    let tsa: Awaited<ReturnType<typeof startTsa>>;
    let witness: ChildProcess | null = null;
    let dir = '';
    let vkey = '';
    const environment = { ...process.env };
    const PERIOD = '2026-01-01T00:00:00Z..2030-01-01T00:00:00Z';
    const run = async (...words: readonly string[]): Promise<Ran> => ranHere(['--workspace', dir, ...words], root);
    /** Runs it, and says what it said where it did not end well. */
    const fine = async (...words: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run(...words);
      if (code !== 0) throw new Error(`tickmark ${words.join(' ')} ended with ${code}:\n${stderr}`);
      return stdout;
    };
    /** What HR exports so many days from now: another text each day. */
    const workers = (day: number) => {
      const at = Date.now() + days(day);
      writeFileSync(join(dir, 'workers.csv'), hrExport(makeWorld(at), at));
    };

    beforeAll(async () => {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-central-1' });
      [moto, tsa] = [await startMoto(program), await startTsa('ec', 0)];
      proxy = await faultProxy(moto.endpoint);
      // What moto answers wrongly is answered for it: so would a provider that can be trusted.
      proxy.inject((method, path) => method === 'PUT' && path.endsWith('/checksum?x-id=PutObject'), { refuse: 400 });
      proxy.inject((method, path) => method === 'PUT' && /self-test.*[?&]retention/.test(path), { refuse: 403 });
      await makeBucket(moto, 'evidence', 'locked');
      dir = join(root, 'acme');
      initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
      writeFileSync(join(dir, 'registers/authority.pem'), tsa.root);
      const yaml = join(dir, 'tickmark.yaml');
      writeFileSync(
        yaml,
        `${readFileSync(yaml, 'utf8').replace('sources: []', 'sources: [{ collector: hr/csv, name: people, config: { path: workers.csv } }]')}
archive: { url: "s3://evidence/acme", endpoint: "${proxy.endpoint}", lock: governance, retentionDays: 400 }
keys: { kms: { region: eu-central-1, alias: tickmark, endpoint: "${moto.endpoint}" } }
timestamps: [{ name: authority, url: "${tsa.url}", certificates: registers/authority.pem, runs: true }]
`,
      );
      workers(0);
    }, 120_000);
    afterAll(async () => {
      witness?.kill('SIGKILL');
      proxy?.stop();
      moto?.stop();
      await tsa?.stop();
      for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
      Object.assign(process.env, environment);
    });

    it('is sealed, confirmed and verified', async () => {
      await fine('collect');
      const { verifierKey } = JSON.parse(await fine('log', 'status', '--json')) as { readonly verifierKey: string };
      vkey = verifierKey;
      await watch();
      workers(1);
      await fine('collect');
      expect(await fine('log', 'attend')).toMatch(/The newest checkpoint is timestamped\.\nIt is witnessed\.\n$/);
      expect(JSON.parse(await fine('log', 'status', '--json'))).toMatchObject({ timestamped: true, witnessed: true, complaints: [] });
      expect(await fine('log', 'verify')).toMatch(/^Verified: 4 records and /);
      await fine('log', 'fsck');
      expect(await fine('log', 'scrub', '--seconds', '20')).toContain('No damage.');
    }, 120_000);

    it('disposes of a record, but not under a hold, and its keys are replaced', async () => {
      const asked = ['dispose', '--record', '1', '--reason', 'asked', '--approver', 'maria@acme.example', '--early', '--yes'];
      const why = ['--reason', 'a claim', '--by', 'maria@acme.example'];
      const [, hold = ''] = /^Record (\d+) places the hold/.exec(await fine('hold', 'place', '--record', '1', ...why)) ?? [];
      expect(await run(...asked)).toMatchObject({ code: 2, stderr: expect.stringContaining(`the hold of record ${hold} keeps records 1`) });
      await fine('hold', 'release', hold, ...why);
      await fine(...asked);
      expect(await fine('log', 'verify')).toContain('2 of them DISPOSED by record');
      await fine('log', 'rotate-key', '--collector', 'hr/csv');
      await fine('log', 'rotate-key', '--at-once');
      workers(2);
      await fine('collect');
      expect((await run('log', 'status')).stdout).toContain('Give it the key that "tickmark log status" shows');
      await fine('log', 'verify');
    }, 120_000);

    it('is exported, pinned from a copy and backed up', async () => {
      const bundle = join(root, 'bundle.tar');
      await fine('bundle', 'export', '--period', PERIOD, '--out', bundle);
      const verified = await fine('bundle', 'verify', bundle, '--key', vkey, '--tsa-ca', join(dir, 'registers/authority.pem'));
      expect(verified).toMatch(/^DISPOSED /m);
      expect(verified).not.toMatch(/^(MISSING|ALTERED) /m);
      expect(await fine('bundle', 'report', bundle)).toMatch(/^# Evidence of the period: Acme\n/);
      await fine('show', '2', '--bundle', join(root, 'record.json'), '--stamp');
      expect(await run('log', 'pin', '--pin', join(root, 'acme.pin'))).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('make a copy of what lies below'),
      });
      expect(await run('backup', '--out', join(root, 'backup.tar'))).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('keep the versions of that bucket'),
      });
    }, 120_000);

    it('is restored elsewhere from a backup and the versions of the bucket', async () => {
      const before = dir;
      dir = join(root, 'restored');
      try {
        await fine('restore', join(root, 'backup.tar'));
        expect(await fine('log', 'verify')).toContain('2 of them DISPOSED by record');
        expect(await fine('show', '3', '--artifact', 'workers')).toContain('@acme.example');
        expect(await fine('show', '1')).toMatch(/^DISPOSED {3}of its evidence in record 6/m);
        expect(await fine('log', 'status')).toMatch(/^timestamps {2}authority/m);
      } finally {
        dir = before;
      }
    }, 120_000);

    it('moves into a database with all its keys, and is disposed of there', async () => {
      const { url } = await fresh();
      writeFileSync(join(root, 'master.key'), Buffer.alloc(32, 9).toString('base64'), { mode: 0o600 });
      Object.assign(process.env, { DATABASE_URL: url, TICKMARK_MASTER_KEY_FILE: join(root, 'master.key') });
      workers(3);
      await fine('collect');
      await fine('log', 'verify');
      await fine('dispose', '--record', '0', '--reason', 'asked', '--approver', 'maria@acme.example', '--early', '--yes');
      await fine('log', 'verify');
      expect(await fine('log', 'scrub', '--seconds', '20')).toContain('No damage.');
      await fine('bundle', 'export', '--period', PERIOD, '--out', join(root, 'second.tar'));
      expect(await fine('bundle', 'verify', join(root, 'second.tar'), '--key', vkey)).not.toMatch(/^(MISSING|ALTERED) /m);
    }, 120_000);

    it('is confirmed for all that share it, and what one of them was told goes into the bundles of the others', async () => {
      const first = dir;
      const confirmed = JSON.parse(await fine('log', 'status', '--json')) as { readonly checkpoint: { readonly size: number } };
      dir = join(root, 'another');
      try {
        cpSync(first, dir, { recursive: true, filter: (path) => path !== join(first, '.tickmark') });
        workers(4);
        await fine('collect'); // by this process, who tells nobody but the database
        dir = first;
        expect(JSON.parse(await fine('log', 'status', '--json'))).toMatchObject({ timestamped: true, complaints: [] });
        dir = join(root, 'another');
        await fine('log', 'verify');
        await fine('bundle', 'export', '--period', PERIOD, '--out', join(root, 'third.tar'));
        const said = await fine('bundle', 'verify', join(root, 'third.tar'), '--key', vkey, '--tsa-ca', join(dir, 'registers/authority.pem'));
        const stamped = [...said.matchAll(/^VERIFIED +log\/checkpoints\/0*(\d+)-[0-9a-f]+\.authority\.tsr/gm)].map(([, size]) => Number(size));
        expect(stamped[0]).toBe(2); // by the first process, when it had no database yet
        expect(Math.max(...stamped)).toBeGreaterThan(confirmed.checkpoint.size);
      } finally {
        dir = first;
      }
    }, 120_000);

    /** A witness that somebody else runs; the configuration names it from now on. */
    async function watch(): Promise<void> {
      const port = await freePort();
      const words = ['witness', '--dir', join(root, 'witness'), '--port', String(port), '--json', '--name', 'auditor.example/w', '--log', vkey];
      witness = spawn(process.execPath, [tickmark, ...words]);
      const said = await new Promise<string>((resolve) => witness?.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8'))));
      const { key } = JSON.parse(said) as { readonly key: string };
      const yaml = join(dir, 'tickmark.yaml');
      const text = readFileSync(yaml, 'utf8').replace(/^witnesses:.*\n/m, '');
      writeFileSync(yaml, `${text}witnesses: [{ url: "http://127.0.0.1:${port}", key: "${key}" }]\n`);
    }
  });
