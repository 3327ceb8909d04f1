import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const clone = join(import.meta.dirname, '../..');

it('is packed, installed in an empty folder, and runs there as compiled JavaScript', () => {
  const npm = (words: readonly string[], cwd: string) =>
    execFileSync('npm', [...words, '--loglevel=error', '--no-audit', '--no-fund'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  npm(['pack', '--pack-destination', root], clone);
  const [archive = ''] = readdirSync(root).filter((name) => name.endsWith('.tgz'));
  const project = join(root, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "somebody", "private": true }');
  npm(['install', join(root, archive), '--ignore-scripts'], project);

  const installed = join(project, 'node_modules/tickmark');
  expect([existsSync(join(installed, 'src')), existsSync(join(installed, 'dist/cli/main.js')), existsSync(join(installed, 'test'))]).toEqual([
    false,
    true,
    false,
  ]);
  const tickmark = (...words: readonly string[]) => execFileSync(join(project, 'node_modules/.bin/tickmark'), words, { cwd: project, encoding: 'utf8' });
  expect(tickmark('--version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
  tickmark('init', 'mine', '--company', 'Acme', '--timezone', 'UTC', '--period', '2026-01-01..2027-01-01');
  const status = JSON.parse(tickmark('status', '--workspace', 'mine', '--json')) as { readonly criteria: readonly unknown[] };
  expect(status.criteria).toHaveLength(61);
  expect(JSON.parse(tickmark('log', 'verify', '--workspace', 'mine', '--json'))).toMatchObject({ records: 1, problems: [] });
}, 300_000);
