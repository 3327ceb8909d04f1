import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { loadDemo } from '../src/app/demo.ts';
import { openAny } from '../src/app/open-any.ts';
import { Hono } from 'hono';
import { openWorkspace } from '../src/app/open.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, hours, iso } from '../src/core/instant.ts';
import { api } from '../src/server/api/api.ts';
import { hub } from '../src/server/api/hub.ts';
import { listen, site } from '../src/server/server.ts';
import { signInMeans } from '../src/server/sign-in/means.ts';
import type { Principal } from '../src/auth/roles.ts';
import { postgresBinaries, startPostgres } from '../test/postgres.ts';
import { quantile } from './harness/measure.ts';
import { profiled } from './harness/profile.ts';
import { figure } from './harness/render.ts';

/**
 * Speed of the API over HTTP: `npm run bench -- server`. Acme in the embedded database; with `--facts N` a company of so
 * many facts on a PostgreSQL server too. `--profile` tells where the time goes. `--workspace DIR` takes an Acme that is laid in already, and `none` leaves it out. Readers are threads of
 * their own, on the same cores.
 */
export async function benchServer(args: readonly string[]): Promise<readonly (readonly [what: string, measured: string, goal: string])[]> {
  const value = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const root = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'bench-server-'));
  try {
    const facts = Number(value('--facts') ?? 0);
    const many = facts > 0 ? await ofMany(join(root, 'many'), facts, args) : [];
    const acme = value('--workspace') ?? join(root, 'acme');
    if (acme === 'none') return many;
    if (value('--workspace') === undefined) await loadDemo({ dir: acme });
    return [...(await ofAcme(acme, args)), ...many];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

type Line = readonly [what: string, measured: string, goal: string];
const READERS = 50;
const SECONDS = 8;

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

/** A company of very many workers: each is a fact of HR and one of the graph of people, examined by the checks of workers. */
async function ofMany(dir: string, facts: number, args: readonly string[]): Promise<readonly Line[]> {
  const bin = postgresBinaries();
  if (!bin) return [['a million facts on PostgreSQL', 'PostgreSQL is not on this machine', 'under 100 ms']];
  const server = await startPostgres(bin);
  try {
    mkdirSync(dir);
    const lines = Array.from({ length: Math.ceil(facts / 2) }, (_, place) => `W-${place},Worker ${place},employee,w${place}@acme.example,2020-01-01`);
    const yaml =
      'company: Acme\ntimezone: UTC\nperiod: { from: 2026-01-01, to: 2027-01-01 }\nsources: [{ collector: hr/csv, name: people, config: { path: people.csv } }]\n';
    writeFileSync(join(dir, 'tickmark.yaml'), yaml);
    const key = join(dir, 'master.key');
    writeFileSync(key, randomBytes(32).toString('base64'), { mode: 0o600 });
    const workspace = await openWorkspace({ dir, env: { ...process.env, DATABASE_URL: server.url, TICKMARK_MASTER_KEY_FILE: key } });
    const told = async (all: readonly string[]) => {
      writeFileSync(join(dir, 'people.csv'), `# generated ${iso(Date.now() - 60_000)}\nemployee_id,name,employment_type,email,start_date\n${all.join('\n')}\n`);
      const [run] = await workspace.collect();
      if (!run?.complete) throw new Error(run?.reason ?? 'nothing was collected');
    };
    await told(lines);
    return await served(workspace, async (url) => {
      const held = monitorEventLoopDelay({ resolution: 1 });
      held.enable();
      const [first] = await cold(url, ['/api/posture']);
      held.disable();
      const begun = performance.now();
      await workspace.ahead();
      const ahead = performance.now() - begun;
      const read = await load(`${url}/api/posture`);
      const lists = ['/api/datasets/hr.workers/rows?limit=200', '/api/people?limit=200', '/api/deviations?limit=200', '/api/findings?limit=200'];
      const hot: Line[] = [];
      const rows: { readonly path: string; readonly ms: number; readonly cpu: number; readonly when: string }[] = [];
      const ask = async (when: string) => {
        for (const path of lists) {
          const asked = async () => void rows.push(...(await cold(url, [path])).map((its) => ({ ...its, when })));
          if (args.includes('--profile'))
            hot.push(...(await profiled(asked, true, 8)).map(({ where, share }): Line => [`  ${path}${when}: ${where}`, `${Math.round(100 * share)} %`, '']));
          else await asked();
          const { next } = (await (await fetch(`${url}${path}`)).json()) as { readonly next: string | null };
          if (next !== null) rows.push(...(await cold(url, [`${path}&cursor=${next}`])).map((its) => ({ ...its, path: `${path}, the next page`, when })));
        }
      };
      await ask('');
      await workspace.recordActs([{ act: 'bench', by: 'tickmark', target: null, says: null }]);
      await ask(', after an act');
      await workspace.observe();
      await told(lines.map((line, place) => (place % 1000 === 7 ? line.replace('Worker', 'Wanda') : line)));
      const learned = performance.now();
      await workspace.observe(); // both as "serve" does after each run
      await workspace.ahead();
      const looked = performance.now() - learned;
      await ask(', after a run that changed one in a thousand');
      const what = `${facts.toLocaleString('en')} facts, PostgreSQL`;
      return [
        [`${what}: posture, ${READERS} readers, p95`, timed(read), 'under 100 ms'],
        [`${what}: posture for the first time`, `${figure(first?.ms ?? 0)} ms`, ''],
        [`${what}: what lists are sorted by, worked out once before anybody is let in`, `${figure(ahead)} ms`, ''],
        [`${what}: the same, and what has changed, after a run that changed one in a thousand`, `${figure(looked)} ms`, ''],
        [`${what}: the longest that nobody else was answered meanwhile`, `${figure(held.max / 1e6)} ms`, 'under 50 ms'],
        ...rows.map(({ path, ms, cpu, when }): Line => [`${what}: ${path}${when}`, `${figure(ms)} ms, ${figure(cpu)} of them computed`, 'under 250 ms']),
        ...hot,
      ];
    });
  } finally {
    server.stop();
  }
}

const READER: Principal = { id: 'u', kind: 'user', name: 'u', email: null, role: 'auditor', scopes: null, bounds: null, strong: true, vouched: null };

async function served(workspace: Workspace, measure: (url: string) => Promise<readonly Line[]>): Promise<readonly Line[]> {
  const failed = (error: unknown) => console.error(error);
  const signIn = signInMeans(workspace, () => 'http://127.0.0.1');
  const its = api({ services: { workspace, hub: hub(), signIn, failed }, principalOf: async () => READER });
  const server = await listen(site({ api: its, dashboard: new Hono() }), 0);
  try {
    return await measure(server.url);
  } finally {
    await server.close();
    await workspace.close();
  }
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

async function cold(url: string, paths: readonly string[]) {
  const asked: { readonly path: string; readonly ms: number; readonly cpu: number; readonly bytes: number }[] = [];
  for (const path of paths) {
    const [begun, before] = [performance.now(), process.threadCpuUsage()];
    const response = await fetch(`${url}${path}`);
    const { byteLength: bytes } = await response.arrayBuffer();
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    asked.push({ path, ms: performance.now() - begun, cpu: cpuSince(before), bytes });
  }
  return asked;
}

/** Milliseconds that this thread computed. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

interface Loaded {
  readonly times: readonly number[];
  readonly seconds: number;
}

const timed = ({ times, seconds }: Loaded): string =>
  `${figure(quantile(times, 0.95))} ms (median ${figure(quantile(times, 0.5))}, ${Math.round(times.length / seconds)} a second)`;

/** Readers that ask one after another, each on a connection of its own, in a thread beside the server's. */
function load(url: string, again = false): Promise<Loaded> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./server-load.ts', import.meta.url), { workerData: { url, readers: READERS, seconds: SECONDS, again } });
    worker.once('message', (loaded: Loaded) => resolve(loaded));
    worker.once('error', reject);
  });
}

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
