import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { initialize } from '../../src/app/initialize.ts';
import type { SlotRow } from '../../src/app/job-views.ts';
import { openWorkspace } from '../../src/app/open.ts';
import type { Workspace } from '../../src/app/views.ts';
import { iso, minutes, seconds } from '../../src/core/instant.ts';
import { missing, postgresBinaries, startPostgres } from '../postgres.ts';
import { quickClock, quickly } from './quick.ts';

const bin = postgresBinaries();
/** Ten minutes in the lane that takes its time. */
const FULL = process.env.TICKMARK_FAULTS === 'full';
const LASTS = FULL ? minutes(10) : seconds(24);
/** Between two strikes, at least. Each death costs a start, which computes for seconds: where they come as fast as starts, nothing else is done. */
const PAUSE = FULL ? 4000 : 700;
const NAMES = ['people', 'contractors', 'board'];
const SEED = Number(process.env.TICKMARK_SEED ?? Date.now() % 100_000);

it.skipIf(bin === null && missing('a PostgreSQL server', 'Install postgresql.'))(
  'two servers and three workers are killed at random, their database too: each slot is run once or recorded as skipped, and the log verifies',
  async () => {
    const server = await startPostgres(bin ?? '');
    const dir = company();
    const env = { DATABASE_URL: server.url, TICKMARK_MASTER_KEY_FILE: join(dir, 'master.key') };
    const base = Date.now();
    const clock = quickClock(base);
    await (await openWorkspace({ dir, clock, env })).close();
    const random = mulberry(SEED);
    const crowd = ['server', 'server', 'worker', 'worker', 'worker'].map((role) => member(dir, base, role, env));
    const pages = { served: 0, refused: 0 };
    const deaths = () => crowd.reduce((count, its) => count + its.deaths(), 0);
    try {
      await Promise.all(crowd.map((its) => its.ready()));
      let restarts = 1;
      // Where the machine is slow it takes longer until enough has happened to prove anything.
      for (const end = Date.now() + LASTS; Date.now() < end || (deaths() < 3 && Date.now() < end + minutes(1)); ) {
        writeExports(dir, clock());
        await pause(PAUSE + random() * 2.5 * PAUSE);
        const its = crowd[Math.floor(random() * crowd.length)];
        if (restarts > 0 && Date.now() > end - LASTS / 2 && restarts--) server.restart();
        else await its?.strike(random());
        await ask(crowd, pages);
      }
      for (const end = Date.now() + minutes(1); pages.served === 0 && Date.now() < end; await pause(500)) await ask(crowd, pages);
      await Promise.all(crowd.map((its) => its.stop()));
      // From here a minute lasts a minute, so that whoever finishes keeps up; and time stands still while it is examined, for nobody is asked any more.
      const [ended, since] = [clock(), Date.now()];
      let now = () => ended + Date.now() - since;
      const workspace = await openWorkspace({ dir, clock: () => now(), env });
      try {
        await finish(workspace, () => {
          const still = now();
          now = () => still;
        });
        await examine(workspace);
      } finally {
        await workspace.close();
      }
      expect(pages.served).toBeGreaterThan(0);
      expect(deaths()).toBeGreaterThan(2);
    } finally {
      for (const its of crowd) its.kill();
      server.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
  LASTS + minutes(FULL ? 20 : 4), // reading thousands of records one by one takes its time
);

function company(): string {
  const dir = mkdtempSync(join(tmpdir(), 'crowd-'));
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2030-01-01' });
  const yaml = join(dir, 'tickmark.yaml');
  const sources = NAMES.map((name) => `  - { collector: hr/csv, name: ${name}, every: 1m, config: { path: ${name}.csv } }`).join('\n');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('sources: []', `sources:\n${sources}`));
  writeExports(dir, Date.now());
  writeFileSync(join(dir, 'master.key'), Buffer.alloc(32, 5));
  return dir;
}

/** One is never seen half written. */
function writeExports(dir: string, at: number): void {
  for (const name of NAMES) {
    const file = join(dir, `${name}.csv`);
    writeFileSync(
      `${file}.new`,
      `# generated ${iso(at)}\nemployee_id,name,email,aliases,employment_type,title,department,manager_id,start_date,end_date,timezone\nW-1,Maria Lopez,maria@acme.example,,employee,,,,2025-01-01,,UTC\n`,
    );
    renameSync(`${file}.new`, file);
  }
}

interface Member {
  ready(): Promise<void>;
  readonly url: () => string | null;
  /** Kills it, stops it for so long that it loses its jobs, or asks it to end; then there is another. */
  strike(how: number): Promise<void>;
  stop(): Promise<void>;
  deaths(): number;
  kill(): void;
}

function member(dir: string, base: number, role: string, env: Readonly<Record<string, string>>): Member {
  let died = 0;
  let [process, url, begun] = begin();

  function begin(): [ChildProcess, string | null, Promise<void>] {
    const child = spawn(globalThis.process.execPath, [join(import.meta.dirname, 'victim.ts'), dir, String(base), role], {
      env: { ...globalThis.process.env, ...env },
      stdio: ['ignore', 'pipe', globalThis.process.env.TICKMARK_LOUD ? 'inherit' : 'ignore'],
    });
    const ready = new Promise<void>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        const said = /ready (\S*)/.exec(String(chunk));
        if (globalThis.process.env.TICKMARK_LOUD) globalThis.process.stderr.write(`${role} ${child.pid}: ${String(chunk)}`);
        if (said && child === process) url = said[1] || null;
        if (said) resolve();
      });
      child.once('exit', () => resolve());
    });
    return [child, null, ready];
  }
  const ended = () =>
    new Promise<void>((resolve) => {
      if (process.exitCode !== null || process.signalCode !== null) resolve();
      else process.once('exit', () => resolve());
    });
  const again = async () => {
    await ended();
    died++;
    [process, url, begun] = begin();
  };
  return {
    ready: () => begun,
    url: () => url,
    async strike(how) {
      if (how < 0.2) {
        const stopped = process;
        stopped.kill('SIGSTOP');
        setTimeout(() => stopped.kill('SIGCONT'), 13_000);
        return;
      }
      process.kill(how < 0.35 ? 'SIGTERM' : 'SIGKILL');
      process.kill('SIGCONT');
      await again();
    },
    async stop() {
      process.kill('SIGCONT');
      process.kill('SIGTERM');
      const late = setTimeout(() => process.kill('SIGKILL'), 20_000);
      await ended();
      clearTimeout(late);
    },
    deaths: () => died,
    kill: () => void process.kill('SIGKILL'),
  };
}

