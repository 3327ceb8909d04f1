import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { loadDemo, needsDemo } from '../src/app/demo.ts';
import { openAny } from '../src/app/open-any.ts';
import { ConfigurationError } from '../src/core/error.ts';
import { instant } from '../src/core/instant.ts';

const dir = mkdtempSync(join(tmpdir(), 'demo-'));
afterAll(() => rmSync(dir, { recursive: true }));
const NOW = instant('2026-11-24T09:00:00Z');

class Interrupted extends Error {}
/** Loads until the first nights are sealed. */
const begin = (into: string) =>
  loadDemo({
    dir: into,
    clock: () => NOW,
    progress: () => {
      throw new Interrupted();
    },
  });

it('never takes a demo whose load was interrupted for a company, and begins it anew', async () => {
  await expect(begin(dir)).rejects.toBeInstanceOf(Interrupted);
  expect(existsSync(join(dir, '.tickmark/log'))).toBe(true);
  await expect(openAny({ dir })).rejects.toBeInstanceOf(ConfigurationError);
  await expect(begin(dir)).rejects.toBeInstanceOf(Interrupted);
});

it('lays in anew an Acme that an earlier version wrote, and nothing else', async () => {
  const old = join(dir, 'old');
  mkdirSync(join(old, '.tickmark/log'), { recursive: true });
  writeFileSync(join(old, 'tickmark.yaml'), 'company: Acme\n');
  writeFileSync(join(old, '.tickmark/log/log.json'), '{"format":1}');
  expect(needsDemo(old)).toBe(false);
  await expect(begin(old)).rejects.toThrow(/there is a tickmark.yaml in .* already/);
  await expect(openAny({ dir: old })).rejects.toThrow(ConfigurationError);
  writeFileSync(join(old, '.tickmark/demo.json'), '{}');
  expect(needsDemo(old)).toBe(true);
  await expect(begin(old)).rejects.toBeInstanceOf(Interrupted);
});

it('lays no demo over a log that is not its own', async () => {
  const other = join(dir, 'other');
  mkdirSync(join(other, '.tickmark/log'), { recursive: true });
  await expect(begin(other)).rejects.toThrow(/there is a log in .* already/);
});
