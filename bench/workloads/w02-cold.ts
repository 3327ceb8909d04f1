import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { quantile } from '../harness/measure.ts';
import { START, V0, yearOf } from '../iam/year.ts';

const OURS = 'Tickmark, from the file to the posture';
const PEER = 'JSON.parse and a plain loop';

export const cold: Workload = {
  id: 'W2',
  title: 'From a saved collection to a posture, as a whole process',
  why: 'Parsing the file is a fifth of it. The rest is telling and examining (W1): a whole history is begun for the sake of one posture, where the loop keeps ten numbers.',
  async run(bench) {
    const users = bench.options.users ?? 100_000;
    const file = join(bench.dir, 'collection.json');
    writeFileSync(file, JSON.stringify(yearOf({ users, days: 1, ...V0 }).snapshots[0]));
    bench.size(`${users.toLocaleString('en')} users, ten tests, at ${new Date(START).toISOString()}`);

    const memory = new Map<string, number[]>([
      [OURS, []],
      [PEER, []],
    ]);
    const child = (name: string, how: string): Participant<string> => ({
      name,
      ...(how === 'ours' ? { ours: true } : {}),
      run() {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [...process.execArgv, join(import.meta.dirname, '../iam/cold.ts'), how, file, join(bench.dir, 'posture.json')],
          {
            encoding: 'utf8',
          },
        );
        if (status !== 0) throw new Error(`${name}: ${/heap out of memory/.test(stderr) ? 'JavaScript heap out of memory' : stderr}`);
        const { rss, failing } = JSON.parse(stdout) as { readonly rss: number; readonly failing: readonly number[] };
        memory.get(name)?.push(rss / 2 ** 20);
        return failing.join();
      },
    });
    const compared = await bench.compare('a process each', [child(OURS, 'ours'), child(PEER, 'loop')], { pairs: 3, digest: (failing) => failing });
    const median = (name: string) => quantile(memory.get(name) ?? [], 0.5);
    bench.figures(
      'Highest memory, median',
      [OURS, PEER].map((name) => ({ name, ours: name === OURS, value: median(name), unit: 'MiB' })),
    );
    const ratio = compared.ratio(PEER);
    bench.goal('time of parsing the file alone', ratio === null ? null : 1 / ratio, { most: 1.3 }, 'x');
    bench.goal('memory (the design: 1,000,000 users)', median(OURS), { most: 1000 }, 'MiB');
    bench.note('CloudSploit is on no registry: measured elsewhere.');
  },
};
