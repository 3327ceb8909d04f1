import module from 'node:module';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { benchArchive } from './archive.ts';
import { benchScale } from './scale.ts';
import { benchServer } from './server.ts';
import { floors } from './archive-floor.ts';
import { met, type Result, type Workload } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { type Asked, NUMBERS, readOptions } from './harness/options.ts';
import { type Alone, figure, type Measured, page, verdictOf, wantedOf, withUnit } from './harness/render.ts';
import { SERVER } from './peers/peers.ts';
import { workloads } from './workloads/index.ts';

const root = join(import.meta.dirname, '..');
process.env.UV_THREADPOOL_SIZE ??= '8'; // as the program itself does
module.enableCompileCache(join(root, 'node_modules/.cache/compiled')); // as the program itself does: threads start faster

const RESULTS = join(root, 'bench/results.json');
const ALONE_RESULTS = join(root, 'bench/alone.json');
const args = process.argv.slice(2);

function asked(): Asked {
  try {
    const options = readOptions(args);
    const unknown = options.workloads.filter((name) => !workloads.some(({ id }) => id === name));
    if (unknown.length > 0)
      throw new RangeError(
        `no workload is called ${unknown.join(', ')}. There are: ${workloads.map(({ id }) => id).join(', ')}, archive, floor, server and scale`,
      );
    return options;
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}. Run for example: npm run bench -- W4 W5 --users 10000 --pairs 7`);
    process.exit(2);
  }
}

async function main(options: Asked): Promise<number> {
  const chosen = options.workloads.length > 0 ? workloads.filter(({ id }) => options.workloads.includes(id)) : workloads;
  const measured: Measured[] = [];
  console.log(
    Object.entries(await machine())
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join(', '),
  );
  for (const workload of chosen) {
    console.log(`\n${workload.id} ${workload.title} ...`);
    const on = await machine();
    const result = inItsOwnProcess(workload, options);
    measured.push({ ...result, machine: on, heap: options.heap, asked: flagsOf({ ...options, heap: null }).join(' ') });
    say(result);
    if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(measured, null, 1)}\n`);
    if (options.write) keep(measured);
  }
  return measured.some(({ failure, comparisons }) => failure !== null || comparisons.some(({ agreed }) => !agreed)) ? 1 : 0;
}

/** What was asked of the workloads, as it would be asked again. */
const flagsOf = (options: Asked): readonly string[] => [
  ...NUMBERS.flatMap((name) => (options[name] === null ? [] : [`--${name}`, String(options[name])])),
  ...(options.peers === 'all' ? [] : ['--peers', options.peers]),
];

