import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IntegrityError } from '../core/error.ts';
import type { Archive } from './archive.ts';
import { openArchive } from './directory.ts';
import { CALLS, type Calls, FsyncFailed } from './files.ts';
import type { Draft } from './record.ts';

const root = mkdtempSync(join(tmpdir(), 'archive-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `a${made++}`);
const NOW = Date.parse('2026-03-01T02:00:00Z');
const abort = (error: unknown): never => {
  throw error;
};
const open = (dir: string, calls: Calls = CALLS): Promise<Archive> => openArchive({ dir, clock: () => NOW, origin: 'acme.example/test', calls, abort });

function draft(text: string, name = 'acme'): Draft {
  const request = { method: 'GET', url: 'https://api.example.com/members', body: null };
  return {
    demo: true,
    body: {
      kind: 'run',
      collector: { id: 'github/organization', version: 1, sourceDigest: '00' },
      name,
      partition: 'acme',
      slot: NOW,
      every: 86_400_000,
      outcome: 'success',
      reason: null,
      startedAt: NOW,
      finishedAt: NOW + 5,
      endpoint: null,
      config: '{"org":"acme"}',
      timezone: 'UTC',
      since: 0,
      after: null,
      mark: null,
      askedAs: 'acme-admin',
      answeredBy: '77',
      granted: null,
      clockSkew: 0,
      questions: [{ name: 'members', request, pages: 1, ended: true, received: 1, total: null }],
    },
    subjects: [
      { name: 'members', mediaType: 'application/json', request, status: 200, headers: {}, startedAt: NOW, finishedAt: NOW + 5, bytes: Buffer.from(text) },
    ],
  };
}

async function all(archive: Archive): Promise<readonly string[]> {
  const said: string[] = [];
  for await (const record of archive.records(0)) for (const subject of record.subjects) said.push(Buffer.from(await archive.payload(subject)).toString());
  return said;
}

describe('an archive', () => {
  it('keeps what it was given, in order, over many sizes and reopenings', async () => {
    const dir = fresh();
    const expected: string[] = [];
    for (const batch of [1, 2, 252, 1, 1, 300, 5]) {
      const archive = await open(dir);
      const texts = Array.from({ length: batch }, (_, place) => `${expected.length + place}`);
      const indexes = await archive.append(texts.map((text) => draft(text)));
      expect(indexes).toEqual(texts.map(Number));
      expected.push(...texts);
      expect((await archive.checkpoint()).size).toBe(expected.length);
      await archive.close();
    }
    const archive = await open(dir);
    expect(await all(archive)).toEqual(expected);
    const { problems, records } = await archive.verify();
    expect(problems).toEqual([]);
    expect(records).toBe(562);
    expect((await archive.record(3)).body).toMatchObject({ kind: 'run', name: 'acme' });
    expect((await archive.record(3)).seq).toBe(4);
    for (const index of [0, 255, 256, 561]) expect((await archive.proof(index)).checkpoint.size).toBe(562);
    expect(statSync(join(dir, 'keys/log.pem')).mode & 0o077).toBe(0);
  }, 60_000);

  it('leaves only the newest partial tiles', async () => {
    const dir = fresh();
    const archive = await open(dir);
    for (let count = 0; count < 5; count++) await archive.append([draft(`${count}`)]);
    await archive.close();
    expect(readdirSync(join(dir, 'log/tile/0/000.p'))).toEqual(['5']);
    expect(readdirSync(join(dir, 'log/checkpoints'))).toHaveLength(6);
  });

  it('is written by one process at a time: a second one hands its records over', async () => {
    const dir = fresh();
    const [first, second] = [await open(dir), await open(dir)];
    await first.append([draft('a')]);
    const handed = await Promise.all([second.append([draft('b', 'b')]), first.append([draft('c', 'c')]), second.append([draft('d', 'd')])]);
    expect(handed.flat().sort()).toEqual([1, 2, 3]);
    await first.close();
    await second.append([draft('e')]);
    expect((await all(second)).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await second.verify()).problems).toEqual([]);
    await second.close();
  });

  it('refuses a record that is not there', async () => {
    const archive = await open(fresh());
    await expect(archive.record(0)).rejects.toMatchObject({ code: 'CONFIGURATION' });
  });
});

describe('damage', () => {
  const sound = fresh();
  const damaged = async (change: (dir: string) => void) => {
    if (!existsSync(sound)) {
      const archive = await open(sound);
      await archive.append(Array.from({ length: 3 }, (_, place) => draft(`${place}`)));
      await archive.append([draft('3')]);
      await archive.close();
    }
    const dir = fresh();
    cpSync(sound, dir, { recursive: true });
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) if (statSync(join(dir, path)).isFile()) chmodSync(join(dir, path), 0o644);
    change(dir);
    const archive = await open(dir);
    const { problems } = await archive.verify();
    return problems.map(({ code }) => code);
  };
  const edit = (path: string, change: (bytes: Buffer) => Buffer) => (dir: string) => writeFileSync(join(dir, path), change(readFileSync(join(dir, path))));
  const flip = (at: number) => (bytes: Buffer) => {
    const place = at < 0 ? bytes.length + at : at;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    return bytes;
  };
  const blob = (dir: string) => {
    const folder = readdirSync(join(dir, 'packs'))[0] ?? '';
    return join('packs', folder, readdirSync(join(dir, 'packs', folder))[0] ?? '');
  };

  it('is not seen where there is none', async () => expect(await damaged(() => undefined)).toEqual([]));

  it.each([
    ['a flipped bit in an entry', edit('log/tile/entries/000.p/4', flip(300)), 'ROOT'],
    ['a cut entry bundle', edit('log/tile/entries/000.p/4', (bytes) => bytes.subarray(0, -1)), 'BUNDLE'],
    ['an appended byte', edit('log/tile/entries/000.p/4', (bytes) => Buffer.concat([bytes, Buffer.from([0])])), 'BUNDLE'],
    ['a flipped bit in a statement', edit('log/statements/000.p/4', flip(600)), 'STATEMENT'],
    ['a cut statement bundle', edit('log/statements/000.p/4', (bytes) => bytes.subarray(0, -9)), 'BUNDLE'],
    ['a flipped bit in a tile', edit('log/tile/0/000.p/4', flip(40)), 'TILE'],
    ['a missing tile', (dir: string) => rmSync(join(dir, 'log/tile/0/000.p/4')), 'MISSING'],
    ['missing statements', (dir: string) => rmSync(join(dir, 'log/statements/000.p/4')), 'MISSING'],
    ['a flipped bit in the checkpoint', edit('log/checkpoint', flip(20)), 'SIGNATURE'],
    ['a missing checkpoint', (dir: string) => rmSync(join(dir, 'log/checkpoint')), 'CHECKPOINT'],
    ['an altered payload', (dir: string) => writeFileSync(join(dir, blob(dir)), 'altered'), 'PAYLOAD_ALTERED'],
    ['a missing payload', (dir: string) => rmSync(join(dir, blob(dir))), 'PAYLOAD_MISSING'],
    [
      'an older checkpoint put back',
      (dir: string) => cpSync(join(dir, 'log/checkpoints', readdirSync(join(dir, 'log/checkpoints'))[1] ?? ''), join(dir, 'log/checkpoint')),
      'ROLLBACK',
    ],
    [
      'a key that nobody published',
      edit('log/log.json', (bytes) =>
        Buffer.from(
          bytes
            .toString()
            .replace('github/organization', 'x')
            .replace(/"x": "[^"]+"/, '"x": "AAAA"'),
        ),
      ),
      'UNKNOWN_KEY',
    ],
  ])('%s is named', async (_, change, code) => expect(await damaged(change)).toContain(code));

  it.each([
    [
      'the published log is ahead of its lock',
      (dir: string) => cpSync(join(dir, 'log/checkpoints', readdirSync(join(dir, 'log/checkpoints'))[1] ?? ''), join(dir, 'log/.state/lock')),
      'ROLLBACK',
    ],
    ['the lock is gone', (dir: string) => rmSync(join(dir, 'log/.state/lock')), 'LOCK'],
    ['the lock is signed by another', edit('log/.state/lock', flip(3)), 'SIGNATURE'],
  ])('nothing is written when %s', async (_, change, code) => {
    await damaged(() => undefined);
    const dir = fresh();
    cpSync(sound, dir, { recursive: true });
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) if (statSync(join(dir, path)).isFile()) chmodSync(join(dir, path), 0o644);
    change(dir);
    const archive = await open(dir);
    await expect(archive.append([draft('x')])).rejects.toMatchObject({ code });
  });
});

