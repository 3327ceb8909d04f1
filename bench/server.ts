import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadDemo } from '../src/app/demo.ts';
import { openAny } from '../src/app/open-any.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours } from '../src/core/instant.ts';
import { quantile } from './harness/measure.ts';
import { profiled } from './harness/profile.ts';
import { figure } from './harness/render.ts';
import { cold, cpuSince, type Line, load, READERS, served, timed } from './server-asking.ts';
import { ofMany } from './server-many.ts';

/**
 * Speed of the API over HTTP: `npm run bench -- server`. Acme in the embedded database; with `--facts N` a company of so
 * many facts on a PostgreSQL server too; `--learned` as well, that company alone, on a server that collected it and was not
 * started since. `--profile` tells where the time goes. `--workspace DIR` takes an Acme that is laid in already, and `none` leaves it out. Readers are threads of
 * their own, on the same cores.
 */
export async function benchServer(args: readonly string[]): Promise<readonly (readonly [what: string, measured: string, goal: string])[]> {
  const value = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const root = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-server-'));
  try {
    const facts = Number(value('--facts') ?? 0);
    const [profile, learned] = [args.includes('--profile'), args.includes('--learned')];
    const many = facts > 0 ? await ofMany({ dir: join(root, 'many'), facts, profile, learned }) : [];
    const acme = value('--workspace') ?? join(root, 'acme');
    if (acme === 'none' || learned) return many;
    if (value('--workspace') === undefined) await loadDemo({ dir: acme });
    return [...(await ofAcme(acme, args)), ...many];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function ofAcme(dir: string, args: readonly string[]): Promise<readonly Line[]> {
  const workspace = await openAny({ dir });
  return served(workspace, async (url) => {
    await workspace.posture(); // both as "serve" does before it listens
    await workspace.ahead();
    const year = await yearOf(workspace);
    const first = await cold(url, PAGES(workspace));
    const before = process.threadCpuUsage();
    const read = await load(`${url}/api/posture`);
    const each = cpuSince(before) / read.times.length;
    const held = monitorEventLoopDelay({ resolution: 1 });
    held.enable();
    const growing = await whileItGrows(workspace, () => load(`${url}/api/posture`));
    held.disable();
    const hot = args.includes('--profile') ? await profiled(() => load(`${url}/api/posture`), true, 12) : [];
    const unchanged = await load(`${url}/api/posture`, true);
    const slowest = first.reduce((worst, page) => (page.ms > worst.ms ? page : worst));
    return [
      [`Acme, embedded: posture, ${READERS} readers, p95`, timed(read), 'under 50 ms'],
      ['Acme, embedded: a year, all controls, for the first time', `${figure(year[0] ?? 0)} ms`, 'under 300 ms'],
      ['Acme, embedded: the same by other instants, median', `${figure(quantile(year.slice(1), 0.5))} ms`, 'under 300 ms'],
      ['Acme: computed for one such answer', `${figure(each)} ms`, 'under 1 ms, which 50 readers wait for'],
      [`Acme: the same while five records a second are sealed, p95`, timed(growing), 'under 50 ms'],
      [`Acme: the same asked again with its ETag, p95`, timed(unchanged), 'under 50 ms'],
      ['Acme: the longest that nobody else was answered, while records are sealed', `${figure(held.max / 1e6)} ms`, 'under 50 ms'],
      ...hot.map(({ where, share }): Line => [`  spent in ${where}`, `${Math.round(100 * share)} %`, '']),
      [
        'Acme: the slowest page’s data, asked for the first time',
        `${figure(slowest.ms)} ms (${slowest.path}, ${Math.round(slowest.bytes / 1024)} KiB)`,
        'under 250 ms',
      ],
      ...first.map(({ path, ms, cpu, bytes }): Line => [`  ${path}`, `${figure(ms)} ms, ${figure(cpu)} of them computed, ${Math.round(bytes / 1024)} KiB`, '']),
    ];
  });
}

/** Milliseconds that a year of all controls takes, each deviation of it read: the first time, and then of other years, none of which was asked before. */
async function yearOf(workspace: Workspace): Promise<readonly number[]> {
  const times: number[] = [];
  for (let back = 0; back < 8; back++) {
    const to = workspace.now() - back * hours(7);
    const begun = performance.now();
    const { controls } = await workspace.period({ period: { from: to - days(365), to } });
    for (const { checks } of controls) for (const { deviations } of checks) for (const _ of deviations);
    times.push(performance.now() - begun);
  }
  return times;
}

/** What the pages of the dashboard ask for. */
const PAGES = (workspace: Workspace): readonly string[] => {
  const control = workspace.catalog().controls.find(({ checks }) => checks.length > 0)?.id ?? '';
  return [
    '/api/posture',
    '/api/strips',
    '/api/criteria/CC6.1',
    `/api/controls/${control}`,
    `/api/controls/${control}/period`,
    '/api/findings',
    '/api/deviations',
    '/api/records',
    '/api/records/100',
    '/api/log/status',
    '/api/people',
    '/api/accounts?of=orphans',
    '/api/sources',
    '/api/datasets',
    '/api/datasets/change.pull-requests/rows',
    '/api/datasets/identity.users/rows',
    '/api/waivers',
    '/api/statements',
    '/api/catalog',
    '/api/occurrences?period=2026-06-01T00:00:00Z..2026-12-01T00:00:00Z',
    '/api/search?q=access',
  ];
};

async function whileItGrows<Result>(workspace: Workspace, act: () => Promise<Result>): Promise<Result> {
  let stopped = false;
  const growing = (async () => {
    while (!stopped) {
      await workspace.recordActs([{ act: 'bench', by: 'tickmark', target: null, says: null }]);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  const result = await act();
  stopped = true;
  await growing;
  return result;
}
