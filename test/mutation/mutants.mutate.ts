import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AGAIN, ASKED, type Asked, MUTANTS, type Mutant, NOW, type Now, TRIED, type Tried } from './asked.ts';
import { collect, type Collected } from './collected.ts';

/** What the switches of the instrumenter read and count. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  quiet?: boolean;
  mutantCoverage?: { readonly static: Record<string, number>; readonly perTest: Record<string, Record<string, number>> };
}
/** A test that passes on the code as it is. */
interface Known extends Collected {
  /** How long it took, in milliseconds. */
  readonly took: number;
  /** Whether it draws examples, as many as there is time for. */
  readonly draws: boolean;
  /** How often it passed each mutant, by id. */
  readonly passes: Readonly<Record<string, number>>;
}
interface Examined {
  readonly tests: readonly Known[];
  /** Ids of the mutants that were passed while files were loaded. */
  readonly early: ReadonlySet<string>;
}

const ROOT = join(import.meta.dirname, '../..');
const WORK = process.env.TICKMARK_MUTATE ?? '';
/** A mutant that is passed so many times as often as the code itself was is in a loop that does not end. */
const ENDLESS = 100;
/** With a mutant a test may take so many times as long as with the code itself, and so many milliseconds more. */
const SLOWER = 20;
const PATIENCE = 60_000;
/** For so many milliseconds a property is held to the code as it is, once a mutant is switched off. */
const AGAIN_FOR = 100;
const NO_LIMIT = 2 ** 31 - 1;
/** Tests that hold the program to a time: what they say depends on what else the machine does. */
const BY_THE_CLOCK = ['answers any part of a population of 100,000 at once'];

it('tries every mutant by the tests that reach it', async () => {
  const asked = JSON.parse(readFileSync(join(WORK, ASKED), 'utf8')) as Asked;
  const world = globalThis as unknown as { __stryker__?: Switches };
  world.__stryker__ ??= {};
  const switches = world.__stryker__;
  const { tests, early } = await examined(asked, switches);
  switches.quiet = true;
  const known = new Set(asked.known);
  let first = true;
  for (const mutant of JSON.parse(readFileSync(join(WORK, MUTANTS), 'utf8')) as readonly Mutant[]) {
    if (known.has(mutant.key)) continue;
    if (Date.now() > asked.until) break;
    const reached = within(asked.budget, mutant, judges(mutant, tests));
    const atMost = asked.budget / Math.max(1, reached.filter(({ draws }) => draws).length);
    begin(mutant.key, 0);
    const { clean, ...said } = reached.length > 0 ? await outcome(switches, mutant, reached, atMost) : { ...unreached(mutant, early), clean: true };
    // What it left behind would be held against the next one: it counts where nothing was tried before it.
    if (clean || first) appendFileSync(join(WORK, TRIED), `${JSON.stringify(said)}\n`);
    if (!clean) return writeFileSync(join(WORK, AGAIN), mutant.key);
    first = false;
  }
  for (const test of tests) expect((await tried(test)).passed).toBe(true); // nothing was left behind
});

/** Every test, once it has passed on the code as it is. */
async function examined({ tests }: Asked, switches: Switches): Promise<Examined> {
  const all: Known[] = [];
  for (const path of tests) {
    for (const test of await collect(path, () => import(/* @vite-ignore */ join(ROOT, path)))) {
      if (BY_THE_CLOCK.includes(test.name)) continue;
      const id = `t${all.length}`;
      const began = performance.now();
      switches.currentTestId = id;
      const { passed, draws } = await tried(test);
      switches.currentTestId = undefined;
      if (!passed) process.stderr.write(`${path}: "${test.name}" does not pass on the code as it is, and judges nothing\n`);
      else all.push({ ...test, draws, took: performance.now() - began, passes: switches.mutantCoverage?.perTest[id] ?? {} });
    }
  }
  expect(all.length).toBeGreaterThan(0);
  return { tests: all.toSorted((a, b) => a.took - b.took), early: new Set(Object.keys(switches.mutantCoverage?.static ?? {})) };
}

/** A unit is judged by the test beside it; what has none, by all tests that reach it. */
function judges({ file }: Mutant, tests: readonly Known[]): readonly Known[] {
  const own = file.replace(/\.ts$/, '.test.ts');
  const beside = tests.filter((test) => test.file === own);
  return beside.length > 0 && file.startsWith('src/checks/') ? beside : tests;
}

/** Of the tests that reach it those beside it, those that draw examples, and others while together they take no longer than the budget. */
function within(budget: number, { id, file }: Mutant, tests: readonly Known[]): readonly Known[] {
  let spent = 0;
  return tests
    .filter(({ passes }) => (passes[id] ?? 0) > 0)
    .filter(({ file: its, took, draws }) => {
      if (draws || its === file.replace(/\.ts$/, '.test.ts')) return true;
      spent += took;
      return spent <= budget;
    });
}

/** Tells whoever watches until when it has to hear of the next test. */
function begin(key: string, took: number): void {
  writeFileSync(join(WORK, NOW), JSON.stringify({ key, pid: process.pid, until: Date.now() + PATIENCE + SLOWER * took } satisfies Now));
}

const unreached = ({ id, key }: Mutant, early: ReadonlySet<string>): Tried => ({ key, outcome: early.has(id) ? 'early' : 'uncovered' });

/** The quickest tests come first, and the first that fails has killed it: if the same test passes once it is switched off again. */
async function outcome(switches: Switches, { id, key }: Mutant, tests: readonly Known[], atMost: number): Promise<Tried & { readonly clean: boolean }> {
  let hits = 0;
  for (const test of tests) {
    const hitLimit = (test.passes[id] ?? 0) * ENDLESS + 1000;
    begin(key, test.draws ? Math.min(test.took, atMost) : test.took);
    Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit });
    const { passed } = await tried(test, atMost);
    const hit = switches.hitCount ?? 0;
    Object.assign(switches, { activeMutant: undefined, hitCount: undefined });
    hits += hit;
    if (!passed) return { key, outcome: hit > hitLimit ? 'endless' : 'killed', by: `${test.file} ${test.name}`, clean: (await tried(test, AGAIN_FOR)).passed };
  }
  return { key, outcome: hits > 0 ? 'survived' : 'hidden', clean: true };
}

/**
 * Of a test that holds properties only these count: what it asks of all its examples together (that each kind was among
 * them) it asks of as many as CI draws, and here are fewer.
 */
async function tried({ run }: Collected, atMost = NO_LIMIT): Promise<{ readonly passed: boolean; readonly draws: boolean }> {
  const properties = { held: 0, failed: false };
  const noting: fc.Plugin<unknown> = () => ({
    onAllRunsComplete: ({ failed, interrupted }) => {
      properties.held++;
      properties.failed ||= failed && !interrupted; // without an example in time it says nothing
    },
  });
  const plugins = { plugins: [noting] }; // which work for all properties as well, and are missing in the type
  // A mutant has died with the first example, and dies of the same one again.
  fc.configureGlobal({ seed: 1, endOnFailure: true, interruptAfterTimeLimit: Math.min(atMost, NO_LIMIT), ...plugins });
  try {
    await run();
    return { passed: true, draws: properties.held > 0 };
  } catch {
    return { passed: properties.held > 0 && !properties.failed, draws: true };
  }
}
