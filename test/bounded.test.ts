import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { countOff, isOn, type Size } from '../bench/scale/world.ts';

const SIZE: Size = { datasets: 1, items: 13_000, revisions: 4, checks: 2 };
/** Megabytes of heap in which the decoded facts have no room, and MiB of them that are let in. */
const [HEAP, ROOM] = [36, 4];

const dir = mkdtempSync(join(tmpdir(), 'bounded-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** All of it in a process of its own: told, examined, kept, opened again, asked, and told more. */
function alone(room: number) {
  const child = join(import.meta.dirname, '../bench/scale/child.ts');
  const args = [`--max-old-space-size=${HEAP}`, child, 'alone', JSON.stringify(SIZE), String(room), dir];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const steps = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly what: string; readonly answer: string });
  return { status, signal, stderr, answers: steps.map(({ what, answer }) => (answer === '' ? what : `${what}: ${answer}`)) };
}

it('tells, examines, keeps, opens, reports and learns in a heap that has no room for what is decoded', () => {
  const last = SIZE.revisions - 1;
  const off = [0, 1].map((flag) => countOff(SIZE, last, flag));
  const { status, answers, stderr } = alone(ROOM);

  expect(stderr.replace(/^.*(ExperimentalWarning|node --trace).*\n?/gm, '')).toBe('');
  expect(answers.slice(0, 8)).toEqual([
    'told',
    'examined',
    'saved',
    'opened',
    `asked: posture: ${3 * SIZE.items} ${(off[0] ?? 0) + (off[1] ?? 0)}`,
    expect.stringMatching(new RegExp(`^asked: period of one control: ${SIZE.items} \\d+ [0-9a-f]{16}$`)),
    expect.stringMatching(new RegExp(`^asked: population of it: ${SIZE.items} [0-9a-f]{16}$`)),
    `asked: deviations of one check: ${off[0]}`,
  ]);
  expect([status, answers.at(-1)]).toEqual([0, `deviations of all: ${atTheEnd()}`]);
  expect(answers).toContain('a stream told again as a whole: 0');
  expect(answers).toContain(`a day learned: ${(SIZE.items / 1000) * 3}`);
  expect(readdirSync(dir)).toEqual([]);
});

/** After a day on which one thing in a thousand was told otherwise, and three teams went. */
function atTheEnd(): number {
  let count = 0;
  for (let item = 0; item < SIZE.items; item++) {
    const revision = item % 1000 === 7 ? SIZE.revisions : SIZE.revisions - 1;
    count += Number(!isOn(item, revision, 0)) + Number(!isOn(item, revision, 1)) + Number(item % 997 < 3);
  }
  return count;
}

it('would not without a bound: the same heap runs out', () => {
  const { status, signal, stderr, answers } = alone(0);
  expect([status === 134 || signal === 'SIGABRT', answers]).toEqual([true, expect.not.arrayContaining(['saved'])]);
  expect(stderr).toMatch(/heap out of memory/);
});

/** Items that deviate, all of them, and a heap that has room for none of the lists of them. */
const [DEVIATING, NARROW] = [40_000, 40];

function deviating(collected: string) {
  const child = join(import.meta.dirname, '../bench/scale/deviating.ts');
  const args = [`--max-old-space-size=${NARROW}`, child, String(DEVIATING), String(ROOM), dir, collected];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 24 });
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { status, signal, stderr, told: lines.map((line) => JSON.parse(line) as { readonly path: string; readonly answer: string }) };
}

it('tells what deviates by every path in a heap that has no room for a list of it', () => {
  const { status, stderr, told } = deviating('');
  expect(stderr.replace(/^.*(ExperimentalWarning|node --trace).*\n?/gm, '')).toBe('');
  const counts = Object.fromEntries(told.map(({ path, answer }) => [path, Number(answer.split(' ')[0])]));
  const { results, html, md, csv, ...lists } = counts;
  expect(lists).toEqual({ findings: DEVIATING, cases: DEVIATING, pages: DEVIATING, noted: DEVIATING, read: DEVIATING });
  for (const bytes of [results, html]) expect(bytes).toBeGreaterThan(200 * DEVIATING);
  for (const bytes of [md, csv]) expect(bytes).toBeGreaterThan(50 * DEVIATING);
  expect([status, told[0]?.answer]).toEqual([0, told[2]?.answer]);
});

it('would not where one of them is collected: the same heap runs out', () => {
  const { status, signal, stderr, told } = deviating('cases');
  expect([status === 134 || signal === 'SIGABRT', told.map(({ path }) => path)]).toEqual([true, ['findings']]);
  expect(stderr).toMatch(/heap out of memory/);
});
