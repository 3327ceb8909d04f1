// Compiles src/ to dist/ for the published package: Node strips no types below node_modules.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
  if (!/\.(css|svg)$/.test(path)) continue;
  mkdirSync(dirname(join(dist, path)), { recursive: true });
  copyFileSync(join(root, 'src', path), join(dist, path));
}

await buildVerifier(join(dist, 'tickmark-verify.mjs'));
