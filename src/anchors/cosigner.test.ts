import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { instant } from '../core/instant.ts';
import { Files, FsyncFailed } from '../evidence/files.ts';
import { formatAddCheckpoint } from '../log/add-checkpoint.ts';
import { readCheckpoint, signCheckpoint } from '../log/checkpoint.ts';
import { cosignatures, parseWitnessKey } from '../log/cosignature.ts';
import { type Hash, sha256hex } from '../log/merkle.ts';
import { noteSigner, parseVerifierKey, signNote } from '../log/note.ts';
import { type Cosigner, openCosigner } from './cosigner.ts';
import { entries, pem, type TinyLog, tinyLog } from './testing/tiny-log.ts';

const root = mkdtempSync(join(tmpdir(), 'cosigner-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `c${made++}`);
const NOW = instant('2026-03-01T02:00:00Z');

async function witnessOf(log: TinyLog, dir = fresh(), clock = () => NOW): Promise<Cosigner> {
  return openCosigner({ dir, name: 'auditor.example/w', logs: [log.vkey], clock });
}
const body = (old: number, proof: readonly Hash[], note: string) => Buffer.from(formatAddCheckpoint({ old, proof, note }));
/** Publishes this many entries, and brings them as what follows `old`. */
async function bring(cosigner: Cosigner, log: TinyLog, old: number, count: number, fork?: number) {
  const { note } = log.publish(entries(count, fork));
  return cosigner.add(body(old, await log.proof(old, count), note));
}

describe('a witness', () => {
  it('signs what continues what it signed, and remembers it', async () => {
    const [log, dir] = [tinyLog(fresh()), fresh()];
    const cosigner = await witnessOf(log, dir);
    expect(await bring(cosigner, log, 0, 3)).toMatchObject({ status: 200 });
    const { status, body: line } = await bring(cosigner, log, 3, 300);
    const { note } = log.publish(entries(300));
    expect(status).toBe(200);
    expect(cosignatures(Buffer.from(`${note}${line}`), [parseWitnessKey(cosigner.vkey)])).toMatchObject([{ name: 'auditor.example/w', at: NOW }]);
    const kept = await cosigner.latest(sha256hex(Buffer.from('acme.example/log')));
    expect(kept).toBe(`${note}${line}`);
    expect(await cosigner.latest('../name')).toBe(null);
    expect(await bring(cosigner, log, 300, 300)).toMatchObject({ status: 200 }); // asked again, it says the same
    expect(statSync(join(dir, 'witness.pem')).mode & 0o077).toBe(0);
  });

  it('refuses a log that was rolled back, and says what it knows', async () => {
    const log = tinyLog(fresh());
    const cosigner = await witnessOf(log);
    await bring(cosigner, log, 0, 300);
    expect(await bring(cosigner, log, 0, 7)).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '300\n' });
    expect(await bring(cosigner, log, 7, 7)).toEqual({ status: 409, contentType: 'text/x.tlog.size', body: '300\n' });
    expect(await bring(cosigner, log, 0, 0)).toMatchObject({ status: 409, body: '300\n' });
  });

  it('refuses another history of the same key, and keeps it as proof', async () => {
    const [log, dir] = [tinyLog(fresh()), fresh()];
    const cosigner = await witnessOf(log, dir);
    await bring(cosigner, log, 0, 300);
    expect(await bring(cosigner, log, 300, 400, 299)).toMatchObject({ status: 422 });
    expect(await bring(cosigner, log, 300, 300, 0)).toMatchObject({ status: 422 });
    expect(await bring(cosigner, log, 300, 300, 1)).toMatchObject({ status: 422 });
    const kept = (folder: string) => join(dir, folder, sha256hex(Buffer.from('acme.example/log')));
    expect(readdirSync(kept('refused')).map((name) => Number(name.slice(0, 20)))).toEqual([400]);
    // Three notes of one size: what it signed, and two that say otherwise. Whoever knows the key of the log sees that it lied.
    const notes = readdirSync(kept('forks')).map((name) => readFileSync(join(kept('forks'), name)));
    const said = notes.map((note) => readCheckpoint(note, parseVerifierKey(log.vkey)));
    expect(said.map(({ size }) => size)).toEqual([300, 300, 300]);
    expect(new Set(said.map(({ root: its }) => its.toString('hex'))).size).toBe(3);
    expect(notes.filter((note) => cosignatures(note, [parseWitnessKey(cosigner.vkey)]).length > 0)).toHaveLength(1);
    expect(await bring(cosigner, log, 300, 400)).toMatchObject({ status: 200 });
  });

  it('keeps a proof however many checkpoints were refused that prove nothing', async () => {
    const [log, dir] = [tinyLog(fresh()), fresh()];
    const cosigner = await witnessOf(log, dir);
    await bring(cosigner, log, 0, 10);
    const folder = (name: string) => readdirSync(join(dir, name, sha256hex(Buffer.from('acme.example/log'))));
    for (let count = 11; count <= 215; count++) {
      const { note } = log.publish(entries(count));
      expect(await cosigner.add(body(10, [], note))).toMatchObject({ status: 422 }); // honest, without its proof
    }
    const again = log.publish(entries(10));
    expect(await cosigner.add(body(10, [again.checkpoint.root], again.note))).toMatchObject({ status: 422 });
    expect(readdirSync(dir)).not.toContain('forks');
    expect(folder('refused')).toHaveLength(200);
    expect(await bring(cosigner, log, 10, 10, 9)).toMatchObject({ status: 422 });
    expect(folder('forks')).toHaveLength(2);
  });

  it.each<[string, number, (log: TinyLog) => Buffer | Promise<Buffer>]>([
    ['a body that is none', 400, () => Buffer.from('hello')],
    ['a note that is none', 400, () => body(0, [], 'hello\n')],
    ['an old size beyond the checkpoint', 400, (log) => body(9, [], log.publish(entries(3)).note)],
    ['a log that it does not know', 404, () => body(0, [], tinyLog(fresh(), 'other.example/log').publish(entries(3)).note)],
    ['a log that says to be one it knows', 403, () => body(0, [], tinyLog(fresh()).publish(entries(3)).note)],
    ['a proof from nothing', 422, async (log) => body(0, [log.publish(entries(3)).checkpoint.root], log.publish(entries(3)).note)],
    ['an empty tree with a root', 422, (log) => body(0, [], signCheckpoint({ origin: log.signer.name, size: 0, root: Buffer.alloc(32) }, log.signer))],
    ['a signed note that is no checkpoint', 403, (log) => body(0, [], signNote(`${log.signer.name}\nhello\n`, log.signer))],
  ])('answers %s with %i', async (_, status, make) => {
    const log = tinyLog(fresh());
    const cosigner = await witnessOf(log);
    expect((await cosigner.add(await make(log))).status).toBe(status);
    expect(await bring(cosigner, log, 0, 1)).toMatchObject({ status: 200 });
  });

  it('refuses a note with a bad signature of a key it knows, even beside a good one', async () => {
    const log = tinyLog(fresh());
    const second = noteSigner(log.signer.name, pem());
    const cosigner = await openCosigner({ dir: fresh(), name: 'w', logs: [log.vkey, tinyLog(fresh(), log.signer.name, second).vkey], clock: () => NOW });
    const { note, checkpoint } = log.publish(entries(3));
    const line = signCheckpoint({ ...checkpoint, size: 4 }, second)
      .split('\n')
      .at(-2);
    expect((await cosigner.add(body(0, [], `${note}${line}\n`))).status).toBe(403);
    const good = signCheckpoint(checkpoint, second).split('\n').at(-2);
    expect((await cosigner.add(body(0, [], `${note}${good}\n`))).status).toBe(200);
  });

  it('does not roll back when two are brought at once: one of them is told the size of the other', async () => {
    const log = tinyLog(fresh());
    const cosigner = await witnessOf(log);
    await bring(cosigner, log, 0, 10);
    const sizes = [20, 300, 40, 11];
    const bodies: Buffer[] = [];
    for (const size of sizes) {
      const { note } = log.publish(entries(size));
      bodies.push(body(10, await log.proof(10, size), note));
    }
    const answers = await Promise.all(bodies.map((it) => cosigner.add(it)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    const won = sizes[answers.findIndex(({ status }) => status === 200)];
    expect(answers.filter(({ status }) => status === 409).every((it) => it.body === `${won}\n`)).toBe(true);
  });

  it('is one process at a time, and keeps its name and its key', async () => {
    const [log, dir] = [tinyLog(fresh()), fresh()];
    const cosigner = await witnessOf(log, dir);
    await expect(witnessOf(log, dir)).rejects.toMatchObject({ code: 'CONFIGURATION', message: expect.stringContaining('another process is the witness') });
    await bring(cosigner, log, 0, 5);
    cosigner.close();
    const again = await openCosigner({ dir, name: undefined, logs: [], clock: () => NOW });
    expect({ vkey: again.vkey, logs: again.logs }).toEqual({ vkey: cosigner.vkey, logs: [log.vkey] });
    expect(await bring(again, log, 0, 6)).toMatchObject({ status: 409, body: '5\n' });
    again.close();
    await expect(openCosigner({ dir, name: 'other', logs: [], clock: () => NOW })).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  it.each([
    ['no name', { name: undefined, logs: ['x'] }],
    ['a name with a space', { name: 'a b', logs: ['x'] }],
    ['no log', { name: 'a', logs: [] }],
    ['a key that is none', { name: 'a', logs: ['acme+00000000+AAAA'] }],
  ])('is not made with %s', async (_, given) => {
    await expect(openCosigner({ dir: fresh(), clock: () => NOW, ...given })).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });

  it('signs nothing by a clock that went back, nor over a memory that was changed', async () => {
    const [log, dir] = [tinyLog(fresh()), fresh()];
    let now = NOW;
    const cosigner = await witnessOf(log, dir, () => now);
    await bring(cosigner, log, 0, 5);
    now = NOW - 2000;
    expect(await bring(cosigner, log, 5, 6)).toMatchObject({ status: 503 });
    now = NOW + 1;
    const path = join(dir, 'checkpoints', sha256hex(Buffer.from('acme.example/log')));
    const { note } = log.publish(entries(2));
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^[\s\S]*\n\n/, `${note.split('\n\n')[0]}\n\n`));
    await expect(bring(cosigner, log, 2, 6)).rejects.toMatchObject({ code: 'COSIGNATURE' });
  });

  it('answers whatever is sent', async () => {
    const log = tinyLog(fresh());
    const cosigner = await witnessOf(log);
    const whole = body(0, [], log.publish(entries(3)).note);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Buffer.from(whole);
        for (const [place, byte] of changes) changed[place] = byte;
        fc.pre(!changed.equals(whole));
        // 409: it asks to continue a size that this witness has not seen
        expect([400, 403, 404, 409]).toContain((await cosigner.add(changed)).status);
      }),
      { numRuns: 300 },
    );
  });
});

