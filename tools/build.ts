// Compiles src/ to dist/ for the published package: Node strips no types below node_modules.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unitsOf } from '../src/app/units.ts';
import { buildDashboard } from './dashboard.ts';
import { buildVerifier } from './verifier.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const { status } = spawnSync(process.execPath, [join(root, 'node_modules/typescript7/bin/tsc'), '--project', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

// What the program reads beside its code.
for (const path of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
  if (!/\.(css|svg|js)$/.test(path)) continue;
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(root, 'src', path), join(dist, path));
}

// The digests of checks and collectors are those of their sources, so that a clone and the package say the same.
const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly dependencies: Readonly<Record<string, string>> };
writeFileSync(join(dist, 'app/units.json'), JSON.stringify(unitsOf(join(root, 'src'), dependencies)));

await buildVerifier(join(dist, 'tickmark-verify.mjs'));
await buildDashboard(join(dist, 'dashboard'));
