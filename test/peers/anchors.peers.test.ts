import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hrExport } from '../../src/acme/wire.ts';
import { makeWorld } from '../../src/acme/world.ts';
import { type Anchors, attend } from '../../src/anchors/attend.ts';
import { attended } from '../../src/anchors/attended.ts';
import { readTrust } from '../../src/anchors/certificates.ts';
import { flooredClock } from '../../src/anchors/clock.ts';
import { keptTokens } from '../../src/anchors/kept.ts';
import { fetchPost } from '../../src/anchors/post.ts';
import { entries, tinyLog } from '../../src/anchors/testing/tiny-log.ts';
import { verifyAnchors } from '../../src/anchors/verify.ts';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { days, hours, minutes } from '../../src/core/instant.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { Files } from '../../src/evidence/files.ts';
import { LogReader } from '../../src/log/reader.ts';
import { parseVerifierKey } from '../../src/log/note.ts';
import { ranHere } from '../here.ts';
import { freePort, missing } from '../postgres.ts';
import { stockSigstore } from '../stock-sigstore.ts';
import { type Mode, startTsa } from './tsa.ts';

const program = join(import.meta.dirname, '../../bin/tickmark.js');
const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);
const openssl = spawnSync('openssl', ['version']).status === 0;

if (!openssl) it.skipIf(missing('openssl', 'Install openssl.'))('witnesses and authorities', () => undefined);
else {
  const root = mkdtempSync(join(tmpdir(), 'anchors-'));
  let tsa: Awaited<ReturnType<typeof startTsa>>;
  beforeAll(async () => {
    tsa = await startTsa('ec');
  });
  afterAll(async () => {
    await tsa.stop();
    rmSync(root, { recursive: true });
  });

  /** A workspace with one source, which names these witnesses and our authority. */
  function company(name: string, witnesses: string): string {
    const dir = join(root, name);
    initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
    const yaml = join(dir, 'tickmark.yaml');
    writeFileSync(join(dir, 'registers/authority.pem'), tsa.root);
    writeFileSync(
      yaml,
      readFileSync(yaml, 'utf8').replace(
        'sources: []',
        `sources: [{ collector: hr/csv, name: people, config: { path: workers.csv } }]\nwitnesses: [${witnesses}]\ntimestamps: [{ name: authority, url: "${tsa.url}", certificates: registers/authority.pem }]`,
      ),
    );
    const now = Date.now();
    writeFileSync(join(dir, 'workers.csv'), hrExport(makeWorld(now), now));
    return dir;
  }
  const checkpoints = (dir: string) => readdirSync(join(dir, '.tickmark/log/checkpoints'));
  const tokens = (dir: string) => checkpoints(dir).filter((name) => name.endsWith('.tsr'));
  let made = 0;
  const fresh = () => join(root, `d${made++}`);
  const anchors = (): Anchors => ({
    witnesses: [],
    quorum: 0,
    authorities: [{ name: 'authority', url: tsa.url, trust: readTrust(tsa.root, 'authority.pem'), policy: null }],
  });

  describe('a company with a witness and a time-stamping authority', () => {
    let dir: string;
    let witness: ChildProcess;
    let vkey = '';
    let port = 0;
    const run = (...words: readonly string[]) => ranHere(['--workspace', dir, ...words], root);
    const startWitness = async (...words: readonly string[]) => {
      witness = spawn(process.execPath, [program, 'witness', '--dir', join(root, 'witness'), '--port', String(port), '--json', ...words]);
      const said = await new Promise<string>((resolve, reject) => {
        let out = '';
        witness.stdout?.on('data', (chunk: Buffer) => {
          out += chunk.toString('utf8');
          if (out.endsWith('}\n')) resolve(out);
        });
        witness.once('exit', (code) => reject(new Error(`the witness ended with ${code}`)));
      });
      return (JSON.parse(said) as { readonly key: string }).key;
    };
    const stopWitness = (signal: NodeJS.Signals) =>
      new Promise<void>((resolve) => {
        witness.removeAllListeners('exit').once('exit', () => resolve());
        witness.kill(signal);
      });

    beforeAll(async () => {
      port = await freePort();
      dir = company('acme', '');
      await (await openWorkspace({ dir })).close(); // makes the log, so that the witness can be told its key
      vkey = await startWitness('--name', 'auditor.example/w1', '--log', join(dir, '.tickmark/log/log.json'));
      const yaml = join(dir, 'tickmark.yaml');
      writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('witnesses: []', `witnesses: [{ url: "http://127.0.0.1:${port}", key: "${vkey}" }]`));
    });
    afterAll(() => stopWitness('SIGKILL'));

    it('has its newest checkpoint confirmed by "collect"', async () => {
      expect(await run('collect')).toMatchObject({ code: 0, stderr: '' });
      const { code, stdout } = await run('log', 'attend', '--json');
      const status = JSON.parse(stdout) as { readonly checkpoint: { readonly size: number } };
      expect(code).toBe(0);
      expect(status).toMatchObject({
        timestamped: true,
        witnessed: true,
        quorum: 1,
        complaints: [],
        anchors: [
          { kind: 'authority', name: 'authority', current: true, newest: { size: status.checkpoint.size }, clockAheadMs: 0, trouble: null },
          { kind: 'witness', name: 'auditor.example/w1', current: true, newest: { size: status.checkpoint.size }, clockAheadMs: 0, trouble: null },
        ],
      });
      expect((await run('log', 'status')).stdout).toMatch(
        /^acme-\w+\.tickmark\.internal, size \d+, root \S+=\n.*\n.*\ntimestamps {2}authority .*\nwitness .*\nThe newest checkpoint is timestamped\.\nIt is witnessed\.\n$/,
      );
    });

    it('keeps what openssl verifies, with the certificates that are kept beside it', () => {
      const log = join(dir, '.tickmark/log');
      const token = tokens(dir).at(-1) ?? '';
      const note = readFileSync(join(log, 'checkpoints', token.split('.')[0] ?? ''), 'utf8');
      writeFileSync(join(root, 'text'), note.slice(0, note.indexOf('\n\n') + 1));
      const [chain = ''] = readdirSync(join(log, 'authorities'));
      const words = ['ts', '-verify', '-in', join(log, 'checkpoints', token), '-data', join(root, 'text'), '-CAfile', join(log, 'authorities', chain)];
      expect(execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' })).toContain('Verification: OK');
    });

    it('writes a Sigstore bundle whose signature the authority has confirmed, where it is asked to', async () => {
      const [bundle, trusted] = [join(root, 'record.json'), join(root, 'trusted_root.json')];
      const tokens = () =>
        (JSON.parse(readFileSync(bundle, 'utf8')) as { verificationMaterial: { timestampVerificationData: { rfc3161Timestamps: unknown[] } } })
          .verificationMaterial.timestampVerificationData.rfc3161Timestamps.length;
      expect(await run('show', '0', '--bundle', bundle, '--stamp')).toMatchObject({ code: 0, stderr: '', stdout: `Written to ${bundle}.\n` });
      expect(tokens()).toBe(1);
      expect((await run('log', 'trusted-root', '--out', trusted)).code).toBe(0);
      const keys = Object.values(
        (JSON.parse(readFileSync(join(dir, '.tickmark/log/log.json'), 'utf8')) as { statementKeys: Record<string, string> }).statementKeys,
      );
      expect(stockSigstore(readFileSync(trusted, 'utf8'), keys, { timestamps: 1 })(readFileSync(bundle, 'utf8'))).toBe(null);
    });

    if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('cosigned notes that Go verifies', () => undefined);
    else {
      it('keeps what Go verifies: its own signature and the witness’s', () => {
        const verifier = join(root, 'verify-log');
        execFileSync(go, ['build', '-o', verifier, '.'], { cwd: join(import.meta.dirname, 'verify-log') });
        const log = join(dir, '.tickmark/log');
        const cosigned = join(log, 'checkpoints', checkpoints(dir).findLast((name) => name.endsWith('.cosigned')) ?? '');
        const { verifierKey } = JSON.parse(readFileSync(join(log, 'log.json'), 'utf8')) as { readonly verifierKey: string };
        const verify = () => spawnSync(verifier, [log, verifierKey, cosigned, vkey], { encoding: 'utf8' });
        expect(verify().stdout).toMatch(
          /^COSIGNED by auditor\.example\/w1 at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\nVERIFIED acme-\w+\.tickmark\.internal size \d+ tiles \d+ checkpoints \d+\n$/,
        );
        const sound = readFileSync(cosigned, 'utf8');
        const encoded = /w1 (\S+)\n$/.exec(sound)?.[1] ?? '';
        const line = Buffer.from(encoded, 'base64');
        line[11] = (line[11] ?? 0) ^ 1; // another time
        writeFileSync(cosigned, sound.replace(encoded, line.toString('base64')));
        const { status, stderr } = verify();
        writeFileSync(cosigned, sound);
        expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('invalid signature') });
      });
    }

    it('cannot go back behind what a killed witness has signed', async () => {
      const state = join(dir, '.tickmark');
      cpSync(state, join(root, 'older'), { recursive: true });
      const visit = async () => {
        const workspace = await openWorkspace({ dir });
        await workspace.collect();
        await workspace.attend({ patient: false });
        const { size, complaints } = (await workspace.logStatus()).attended;
        const { problems } = await workspace.verify();
        await workspace.close();
        return { size, complaints, problems };
      };
      const { size, complaints, problems } = await visit();
      expect({ complaints, problems }).toEqual({ complaints: [], problems: [] });
      await stopWitness('SIGKILL');
      expect(await startWitness()).toBe(vkey);
      rmSync(state, { recursive: true });
      cpSync(join(root, 'older'), state, { recursive: true });
      const { code, stderr } = await run('log', 'attend');
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr: `tickmark: ROLLBACK: the witness auditor.example/w1 has signed this log at size ${size}, but it is brought at size ${size - 1}: an older state was put back, and 1 records are gone. Keep a copy of the state folder as it is.\n`,
      });
      // One record later it is of the same size again, and another history.
      expect(await visit()).toMatchObject({ size, complaints: [{ code: 'FORK', grave: true }] });
    });

    it('is pinned by its auditor, who sees the same', async () => {
      const pin = join(root, 'acme.pin');
      expect(await run('log', 'pin', '--pin', pin)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Pinned acme-\w+\.tickmark\.internal at size \d+ in .*\nCompare its key/),
      });
      expect(await run('log', 'pin', '--pin', pin, '--log', join(root, 'older'))).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/^tickmark: the log has \d records, but had \d when it was pinned: 1 are gone\. Keep .*acme\.pin\.contradiction/),
      });
    });
  });

  it.each<Mode>(['wrong nonce', 'wrong imprint', 'no key usage', 'expired', 'stranger', 'rejected', 'garbage', 'wrong type', 'down', 'slow'])(
    'keeps nothing of an authority whose answer is bad (%s), and makes it good later',
    async (mode) => {
      const log = tinyLog(fresh());
      const { place } = log;
      const attending = { post: fetchPost(mode === 'slow' ? { timeout: 500 } : {}), clock: Date.now, patient: false };
      const stands = (now: number) => attended(place(), anchors(), { now, since: Date.now() });
      log.publish(entries(3));
      tsa.does(mode);
      await attend(place(), anchors(), attending);
      expect(await keptTokens(place().store)).toEqual([]);
      expect(await stands(Date.now())).toMatchObject({
        timestamped: false,
        complaints: [],
        standings: [{ current: false, trouble: { says: expect.any(String) } }],
      });
      expect((await stands(Date.now() + hours(1) + 1000)).complaints.map(({ code }) => code)).toEqual(['AUTHORITY_SILENT']);
      tsa.does('good');
      await attend(place(), anchors(), { ...attending, post: fetchPost() });
      expect(await stands(Date.now() + hours(2))).toMatchObject({ timestamped: true, complaints: [] });
      expect(await keptTokens(place().store)).toHaveLength(1);
    },
  );

  it('confirms a log that lies in a bucket, and the state folder keeps its word', async () => {
    const log = tinyLog(fresh());
    const place = { store: new Files(mkdtempSync(join(root, 'state-'))), reader: log.place().reader };
    log.publish(entries(3));
    tsa.does('good');
    await attend(place, anchors(), { post: fetchPost(), clock: Date.now, patient: false });
    expect(await attended(place, anchors(), { now: Date.now(), since: Date.now() })).toMatchObject({ timestamped: true, complaints: [] });
    expect(
      await verifyAnchors(
        place,
        anchors(),
        async function* () {},
        async () => '',
      ),
    ).toEqual([]);
    expect(await keptTokens(place.store)).toHaveLength(1);
  });

  describe('time', () => {
    const draft = { body: { kind: 'configuration' as const, at: 0 }, demo: false, subjects: [] };
    /** An archive that seals by this clock, held in check by its tokens or not. */
    async function archiveBy(dir: string, clock: () => number, floored = true) {
      tsa.does('good');
      const store = new Files(dir);
      const floor = await flooredClock(store, clock);
      const archive = await openArchive({ dir, clock: floored ? floor.now : clock, origin: 'acme.example/log' });
      const key = parseVerifierKey((JSON.parse(readFileSync(join(dir, 'log/log.json'), 'utf8')) as { readonly verifierKey: string }).verifierKey);
      const place = { store, reader: new LogReader(store, key) };
      return {
        append: async () => (await archive.append([draft]))[0],
        async attend() {
          await attend(place, anchors(), { post: fetchPost(), clock, patient: false });
          await floor.refresh();
        },
        complaints: async () => (await attended(place, anchors(), { now: clock(), since: clock() })).complaints,
        problems: async (known = anchors()) => {
          const all = [
            ...(await archive.verify()).problems,
            ...(await verifyAnchors(
              place,
              known,
              () => archive.records(0),
              (record) => archive.envelope(record),
            )),
          ];
          return all.map(({ code, index }) => [code, index]);
        },
        close: () => archive.close(),
      };
    }

    it('that is off is told, and nothing is sealed by a clock that was put back', async () => {
      let off = 8_000;
      const log = await archiveBy(fresh(), () => Date.now() + off);
      await log.append();
      await log.attend();
      expect((await log.complaints()).map(({ code }) => code)).toEqual(['CLOCK_DRIFT']);
      off = days(365);
      await log.append();
      await log.attend();
      expect(await log.complaints()).toMatchObject([
        {
          code: 'CLOCK',
          says: expect.stringMatching(/^this machine's clock is 3153[56]\d\d\d s ahead of that of the time-stamping authority authority\. Set it by NTP/),
        },
      ]);
      expect(await log.problems()).toEqual([['MISDATED', 1]]);
      off = -minutes(2);
      await expect(log.append()).rejects.toMatchObject({
        code: 'CLOCK',
        exit: 3,
        message: expect.stringMatching(/clock says .*, but a time-stamping authority has confirmed .* already/),
      });
      off = -30_000;
      expect(await log.append()).toBe(2);
      await log.close();
    });

    it('is that of an older token where the newest was changed, and that one is named', async () => {
      const dir = fresh();
      let off = 0;
      const clock = () => Date.now() + off;
      const log = await archiveBy(dir, clock);
      for (const _ of [1, 2]) {
        await log.append();
        await log.attend();
      }
      await log.close();
      const [, newest = ''] = readdirSync(join(dir, 'log/checkpoints')).filter((name) => name.endsWith('.tsr'));
      const file = join(dir, 'log/checkpoints', newest);
      const said = readFileSync(file).toString('latin1');
      rmSync(file);
      writeFileSync(file, said.replace(/20\d\d(\d{10}(\.\d+)?Z)/, '2199$1'), 'latin1');
      expect(readFileSync(file).toString('latin1')).not.toBe(said);

      const again = await archiveBy(dir, clock);
      expect(await again.append()).toBe(2);
      off = -minutes(2);
      await expect(again.append()).rejects.toMatchObject({ code: 'CLOCK' });
      expect(await again.problems()).toEqual([['TOKEN_SIGNATURE', null]]);
      await again.close();
    });

    it('that other software back-dated is found', async () => {
      const dir = fresh();
      const log = await archiveBy(dir, Date.now);
      await log.append();
      await log.attend();
      await log.close();
      const other = await archiveBy(dir, () => Date.now() - days(100), false);
      const index = await other.append();
      expect(await other.problems()).toEqual([
        ['BACKWARDS', index],
        ['BACKDATED', index],
      ]);
      await other.close();
    });

    it('is not believed from a token that was changed, nor from one without its certificates', async () => {
      const dir = fresh();
      const log = await archiveBy(dir, Date.now);
      await log.append();
      await log.attend();
      expect(await log.problems()).toEqual([]);
      expect(await log.problems({ witnesses: [], quorum: 0, authorities: [] })).toEqual([]); // by the certificates that are kept
      rmSync(join(dir, 'log/authorities'), { recursive: true });
      expect(await log.problems({ witnesses: [], quorum: 0, authorities: [] })).toEqual([['CHAIN', null]]);
      const file = join(dir, 'log/checkpoints', readdirSync(join(dir, 'log/checkpoints')).find((name) => name.endsWith('.tsr')) ?? '');
      const bytes = readFileSync(file);
      rmSync(file);
      writeFileSync(file, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
      expect(await log.problems()).toEqual([['TOKEN_SIGNATURE', null]]);
      await log.close();
    });
  });
}
