import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checks } from '../checks/index.ts';
import { collectors } from '../collectors/index.ts';
import { datasets } from '../datasets/index.ts';
import { type Program, unitsOfProgram } from './units.ts';

/** Folder of the program: the one that holds package.json, above src/ or dist/. */
export const home: string = (() => {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) if (existsSync(join(folder, 'package.json'))) return folder;
})();

const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { readonly version: string };

const units = unitsOfProgram(home);
const lines = units.map((unit) => `${unit.kind} ${unit.id} ${unit.version} ${unit.digest}`).sort();

/** What results rest on: the program's version, and a digest of the code of every check, collector and dataset, and of the engine. */
export const CODE = `${version}+${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 8)}`;
export const VERSION = version;

export const PROGRAM: Program = { checks, collectors, datasets, units, code: CODE };
