import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { Archive } from './archive.ts';
import { failing } from '../../test/cut-calls.ts';
import { madeRun, NOW } from '../../test/run-draft.ts';
import { type ArchiveLab, all, archiveTester, damageTester, draft } from './archive-tester.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls, Files, FsyncFailed } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `a${made++}`);
const abort = (error: unknown): never => {
  throw error;
};
const open = (dir: string, calls: Calls = CALLS): Promise<Archive> => openArchive({ dir, clock: () => NOW, origin: 'acme.example/test', calls, abort });

const folder = async (): Promise<ArchiveLab> => {
  const dir = fresh();
  const edit = (path: string, change: (bytes: Buffer) => Buffer | null) => {
    const file = join(dir, path);
    chmodSync(file, 0o644);
    const changed = change(readFileSync(file));
    if (changed) writeFileSync(file, changed);
    else rmSync(file);
  };
  return {
    open: () => open(dir),
    list: async (path) => readdirSync(join(dir, path)).sort(),
    edit: async (path, change) => edit(path, change),
    remove: async (path) => rmSync(join(dir, path)),
    editLock: (change) => edit('log/.state/lock', change),
  };
};

archiveTester('a folder', folder);
damageTester('a folder', folder);

describe('the state folder', () => {
  it('is not written, and nothing is handed over, where somebody else may have laid the folder of the socket', async () => {
    const [dir, temporary] = [fresh(), join(root, 'temporary')];
    const archive = await open(dir);
    mkdirSync(join(temporary, `tickmark-${process.getuid?.()}`), { recursive: true });
    chmodSync(join(temporary, `tickmark-${process.getuid?.()}`), 0o777);
    vi.stubEnv('TMPDIR', temporary);
    await expect(archive.append([draft('a')])).rejects.toThrow('is open to other users');
    vi.unstubAllEnvs();
    expect(await archive.append([draft('b')])).toEqual([0]);
    const other = await open(dir);
    vi.stubEnv('TMPDIR', temporary);
    await expect(other.append([draft('c')])).rejects.toThrow('is open to other users');
    vi.unstubAllEnvs();
    expect(await other.append([draft('d')])).toEqual([1]);
    for (const its of [other, archive]) await its.close();
  });

  it('keeps keys for the eyes of their owner', async () => {
    const dir = fresh();
    await (await open(dir)).close();
    expect(statSync(join(dir, 'keys/log.pem')).mode & 0o077).toBe(0);
  });

  it('names a checkpoint that is missing', async () => {
    const dir = fresh();
    const archive = await open(dir);
    for (const text of ['a', 'b']) await archive.append([draft(text)]);
    await archive.close();
    rmSync(join(dir, 'log/checkpoint'));
    expect((await (await open(dir)).verify()).problems).toMatchObject([{ code: 'CHECKPOINT' }]);
  });

  it('is not given to another log where its own is gone', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await archive.append([draft('a')]);
    await archive.close();
    const key = readFileSync(join(dir, 'keys/log.pem'), 'utf8');
    rmSync(join(dir, 'log/log.json'));
    await expect(open(dir)).rejects.toMatchObject({ code: 'DESCRIPTION', message: expect.stringContaining('of a log that holds records') });
    expect(readFileSync(join(dir, 'keys/log.pem'), 'utf8')).toBe(key);
  });
});

describe('a record', () => {
  it('is not read where its confidential part says something else than its statement', async () => {
    const archive = await open(fresh());
    const sealed = draft('a');
    let asked = 0;
    const body = { ...sealed.body } as Record<string, unknown>;
    Object.defineProperty(body, 'outcome', { enumerable: true, get: () => (asked++ === 0 ? 'failure' : 'success') }); // the detail is written first
    await archive.append([{ ...sealed, body: body as unknown as typeof sealed.body }]);
    await expect(archive.record(0)).rejects.toMatchObject({ code: 'DETAIL' });
    await expect(all(archive)).rejects.toMatchObject({ code: 'DETAIL' });
    await archive.close();
  });
});