async function ask(crowd: readonly Member[], pages: { served: number; refused: number }): Promise<void> {
  for (const url of crowd.flatMap((its) => its.url() ?? []))
    await fetch(`${url}/records`, { signal: AbortSignal.timeout(2000) }).then(
      ({ status }) => {
        if (status === 200) pages.served++;
        else pages.refused++;
      },
      () => pages.refused++,
    );
}

/** One last worker ends what the dead have left, until each source has been asked, or is recorded as skipped, up to now. */
async function finish(workspace: Workspace, done: () => void): Promise<void> {
  const worker = await workspace.jobs().work({ ...quickly, tell: () => undefined });
  const isFinished = async () => {
    const { schedules } = await workspace.jobs().view();
    const its = schedules.filter(({ schedule }) => schedule.startsWith('collect '));
    return its.length === NAMES.length && its.every(({ open, last }) => open === null && last !== null && last.slot > workspace.now() - minutes(2));
  };
  for (const end = Date.now() + minutes(2); !(await isFinished()); await pause(200))
    expect(Date.now(), 'the last worker does not come to an end').toBeLessThan(end);
  done();
  await worker.stop(5000);
}

async function examine(workspace: Workspace): Promise<void> {
  const told = await recordsBySlot(workspace);
  for (const name of NAMES) {
    const rows = (await workspace.jobs().slots({ schedule: `collect hr/csv/${name} company`, limit: 100_000 })).toReversed();
    const [first, last] = [rows[0]?.slot ?? 0, rows.at(-1)];
    const ended = last && ['queued', 'running', 'retry'].includes(last.state) ? rows.slice(0, -1) : rows;
    expect(ended.length).toBeGreaterThan(LASTS / seconds(4));
    expect(rows.map(({ slot }) => slot)).toEqual(rows.map((_, place) => first + place * minutes(1))); // none is missing, and none is there twice
    expect(new Set(ended.map(({ state }) => state)).difference(new Set(['done', 'skipped', 'failed']))).toEqual(new Set());
    expect(ended.filter((row) => row.state === 'failed' && !row.note)).toEqual([]);
    tell(name, ended);
    // How much a machine gets done beside so many starts is its own matter where there are seconds, and not where there are minutes.
    if (FULL) expect(ended.filter(({ state }) => state === 'done').length).toBeGreaterThan(ended.length / 8);
    const wrong = ended.filter((row) => !agrees(row, told.get(`${name} ${row.slot}`) ?? []));
    expect({ seed: SEED, wrong: wrong.map(({ slot, state, note }) => [name, iso(slot), state, note, told.get(`${name} ${slot}`) ?? []]) }).toEqual({
      seed: SEED,
      wrong: [],
    });
  }
  expect({ seed: SEED, problems: (await workspace.verify()).problems }).toEqual({ seed: SEED, problems: [] });
}

/** What became of the slots, for who reads what a long run found. */
function tell(name: string, rows: readonly SlotRow[]): void {
  const by = Map.groupBy(rows, ({ state, note }) => `${state}: ${note?.replace(/\d+/g, 'N') ?? ''}`.slice(0, 100));
  if (FULL) console.log(name, rows.length, Object.fromEntries([...by].map(([what, its]) => [what, its.length])));
}

/** What the log says of a slot against what the roster does: one whole run of it, or that it was skipped, and why. */
function agrees({ state }: SlotRow, outcomes: readonly string[]): boolean {
  const whole = outcomes.filter((outcome) => outcome === 'success').length;
  if (state === 'done') return whole === 1;
  if (state === 'skipped') return whole === 0 && outcomes.includes('skip');
  return whole <= 1 && outcomes.length > 0;
}

async function recordsBySlot(workspace: Workspace): Promise<ReadonlyMap<string, readonly string[]>> {
  const told = new Map<string, string[]>();
  const { size } = (await workspace.logStatus()).checkpoint;
  for (let index = 0; index < size; index++) {
    const { body } = (await workspace.record(index)).record;
    if (body.kind !== 'run') continue;
    const key = `${body.name} ${body.slot}`;
    told.set(key, [...(told.get(key) ?? []), body.outcome]);
  }
  return told;
}

const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** The same seed gives the same strikes, though not the same moments. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
