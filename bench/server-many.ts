import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openWorkspace } from '../src/app/open.ts';
import type { Workspace } from '../src/app/views.ts';
import { days, iso } from '../src/core/instant.ts';
import { postgresBinaries, startPostgres } from '../test/postgres.ts';
import { profiled } from './harness/profile.ts';
import { figure } from './harness/render.ts';
import { cold, cpuSince, type Line, load, READERS, served, timed } from './server-asking.ts';

interface Asked {
  readonly dir: string;
  readonly facts: number;
  readonly profile: boolean;
  /** The server that is asked collected them itself, and was not started since. */
  readonly learned: boolean;
}

/** A company of very many: a quarter each are workers of HR, people of the graph, accounts of directories, and accounts of the graph. */
export async function ofMany({ dir, facts, profile, learned }: Asked): Promise<readonly Line[]> {
  const bin = postgresBinaries();
  if (!bin) return [['a million facts on PostgreSQL', 'PostgreSQL is not on this machine', 'under 100 ms']];
  const server = await startPostgres(bin);
  const what = `${facts.toLocaleString('en')} facts, PostgreSQL`;
  try {
    mkdirSync(dir);
    const key = join(dir, 'master.key');
    writeFileSync(key, randomBytes(32).toString('base64'), { mode: 0o600 });
    writeFileSync(join(dir, 'tickmark.yaml'), YAML);
    tell(dir, facts / 4);
    const open = () => openWorkspace({ dir, env: { ...process.env, DATABASE_URL: server.url, TICKMARK_MASTER_KEY_FILE: key } });
    const collected = async (workspace: Workspace) => {
      for (const { complete, reason } of await workspace.collect()) if (!complete) throw new Error(reason ?? 'nothing was collected');
    };
    if (!learned) await collectedOnce(open, collected);
    const begun = performance.now();
    const workspace = await open();
    if (learned) await collected(workspace);
    const opened = performance.now() - begun;
    return await served(workspace, async (url) => {
      const slices = monitorEventLoopDelay({ resolution: 1 });
      slices.enable();
      const hot: Line[] = [];
      const told = async (act: string, time: () => Promise<Took>): Promise<Took> => {
        if (!profile) return time();
        let took: Took = { ms: 0, cpu: 0 };
        const timed = async () => {
          took = await time();
        };
        const lines = await profiled(timed, true, 8);
        if (took.cpu > SLOW) hot.push(...lines.map(({ where, share }): Line => [`  ${act}: ${where}`, `${Math.round(100 * share)} %`, '']));
        return took;
      };
      const posture = await told('the first posture', () => timeOf(() => cold(url, ['/api/posture'])));
      slices.disable();
      const lists = monitorEventLoopDelay({ resolution: 1 });
      lists.enable();
      const ahead = await told('before anybody is let in', () => timeOf(() => workspace.ahead())); // as "serve" does
      lists.disable();
      const { rss } = process.memoryUsage();
      const read = await load(`${url}/api/posture`);
      const asking = await pagesOf(workspace, url);
      const ask = async (): Promise<Asking> => {
        const asked: Asking = new Map();
        for (const path of asking) asked.set(path, await told(path, () => slower(url, path)));
        return asked;
      };
      const before = await ask();
      await workspace.recordActs([{ act: 'bench', by: 'tickmark', target: null, says: null }]);
      const afterAct = await ask();
      await workspace.observe();
      tell(dir, facts / 4, 'Wanda');
      await collected(workspace);
      const blocked = monitorEventLoopDelay({ resolution: 1 });
      blocked.enable();
      // Both as "serve" does after each run.
      const observed = await told('what has changed', () => timeOf(() => workspace.observe()));
      const again = await told('ahead after a run', () => timeOf(() => workspace.ahead()));
      blocked.disable();
      const afterRun = await ask();
      const reading = load(`${url}/api/posture`);
      const beside = await ask();
      const crowded = await reading;
      const slowest = (asked: Asking) => {
        const [path, took] = [...asked].reduce((worst, its) => (its[1].ms > worst[1].ms ? its : worst));
        return `${inWords(took)} (${path})`;
      };
      return [
        [`${what}: ${learned ? 'opened, and collected by the server that is asked' : 'opened'}`, `${figure(opened)} ms`, ''],
        [`${what}: posture, ${READERS} readers, p95`, timed(read), 'under 100 ms'],
        [`${what}: posture for the first time`, inWords(posture), ''],
        [
          `${what}: what lists are sorted by, worked out once before anybody is let in`,
          `${inWords(ahead)}, then ${Math.round(rss / 2 ** 20)} MiB of memory`,
          '',
        ],
        [
          `${what}: after a run that changed one in a thousand: what has changed, and what lists are sorted by`,
          `${inWords(observed)} and ${inWords(again)}`,
          '',
        ],
        [`${what}: the longest that nobody else was answered, while the first posture is worked out`, `${figure(slices.max / 1e6)} ms`, 'under 50 ms'],
        [`${what}: the same, while lists are sorted before anybody is let in`, `${figure(lists.max / 1e6)} ms`, ''],
        [`${what}: the same, after a run`, `${figure(blocked.max / 1e6)} ms`, ''],
        [`${what}: the slowest page’s data, asked for the first time`, slowest(before), 'under 250 ms'],
        [`${what}: the same after an act`, slowest(afterAct), 'under 250 ms'],
        [`${what}: the same after a run`, slowest(afterRun), 'under 250 ms'],
        [`${what}: the same while ${READERS} readers ask for the posture`, slowest(beside), 'under 250 ms'],
        [`${what}: posture meanwhile, p95`, timed(crowded), ''],
        ...asking.map(
          (path): Line => [
            `  ${path}`,
            [before, afterAct, afterRun, beside]
              .flatMap((asked) => asked.get(path) ?? [])
              .map(inWords)
              .join('; '),
            '',
          ],
        ),
        ...hot,
      ];
    });
  } finally {
    server.stop();
  }
}