describe('interruption', () => {
  const full = () => Object.assign(new Error('no space left'), { code: 'ENOSPC' });

  /** The machine is started anew: what the disk has is all there is. */
  const startAgain = (dir: string) => {
    const doubt = join(dir, 'log/.state/unconfirmed');
    if (existsSync(doubt)) writeFileSync(doubt, 'another start of the machine');
  };

  const outcome = async (at: number, fail: () => Error) => {
    const dir = fresh();
    const before = await open(dir);
    await before.append([draft('0'), draft('1')]);
    await before.close();

    const { calls, count } = failing(CALLS, (call) => call === at, fail);
    const archive = await open(dir, calls);
    const acknowledged = await archive.append([draft('2'), draft('3')]).then(
      () => true,
      () => false,
    );
    await archive.close();
    startAgain(dir);

    const after = await open(dir);
    await after.append([draft('4')]);
    const [said, { problems }] = [await all(after), await after.verify()];
    await after.close();
    return { said, problems, acknowledged, reached: count() >= at };
  };

  it('at any call of a batch, when the disk is full: the log is whole, and what was acknowledged is there', async () => {
    let finished = 0;
    // Every third: each call of the kernel has its turn in test/log.
    for (let at = 1; ; at += 3) {
      const { said, problems, acknowledged, reached } = await outcome(at, full);
      expect(problems, `call ${at}`).toEqual([]);
      const whole = ['0', '1', '2', '3', '4'];
      expect([whole, ['0', '1', '4']], `call ${at}`).toContainEqual(said);
      if (acknowledged) expect(said, `call ${at}`).toEqual(whole);
      if (!reached) break;
      finished = at;
    }
    expect(finished).toBeGreaterThan(40);
  }, 300_000);

  it('ends the process when the disk does not confirm a write', async () => {
    const dir = fresh();
    await (await open(dir)).close();
    const archive = await open(dir, { ...CALLS, fsync: () => Promise.reject(Object.assign(new Error('I/O error'), { code: 'EIO' })) });
    await expect(archive.append([draft('x')])).rejects.toBeInstanceOf(FsyncFailed);
    const after = await open(dir);
    expect((await after.checkpoint()).size).toBe(0);
    await expect(after.append([draft('y')])).rejects.toMatchObject({ code: 'UNCONFIRMED' });
    startAgain(dir);
    await after.append([draft('y')]);
    expect((await after.verify()).problems).toEqual([]);
    await after.close();
  });

  it('goes on after an unconfirmed write where all that is wrong is what records say of their slots', async () => {
    const dir = fresh();
    const archive = await open(dir);
    const [day, long] = [86_400_000, 60 * 86_400_000];
    await archive.append([NOW - long, NOW].map((slot) => madeRun({ body: { slot, every: day } })));
    expect(new Set((await archive.verify()).problems.map(({ code }) => code))).toEqual(new Set(['LATE', 'SLOT']));
    await archive.close();
    writeFileSync(join(dir, 'log/.state/unconfirmed'), 'another start of the machine');
    const after = await open(dir);
    expect(await after.append([draft('b')])).toEqual([2]);
    await after.close();
  });

  it('does not go on after an unconfirmed write when the archive does not verify', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await archive.append([draft('a')]);
    await archive.close();
    writeFileSync(join(dir, 'log/.state/unconfirmed'), 'another start of the machine');
    rmSync(join(dir, 'packs'), { recursive: true });
    await expect((await open(dir)).append([draft('b')])).rejects.toMatchObject({ code: 'UNCONFIRMED' });
  });

  it('keeps room for a last word on a full disk, and takes it back', async () => {
    const dir = fresh();
    const ballast = join(dir, 'log/.state/ballast');
    let isFull = false;
    const archive = await open(dir, { ...CALLS, write: (...all) => (isFull && existsSync(ballast) ? Promise.reject(full()) : CALLS.write(...all)) });
    await archive.append([draft('a')]);
    expect(statSync(ballast).size).toBe(1024 * 1024);
    isFull = true;
    await expect(archive.append([draft('b')])).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await archive.append([draft('the disk is full')])).toEqual([1]);
    await archive.close();
    isFull = false;
  });
});

it('making a log goes on where it was interrupted with the key that has signed the empty log, for what is locked cannot be written again', async () => {
  const [dir, replaced] = [fresh(), [] as string[]];
  const whole = Files.prototype.replace;
  const replace = vi.spyOn(Files.prototype, 'replace').mockImplementation(function (this: Files, path, bytes, mode) {
    replaced.push(path);
    return path === 'log/log.json' ? Promise.reject(new Error('refused')) : whole.call(this, path, bytes, mode);
  });
  await expect(open(dir)).rejects.toThrow('refused');
  const before = readdirSync(join(dir, 'log/checkpoints')).map((name) => readFileSync(join(dir, 'log/checkpoints', name)));
  replace.mockImplementation(function (this: Files, path, bytes, mode) {
    replaced.push(path);
    return whole.call(this, path, bytes, mode);
  });
  const archive = await open(dir);
  replace.mockRestore();
  expect(replaced.filter((path) => path.startsWith('log/checkpoints/'))).toEqual([]);
  expect([await archive.files.read('log/checkpoint')]).toEqual(before);
  await archive.close();
});

it('making a log makes a key of its own where another is left of a log that is gone', async () => {
  const dir = fresh();
  const before = await open(dir);
  const { verifierKey } = before;
  await before.close();
  rmSync(join(dir, 'log'), { recursive: true });
  const archive = await open(dir);
  expect(archive.verifierKey).not.toBe(verifierKey);
  await archive.append([draft('a')]);
  expect((await archive.verify()).problems).toEqual([]);
  await archive.close();
});
