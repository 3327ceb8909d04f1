import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hono } from 'hono';
import { makeToken } from '../../src/auth/tokens.ts';
import { listen } from '../../src/server/server.ts';
import { type Ground, openGround } from '../../src/server/sign-in/testing/ground.ts';
import { missing } from '../postgres.ts';

const own = join(import.meta.dirname, '../../.scanners/bin/python3');
const python = process.env.SCIM_PYTHON ?? (existsSync(own) ? own : 'python3');
const isThere = spawnSync(python, ['-c', 'import scim2_tester, httpx2']).status === 0;
const HOW = 'python3 -m venv .scanners && .scanners/bin/pip install -r test/peers/scanners.txt';

// scim2-tester asks whatever the server says of itself, and compares what it does with RFC 7643 and RFC 7644. Nobody here wrote it.
if (!isThere) it.skipIf(missing('scim2-tester', HOW))('SCIM by scim2-tester', () => undefined);
else {
  describe('the SCIM server', () => {
    let ground: Ground;
    let server: Awaited<ReturnType<typeof listen>>;
    const where = { url: 'http://127.0.0.1' };

    beforeAll(async () => {
      ground = await openGround({ groups: { Admins: 'admin' } }, { url: () => where.url, real: true });
      server = await listen(ground.app as unknown as Hono, 0);
      where.url = server.url;
    });
    afterAll(async () => {
      await server.close();
      await ground.close();
    });

    it('does what it says of itself, by the word of scim2-tester', async () => {
      const { secret } = await makeToken(ground.means, 'test', { kind: 'scim', name: 'directory', user: null, scopes: null, strong: false, days: 1 });
      const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'scim.py'), `${server.url}/scim/v2`, secret], { maxBuffer: 2 ** 26 });
      const results = JSON.parse(stdout) as readonly { readonly status: string; readonly title: string; readonly reason: string | null }[];
      expect(
        results.filter(({ status }) => status !== 'SUCCESS' && status !== 'SKIPPED').map(({ status, title, reason }) => `${status} ${title}: ${reason}`),
      ).toEqual([]);
      expect(results.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(40);
    });
  });
}