/** Milliseconds that a page took, by its address. */
type Asking = Map<string, Took>;

/** In a scope of its own: what the one that is closed held is let go, as by a server that was started again. */
async function collectedOnce(open: () => Promise<Workspace>, collected: (workspace: Workspace) => Promise<void>): Promise<void> {
  const workspace = await open();
  await collected(workspace);
  await workspace.close();
}

interface Took {
  readonly ms: number;
  /** Of them, those that the server’s thread computed. */
  readonly cpu: number;
}

const inWords = ({ ms, cpu }: Took): string => `${figure(ms)} ms, ${figure(cpu)} computed`;

/** From so many computed milliseconds on it is told where they went. */
const SLOW = 100;

/** The first of a list, or the part of it that follows, whichever took longer. */
async function slower(url: string, path: string): Promise<Took> {
  const [page = { ms: 0, cpu: 0 }] = await cold(url, [path]);
  if (!/limit=/.test(path)) return page;
  const { next = null } = (await (await fetch(`${url}${path}`, { headers: { connection: 'close' } })).json()) as { readonly next?: string | null };
  const [more = page] = next === null ? [] : await cold(url, [`${path}&cursor=${next}`]);
  return more.ms > page.ms ? more : page;
}

async function timeOf(act: () => Promise<unknown>): Promise<Took> {
  const [begun, before] = [performance.now(), process.threadCpuUsage()];
  await act();
  return { ms: performance.now() - begun, cpu: cpuSince(before) };
}

const YAML = `company: Acme
timezone: UTC
period: { from: 2026-01-01, to: 2027-01-01 }
sources:
  - { collector: hr/csv, name: people, config: { path: people.csv } }
  - collector: csv/dataset
    name: directories
    config:
      path: users.csv
      dataset: identity.users
      attestedBy: W-1
      columns:
        { systemId: System, userId: Id, login: Login, handles: Login, emails: Mail, kind: Kind, status: Status, privileged: Admin, createdAt: { value: 2020-01-01 } }
`;

