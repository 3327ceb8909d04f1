import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runDraft } from '../../test/archive.ts';
import { missing } from '../../test/postgres.ts';
import { days } from '../core/instant.ts';
import { parseDescription } from '../log/description.ts';
import { openArchive } from './directory.ts';

const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);

if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('a key that replaces another, to Go', () => undefined);
else
  it('golang.org/x/mod verifies with the old key and with the new while both sign, and with the new alone afterwards', async () => {
    const root = mkdtempSync(join(tmpdir(), 'rotation-go-'));
    const [program, dir] = [join(root, 'verify-log'), join(root, 'state')];
    execFileSync(go, ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, '../../test/peers/verify-log') });
    let now = Date.parse('2026-03-01T02:00:00Z');
    const archive = await openArchive({ dir, clock: () => now, origin: 'acme.example/test' });
    const described = () => parseDescription(readFileSync(join(dir, 'log/log.json')));
    const verify = (key: string) => {
      const { status, stdout } = spawnSync(program, [join(dir, 'log'), key], { encoding: 'utf8' });
      return `${status} ${stdout.trim().replace(/ tiles.*/, '')}`;
    };

    await archive.append([runDraft('a', { at: now })]);
    const old = described().verifierKey;
    await archive.rotateKey('log', days(30));
    await archive.append([runDraft('b', { at: now })]);
    const next = described().periods?.[1]?.key ?? '';
    expect([verify(old), verify(next)]).toEqual(['0 VERIFIED acme.example/test size 3', '0 VERIFIED acme.example/test size 3']);

    now += days(31);
    expect(await archive.retireKey()).toBe(3);
    await archive.append([runDraft('c', { at: now })]);
    await archive.close();
    expect([verify(old), verify(next)]).toEqual(['1 ', '0 VERIFIED acme.example/test size 5']);
    rmSync(root, { recursive: true });
  }, 120_000);
