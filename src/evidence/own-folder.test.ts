import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ownFolder, socketFolder } from './own-folder.ts';

const dir = mkdtempSync(join(tmpdir(), 'own-folder-'));
const me = process.getuid?.() ?? 0;
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('makes the folder for its owner alone, and takes it again', () => {
  const path = join(dir, 'made');
  expect([ownFolder(path), ownFolder(path)]).toEqual([path, path]);
  expect(lstatSync(path).mode & 0o777).toBe(0o700);
});

it('takes no folder of another user', () => {
  const path = join(dir, 'theirs');
  mkdirSync(path, { mode: 0o700 });
  expect(() => ownFolder(path, me + 1)).toThrow(`belongs to user ${me} and not to ${me + 1}`);
});

it('takes no link, even to a folder of its own', () => {
  mkdirSync(join(dir, 'real'), { mode: 0o700 });
  symlinkSync(join(dir, 'real'), join(dir, 'link'));
  expect(() => ownFolder(join(dir, 'link'))).toThrow('is a link');
});

it.each([0o701, 0o710, 0o770, 0o777])('takes no folder that others reach: mode %o', (mode) => {
  const path = join(dir, mode.toString(8));
  mkdirSync(path);
  chmodSync(path, mode);
  expect(() => ownFolder(path)).toThrow('is open to other users');
});

it('keeps sockets in a folder that bears the number of the user, and refuses one that was laid there', () => {
  vi.stubEnv('TMPDIR', dir);
  try {
    const path = join(dir, `tickmark-${me}`);
    mkdirSync(path);
    chmodSync(path, 0o777);
    expect(() => socketFolder()).toThrow('is open to other users');
    rmSync(path, { recursive: true });
    expect(socketFolder()).toBe(path);
  } finally {
    vi.unstubAllEnvs();
  }
});