/** What the sources tell: one in a hundred left long ago, of whom one in ten has an account that can be used; one account in a hundred is nobody’s. @param name of one worker in a thousand */
function tell(dir: string, count: number, name = 'Worker'): void {
  const head = `# generated ${iso(Date.now() - 60_000)}\n`;
  const all = Array.from({ length: Math.ceil(count) }, (_, place) => place);
  const left = (place: number) => place % 100 === 3;
  const workers = all.map(
    (place) =>
      `W-${place},${place % 1000 === 7 ? name : 'Worker'} ${place},employee,w${place}@acme.example,2020-01-01,${left(place) ? '2026-02-01' : ''},Engineer,${place % 7 === 0 ? 'Sales' : 'Research'}`,
  );
  const users = all.map((place) => {
    const system = ['okta', 'aws', 'github'][place % 3];
    const status = left(place) && place % 1000 !== 3 ? 'suspended' : 'active';
    const mail = place % 100 === 5 ? '' : `w${place}@acme.example`;
    return `${system},u${place},user${place},${mail},${place % 500 === 9 ? 'service' : 'human'},${status},${place % 50 === 1 ? 'yes' : 'no'}`;
  });
  writeFileSync(join(dir, 'people.csv'), `${head}employee_id,name,employment_type,email,start_date,end_date,title,department\n${workers.join('\n')}\n`);
  writeFileSync(join(dir, 'users.csv'), `${head}System,Id,Login,Mail,Kind,Status,Admin\n${users.join('\n')}\n`);
}

/** What each page of the dashboard asks for, and what its palette finds. */
async function pagesOf(workspace: Workspace, url: string): Promise<readonly string[]> {
  const asked = async (path: string): Promise<string> => {
    const body = (await (await fetch(`${url}${path}`, { headers: { connection: 'close' } })).json()) as {
      readonly findings?: readonly { readonly id: string }[];
    };
    return body.findings?.[0]?.id ?? '';
  };
  const [control = ''] = workspace.catalog().controls.flatMap(({ id, checks }) => (checks.includes('leaver-access-removed') ? [id] : []));
  const [now, before] = [workspace.now(), workspace.now() - days(180)];
  const period = `period=${iso(before)}..${iso(now)}`;
  const finding = await asked('/api/findings?limit=1');
  const found = ['w-1', 'worker 77', 'w4711', 'nobody at all', 'user12', 'leaver', finding.slice(0, 5)].map((q) => `/search?q=${encodeURIComponent(q)}`);
  return [
    ...[
      '/posture',
      '/strips',
      '/criteria/CC6.1',
      `/controls/${control}`,
      `/controls/${control}/period`,
      `/controls/${control}/population?check=leaver-access-removed&limit=100`,
    ],
    ...[
      '/findings?limit=100',
      '/findings?state=open&limit=100',
      `/findings/${finding}`,
      '/deviations?limit=100',
      '/waivers',
      `/occurrences?${period}`,
      '/ahead?days=30',
    ],
    ...['/people?limit=100', '/people?state=left&limit=100', '/people?text=worker%2077&limit=100', '/people/W-4711', '/people/W-3'],
    ...[
      '/accounts?of=all&limit=100',
      '/accounts?of=orphans&limit=100',
      '/accounts?of=services&limit=100',
      '/accounts?of=all&system=aws&status=active&limit=100',
    ],
    ...['hr.workers', 'people.workers', 'identity.users', 'people.accounts'].map((dataset) => `/datasets/${dataset}/rows?limit=100`),
    ...[
      '/datasets',
      '/records',
      '/records/1',
      '/log/status',
      '/sources',
      '/statements',
      '/catalog',
      '/checks/leaver-access-removed',
      '/tasks',
      '/alerts',
      '/jobs',
    ],
    ...['statuses', 'deviations', 'ages', 'access'].map((chart) => `/charts/${chart}`),
    ...[
      '/charts/removals',
      `/charts/removals?${period}`,
      '/charts/outcomes?check=leaver-access-removed',
      `/charts/merges?${period}`,
      `/charts/responses?${period}`,
      `/charts/changes?since=${iso(before)}`,
      `/charts/changes?since=${iso(now - days(1))}&limit=200`,
    ],
    ...found,
  ].map((path) => `/api${path}`);
}
