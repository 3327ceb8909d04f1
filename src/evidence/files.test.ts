import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CALLS, Files, FsyncFailed, together } from './files.ts';

const root = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
const fresh = () => join(root, `f${made++}`);
const filesIn = (dir: string) => readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((it) => (it.isFile() ? [it.name] : []));

describe('files that are held', () => {
  const FILES = [
    ['a/one', Buffer.from('1')],
    ['b/two', Buffer.from('2')],
  ] as const;

  it('are confirmed by the disk before they have names, and the pointer has its own last', async () => {
    const [dir, calls] = [fresh(), [] as string[]];
    mkdirSync(dir);
    const fsync = (fd: number) => {
      calls.push('fsync');
      return CALLS.fsync(fd);
    };
    const rename = (from: string, to: string) => {
      calls.push(to.slice(dir.length + 1));
      return CALLS.rename(from, to);
    };
    const held = await new Files(dir, { ...CALLS, fsync, rename }).hold(FILES, ['pointer', Buffer.from('p')]);
    expect(calls).toEqual(['fsync', 'fsync', 'fsync']);
    expect(filesIn(dir).every((name) => name.endsWith('.tmp'))).toBe(true);
    await held.place();
    expect(calls.slice(3)).toEqual(['a/one', 'b/two', 'fsync', 'fsync', 'fsync', 'pointer', 'fsync']);
    expect(readFileSync(join(dir, 'b/two'), 'utf8')).toBe('2');
    expect(filesIn(dir)).toHaveLength(3);
  });

  it('leave nothing where they are dropped, and are refused over other bytes', async () => {
    const dir = fresh();
    mkdirSync(dir);
    const files = new Files(dir);
    await files.replace('pointer', Buffer.from('before'));
    await (await files.hold(FILES, ['pointer', Buffer.from('after')])).drop();
    expect(filesIn(dir)).toEqual(['pointer']);
    await files.create([FILES[0]]);
    await (await files.hold(FILES, ['pointer', Buffer.from('after')])).place();
    expect(readFileSync(join(dir, 'pointer'), 'utf8')).toBe('after');
    const full = (fd: number, bytes: Uint8Array) => (bytes.length > 1 ? Promise.reject(new Error('full')) : CALLS.write(fd, bytes));
    await expect(new Files(dir, { ...CALLS, write: full }).hold([['c/three', Buffer.from('3')]], ['pointer', Buffer.from('long')])).rejects.toMatchObject({
      message: 'full',
    });
    await expect(files.hold([['a/one', Buffer.from('other')]], ['pointer', Buffer.from('x')])).rejects.toMatchObject({ code: 'IMMUTABLE' });
    expect(filesIn(dir)).toHaveLength(3);
  });
});

it('waits for all, and tells of a disk that did not confirm before anything else', async () => {
  const events: string[] = [];
  const late = new Promise((resolve) => void setTimeout(resolve, 20)).then(() => events.push('late'));
  const asked = [Promise.reject(new Error('refused')), Promise.reject(new FsyncFailed('not confirmed')), late];
  await expect(together(asked)).rejects.toBeInstanceOf(FsyncFailed);
  expect(events).toEqual(['late']);
  expect(await together([Promise.resolve(1), 'a' as const])).toEqual([1, 'a']);
});

it('sweeps what interrupted writes left: of secrets at once and every byte, of what is public after an hour', async () => {
  const dir = fresh();
  const files = new Files(dir);
  const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
  for (const [name, age] of [
    ['keys/a.tmp', 0],
    ['log/tile/0/000.0123.tmp', 2],
    ['log/tile/0/001.4567.tmp', 0],
    ['log/tile/0/000', 2],
  ] as const) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), 'half');
    utimesSync(join(dir, name), hours(age), hours(age));
  }
  await files.sweep('keys');
  await files.sweepOld('log');
  await files.sweepOld('nowhere');
  expect(filesIn(dir).sort()).toEqual(['000', '001.4567.tmp']);
  expect(existsSync(join(dir, 'keys/a.tmp'))).toBe(false);
});