function inItsOwnProcess({ id, title }: Workload, options: Asked): Result {
  const { heap } = options;
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'tickmark-bench-'));
  const file = join(folder, 'result.json');
  try {
    const node = [
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      ...(heap === null ? ['--max-old-space-size=8192'] : [`--max-old-space-size=${heap}`]),
    ];
    const { status, signal, stderr } = spawnSync(process.execPath, [...node, join(import.meta.dirname, 'one.ts'), file, id, ...flagsOf(options)], {
      stdio: ['ignore', 'inherit', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 64 * 2 ** 20,
      env: { ...process.env, BENCH_DIR: folder },
    });
    if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Result;
    const lines = stderr.trim().split('\n');
    const failure = /heap out of memory/i.test(stderr)
      ? `it ran out of memory${heap === null ? '' : ` under ${heap} MB`}`
      : (lines.find((line) => /Error/.test(line)) ?? `it ended with ${signal ?? status}`);
    console.error(lines.slice(-20).join('\n'));
    return { id, title, size: '', comparisons: [], figures: [], goals: [], notes: [], profiles: [], rss: 0, failure };
  } finally {
    endServers(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The servers of a process that did not live to stop them: each left a note with its process and its folder. */
function endServers(folder: string): void {
  const notes = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => basename(path).startsWith(SERVER));
  for (const path of notes) {
    const note = join(folder, path);
    const [pid = '', data = ''] = readFileSync(note, 'utf8').split('\n');
    for (let tries = 0; tries < 100 && signalled(Number(pid), tries === 0 ? 'SIGINT' : 0); tries++)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    rmSync(data, { recursive: true, force: true });
  }
}

/** Whether the process was there to take the signal; 0 only asks. */
function signalled(pid: number, signal: 'SIGINT' | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

function say({ size, goals, comparisons, figures, notes, failure }: Result): void {
  if (failure !== null) console.log(`  FAILED: ${failure}`);
  console.log(`  ${size}`);
  for (const { label, timings, agreed } of comparisons) {
    console.log(`  ${label}${agreed ? '' : ': VOID, the answers differ'}`);
    for (const { name, median, min, max, cpu, ratio, rounds, answer } of timings) {
      const times = `${figure(min)} / ${figure(median)} / ${figure(max)} ms`.padEnd(34);
      console.log(
        `    ${name.padEnd(44)} ${times} cpu ${figure(cpu).padEnd(8)} ${(ratio === null ? '' : `${figure(ratio)}x`).padEnd(10)} ${rounds} rounds ${answer}`,
      );
    }
  }
  for (const { label, rows } of figures) {
    console.log(`  ${label}`);
    for (const { name, value, unit } of rows) console.log(`    ${name.padEnd(44)} ${withUnit(value, unit)}`);
  }
  for (const note of notes) console.log(`  ${note}`);
  for (const goal of goals)
    console.log(
      `  ${met(goal) === true ? '+' : '-'} ${goal.what}: ${goal.measured === null ? '' : withUnit(goal.measured, goal.unit)} (${wantedOf(goal)}): ${verdictOf(goal)}`,
    );
}

/** Other workloads keep what was measured of them before. */
function keep(measured: readonly Measured[]): void {
  const before = readKept<readonly Measured[]>(RESULTS, []);
  const nameOf = ({ id, heap }: Measured) => `${id.replace(/\d+/, (number) => number.padStart(2, '0'))} ${heap ?? ''}`;
  const all = new Map([...before, ...measured].map((its) => [nameOf(its), its]));
  const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, its]) => its);
  writeFileSync(RESULTS, `${JSON.stringify(sorted, null, 1)}\n`);
  writePage();
}

function keepAlone(name: string, alone: Alone): void {
  writeFileSync(ALONE_RESULTS, `${JSON.stringify({ ...readKept<Readonly<Record<string, Alone>>>(ALONE_RESULTS, {}), [name]: alone }, null, 1)}\n`);
  writePage();
}

function writePage(): void {
  const alone = readKept<Readonly<Record<string, Alone>>>(ALONE_RESULTS, {});
  writeFileSync(
    join(root, 'docs/benchmarks.md'),
    page(
      readKept<readonly Measured[]>(RESULTS, []),
      Object.keys(alone)
        .sort()
        .flatMap((name) => alone[name] ?? []),
      (id) => workloads.find((its) => its.id === id)?.why,
    ),
  );
}

const readKept = <Kept>(file: string, nothing: Kept): Kept => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept) : nothing);

/**
 * `npm run bench`: every workload, each in a process of its own; `npm run bench -- W4 W5 --users 10000`: some.
 * A goal that is missed is told and no failure, for a busy machine is slow; answers that differ are one, and running out of memory is one.
 */
const ALONE: Readonly<Record<string, () => ReturnType<typeof benchArchive>>> = { archive: benchArchive, server: () => benchServer(args) };
const alone = ALONE[args[0] ?? ''];
if (args[0] === 'scale') await benchScale(args.slice(1));
else if (alone) {
  const on = await machine();
  const lines = await alone();
  for (const [what, measured, goal] of lines) console.log(`${what.padEnd(66)} ${measured.padEnd(38)} ${goal === '' ? '' : `goal: ${goal}`}`.trimEnd());
  // Of a workspace that somebody names the folder concerns nobody else; a profile is for who asked.
  if (!args.some((it) => ['--no-write', '--workspace', '--profile'].includes(it)))
    keepAlone(args.includes('--learned') ? `${args[0]} learned` : (args[0] ?? ''), { machine: on, asked: args.join(' '), lines });
} else if (args[0] === 'floor') {
  for (const { of, steps, floor } of await floors()) {
    for (const { name, times, alone, together } of steps)
      console.log(
        `${of.padEnd(8)} ${name.padEnd(56)} ${(times * alone).toFixed(1).padStart(6)} us alone ${(times * together).toFixed(1).padStart(6)} us beside others`,
      );
    console.log(
      `${of.padEnd(8)} ${'a record, all threads always busy'.padEnd(56)} ${floor.toFixed(1).padStart(6)} us: ${Math.round(1e6 / floor).toLocaleString('en')}/s`,
    );
  }
} else {
  process.exitCode = await main(asked());
}
