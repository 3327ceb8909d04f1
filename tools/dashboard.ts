// Builds the dashboard where what it is made of has changed since: a few seconds, and nothing otherwise.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'dashboard');

/** Names in the built folder what it was built from. */
const STAMP = '.built-from';

/** What it is made of: its own files, the words that it shares with the program, and the packages. */
const MADE_OF = ['dashboard/src', 'dashboard/index.html', 'dashboard/vite.config.ts', 'src/core', 'src/server/tickmark.css', 'package-lock.json'];

/** Builds into `dashboard/dist`, or where it is said to. Several processes may do so at once: each builds beside it, and what is there is whole at any time. */
export async function buildDashboard(outDir = join(folder, 'dist')): Promise<void> {
  const wanted = digest();
  const isBuilt = () => existsSync(join(outDir, STAMP)) && readFileSync(join(outDir, STAMP), 'utf8') === wanted;
  if (isBuilt()) return;
  process.stderr.write('Building the dashboard ...\n');
  const beside = `${outDir}-${process.pid}`;
  try {
    await build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'error', build: { outDir: beside } });
    writeFileSync(join(beside, STAMP), wanted);
    if (isBuilt()) return; // another was faster
    rmSync(outDir, { recursive: true, force: true });
    renameSync(beside, outDir);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function digest(): string {
  const hash = createHash('sha256');
  for (const path of MADE_OF.flatMap(filesOf).sort())
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesOf(path: string): readonly string[] {
  if (/\.[a-z]+$/.test(path)) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile() && !it.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1));
}

if (import.meta.main) await buildDashboard();
