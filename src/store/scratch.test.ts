import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openScratch } from './scratch.ts';

const dir = mkdtempSync(join(tmpdir(), 'scratch-'));
afterAll(() => rmSync(dir, { recursive: true }));

it('gives back what was put there, whatever its length, and leaves no file that has a name', () => {
  const scratch = openScratch(dir);
  const given = [0, 1, 511, 512, 513, 5000].map((length) => Buffer.alloc(length, `${length}-`));
  const back = given.map((bytes) => scratch.put(bytes));
  expect(back.map((its) => its())).toEqual(given);
  expect(back.map((its) => its())).toEqual(given);
  expect(readdirSync(dir)).toEqual([]);
  expect(scratch.size).toBe((1 + 1 + 1 + 1 + 2 + 10) * 512);
  scratch.empty();
});

it('gives nothing back once it was emptied, whatever was put there since', () => {
  const scratch = openScratch(dir);
  const [before, size] = [scratch.put(Buffer.from('before')), scratch.size];
  scratch.empty();
  const after = scratch.put(Buffer.from('after'));
  expect(before).toThrow('the scratch file was emptied');
  expect(after()).toEqual(Buffer.from('after'));
  expect(scratch.size).toBe(size);
});
