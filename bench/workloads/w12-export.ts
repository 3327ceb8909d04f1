import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import { Command } from 'commander';
import type { Workspace } from '../../src/app/views.ts';
import { addDeviations } from '../../src/cli/commands/deviations.ts';
import { output } from '../../src/cli/output.ts';
import { iso } from '../../src/core/instant.ts';
import type { Finding } from '../../src/engine/posture.ts';
import type { Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { random } from '../harness/random.ts';
import { DAY, START } from '../iam/year.ts';

const OURS = 'Tickmark, "deviations --json"';
const LINES = 'a line of JSON each, streamed';
const GZIP = 'the same through gzip -1';

/** Reads back what was written: check, item and since when of each. */
type Written = () => Promise<readonly string[]>;

export const exporting: Workload = {
  id: 'W12',
  title: 'Every finding written to a file for other programs',
  why: 'The command writes more of each finding than the bare line: its item in five fields, its waiver and its stamp. The memory is that of the bench, which holds all findings at once and what the others wrote.',
  async run(bench) {
    const count = bench.options.records ?? 200_000;
    const findings = findingsOf(count);
    bench.size(`${count.toLocaleString('en')} findings`);
    const participants: readonly Participant<Written>[] = [
      { name: OURS, ours: true, run: () => byCommand(join(bench.dir, 'ours.json'), findings) },
      {
        name: LINES,
        async run() {
          const file = join(bench.dir, 'lines.ndjson');
          await pipeline(Readable.from(lines(findings)), createWriteStream(file));
          return async () =>
            named(
              (await readFile(file, 'utf8'))
                .trimEnd()
                .split('\n')
                .map((line) => JSON.parse(line) as Line),
            );
        },
      },
      {
        name: GZIP,
        async run() {
          const file = join(bench.dir, 'lines.ndjson.gz');
          await pipeline(Readable.from(lines(findings)), createGzip({ level: constants.Z_BEST_SPEED }), createWriteStream(file));
          return async () =>
            named(
              gunzipSync(await readFile(file))
                .toString()
                .trimEnd()
                .split('\n')
                .map((line) => JSON.parse(line) as Line),
            );
        },
      },
    ];
    const read: string[] = [];
    for (const participant of participants) {
      const written = await participant.run(0);
      read.push((await written()).join('\n'));
    }
    const same = new Set(read).size === 1;
    const compared = await bench.compare('written', participants, { pairs: 3, digest: () => (same ? `${count}` : 'differs') });
    await bench.profile('writing', () => byCommand(join(bench.dir, 'ours.json'), findings));
    const took = compared.median(OURS);
    bench.goal('a second', took === null ? null : (count * 1000) / took, { least: 300_000 }, 'findings');
    bench.goal('memory (the design: 10,000,000 findings)', process.resourceUsage().maxRSS / 1024, { most: 256 }, 'MiB');
    bench.note('The memory is that of a process that also holds all findings, made beforehand, and what the others wrote.');
  },
};

interface Line {
  readonly check: string;
  readonly item: { readonly key: string };
  readonly from: string | null;
}

const named = (all: readonly Line[]): readonly string[] => all.map(({ check, item, from }) => `${check} ${item.key} ${from}`);

/** The command itself, its answer to a file instead of a terminal. */
async function byCommand(file: string, findings: readonly Finding[]): Promise<Written> {
  const out = createWriteStream(file);
  const program = new Command('tickmark').exitOverride();
  addDeviations(program, (action) => async (...all) => {
    const rests = { checkpoint: { origin: 'bench.example/log', size: 0, root: '' }, catalog: '', code: '' };
    const workspace = { eachFinding: async () => findings, rests: async () => rests } as Partial<Workspace> as Workspace;
    const said = output({ json: true, quiet: false }, { stdout: out, stderr: process.stderr });
    const options = (all.at(-1) as Command).opts();
    await action({ dir: '.', output: said, within: (use) => use(workspace) }, options as never);
  });
  await program.parseAsync(['deviations'], { from: 'user' });
  await new Promise<void>((resolve) => out.end(resolve));
  return async () => named((JSON.parse(await readFile(file, 'utf8')) as { readonly deviations: readonly Line[] }).deviations);
}

function* lines(findings: readonly Finding[]): Iterable<string> {
  let chunk = '';
  for (const { check, control, verdict, item, because, from, to, records } of findings) {
    chunk += `${JSON.stringify({ check, control, verdict, item, because, from: iso(from), to: to === Number.POSITIVE_INFINITY ? null : iso(to), records })}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function findingsOf(count: number): readonly Finding[] {
  const its = random(42);
  return Array.from({ length: count }, (_, number): Finding => {
    const [key, from] = [`u${number % 10_007}`, START + its.below(300) * DAY];
    return {
      check: `check-${number % 10}`,
      control: `AC-${number % 10}`,
      item: { dataset: 'bench.users', source: 'bench/users', partition: 'all', key, label: `${key} in bench` },
      verdict: its.often(0.9) ? 'deviates' : 'unknown',
      because: `due on ${iso(from)}`,
      from,
      to: its.often(0.5) ? from + DAY : Number.POSITIVE_INFINITY,
      records: [its.below(5000)],
      waiver: null,
    };
  });
}
