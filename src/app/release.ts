import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folder of the program: the one that holds package.json, above src/ or dist/. */
export const home: string = (() => {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) if (existsSync(join(folder, 'package.json'))) return folder;
})();

export const { version: VERSION } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly version: string };
