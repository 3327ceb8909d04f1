import { createHash } from 'node:crypto';
import { checks } from '../checks/index.ts';
import { collectors } from '../collectors/index.ts';
import { datasets } from '../datasets/index.ts';
import { home, VERSION } from './release.ts';
import { type Program, unitsOfProgram } from './units.ts';

export { home, VERSION };

const units = unitsOfProgram(home);
const lines = units.map((unit) => `${unit.kind} ${unit.id} ${unit.version} ${unit.digest}`).sort();

/** What results rest on: the program's version, and a digest of the code of every check, collector and dataset, and of the engine. */
export const CODE = `${VERSION}+${createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 8)}`;

export const PROGRAM: Program = { checks, collectors, datasets, units, code: CODE };
