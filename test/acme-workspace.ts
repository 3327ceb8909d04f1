import { createHash, randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadDemo } from '../src/app/demo.ts';
import { openAny } from '../src/app/open-any.ts';
import { instant } from '../src/core/instant.ts';

export const NOW = instant('2026-11-24T09:00:00Z');
const root = join(import.meta.dirname, '..');
const shelf = join(root, 'node_modules/.cache/tickmark-acme');

/** Lays Acme, as it stood at {@link NOW}, into a folder. It is laid in once for each state of the code, and copied from then on: that takes minutes. */
export async function layAcme(dir: string): Promise<void> {
  const kept = join(shelf, digestOfCode());
  if (!existsSync(kept)) {
    const making = join(shelf, `making-${randomBytes(6).toString('hex')}`);
    mkdirSync(making, { recursive: true });
    await loadDemo({ dir: making, clock: () => NOW });
    await (await openAny({ dir: making, clock: () => NOW })).close(); // what follows from its records is kept beside them
    for (const old of readdirSync(shelf)) if (!old.startsWith('making-')) rmSync(join(shelf, old), { recursive: true, force: true });
    if (!existsSync(kept)) renameSync(making, kept);
  }
  cpSync(kept, dir, { recursive: true, filter: (path) => !path.endsWith('writer.lock') });
}

/** Everything that Acme depends on: the code, the catalogue, the packages. */
function digestOfCode(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of ['src', 'catalog']) {
    const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true }).filter((it) => it.isFile() && !it.name.endsWith('.test.ts'));
    for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  return hash.digest('hex').slice(0, 32);
}
