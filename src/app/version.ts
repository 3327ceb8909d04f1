import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checks } from '../checks/index.ts';
import { collectors } from '../collectors/index.ts';

/** Folder of the program: the one that holds package.json, above src/ or dist/. */
export const home: string = (() => {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) if (existsSync(join(folder, 'package.json'))) return folder;
})();

const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly version: string };
const units = [...checks, ...collectors]
  .map((unit) => `${unit.id} ${unit.version}`)
  .sort()
  .join('\n');

/** What results rest on: the program's version, and a digest of the versions of every check and collector. */
export const CODE = `${version}+${createHash('sha256').update(units).digest('hex').slice(0, 8)}`;
export const VERSION = version;
