import { expect, it } from 'vitest';
import { type Goal, perform, type Result } from '../bench/harness/bench.ts';
import { compare, quantile } from '../bench/harness/measure.ts';
import { type Options, readOptions } from '../bench/harness/options.ts';
import { random } from '../bench/harness/random.ts';
import { figure, type Measured, page, verdictOf } from '../bench/harness/render.ts';
import { sampleOf } from '../bench/harness/sample.ts';
import { spells, V0, yearOf } from '../bench/iam/year.ts';
import { workloads } from '../bench/workloads/index.ts';

const tiny: Options = { pairs: 1, users: 40, tests: null, days: 12, records: 60, heap: null, peers: 'light' };

/** Those that need no other process and no disk: their generators, their peers and their answers. */
it.each(['W1', 'W4', 'W5', 'W6', 'W7', 'W11', 'W12', 'W13'])('%s: every participant gives the same answer', async (id) => {
  const workload = workloads.find((known) => known.id === id)!;
  const { comparisons, goals, size, profiles } = await perform(workload, id === 'W6' ? { ...tiny, users: 400, days: 60 } : tiny); // few leave in a year

  expect(comparisons.map(({ label, agreed }) => [label, agreed])).toEqual(comparisons.map(({ label }) => [label, true]));
  expect(comparisons.length).toBeGreaterThan(0);
  for (const { timings } of comparisons) expect(timings.filter(({ ours }) => ours).length).toBeGreaterThan(0);
  expect(goals.length).toBeGreaterThan(0);
  expect(workload.why ?? '', 'which says why, should a goal be missed').not.toBe('');
  expect(size).not.toBe('');
  for (const { hot } of profiles) expect(hot.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1.000001);
});

it('takes no figure of a case in which one answer differs', async () => {
  const workload = {
    id: 'W0',
    title: 'planted',
    async run(bench: Parameters<(typeof workloads)[number]['run']>[0]) {
      const wrong = { name: 'wrong', run: (round: number) => (round === 2 ? 'no' : 'yes') };
      const compared = await bench.compare('planted', [{ name: 'ours', ours: true, run: () => 'yes' }, wrong], {
        pairs: 2,
        digest: (answer: string) => answer,
      });
      bench.goal('planted', compared.ratio('wrong'), { least: 0 }, 'x');
    },
  };
  const result = await perform(workload, { ...tiny, pairs: null });

  expect(result.comparisons.map(({ agreed }) => agreed)).toEqual([false]);
  expect(result.goals).toEqual([{ what: 'planted', measured: null, wanted: { least: 0 }, unit: 'x' }]);
  expect(page([measured(result)], [], () => undefined)).toContain('### planted (void: the answers differ)');
});

it('says why goals are missed where one is, and nowhere else', async () => {
  const missing = (wanted: number) => ({
    id: 'W0',
    title: 'planted',
    async run(bench: Parameters<(typeof workloads)[number]['run']>[0]) {
      bench.goal('met', 1, { least: 1 }, 'x');
      bench.goal('planted', 2, { least: wanted }, 'x');
    },
  });
  const of = async (wanted: number) => page([measured(await perform(missing(wanted), tiny))], [], (id) => `${id} is slow.`);
  expect(await of(3)).toContain('Why goals are missed: W0 is slow.');
  expect(await of(2)).not.toContain('Why goals are missed');
});

it('compares in turns, each round against ours of the same round, without the first', async () => {
  const order: string[] = [];
  const participant = (name: string) => ({
    name,
    run(round: number) {
      order.push(`${name}${round}`);
      return round;
    },
  });
  const { timings, agreed } = await compare('turns', [{ ...participant('a'), ours: true }, participant('b'), { ...participant('c'), rounds: 1 }], {
    pairs: 2,
    digest: String,
  });

  expect(order).toEqual(['a0', 'b0', 'c1', 'b1', 'a1', 'a2', 'b2']);
  expect(agreed).toBe(true);
  expect(timings.map(({ name, rounds, ratio }) => [name, rounds, ratio === null])).toEqual([
    ['a', 2, true],
    ['b', 2, false],
    ['c', 1, false],
  ]);
});

