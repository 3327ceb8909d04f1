import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { acmeWire, hrExport } from '../../src/acme/wire.ts';
import { makeWorld } from '../../src/acme/world.ts';
import { instant } from '../../src/core/instant.ts';
import { missing } from '../postgres.ts';

const go = ['/usr/local/go/bin/go', 'go'].find((path) => spawnSync(path, ['version']).status === 0);

if (go === undefined) it.skipIf(missing('Go', 'Install golang-go.'))('a log that Go verifies', () => undefined);
else {
  describe('golang.org/x/mod/sumdb, which shares no code with us', () => {
    const root = mkdtempSync(join(tmpdir(), 'go-'));
    const [program, workspace] = [join(root, 'verify-log'), join(root, 'workspace')];
    const log = join(workspace, '.tickmark/log');
    const verify = () =>
      spawnSync(program, [log, (JSON.parse(readFileSync(join(log, 'log.json'), 'utf8')) as { verifierKey: string }).verifierKey], { encoding: 'utf8' });

    beforeAll(async () => {
      execFileSync(go, ['build', '-o', program, '.'], { cwd: join(import.meta.dirname, 'verify-log') });
      initialize(workspace, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
      const yaml = join(workspace, 'tickmark.yaml');
      writeFileSync(
        yaml,
        readFileSync(yaml, 'utf8').replace(
          'sources: []',
          'sources:\n  - { collector: hr/csv, name: people, config: { path: workers.csv } }\n  - { collector: github/organization, name: main, config: { org: acme }, credentials: { token: env:TOKEN } }',
        ),
      );
      let clock = instant('2026-11-01T02:00:00Z');
      const world = makeWorld(clock);
      writeFileSync(join(workspace, 'workers.csv'), hrExport(world, clock));
      const opened = await openWorkspace({
        dir: workspace,
        clock: () => clock,
        wire: acmeWire(world, () => clock),
        sleep: async () => undefined,
        env: { TOKEN: 'x' },
      });
      for (let run = 0; run < 150; run++) {
        clock += 60_000;
        const runs = await opened.collect();
        expect(runs.every(({ complete }) => complete)).toBe(true);
      }
      await opened.close();
    }, 120_000);
    afterAll(() => rmSync(root, { recursive: true }));

    it('verifies what "collect" wrote', () => {
      const { stdout, stderr, status } = verify();
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
      expect(stdout).toMatch(/^VERIFIED tickmark\/acme-\w+ size 301\n$/);
    });

    it.each(['checkpoint', 'tile/0/000', 'tile/entries/000', 'tile/1/000.p/1'])('refuses a flipped bit in %s', (path) => {
      const file = join(log, path);
      expect(existsSync(file), readdirSync(join(log, 'tile')).join()).toBe(true);
      const sound = readFileSync(file);
      const flipped = Buffer.from(sound);
      flipped[20] = (flipped[20] ?? 0) ^ 1;
      chmodSync(file, 0o644);
      writeFileSync(file, flipped);
      const { status } = verify();
      writeFileSync(file, sound);
      expect(status).toBe(1);
      expect(verify().status).toBe(0);
    });
  });
}
