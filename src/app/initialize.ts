import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exampleFile, registerSchema, schemaFile } from '../attestations/files.ts';
import { kinds } from '../attestations/index.ts';
import { CONTROL_SCHEMA, controlSchema, EXAMPLE_CONTROL, exampleControl } from '../catalog/files.ts';
import { FILE_NAME, parseConfiguration } from '../configuration/read.ts';
import { jsonSchema } from '../configuration/json-schema.ts';
import { initialFiles } from '../configuration/template.ts';
import { ConfigurationError } from '../core/error.ts';
import { STATE } from './schedule.ts';

/** Writes the files of a new workspace and answers their paths. What is there already is never overwritten. */
export function initialize(
  dir: string,
  { company, timezone, period }: { readonly company: string; readonly timezone: string; readonly period: string },
): readonly string[] {
  if (existsSync(join(dir, FILE_NAME))) throw new ConfigurationError(`there is a ${FILE_NAME} in ${dir} already. Edit it, or name another folder.`);
  const [from = '', to = '', more] = period.split('..');
  if (from === '' || to === '' || more !== undefined) throw new ConfigurationError(`--period ${period}: expected two dates, like 2026-01-01..2027-01-01`);
  const files = initialFiles({ company, timezone, from, to });
  parseConfiguration(files[FILE_NAME] ?? '', []);
  const registers = Object.fromEntries(kinds.map((kind) => [`registers/${kind.id}.yaml`, exampleFile(kind)]));
  const written = Object.entries({ ...files, ...registers, [EXAMPLE_CONTROL]: exampleControl() }).filter(([path]) => !existsSync(join(dir, path)));
  const schemas = [
    [`${STATE}/tickmark.schema.json`, jsonSchema()],
    [`${STATE}/${CONTROL_SCHEMA}`, controlSchema()],
    ...kinds.map((kind) => [`${STATE}/${schemaFile(kind)}`, registerSchema(kind)] as const),
  ] as const;
  for (const [path, body] of [...written, ...schemas]) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), body);
  }
  return written.map(([path]) => path);
}