it('renders a page', () => {
  const timing = { rounds: 7, min: 1, median: 2, p95: 3.456, max: 4000, cpu: 1.5, answer: 'abc' };
  const goals: readonly Goal[] = [
    { what: 'fast', wanted: { most: 10 }, unit: 'ms', measured: 25 },
    { what: 'faster than it', wanted: { least: 2 }, unit: 'x', measured: 4 },
    { what: 'not there', wanted: { least: 2 }, unit: 'x', measured: null },
  ];
  const text = page(
    [
      measured({
        ...nothing,
        goals,
        comparisons: [
          {
            label: 'a case',
            agreed: true,
            timings: [
              { ...timing, name: 'Tickmark', ours: true, ratio: null },
              { ...timing, name: 'peer', ours: false, ratio: 2.5 },
            ],
          },
        ],
        figures: [{ label: 'bytes', rows: [{ name: 'raw', ours: false, value: 1.5, unit: 'MB' }] }],
        notes: ['a note'],
        profiles: [{ label: 'the read', hot: [{ where: 'claims src/engine/assess.ts:99', share: 0.42 }] }],
      }),
      { ...measured(nothing), id: 'W9', heap: 512, failure: 'it ran out of memory under 512 MB' },
    ],
    [{ machine: measured(nothing).machine, asked: 'server --facts 10', lines: [['  posture, p95', '12 ms | median 3', 'under 50 ms']] }],
    () => undefined,
  );

  expect(text.split('\n').slice(8, 14)).toEqual([
    '| | goal | wanted | measured | |',
    '| --- | --- | --- | --- | --- |',
    '| W0 | fast | at most 10 ms | 25 ms | missed by 2.5x |',
    '| W0 | faster than it | at least 2x | 4x | met |',
    '| W0 | not there | at least 2x |  | not measured |',
    '| W9, heap 512 MB | nothing | | | failed: it ran out of memory under 512 MB |',
  ]);
  expect(text).toContain('| **Tickmark** | 7 | 1 | 2 | 3.46 | 4,000 | 1.5 |  | `abc` |\n| peer | 7 | 1 | 2 | 3.46 | 4,000 | 1.5 | 2.5x | `abc` |');
  expect(text).toContain('## `npm run bench -- server --facts 10`');
  expect(text).toContain('\n| | measured | goal |\n| --- | --- | --- |\n| posture, p95 | 12 ms \\| median 3 | under 50 ms |\n');
  expect(text).toContain('### bytes\n\n| | |\n| --- | --: |\n| raw | 1.5 MB |');
  expect(text).toContain('Where the time goes in the read: `claims src/engine/assess.ts:99` 42 %.');
});

it('reads its options, and refuses what is none', () => {
  expect(readOptions(['w4', 'W5', '--users', '10000', '--heap', '512', '--no-write'])).toEqual({
    ...{ workloads: ['W4', 'W5'], users: 10_000, heap: 512, pairs: null, tests: null, days: null, records: null, peers: 'all', json: null, write: false },
  });
  expect(() => readOptions(['--users', '0'])).toThrow('--users is a whole number from 1 on, not 0');
  expect(() => readOptions(['--peers', 'some'])).toThrow('--peers is all or light, not some');
});

it('makes the same data of the same seed, wherever and whenever', () => {
  const its = random(42);
  expect([its.below(1000), its.below(1000), its.below(1000)]).toEqual([618, 789, 498]);
  const year = yearOf({ users: 200, days: 60, ...V0 });
  expect([spells(year).length, year.snapshots.at(-1)?.length, year.snapshots.at(-1)?.at(-1)?.id]).toEqual([266, 200, 'u0000200']);
  expect(sampleOf(['a', 'b', 'c', 'd', 'e', 'f'], 3, 7)).toEqual(['d', 'e', 'f']);
  expect(sampleOf(['a', 'b'], 3, 7)).toEqual(['a', 'b']);
});

it('tells medians, misses and digits', () => {
  expect([quantile([3, 1, 2], 0.5), quantile([1, 2], 0.5), quantile([5], 0.95), quantile([], 0.5)]).toEqual([2, 1.5, 5, Number.NaN]);
  expect([figure(0.012345), figure(12.345), figure(1234.5), figure(Number.NaN)]).toEqual(['0.0123', '12.3', '1,235', '']);
  expect(verdictOf({ what: '', wanted: { least: 40 }, unit: 'x', measured: 4 })).toBe('missed by 10x');
});

const machine = { date: '2026-11-26', node: '26.10.0', cores: 2, model: 'a processor', memory: 8, load: 0, peers: {} };
const nothing: Result = { id: 'W0', title: 'nothing', size: 'none', comparisons: [], figures: [], goals: [], notes: [], profiles: [], rss: 0, failure: null };

function measured(result: Result): Measured {
  return { ...result, machine, heap: null, asked: '' };
}
