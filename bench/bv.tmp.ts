import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { makeLog, bundleOf } from '../test/bundles.ts';
import { verifyBundle } from '../src/verify/bundle.ts';
import { openBundle } from '../src/verify/bundle-files.ts';
const N = Number(process.env.N ?? 2000);
const root = '/tmp/bv-' + N;
const file = join(root, 'b.tar');
if (!existsSync(file)) {
  rmSync(root, { recursive: true, force: true });
  const archive = await makeLog(join(root, 'log'), N);
  await bundleOf(archive, file);
  await archive.close();
}
for (let i = 0; i < 2; i++) {
const u = process.cpuUsage(), t = performance.now();
const files = openBundle(file);
const t1 = performance.now();
const v = await verifyBundle({ files, key: null, pin: null, authorities: null });
files.close();
const c = process.cpuUsage(u);
console.log('open', (t1 - t).toFixed(0), 'wall', (performance.now() - t).toFixed(0), 'cpu', ((c.user + c.system) / 1000).toFixed(0), v.totals, v.payloads, v.sound);
}
