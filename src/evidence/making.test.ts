import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { draft } from '../../test/log/drafts.ts';
import { abort, open } from '../../test/log/examine.ts';
import { NOW } from '../../test/run-draft.ts';
import { openArchive } from './directory.ts';
import { CALLS, FsyncFailed } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'making-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `a${made++}`);
const failed = () => Promise.reject(Object.assign(new Error('I/O error'), { code: 'EIO' }));

describe('a log that is made', () => {
  it('is begun anew where its making was interrupted, under another name too', async () => {
    for (let last = 0; ; last++) {
      const dir = fresh();
      let renames = 0;
      const rename = (from: string, to: string) => (++renames > last ? Promise.reject(new Error('interrupted')) : CALLS.rename(from, to));
      const whole = await open(dir, { calls: { ...CALLS, rename } }).then(
        () => true,
        () => false,
      );
      const archive = await openArchive({ dir, clock: () => NOW, origin: 'acme.example/another', abort });
      expect(archive.origin).toBe(whole ? 'acme.example/faults' : 'acme.example/another');
      expect(await archive.append([draft('a')])).toEqual([0]);
      expect((await archive.verify()).problems).toEqual([]);
      await archive.close();
      if (!whole) continue;
      expect(last).toBe(5); // its key, its lock, its checkpoint twice, and last the description that makes it a log
      break;
    }
  });

  it('is made once, by whoever comes first', async () => {
    const dir = fresh();
    const all = await Promise.allSettled(
      Array.from({ length: 4 }, (_, place) => openArchive({ dir, clock: () => NOW, origin: `acme.example/${place}`, abort })),
    );
    const origins = new Set(all.flatMap((it) => (it.status === 'fulfilled' ? [it.value.origin] : [])));
    expect(origins.size).toBe(1);
    expect([...origins][0]).toBe((JSON.parse(readFileSync(join(dir, 'log/log.json'), 'utf8')) as { origin: string }).origin);
    for (const it of all) if (it.status === 'rejected') expect(it.reason).toMatchObject({ code: 'CONFIGURATION' });
  });

  it('is never made over one whose description was lost', async () => {
    const dir = fresh();
    const archive = await open(dir);
    await archive.append([draft('a')]);
    await archive.close();
    const key = readFileSync(join(dir, 'keys/log.pem'));
    rmSync(join(dir, 'log/log.json'));
    await expect(open(dir)).rejects.toMatchObject({ code: 'DESCRIPTION' });
    expect(readFileSync(join(dir, 'keys/log.pem'))).toEqual(key);
  });

  it('is not made on a disk that does not confirm', async () => {
    const dir = fresh();
    await expect(open(dir, { calls: { ...CALLS, fsync: failed } })).rejects.toBeInstanceOf(FsyncFailed);
    await expect(open(dir)).rejects.toMatchObject({ code: 'UNCONFIRMED' });
    expect(existsSync(join(dir, 'log/log.json'))).toBe(false);
  });
});

describe('a process whose disk did not confirm a write', () => {
  it('ends, even where the disk does not take the note of it', async () => {
    const dir = fresh();
    await (await open(dir)).close();
    const note = join(dir, 'log/.state/unconfirmed');
    const ends: unknown[] = [];
    const archive = await open(dir, {
      calls: {
        ...CALLS,
        fsync() {
          mkdirSync(note); // so that it cannot be written
          return failed();
        },
      },
      abort: (error) => {
        ends.push(error);
        throw error;
      },
    });
    await expect(archive.append([draft('a')])).rejects.toBeInstanceOf(FsyncFailed);
    expect(ends).toHaveLength(1);
    expect(readdirSync(note)).toEqual([]);
    await archive.close();
  });
});
