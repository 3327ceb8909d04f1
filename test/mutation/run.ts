// Changes checks and engine in one small way after another, and says which changes no test notices:
//   npm run mutate                        every check, and the engine
//   npm run mutate -- src/engine          one of the two
//   npm run mutate -- src/checks/x.ts     some files, each change that lives by its line
//   npm run mutate -- --left              what has not been tried on the code and by the tests of now
//   npm run mutate -- --alive             only what lived when it was last tried, where the code is the same
//   npm run mutate -- --minutes 20        as far as it gets in that time
//   npm run mutate -- --budget 2          for each change its quickest tests, for two seconds, and drawn examples for as long
// It notes what it has tried as it goes: stopped in any way, `--left` goes on.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Mutant, Tried } from './asked.ts';
import { attempts, CASES } from './attempts.ts';
import { Notes } from './notes.ts';
import { digestOf, type Result, resultsIn, WANTED, written } from './results.ts';

const ROOMS = ['src/checks', 'src/engine'] as const;
const NO_END = 86_400_000;

const given = process.argv.slice(2);
const minutes = given.includes('--minutes') ? Number(given[given.indexOf('--minutes') + 1]) : 24 * 60;
const budget = given.includes('--budget') ? 1000 * Number(given[given.indexOf('--budget') + 1]) : null;
const rooms = given.filter((it) => ROOMS.some((room) => it === room));
const named = given.filter((it) => it.endsWith('.ts'));
const [left, alive] = [given.includes('--left'), given.includes('--alive')];
let until = Date.now() + minutes * 60_000;
const before = new Map(resultsIn().map((it) => [it.file, it]));
const after: Result[] = [];
for (const room of rooms.length > 0 ? rooms : ROOMS) after.push(...(await mutated(room)));
const results = new Map([...resultsIn(), ...after].map((it) => [it.file, it])); // another run may have written by now
process.exitCode = written([...results.values()], CASES) >= WANTED ? 0 : 1;

async function mutated(room: string): Promise<readonly Result[]> {
  const tests = testsIn(room);
  const files = unitsIn(room).filter((file) => (named.length > 0 ? named.includes(file) : !left || before.get(file)?.digest !== digestIn(file, tests)));
  if (files.length === 0 || Date.now() > until) return [];
  const notes = new Notes(join('coverage/mutation', `${basename(room)}.jsonl`));
  const work = mkdtempSync(join(tmpdir(), 'mutants-'));
  try {
    const digests = new Map(files.map((file) => [file, { code: digestOf([file]), all: digestIn(file, tests) }]));
    notes.begin(digests, left ? 'left' : alive ? 'alive' : 'all');
    const { mutants, stopped } = await attempts({ files, tests: judging(files, tests), until, budget: budget ?? NO_END, known: notes.known() }, work, (tried) =>
      notes.add(tried),
    );
    if (stopped) until = 0;
    return files.flatMap((file) => resultOf(file, tests, mutants, notes.outcomes()));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function digestIn(file: string, tests: readonly string[]): string {
  return digestOf([file, ...judging([file], tests), 'test/check-tester.ts']);
}

/** Of files that each have a test beside them these alone; otherwise all tests of the room. */
function judging(files: readonly string[], tests: readonly string[]): readonly string[] {
  const own = files.map((file) => file.replace(/\.ts$/, '.test.ts'));
  return files.every((file, place) => file.startsWith('src/checks/') && tests.includes(own[place] ?? '')) ? own : tests;
}

function unitsIn(room: string): readonly string[] {
  return readdirSync(room)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'index.ts')
    .map((name) => `${room}/${name}`);
}

function testsIn(room: string): readonly string[] {
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.peers.test.ts'))
    .map((name) => `${room}/${name}`);
}

/** A file counts once all of its mutants were tried. */
function resultOf(file: string, tests: readonly string[], mutants: readonly Mutant[], outcomes: ReadonlyMap<string, Tried>): readonly Result[] {
  const its = mutants.filter((mutant) => mutant.file === file);
  const of = (...kinds: readonly Tried['outcome'][]) => its.filter(({ key }) => kinds.includes(outcomes.get(key)?.outcome ?? 'uncovered'));
  if (its.some(({ key }) => !outcomes.has(key))) return [];
  const lived = of('survived', 'uncovered', 'hidden');
  if (named.length > 0) for (const it of lived) process.stdout.write(`${lineOf(it, outcomes.get(it.key))}\n`);
  const [died, endless, early] = [of('killed'), of('endless'), of('early')].map((list) => list.length) as [number, number, number];
  return [{ file, died, endless, lived: lived.length, early, digest: digestIn(file, tests) }];
}

function lineOf({ file, says }: Mutant, tried: Tried | undefined): string {
  return `${file}:${says.replaceAll(/\s+/g, ' ').slice(0, 160)} (${tried?.outcome})`;
}
