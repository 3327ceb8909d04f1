import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Tally } from '../test/log/tally.ts';
import { chosen, LINES, nameOf, type Part, PARTS, says, type Told, total } from './faults-parts.ts';

/**
 * The fault harnesses in their full form, part by part: `npm run test:faults`. What a part found is noted when it ends,
 * and a part that was noted for the same code is not run again: so it can be stopped at any time and goes on later.
 *
 *   npm run test:faults                       what is left
 *   npm run test:faults -- --only cuts        the parts whose names begin so; may be said more than once
 *   npm run test:faults -- --list             what there is, and what was found of it
 *   npm run test:faults -- --hours 2          begins no part after so long
 *   npm run test:faults -- --lanes 1          so many at once; as there are processors, unless said
 *   npm run test:faults -- --again            forgets what was noted
 *   npm run test:faults -- --state FILE       where it is noted: faults.json in this folder, unless said
 */
const root = join(import.meta.dirname, '..');

/** What was noted: of this code, by the name of each part. */
interface State {
  readonly code: string;
  readonly told: Readonly<Record<string, Told>>;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      list: { type: 'boolean' },
      hours: { type: 'string' },
      lanes: { type: 'string' },
      again: { type: 'boolean' },
      state: { type: 'string' },
    },
  });
  const file = values.state ?? join(root, 'faults.json');
  const hours = values.hours === undefined ? Number.POSITIVE_INFINITY : above(0, '--hours', values.hours);
  const lanes = values.lanes === undefined ? availableParallelism() : Math.floor(above(1, '--lanes', values.lanes));
  const parts = chosen(PARTS, values.only ?? []);
  let state = read(file);
  if (values.again) state = { ...state, told: Object.fromEntries(Object.entries(state.told).filter(([name]) => !parts.some((part) => nameOf(part) === name))) };
  const left = [...parts.filter((part) => state.told[nameOf(part)] === undefined)];
  if (values.list) {
    for (const part of parts) console.log(`${nameOf(part).padEnd(34)} ${says(state.told[nameOf(part)] ?? null)}`);
    console.log(total(parts, state.told));
    return 0;
  }

  const until = Date.now() + hours * 3_600_000;
  let isStopped = false;
  const lane = async () => {
    for (let part = left.shift(); part && Date.now() < until && !isStopped; part = left.shift()) {
      const told = await run(part);
      if (told === null) {
        isStopped = true; // this part begins anew
        return;
      }
      state = { ...state, told: { ...state.told, [nameOf(part)]: told } };
      write(file, state);
      console.log(`[${parts.filter((it) => state.told[nameOf(it)] !== undefined).length}/${parts.length}] ${nameOf(part)}: ${says(told)}`);
      if (told.failed) console.log(told.output);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  console.log(total(parts, state.told));
  if (isStopped) return 130;
  return parts.some((part) => state.told[nameOf(part)]?.failed) ? 1 : 0;
}

/** Runs a part in a process of its own. `null` where somebody stopped it. */
function run(part: Part): Promise<Told | null> {
  const dir = mkdtempSync(join(tmpdir(), 'tickmark-faults-'));
  const [tally, began] = [join(dir, 'tally.json'), performance.now()];
  const env = { ...process.env, TICKMARK_FAULTS: 'full', TICKMARK_FULL: '1', TICKMARK_PART: `${part.part}/${part.of}`, TICKMARK_TALLY: tally };
  const words = ['run', '--project', part.project, part.file, '-t', part.test, '--maxWorkers', '1', '--reporter=default', '--reporter=./test/log/tally.ts'];
  const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...words], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: string) => {
    output = (output + chunk).slice(-20_000);
  };
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep);
  let isStopped = false;
  const stop = () => {
    isStopped = true;
    child.kill('SIGTERM');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return new Promise((done) => {
    child.once('close', (status) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      const tallies = existsSync(tally) ? (JSON.parse(readFileSync(tally, 'utf8')) as readonly Tally[]) : [];
      rmSync(dir, { recursive: true });
      const failed = status !== 0;
      done(isStopped ? null : { seconds: Math.round((performance.now() - began) / 1000), failed, tallies, output: failed ? output : '' });
    });
  });
}

/** What stands of the code that the harnesses try, and of the harnesses: other changes undo nothing. */
function codeOf(): string {
  const git = (...words: readonly string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', ...LINES);
  if (changed !== '') throw new RangeError(`commit first, so that it is known of what code this is told:\n${changed}`);
  return git('rev-parse', ...LINES.map((path) => `HEAD:${path}`)).replaceAll('\n', ' ');
}

function read(file: string): State {
  const code = codeOf();
  const none: State = { code, told: {} };
  if (!existsSync(file)) return none;
  const state = JSON.parse(readFileSync(file, 'utf8')) as State;
  if (state.code === code) return state;
  console.log(`${file} is of other code: everything is run again`);
  return none;
}

function write(file: string, state: State): void {
  writeFileSync(`${file}.tmp`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}

function above(least: number, flag: string, text: string): number {
  const number = Number(text);
  if (!(number >= least && number > 0)) throw new RangeError(`${flag} is a number ${least === 0 ? 'above 0' : `from ${least} on`}, not ${text}`);
  return number;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`test:faults: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
