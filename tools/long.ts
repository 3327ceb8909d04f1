import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * The property tests of the engine in their long form, in parts that add up: `npm run test:long -- --part 2/10`. Each part
 * has its own seed, which is told; with the same seed and as many cases it is performed again. Parts may run beside each
 * other, on one machine or on several.
 */
const root = join(import.meta.dirname, '..');
const FOLDER = 'src/engine';
/** Of each file of properties, all parts together: of those that are held to the definition, asked at every tick, a hundred thousand; the others compare two ways of computing the same. */
const [BY_DEFINITION, OTHERS] = [25_000, 4_000];
const ORACLE = './testing/oracle.ts';
const SEED = 20_260_301;

function main(): number {
  const { values } = parseArgs({
    options: { part: { type: 'string' }, property: { type: 'string', multiple: true }, seed: { type: 'string' }, cases: { type: 'string' } },
  });
  const [part, parts] = partOf(values.part ?? '1/1');
  const asked = values.cases === undefined ? null : numberOf('--cases', values.cases);
  const seed = values.seed === undefined ? SEED + part : numberOf('--seed', values.seed);
  const all = propertyFiles();
  const strange = values.property?.find((name) => !all.includes(name));
  if (strange !== undefined) throw new RangeError(`no property test is called ${strange}. There are: ${all.join(', ')}`);

  const failed: string[] = [];
  for (const name of values.property ?? all) {
    const cases = asked ?? Math.ceil((textOf(name).includes(ORACLE) ? BY_DEFINITION : OTHERS) / parts);
    const again = `npm run test:long -- --property ${name} --seed ${seed} --cases ${cases}`;
    console.log(`${name}: ${cases} cases of a property, seed ${seed} (part ${part} of ${parts})`);
    const began = performance.now();
    const { status } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'unit', '--maxWorkers', '1', `${FOLDER}/${name}.test.ts`],
      {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, CASES: String(cases), TICKMARK_SEED: String(seed) },
      },
    );
    console.log(`${name}: ${status === 0 ? 'held' : `FAILED; again: ${again}`}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
    if (status !== 0) failed.push(again);
  }
  for (const again of failed) console.error(again);
  return failed.length > 0 ? 1 : 0;
}

/** Those that ask how many cases they are held to. */
const propertyFiles = (): readonly string[] =>
  readdirSync(join(root, FOLDER))
    .flatMap((name) => (name.endsWith('.test.ts') ? [name.replace('.test.ts', '')] : []))
    .filter((name) => textOf(name).includes('./testing/cases.ts'))
    .sort();

const textOf = (name: string): string => readFileSync(join(root, FOLDER, `${name}.test.ts`), 'utf8');

function partOf(text: string): readonly [part: number, parts: number] {
  const [, part = '', parts = ''] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text) ?? [];
  if (part === '' || Number(part) > Number(parts)) throw new RangeError(`--part is written 1/10, not ${text}`);
  return [Number(part), Number(parts)];
}

function numberOf(flag: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`${flag} is a whole number from 1 on, not ${text}`);
  return Number(text);
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(`test:long: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