it('a witness shows nothing that its disk has not confirmed, and ends where it does not confirm', async () => {
  const log = tinyLog(fresh());
  const aborted: unknown[] = [];
  const abort = (error: unknown): never => {
    aborted.push(error);
    throw new Error('ended');
  };
  const cosigner = await openCosigner({ dir: fresh(), name: 'auditor.example/w', logs: [log.vkey], clock: () => NOW, abort });
  const origin = sha256hex(Buffer.from('acme.example/log'));
  let confirm = () => {};
  const waiting = new Promise<void>((done) => {
    confirm = done;
  });
  const replace = vi.spyOn(Files.prototype, 'replace').mockImplementation(() => waiting);
  const signing = bring(cosigner, log, 0, 3);
  await vi.waitFor(() => expect(replace).toHaveBeenCalled());
  const showing = cosigner.latest(origin);
  await expect(Promise.race([showing, new Promise((done) => setImmediate(() => done('waits')))])).resolves.toBe('waits');
  replace.mockRejectedValue(new FsyncFailed('the disk did not confirm a write'));
  confirm();
  expect([(await signing).status, await showing]).toEqual([200, null]);
  await expect(bring(cosigner, log, 0, 3)).rejects.toThrow('ended');
  expect(aborted).toEqual([expect.any(FsyncFailed)]);
  replace.mockRestore();
  cosigner.close();
});
