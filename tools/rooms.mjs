// Enforces the table of rooms.config.mjs, and refuses a pass in which a file was not looked at.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise as cruiseWith } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { options, ROOMS, rules } from './rooms.config.mjs';

const FOLDERS = ['src', 'dashboard/src'];

/** The violations below `base`, and the TypeScript files there that were not parsed. */
export async function cruise(base, tsConfigFile) {
  const ruleSet = { forbidden: rules, options };
  const { output } = await cruiseWith(FOLDERS, { ...options, baseDir: base, validate: true, ruleSet }, undefined, { tsConfig: extractTSConfig(tsConfigFile) });
  const seen = new Set(output.modules.map(({ source }) => source));
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(base, folder), { recursive: true })
      .map((path) => `${folder}/${path}`.replaceAll('\\', '/'))
      .filter((path) => /\.tsx?$/.test(path)),
  );
  const rooms = new Set(files.filter((path) => path.startsWith('src/') && path.split('/').length > 2).map((path) => path.split('/')[1]));
  return {
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
    unseen: files.filter((path) => !seen.has(path)),
    unknownRooms: [...rooms].filter((room) => !(room in ROOMS)),
    modules: files.length,
    dependencies: output.summary.totalDependenciesCruised,
  };
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const { violations, unseen, unknownRooms, modules, dependencies } = await cruise(root, join(root, 'tsconfig.json'));
  for (const { rule, from, to } of violations) console.error(`${rule}: ${from} -> ${to}`);
  for (const path of unseen) console.error(`not parsed: ${path}`);
  for (const room of unknownRooms) console.error(`src/${room}/ is not in the table of tools/rooms.config.mjs`);
  console.log(`${modules} modules, ${dependencies} dependencies, ${violations.length} violations`);
  process.exit(violations.length || unseen.length || unknownRooms.length || !modules || !dependencies ? 1 : 0);
}
