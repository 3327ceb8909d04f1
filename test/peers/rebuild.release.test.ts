import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAny } from '../../src/app/open-any.ts';
import { layAcme, NOW } from '../acme-workspace.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';

const bin = postgresBinaries();

it.skipIf(bin === null && missing('a PostgreSQL server', 'Install postgresql.'))(
  'gives the same posture of Acme, byte for byte, learned on the embedded database and rebuilt on a server',
  async () => {
    const server = await startPostgres(bin ?? '');
    const dir = mkdtempSync(join(tmpdir(), 'rebuild-'));
    const clock = () => NOW;
    await layAcme(dir);
    const postures: string[] = [];
    // Learned record by record on one, derived at once on the other: two ways to the same, on two databases.
    for (const [env, anew] of [
      [{}, false],
      [{ DATABASE_URL: server.url }, true],
    ] as const) {
      const workspace = await openAny({ dir, clock, env });
      if (anew) await workspace.rebuild();
      postures.push(JSON.stringify(await workspace.posture()));
      await workspace.close();
    }
    server.stop();
    rmSync(dir, { recursive: true });

    expect(postures[0]?.length).toBeGreaterThan(10_000);
    expect(new Set(postures).size).toBe(1);
  },
  600_000,
);