describe('interruption', () => {
  class PowerCut extends Error {}
  /** Lets the n-th call be the last one of the process, or fail as a disk would. */
  const failing = (at: number, fail: () => Error): { calls: Calls; count: () => number } => {
    let count = 0;
    const guard =
      <Arguments extends readonly unknown[], Result>(call: (...all: Arguments) => Promise<Result>) =>
      (...all: Arguments) => {
        count++;
        if (count === at || (count > at && fail() instanceof PowerCut)) return Promise.reject(fail());
        return call(...all);
      };
    const { open: o, write, fsync, close, rename, unlink, mkdir } = CALLS;
    return {
      calls: {
        open: guard(o),
        write: guard(write),
        fsync: guard(fsync),
        close: guard(close),
        rename: guard(rename),
        unlink: guard(unlink),
        mkdir: guard(mkdir),
      },
      count: () => count,
    };
  };
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

    const { calls, count } = failing(at, fail);
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

  it.each([
    ['the power is cut', () => new PowerCut()],
    ['the disk is full', full],
  ])(
    'at any call of a batch, when %s: the log is whole, and what was acknowledged is there',
    async (_, fail) => {
      let finished = 0;
      for (let at = 1; ; at++) {
        const { said, problems, acknowledged, reached } = await outcome(at, fail);
        expect(problems, `call ${at}`).toEqual([]);
        const whole = ['0', '1', '2', '3', '4'];
        expect([whole, ['0', '1', '4']], `call ${at}`).toContainEqual(said);
        if (acknowledged) expect(said, `call ${at}`).toEqual(whole);
        if (!reached) break;
        finished = at;
      }
      expect(finished).toBeGreaterThan(40);
    },
    120_000,
  );

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

  it('tells a torn log from a whole one', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await archive.append([draft('a')]);
    await archive.close();
    const keep = readFileSync(join(dir, 'log/checkpoint'));
    const again = await open(dir);
    await again.append([draft('b')]);
    await again.close();
    writeFileSync(join(dir, 'log/checkpoint'), keep); // committed, not published, and the staging is gone
    const recovered = await open(dir);
    await recovered.append([draft('c')]);
    expect(await all(recovered)).toEqual(['a', 'b', 'c']);
    await recovered.close();
    rmSync(join(dir, 'log/tile/0/000.p/3'));
    const torn = await open(dir);
    await expect(torn.append([draft('d')])).rejects.toBeInstanceOf(IntegrityError);
  });
});
