import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import { openWorkspace } from '../../src/app/open.ts';
import { api } from '../../src/server/api/api.ts';
import { hub } from '../../src/server/api/hub.ts';
import { principal } from '../../src/server/api/testing/company.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';

const bin = postgresBinaries();

it.skipIf(bin === null && missing('a PostgreSQL server', 'Install postgresql.'))(
  'a server whose database dies while it is asked says so, seals nothing half, and goes on once the database is back',
  async () => {
    const postgres = await startPostgres(bin ?? '');
    const dir = mkdtempSync(join(tmpdir(), 'database-lost-'));
    initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
    const key = join(dir, 'master.key');
    writeFileSync(key, Buffer.alloc(32, 5));
    const workspace = await openWorkspace({ dir, env: { DATABASE_URL: postgres.url, TICKMARK_MASTER_KEY_FILE: key } });
    const failures: string[] = [];
    const app = api({
      services: { workspace, hub: hub(), signIn: {} as never, failed: (error) => void failures.push(error instanceof Error ? error.message : String(error)) },
      principalOf: async () => principal('admin'),
    });
    const ask = async (path: string) => {
      const response = await app.request(`http://127.0.0.1:7400/api${path}`, { signal: AbortSignal.timeout(20_000) });
      await response.text();
      return response.status;
    };
    try {
      expect(await Promise.all([ask('/jobs'), ask('/records')])).toEqual([200, 200]);
      const busy = Array.from({ length: 40 }, (_, place) => ask(place % 2 === 0 ? '/jobs' : '/alerts'));
      const acts = workspace.recordActs([{ act: 'sign-in', by: 'maria.lopez@acme.example', target: null, says: null }]).then(
        () => 'sealed',
        () => 'refused',
      );
      postgres.restart(); // as if its machine had lost power
      const told = await Promise.all(busy);
      expect(told.filter((status) => ![200, 500, 503].includes(status))).toEqual([]);
      const outcome = await acts;
      for (const end = Date.now() + 20_000; (await ask('/jobs')) !== 200; ) {
        if (Date.now() > end) throw new Error(`it does not go on: ${failures.at(-1) ?? ''}`);
        await new Promise((done) => setTimeout(done, 100));
      }
      await workspace.recordActs([{ act: 'sign-out', by: 'maria.lopez@acme.example', target: null, says: null }]);
      const titles = (await workspace.records(null, 20)).map(({ title }) => title.replace(/^.*: /, ''));
      const sealed = titles.filter((title) => title === 'sign-in').length;
      expect(outcome === 'sealed' ? sealed : [0, 1].includes(sealed)).toEqual(outcome === 'sealed' ? 1 : true);
      expect(titles[0]).toBe('sign-out');
      expect((await workspace.verify()).problems).toEqual([]);
      expect([await ask('/jobs'), await ask('/posture')]).toEqual([200, 200]);
    } finally {
      await workspace.close().catch(() => undefined);
      postgres.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
  120_000,
);
